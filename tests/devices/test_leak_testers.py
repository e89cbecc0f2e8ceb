"""Leak testers at a station: they speak by themselves when a test ends, and an alarm is no result."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.errors import DeviceError
from app.devices.protocol import Parsed, Status, families
from app.devices.simulators.ateq import AteqSimulator
from app.devices.simulators.cosmo import CosmoSimulator

ATEQ, COSMO = families()["ateq"].make(unit="Pa"), families()["cosmo"].make(unit="mL/min")
GOOD = {
    ATEQ: [b"<01>: 487.8 mbar:(OK): 029 Pa", b"<01>:(OK): +027 Pa", b"<01>: 18.5 mbar:(F+): 101.8 ml/s", b"<12>: 1.02 bar:(RD): -114 Pa"],
    COSMO: [b"#00 00 2 -000.4:32", b"#00 00 4 +05.10:30", b"#07 00 C +00999:03", b"#00 00 2 +0.123 :12"],
}
FRAMES = [(protocol, frame) for protocol, frames in GOOD.items() for frame in frames]


def checked(said: str) -> bytes:
    return said.encode() + b"%02X" % (-sum(said.encode()) % 256)


def number(protocol, frame):
    """The value of a line, ``None`` where it has none."""
    try:
        said = protocol.parse(frame)
    except DeviceError:
        return None
    return said.quantity.value if isinstance(said, Parsed) else None


def is_in(value: Decimal, sent: bytes) -> bool:
    """Whether these very digits stand in what was sent; zeros in front and a plus sign may have gone."""
    figures = [Decimal(found.decode()) for found in re.findall(rb"(?=([+-]?\d+\.?\d*))", sent)]
    return any(found.as_tuple() == value.as_tuple() for found in figures)


@pytest.mark.capability("E1")
def test_a_leak_comes_by_itself_when_the_test_ends_with_its_pressure_in_the_raw_frame(station):
    with AteqSimulator(dated=True) as tester:
        ear = station.connect(tester, code="LT-002")
        tester.end_test("12")
        ear.until_words("reading 12 Pa unknown")
        assert ear.readings[0].raw == b"<01>: 487.8 mbar:(OK): 012 Pa"
        assert ear.troubles == []
        assert tester.changing_bytes == 0


@pytest.mark.parametrize("alarm", ["lose_pressure", "overrun"])
def test_an_alarm_brings_no_value_although_a_pressure_stands_beside_it(station, alarm):
    with AteqSimulator() as tester:
        ear = station.connect(tester)
        getattr(tester, alarm)()
        ear.until_words("trouble device.instrument_trouble")
        assert b"487.8 mbar" in ear.troubles[0].raw
        assert ear.readings == []


def test_an_alarm_is_told_in_the_testers_own_words():
    with pytest.raises(DeviceError) as alarm:
        ATEQ.parse(b"<02>: 486.4 mbar:(AL): >> F.S. TEST")
    assert alarm.value.facts["reported"] == ">> F.S. TEST"


@pytest.mark.parametrize(("leak", "english", "french"), [("29", "OK", "OK"), ("114", "TD", "DT"), ("-114", "RD", "DR")])
def test_the_testers_own_judgement_goes_along_in_its_own_letters(leak, english, french):
    with AteqSimulator() as tester:
        tester.end_test(leak)
        assert ATEQ.parse(tester.typical_frame().strip()).judged == english
        tester.speak_french()
        tester.print_no_pressure()
        tester.end_test(leak)
        assert ATEQ.parse(tester.typical_frame().strip()).judged == french


@pytest.mark.parametrize("judged", ["OK", "PB", "F+", "F-"])
def test_a_flow_tester_says_its_own_unit(station, judged):
    with AteqSimulator() as tester:
        ear = station.connect(tester, unit="ml/s")
        tester.end_flow_test("102.1", judged)
        ear.until_words("reading 102.1 ml/s unknown")
    assert ATEQ.parse(ear.readings[0].raw).judged == judged


def test_the_line_with_date_and_time_is_no_value():
    said = ATEQ.parse(b"<01>:30/05/2012 16:52:01")
    assert (type(said), said.text) == (Status, "30/05/2012 16:52:01")


@pytest.mark.capability("E1")
def test_a_leak_with_a_right_checksum_is_taken_and_one_with_a_wrong_checksum_is_not(station):
    with CosmoSimulator() as tester:
        ear = station.connect(tester, code="LT-001")
        tester.end_test("-000.4")
        ear.until_words("reading -0.4 mL/min unknown")
        assert ear.readings[0].raw == b"#00 00 2 -000.4:32"
        tester.miscount()
        ear.until_words("trouble device.unreadable")
        assert tester.changing_bytes == 0


@pytest.mark.parametrize(
    ("leak", "judged"), [("0.123", "GOOD"), ("5.00", "GOOD"), ("5.01", "Hi NG"), ("-5.1", "Lo NG"), ("50.1", "HH NG"), ("-80", "LL NG")]
)
def test_a_judgement_is_given_in_the_manuals_word(leak, judged):
    said = COSMO.parse(CosmoSimulator(leak=leak).typical_frame().strip())
    assert (str(said.quantity.value), said.judged, said.stable) == (leak, judged, None)


def test_a_test_that_ended_with_an_error_or_was_never_made_brings_no_value(station):
    with CosmoSimulator() as tester:
        ear = station.connect(tester)
        tester.break_valve()
        ear.until_words("trouble device.instrument_trouble")
        tester.forget()
        tester.send(tester.typical_frame())
        ear.until_words("trouble device.not_settled")
        assert ear.readings == []


@pytest.mark.parametrize(
    ("command", "answer"), [(b"RLD\r", b"#00 00 2 +0.123:32\r"), (b"STT\r", b"\x06"), (b"XYZ\r", b"#00 00 00 80:BB\r")]
)
def test_the_simulated_tester_answers_its_commands_and_counts_what_they_change(command, answer):
    tester, sent = CosmoSimulator(), []
    tester.send = sent.append
    tester.hear(command)
    assert sent == [answer]
    assert tester.changing_bytes == (3 if command == b"STT\r" else 0)


def test_a_tester_at_work_is_busy_whatever_it_is_asked():
    tester, sent = CosmoSimulator(), []
    tester.send = sent.append
    tester.begin_test()
    tester.hear(b"RLD\r")
    with pytest.raises(DeviceError) as busy:
        COSMO.parse(sent[0].strip())
    assert busy.value.code == "device.not_settled"


def test_the_station_asks_a_tester_nothing_because_the_answer_may_be_the_part_before(station):
    for tester in (AteqSimulator(), CosmoSimulator()):
        with tester:
            station.connect(tester, code=tester.key)
            assert station.hub.ask(tester.key) is False
            tester.end_test("1")
            station.ear.until(lambda ear, key=tester.key: any(one.device == key for one in ear.readings))
            assert bytes(tester.received) == b""


def test_a_tester_that_sends_no_unit_needs_one_in_its_record():
    with pytest.raises(ValueError, match="unit"):
        families()["cosmo"].make(unit=None)


def test_a_leak_that_does_not_fit_the_field_cannot_be_simulated():
    with pytest.raises(ValueError, match="fit"):
        CosmoSimulator(leak="123.456")


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-999, max_value=999, places=3),
    unit=st.sampled_from(["Pa", "Pa/s", "ml/s", "ml/min", "mbar", "cm3/mn"]),
)
def test_every_digit_an_ateq_prints_is_kept(value, unit):
    said = ATEQ.parse(f"<01>: 487.8 mbar:(OK): {'-' if value.is_signed() else '+'}{abs(value):07} {unit}".encode())
    assert (str(said.quantity.value), said.quantity.unit) == (str(value), unit)


@given(digits=st.integers(0, 9999), places=st.integers(0, 3), sign=st.sampled_from("+-"))
def test_every_digit_a_cosmo_sends_is_kept(digits, places, sign):
    figures = f"{digits:04}"
    figures = figures[: 4 - places] + "." + figures[4 - places :]
    said = COSMO.parse(checked(f"#00 00 2 {sign}{figures}:"))
    assert said.quantity.value.as_tuple() == Decimal(sign + figures).as_tuple()


@given(
    case=st.sampled_from(FRAMES),
    place=st.integers(0, 40),
    byte=st.integers(0, 255),
    way=st.sampled_from(["flip", "cut", "drop", "insert", "glue"]),
)
def test_no_damaged_line_gives_a_number_that_does_not_stand_in_it(case, place, byte, way):
    protocol, frame = case
    place %= len(frame)
    damaged = {
        "flip": frame[:place] + bytes([byte]) + frame[place + 1 :],
        "cut": frame[:place],
        "drop": frame[:place] + frame[place + 1 :],
        "insert": frame[:place] + bytes([byte]) + frame[place:],
        "glue": frame + frame[place:],
    }[way]
    value = number(protocol, damaged)
    assert value is None or is_in(value, damaged)
    if protocol is COSMO and value is not None:
        assert damaged.replace(b" :", b":") == frame.replace(b" :", b":"), "its checksum finds every single damage"


@pytest.mark.parametrize(("protocol", "frame"), FRAMES)
def test_no_part_of_a_line_says_another_number_and_two_in_one_say_none(protocol, frame):
    whole = number(protocol, frame)
    assert whole is not None
    parts = {number(protocol, part) for place in range(len(frame)) for part in (frame[:place], frame[place + 1 :])}
    assert parts <= {None, whole}, "only its unit may be cut, which is then not the record's"
    assert number(protocol, frame + frame) is None
