"""Scales of Sartorius, A&D and Ohaus at a station, and what a bad line can do to what they say."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.devices.errors import AskingRefused, InstrumentTrouble, NotANetWeight, NotSettled, OutOfRange, UnreadableFrame
from app.devices.events import Standing
from app.devices.meaning import meanings
from app.devices.protocol import Status, families
from app.devices.simulators.and_scale import AndScaleSimulator
from app.devices.simulators.ohaus import OhausSimulator
from app.devices.simulators.sartorius_sbi import SartoriusSbiSimulator
from tests.devices.ear import PATIENCE_S, TurnedClock

WRITTEN = {
    "sartorius_sbi": lambda value: f"N     {'-' if value.is_signed() else '+'}{abs(value):>9f} g  \r\n".encode(),
    "and_scale": lambda value: f"ST,{value:+09f}  g\r\n".encode(),
    "ohaus": lambda value: f"{value:>11f} {'kg':>5}   N\r\n".encode(),
}
"""How each writes a stable value that its display can hold."""
KEYS = sorted(WRITTEN)
VALUES = st.integers(0, 4).flatmap(lambda places: st.decimals(-999, 9999, places=places, allow_nan=False, allow_infinity=False))


def parsed(key, frame):
    return families()[key].make(unit=None).parse(frame)


@pytest.mark.parametrize("key", KEYS)
@given(value=VALUES)
def test_a_value_keeps_every_digit_it_was_sent_with(key, value):
    (meaning,) = meanings(families()[key], WRITTEN[key](value))
    assert (str(meaning.value), meaning.stable) == (str(value), True)


@st.composite
def spoiled(draw, frame):
    """One good line with a byte flipped, a piece cut out, a byte put in, or its beginning glued to the end of another."""
    place, end = sorted(draw(st.lists(st.integers(0, len(frame)), min_size=2, max_size=2)))
    byte = draw(st.binary(min_size=1, max_size=1) | st.sampled_from([b" ", b"0", b"7", b".", b"-", b"\r", b"?", b"["]))
    return draw(
        st.sampled_from(
            [
                frame[:place] + byte + frame[place + 1 :],
                frame[:place] + frame[end:],
                frame[:place] + byte + frame[place:],
                frame[:end] + frame[place:],
            ]
        )
    )


@pytest.mark.parametrize("key", KEYS)
@given(data=st.data(), value=VALUES)
def test_a_spoiled_line_never_gives_a_number_that_is_not_in_its_bytes(key, data, value):
    """Catalogue C4."""
    for meaning in meanings(families()[key], data.draw(spoiled(WRITTEN[key](value)))):
        if meaning.value is not None:
            said = meaning.frame.translate(None, b"[]")
            assert f"{abs(meaning.value):f}".encode() in said
            assert meaning.value.is_signed() == (b"-" in said)


@given(value=VALUES, place=st.integers(0, 20), size=st.integers(1, 5))
def test_a_line_of_a_sartorius_balance_that_lost_some_bytes_is_no_weight(value, place, size):
    frame = WRITTEN["sartorius_sbi"](value)[:-2]
    assume(place + size <= len(frame))
    with pytest.raises(UnreadableFrame):
        parsed("sartorius_sbi", frame[:place] + frame[place + size :])


@given(value=VALUES, size=st.integers(4, 12))
def test_a_line_of_an_ohaus_scale_that_lost_its_beginning_is_no_weight(value, size):
    with pytest.raises(UnreadableFrame):
        parsed("ohaus", WRITTEN["ohaus"](value)[size:-2])


@pytest.mark.parametrize(
    ("key", "frame", "judged"),
    [
        ("and_scale", b"ST,HI,+00123.45  g", "HI"),
        ("and_scale", b"ST,--,+00123.45  g", None),
        ("and_scale", b"ST,+00123.45  g", None),
        ("ohaus", b"     12.345    kg   N Accept", "Accept"),
        ("ohaus", b"     12.345    kg ? N  Under", "Under"),
        ("ohaus", b"     12.345    kg   N", None),
        ("sartorius_sbi", b"N     +   0.1234 g  ", None),
    ],
)
def test_the_judgement_of_the_scale_itself_comes_in_its_own_word(key, frame, judged):
    assert parsed(key, frame).judged == judged


@pytest.mark.parametrize(
    ("key", "frame", "error"),
    [
        ("sartorius_sbi", b"Stat        High    ", OutOfRange(above=True)),
        ("sartorius_sbi", b"      L       ", OutOfRange(above=False)),
        ("sartorius_sbi", b"Stat     Cal.Ext.   ", NotSettled()),
        ("sartorius_sbi", b"Stat     Err 102    ", InstrumentTrouble(reported="Err 102")),
        ("sartorius_sbi", b"X     +   0.1234 g  ", NotANetWeight(sent="X")),
        ("sartorius_sbi", b"Qnt   +      235 pcs", NotANetWeight(sent="Qnt")),
        ("sartorius_sbi", b"+      235 pcs", NotANetWeight(sent="pcs")),
        ("and_scale", b"OL,+9999999.9   g", OutOfRange(above=True)),
        ("and_scale", b"OL,-999999.9 kg", OutOfRange(above=False)),
        ("and_scale", b"QT,+00001234 PC", NotANetWeight(sent="QT")),
        ("and_scale", b"US,-00005678 PC", NotANetWeight(sent="PC")),
        ("and_scale", b"EC,E01", AskingRefused(answer="EC,E01")),
        ("and_scale", b"?", AskingRefused(answer="?")),
        ("and_scale", b"EC,E02", NotSettled()),
        ("and_scale", b"I", NotSettled()),
        ("and_scale", b"EC,E20", InstrumentTrouble(reported="EC,E20")),
        ("ohaus", b"Err 8.3", OutOfRange(above=True)),
        ("ohaus", b"Err 8.4", OutOfRange(above=False)),
        ("ohaus", b"Err 3.0", InstrumentTrouble(reported="Err 3.0")),
        ("ohaus", b"ES", AskingRefused(answer="ES")),
        ("ohaus", b"          3   PCS   N", NotANetWeight(sent="PCS")),
        ("ohaus", b"      2.500    kg   T", NotANetWeight(sent="T")),
    ],
)
def test_a_trouble_says_what_the_scale_said(key, frame, error):
    with pytest.raises(type(error)) as raised:
        parsed(key, frame)
    assert raised.value.facts == error.facts


@pytest.mark.parametrize(
    ("key", "frame", "about", "text", "serial_number"),
    [
        ("sartorius_sbi", b"SerNo.    0047304196", "x2_", "0047304196", "0047304196"),
        ("sartorius_sbi", b"      37454321      ", "x2_", "37454321", "37454321"),
        ("sartorius_sbi", b"Model  BCE224I-1SKR ", "x1_", "BCE224I-1SKR", None),
        ("and_scale", b"SN,T0312345", "SN", "T0312345", "T0312345"),
        ("and_scale", b"ID,000100", "ID", "000100", None),
    ],
)
def test_a_scale_says_who_it_is(key, frame, about, text, serial_number):
    assert parsed(key, frame) == Status(about=about, text=text, kind="info", serial_number=serial_number)


@pytest.mark.capability("E1")
@pytest.mark.parametrize(
    ("kind", "load", "raw"),
    [
        (SartoriusSbiSimulator, "12.5", b"N     +   12.500 g  "),
        (AndScaleSimulator, "12.5", b"ST,+00012.50  g"),
        (OhausSimulator, "12.5", b"     12.500    kg   G"),
    ],
)
def test_a_weight_asked_for_comes_with_its_digits_and_its_raw_line(station, kind, load, raw):
    with kind() as scale:
        ear = station.connect(scale)
        scale.put(load)
        assert station.hub.ask("DEV-1")
        (reading,) = ear.until(lambda ear: bool(ear.readings)).readings
        assert (reading.raw, reading.stable) == (raw, True)
        assert str(reading.quantity.value) in raw.decode()
        assert scale.changing_bytes == 0


@pytest.mark.capability("E3")
@pytest.mark.parametrize("kind", [AndScaleSimulator, OhausSimulator])
def test_a_moving_value_says_that_it_moves(station, kind):
    with kind() as scale:
        ear = station.connect(scale)
        scale.put("12.5", settle=1)
        scale.print_key()
        scale.print_key()
        ear.until(lambda ear: len(ear.readings) == 2)
        assert [reading.stable for reading in ear.readings] == [False, True]


@pytest.mark.capability("E3")
def test_a_moving_sartorius_balance_leaves_the_unit_blank_and_gives_no_value(station):
    with SartoriusSbiSimulator() as scale:
        ear = station.connect(scale)
        scale.put("12.5", settle=1)
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.not_settled")
        station.hub.ask("DEV-1")
        ear.until_words("reading 12.500 g stable")


@pytest.mark.parametrize("kind", [SartoriusSbiSimulator, AndScaleSimulator, OhausSimulator])
@pytest.mark.parametrize(("load", "above"), [("9999", True), ("-999", False)])
def test_an_overloaded_or_lifted_pan_gives_no_weight(station, kind, load, above):
    with kind() as scale:
        ear = station.connect(scale)
        scale.put(load)
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.out_of_range")
        assert ear.troubles[0].error.above is above
        assert station.standing() is Standing.LIVE


@pytest.mark.parametrize("kind", [SartoriusSbiSimulator, AndScaleSimulator, OhausSimulator])
def test_another_unit_and_a_piece_count_are_refused(station, kind):
    with kind() as scale:
        ear = station.connect(scale)
        scale.switch_unit("lb")
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.wrong_unit")
        scale.count(235)
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.other_quantity")
        assert ear.readings == []


@pytest.mark.capability("E3")
@pytest.mark.parametrize(
    ("kind", "tare", "zero"),
    [(SartoriusSbiSimulator, b"\x1bT\r\n", b"\x1bV\r\n"), (AndScaleSimulator, b"T\r\n", b"Z\r\n"), (OhausSimulator, b"T\r\n", b"Z\r\n")],
)
def test_taring_and_zeroing_happen_only_when_a_person_wishes_it(station, kind, tare, zero):
    with kind() as scale:
        ear = station.connect(scale)
        scale.put("12.5")
        station.hub.ask("DEV-1")
        ear.until(lambda ear: len(ear.readings) == 1)
        assert scale.changing_bytes == 0
        assert station.hub.wish("DEV-1", "tare")
        station.hub.ask("DEV-1")
        ear.until(lambda ear: len(ear.readings) == 2)
        assert scale.changing_bytes == len(tare.strip())
        scale.put("0.25")
        assert station.hub.wish("DEV-1", "zero")
        station.hub.ask("DEV-1")
        ear.until(lambda ear: len(ear.readings) == 3)
        assert scale.changing_bytes == len(tare.strip() + zero.strip())
        assert [reading.quantity.value for reading in ear.readings] == [Decimal("12.5"), 0, 0]
        assert ear.troubles == []


def test_a_wish_at_a_moving_scale_is_refused_in_the_words_of_the_scale(station):
    with AndScaleSimulator() as scale:
        ear = station.connect(scale)
        scale.put("12.5", settle=3)
        station.hub.wish("DEV-1", "tare")
        ear.until_words("trouble device.not_settled")
    with OhausSimulator() as scale:
        station.connect(scale, code="DEV-2")
        scale.put("12.5", settle=3)
        station.hub.wish("DEV-2", "zero")
        ear.until(lambda ear: any(trouble.error.code == "device.asking_refused" for trouble in ear.troubles))


@pytest.mark.parametrize(("headings", "raw"), [(True, b"N     -   1.00[5]g  "), (False, b"-   1.00[5]g  ")])
def test_a_digit_of_reduced_resolution_stays_a_digit_with_and_without_a_heading(station, headings, raw):
    with SartoriusSbiSimulator(headings=headings, marked_digit=True) as scale:
        ear = station.connect(scale)
        scale.put("-1.005")
        scale.print_key()
        ear.until_words("reading -1.005 g stable")
        assert ear.readings[0].raw == raw


@pytest.mark.parametrize(("special", "code"), [("Cal.Int.", "not_settled"), ("OFF", "not_settled"), ("Err 102", "instrument_trouble")])
def test_a_sartorius_balance_without_a_weight_on_its_display_gives_none(station, special, code):
    with SartoriusSbiSimulator() as scale:
        ear = station.connect(scale)
        scale.show(special)
        station.hub.ask("DEV-1")
        ear.until_words(f"trouble device.{code}")
        assert ear.readings == []


@pytest.mark.capability("E3")
@pytest.mark.parametrize("headings", [True, False])
def test_another_sartorius_balance_on_the_same_cable_is_a_fault_and_its_weights_are_refused(station, headings):
    """Catalogue C18 and C6."""
    with SartoriusSbiSimulator(serial_number="0031801165", headings=headings) as other:
        ear = station.connect(other, expected_serial="0047304196", live=False)
        assert ear.until_standing(Standing.FAULT).cause.code == "device.wrong_device"
        other.print_key()
        ear.until_words("trouble device.wrong_device")
        assert ear.readings == []


def test_a_sartorius_balance_that_is_the_expected_one_is_live(station):
    with SartoriusSbiSimulator() as scale:
        station.connect(scale, expected_serial="0047304196")
        assert station.hub.states()["DEV-1"].serial_number == "0047304196"
        assert scale.changing_bytes == 0


@pytest.mark.parametrize(("error_codes", "answer"), [(True, b"EC,E02"), (False, b"I")])
def test_an_and_scale_in_its_menu_has_no_weight(station, error_codes, answer):
    with AndScaleSimulator(error_codes=error_codes) as scale:
        ear = station.connect(scale)
        scale.open_menu()
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.not_settled")
        assert ear.troubles[0].raw == answer


def test_the_comparator_of_an_and_scale_does_not_disturb_its_weight(station):
    with AndScaleSimulator() as scale:
        ear = station.connect(scale)
        scale.put("12.5")
        scale.compare("HI")
        scale.print_key()
        ear.until_words("reading 12.50 g stable")
        assert ear.readings[0].raw == b"ST,HI,+00012.50  g"


def test_check_weighing_of_an_ohaus_scale_does_not_disturb_its_weight(station):
    with OhausSimulator() as scale:
        ear = station.connect(scale)
        scale.put("12.5")
        scale.check("Over")
        scale.print_key()
        ear.until_words("reading 12.500 kg stable")


@pytest.mark.capability("E7")
@pytest.mark.parametrize(("kind", "question"), [(AndScaleSimulator, b"Q\r\n"), (OhausSimulator, b"P\r\n")])
def test_a_scale_that_cannot_be_asked_who_it_is_shows_its_silence_when_a_value_is_wanted(new_station, kind, question):
    clock = TurnedClock()
    station = new_station(clock=clock)
    with kind() as scale:
        ear = station.connect(scale)
        scale.switch_off()
        assert station.hub.ask("DEV-1")
        scale.until_received(question, times=1, within_s=PATIENCE_S)
        clock.turn(2.5)
        ear.until_standing(Standing.SILENT)
        ear.until_words("trouble device.no_answer")
        scale.switch_on()
        scale.print_key()
        ear.until_standing(Standing.LIVE)


@pytest.mark.parametrize(
    ("scale", "unknown", "answer"),
    [
        (AndScaleSimulator(), b"XYZ\r\n", [b"EC,E01\r\n"]),
        (AndScaleSimulator(error_codes=False), b"XYZ\r\n", [b"?\r\n"]),
        (OhausSimulator(), b"XYZ\r\n", [b"ES\r\n"]),
        (SartoriusSbiSimulator(), b"\x1bY\r\n", []),
    ],
)
def test_a_simulated_scale_answers_a_command_nobody_should_send(scale, unknown, answer, monkeypatch):
    said = []
    monkeypatch.setattr(scale, "send", said.append)
    scale.hear(unknown[:2])
    scale.hear(unknown[2:])
    assert (said, scale.changing_bytes) == (answer, 0)


@pytest.mark.parametrize(
    ("scale", "question", "begin"),
    [
        (AndScaleSimulator(), b"S\r\n", b"ST,"),
        (AndScaleSimulator(), b"?SN\r\n", b"SN,"),
        (OhausSimulator(), b"SP\r\n", b"      0.000"),
        (OhausSimulator(), b"PSN\r\n", b"B"),
        (SartoriusSbiSimulator(), b"\x1bkP_\r\n", b"N     +"),
        (SartoriusSbiSimulator(), b"\x1bx1_\r\n", b"Model"),
    ],
)
def test_a_harmless_question_changes_nothing_on_a_simulated_scale(scale, question, begin, monkeypatch):
    said = []
    monkeypatch.setattr(scale, "send", said.append)
    scale.hear(question)
    assert said[0].startswith(begin)
    assert scale.changing_bytes == 0


def test_an_and_scale_that_does_not_acknowledge_obeys_all_the_same(station):
    with AndScaleSimulator(error_codes=False) as scale:
        ear = station.connect(scale)
        scale.put("12.5")
        station.hub.wish("DEV-1", "tare")
        scale.until_received(b"T\r\n", times=1, within_s=PATIENCE_S)
        scale.print_key()
        ear.until_words("reading 0.00 g stable")
