"""Gauges that are asked for their value: Opto RS-232, Keyence controllers, Mark-10 force gauges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.errors import DeviceError
from app.base.phrases import Language
from app.devices.errors import AskingRefused, InstrumentTrouble, UnreadableFrame
from app.devices.events import Standing
from app.devices.meaning import meanings
from app.devices.protocol import Parsed, SerialLine, Status, families
from app.devices.settings import Patience
from app.devices.simulators.keyence import KeyenceSimulator
from app.devices.simulators.mark10 import Mark10Simulator
from app.devices.simulators.opto_rs232 import OptoRs232Simulator
from tests.devices.ear import PATIENCE_S, TurnedClock
from tests.devices.test_gauge_at_the_station import OLD_WORDS
from tests.devices.transcripts import unit_of

GOOD = {
    "opto_rs232": (b"+12.345", b"   7.120<", b"-0.0125 mm = <", b"1 +012.50 mm =;2 ERR6;3 ERR6"),
    "keyence": (b"M0,+01.3450,HI,-24.6234,LO", b"M1,-1234.56"),
    "mark10": (b"-18.78 lbF", b"4.285 N"),
}


def speaking(key):
    return families()[key].make(unit=unit_of(key))


def said(key, frame):
    return speaking(key).parse(frame)


@pytest.mark.capability("E1")
def test_a_gauge_on_an_opto_cable_answers_with_its_own_decimals_and_takes_no_harm(station):
    with OptoRs232Simulator() as gauge:
        ear = station.connect(gauge, code="DG-021")
        gauge.touch("12.345")
        assert station.hub.ask("DG-021")
        ear.until_words("reading 12.345 mm unknown")
        assert ear.readings[0].raw == b"+12.345"
        gauge.touch("-0.020")
        gauge.press()
        ear.until_words("reading -0.020 mm unknown")
        assert gauge.changing_bytes == 0


@OLD_WORDS
def test_an_opto_cable_behind_a_terminal_server_is_read_with_the_factory_settings(station):
    with OptoRs232Simulator(line=SerialLine(baud=4800, bytesize=7, parity="E", stopbits=2), value="12.345") as gauge:
        ear = station.connect(gauge)
        station.hub.ask("DEV-1")
        ear.until_words("reading 12.345 mm unknown")


def test_a_millimar_that_was_switched_to_inch_is_refused(station):
    with OptoRs232Simulator(sends_unit=True, value="12.345") as gauge:
        ear = station.connect(gauge)
        station.hub.ask("DEV-1")
        ear.until_words("reading 12.345 mm unknown")
        gauge.switch_unit("in")
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.wrong_unit")


def test_the_troubles_of_an_opto_gauge_are_no_value_and_go_away_with_the_next_part(station):
    with OptoRs232Simulator() as gauge:
        ear = station.connect(gauge)
        for happens in (gauge.move_too_fast, gauge.leave_range):
            happens()
            station.hub.ask("DEV-1")
            ear.until_words("trouble device.instrument_trouble")
        gauge.touch("1.000")
        station.hub.ask("DEV-1")
        ear.until_words("reading 1.000 mm unknown")
        assert [str(trouble.error.facts["reported"]) for trouble in ear.troubles] == [
            "ERR0: sensor error",
            "ERR3: exceeded measurement range",
        ]


def test_the_preset_is_recalled_only_when_a_person_wishes_it(station):
    with OptoRs232Simulator(value="12.345") as gauge:
        ear = station.connect(gauge)
        station.hub.ask("DEV-1")
        ear.until_words("reading 12.345 mm unknown")
        assert gauge.changing_bytes == 0
        assert station.hub.wish("DEV-1", "preset")
        station.hub.ask("DEV-1")
        ear.until_words("reading 0.000 mm unknown")
        assert gauge.changing_bytes == len(b"PRE")


def test_a_gauge_switched_off_is_silent_once_it_is_asked(new_station):
    clock = TurnedClock()
    station = new_station(clock=clock)
    with OptoRs232Simulator() as gauge:
        ear = station.connect(gauge)
        gauge.switch_off()
        station.hub.ask("DEV-1")
        gauge.until_received(b"?\r", times=1, within_s=PATIENCE_S)
        clock.turn(Patience().answer_s + 0.1)
        ear.until_standing(Standing.SILENT)
        ear.until_words("trouble device.no_answer")


@pytest.mark.capability("E1")
def test_a_keyence_controller_gives_its_first_output(station):
    with KeyenceSimulator() as controller:
        ear = station.connect(controller)
        controller.compare("0", "1")
        controller.place("1.3450")
        controller.place("-24.623", output=2)
        station.hub.ask("DEV-1")
        ear.until_words("reading 1.3450 mm unknown")
        assert ear.readings[0].raw == b"M0,+01.3450,HI,-024.623,LO"
        assert controller.changing_bytes == 0


def test_a_target_out_of_the_beam_an_untriggered_output_and_a_controller_being_set_up_are_no_values(station):
    with KeyenceSimulator() as controller:
        ear = station.connect(controller)
        controller.place("2.0000", output=2)
        for above in (True, False):
            controller.leave_range(above=above)
            station.hub.ask("DEV-1")
            ear.until_words("trouble device.out_of_range")
        controller.wait()
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.not_settled")
        controller.set_up()
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.asking_refused")
        assert [str(trouble.error.facts["side"]) for trouble in ear.troubles[:2]] == ["above", "below"]
        assert ear.troubles[3].error.facts["answer"] == "ER,M0,01"
        assert ear.readings == []


@pytest.mark.capability("E1")
def test_a_force_keeps_its_sign_its_digits_and_its_unit_and_a_shown_peak_is_what_is_given(station):
    with Mark10Simulator() as gauge:
        ear = station.connect(gauge)
        gauge.pull("18.78")
        gauge.push("4.285")
        station.hub.ask("DEV-1")
        ear.until_words("reading 4.285 N unknown")
        gauge.show_peak(tension=True)
        station.hub.ask("DEV-1")
        ear.until_words("reading -18.780 N unknown")
        gauge.press()
        ear.until_words("reading -18.780 N unknown")
        assert gauge.changing_bytes == 0


def test_a_force_in_another_unit_or_without_one_is_refused(station):
    with Mark10Simulator() as gauge:
        ear = station.connect(gauge)
        gauge.push("4.285")
        gauge.switch_unit("lbF")
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.wrong_unit")
        gauge.numeric_only()
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.unreadable")
        assert ear.readings == []


@pytest.mark.parametrize(
    ("key", "frame", "judged"),
    [
        ("opto_rs232", b"+12.345", None),
        ("opto_rs232", b"+12.345<", "<"),
        ("opto_rs232", b"12.345 mm >", ">"),
        ("opto_rs232", b"3 +012.50 mm = <", "= <"),
        ("keyence", b"M1,+01.3450", None),
        ("keyence", b"M0,+01.3450,GO,+24.6234,LL", "GO"),
        ("keyence", b"M0,+01.3450,+24.6234,LL", None),
    ],
)
def test_the_gauges_own_judgement_is_kept_in_its_own_word(key, frame, judged):
    assert said(key, frame).judged == judged


@pytest.mark.parametrize(
    ("frame", "kind", "words"),
    [
        (b"ERR0", InstrumentTrouble, "ERR0: sensor error"),
        (b"ERR1", AskingRefused, "ERR1: incorrect command"),
        (b"ERR2", AskingRefused, "ERR2: parity error"),
        (b"ERR3", InstrumentTrouble, "ERR3: exceeded measurement range"),
        (b"ERR5", InstrumentTrouble, "ERR5"),
        (b"2 ERR6", InstrumentTrouble, "ERR6: feature deactivated"),
    ],
)
def test_every_error_of_an_opto_gauge_is_said_in_the_manuals_words(frame, kind, words):
    with pytest.raises(kind) as refused:
        said("opto_rs232", frame)
    assert words in str(refused.value.what)
    assert words[:4] in refused.value.what.in_language(Language.ZH)


@pytest.mark.parametrize(
    ("frame", "about", "text"),
    [
        (b"SY276", "ID", "SY276"),
        (b"MAHR GMBH,C1208 ", "ID", "MAHR GMBH,C1208"),
        (b"1 T 53120001 1 S 19050042 2 T 53120002 2 S 19050043", "ID", "1 T 53120001 1 S 19050042 2 T 53120002 2 S 19050043"),
        (b"IN RES3 REF2 KEY0 B0", "SET", "IN RES3 REF2 KEY0 B0"),
        (b"mm ", "SET", "mm"),
        (b"NUM DG-021", "NUM", "NUM DG-021"),
    ],
)
def test_what_an_opto_gauge_says_of_itself_is_no_value(frame, about, text):
    assert said("opto_rs232", frame) == Status(about=about, text=text, kind="info")


@pytest.mark.parametrize("command", [b"PRI", b"ID?", b"SET?", b"uni?", b"NUM?"])
@pytest.mark.parametrize("sends_unit", [True, False])
def test_a_simulated_opto_gauge_answers_harmless_questions_so_that_they_can_be_read(command, sends_unit):
    heard = answers_of(OptoRs232Simulator(value="1.000", sends_unit=sends_unit), command)
    (meaning,) = meanings(families()["opto_rs232"], heard, unit="mm")
    assert meaning.kind == ("measurement" if command == b"PRI" else "info")


@pytest.mark.parametrize(
    ("device", "command", "refused"),
    [(OptoRs232Simulator, b"XYZ", b"ERR1\r"), (KeyenceSimulator, b"V1", b"ER,V1,00\r"), (Mark10Simulator, b"XYZ", b"*10\r\n")],
)
def test_an_unknown_command_is_refused_by_every_simulated_gauge_and_changes_nothing(device, command, refused):
    gauge = device()
    assert answers_of(gauge, command) == refused
    assert gauge.changing_bytes == 0


@pytest.mark.parametrize(("device", "command"), [(OptoRs232Simulator, b"pre"), (KeyenceSimulator, b"V0"), (Mark10Simulator, b"Z")])
def test_a_command_that_changes_something_is_counted(device, command):
    gauge = device()
    answers_of(gauge, command)
    assert gauge.changing_bytes == len(command)


def test_a_simulated_opto_gauge_hears_a_wrong_parity():
    assert answers_of(OptoRs232Simulator(), b"\xbf") == b"ERR2\r"


@pytest.mark.parametrize("question", [b"?C", b"?PT", b"?PC", b"LIST"])
def test_a_simulated_force_gauge_answers_every_question_and_zero_clears_its_peaks(question):
    gauge = Mark10Simulator()
    gauge.omit_polarity()
    gauge.pull("5")
    assert answers_of(gauge, question).endswith(b"\r\n")
    assert gauge.changing_bytes == 0
    answers_of(gauge, b"Z")
    assert answers_of(gauge, b"?PT") == b"0.000 N\r\n"
    gauge.pull("3")
    gauge.push("1")
    answers_of(gauge, b"CLR")
    assert answers_of(gauge, b"?PT") == b"1.000 N\r\n"


@pytest.mark.parametrize("key", ["opto_rs232", "keyence"])
def test_a_gauge_that_sends_no_unit_needs_one_in_its_record(key):
    with pytest.raises(ValueError, match="unit"):
        families()[key].make(unit=None)


lengths = st.decimals(allow_nan=False, allow_infinity=False, min_value=-9999, max_value=9999, places=3)


@given(value=lengths, sign=st.sampled_from(["", "<", "=", ">"]))
def test_an_opto_value_keeps_every_digit(value, sign):
    parsed = said("opto_rs232", f"{value:+}{sign}".encode())
    assert (str(parsed.quantity.value), parsed.judged or "") == (str(value), sign)


@given(value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-99, max_value=99, places=4))
def test_a_keyence_value_keeps_every_digit(value):
    sign = "-" if value.is_signed() else "+"
    assert str(said("keyence", f"M1,{sign}{abs(value):07.4f}".encode()).quantity.value) == str(value)


@given(value=lengths, unit=st.sampled_from(["N", "lbF", "kgF", "lbFin", "Nm"]))
def test_a_force_keeps_every_digit_and_its_unit(value, unit):
    quantity = said("mark10", f"{value} {unit}".encode()).quantity
    assert (str(quantity.value), quantity.unit) == (str(value), unit)


@given(
    frame=st.sampled_from([(key, frame) for key, frames in GOOD.items() for frame in frames]),
    place=st.integers(0, 40),
    byte=st.integers(0, 255),
    how=st.sampled_from(["flip", "cut the front", "cut the end", "glue", "insert"]),
)
def test_a_spoiled_frame_never_gives_a_number_that_was_not_in_it(frame, place, byte, how):
    key, good = frame
    spoiled = spoil(good, place % len(good), byte, how)
    try:
        parsed = said(key, spoiled)
    except DeviceError:
        return
    if isinstance(parsed, Parsed):
        value = parsed.quantity.value
        assert f"{abs(value):f}".encode() in spoiled
        assert not value.is_signed() or b"-" in spoiled


@pytest.mark.parametrize(("key", "frame"), [(key, frame) for key, frames in GOOD.items() for frame in frames])
def test_two_frames_in_one_and_a_foreign_point_are_refused(key, frame):
    assert isinstance(said(key, frame), Parsed)
    for spoiled in (frame + frame, frame.replace(b".", b","), frame.replace(b".", b"..")):
        with pytest.raises(UnreadableFrame):
            said(key, spoiled)


@pytest.mark.parametrize(("key", "frame"), [(key, frame) for key in ("opto_rs232", "keyence") for frame in GOOD[key]])
def test_a_length_that_lost_its_point_is_refused(key, frame):
    with pytest.raises(UnreadableFrame):
        said(key, frame.replace(b".", b"", 1))


def spoil(good, place, byte, how):
    match how:
        case "flip":
            return good[:place] + bytes([good[place] ^ (1 << byte % 8)]) + good[place + 1 :]
        case "cut the front":
            return good[place:]
        case "cut the end":
            return good[:place]
        case "glue":
            return good[: place + 1] + good
        case _:
            return good[:place] + bytes([byte]) + good[place:]


def answers_of(device, command):
    """What a simulated device puts on the line for one command."""
    answers = []
    device.send = answers.append
    device.hear(command + b"\r")
    return b"".join(answers)
