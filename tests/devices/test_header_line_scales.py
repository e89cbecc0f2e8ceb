"""T-Scale and CAS scales at a station: lines with a header such as ST,GS."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.errors import AskingRefused, NotANetWeight, NotSettled, OutOfRange, UnreadableFrame
from app.devices.events import Standing
from app.devices.protocol import Parsed, families
from app.devices.simulators.cas import CasSimulator
from app.devices.simulators.t_scale import TScaleSimulator
from tests.devices.spoiling import flipped, shorter_or_longer, stands_in, values_of

T_SCALE = families()["t_scale"].make(unit="g")
CAS = families()["cas"].make(unit="kg")
LINES = [
    ("t_scale", b"ST,GS    20.7g  "),
    ("t_scale", b"US,NT,-  245.6 g"),
    ("cas", b"ST,GS,+   1.250kg"),
    ("cas", b"US,NT,1\xa6,-   13.5 kg"),
    ("cas", b"D   1.250 kg"),
]
STYLES = ["plain", "cas", "short"]


@pytest.mark.capability("E1")
@pytest.mark.parametrize("model", ["NHB", "QHW"])
def test_a_t_scale_balance_is_asked_and_answers_moving_then_stable(station, model):
    with TScaleSimulator(model=model) as scale:
        ear = station.connect(scale)
        scale.put("20.7", settle=1)
        assert station.hub.ask("DEV-1")
        ear.until_words("reading 20.7 g moving")
        assert station.hub.ask("DEV-1")
        ear.until_words("reading 20.7 g stable")
        assert scale.changing_bytes == 0


def test_a_t_scale_balance_set_to_continuous_output_is_heard_line_by_line(station):
    with TScaleSimulator(model="QHW") as scale:
        ear = station.connect(scale)
        scale.put("92.6", settle=2)
        scale.stream(3)
        ear.until_words("reading 92.6 g moving", "reading 92.6 g moving", "reading 92.6 g stable")
        scale.tare_key()
        scale.put("85.5")
        scale.print_key()
        ear.until_words("reading -7.1 g stable")


@pytest.mark.parametrize(("weight", "side"), [("3000.1", "above"), ("-100", "below")])
def test_beyond_its_range_a_t_scale_balance_gives_no_weight(station, weight, side):
    with TScaleSimulator() as scale:
        ear = station.connect(scale)
        scale.put(weight)
        scale.print_key()
        ear.until_words("trouble device.out_of_range")
        assert str(ear.troubles[0].error.facts["side"]) == side
        assert station.standing() is Standing.LIVE


@pytest.mark.capability("E3")
def test_pieces_and_another_unit_of_a_t_scale_balance_are_refused(station):
    with TScaleSimulator() as scale:
        ear = station.connect(scale)
        scale.switch_unit("oz")
        scale.print_key()
        scale.count(12)
        scale.print_key()
        ear.until_words("trouble device.wrong_unit", "trouble device.other_quantity")
        assert ear.troubles[1].error.facts["sent"] == "12 pcs"


@pytest.mark.capability("E1")
@pytest.mark.parametrize("style", STYLES)
def test_a_cas_indicator_is_asked_and_answers_in_each_of_its_lines(station, style):
    with CasSimulator(style=style) as scale:
        ear = station.connect(scale)
        scale.put("1.250", settle=1)
        assert station.hub.ask("DEV-1")
        ear.until_words("reading 1.250 kg moving")
        scale.print_key()
        ear.until_words("reading 1.250 kg stable")
        assert scale.changing_bytes == 0


@pytest.mark.capability("E3")
def test_a_cas_indicator_tares_and_zeroes_only_on_a_persons_wish(station):
    with CasSimulator(style="cas") as scale:
        ear = station.connect(scale)
        scale.put("0.200")
        assert station.hub.wish("DEV-1", "tare")
        station.hub.ask("DEV-1")
        ear.until_words("reading 0.000 kg stable")
        scale.put("0.150")
        station.hub.ask("DEV-1")
        ear.until_words("reading -0.050 kg stable")
        assert station.hub.wish("DEV-1", "zero")
        station.hub.ask("DEV-1")
        ear.until_words("reading 0.000 kg stable")
        assert scale.changing_bytes == len(b"01MT" + b"01MZ")


def test_a_cas_indicator_that_cannot_zero_under_a_load_says_so(station):
    with CasSimulator() as scale:
        ear = station.connect(scale)
        scale.put("15")
        station.hub.wish("DEV-1", "zero")
        ear.until_words("trouble device.not_settled")


def test_a_held_value_is_not_what_lies_on_the_platform_now(station):
    with CasSimulator(style="cas") as scale:
        ear = station.connect(scale)
        scale.put("1.250")
        scale.hold()
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.other_quantity")


@pytest.mark.parametrize("style", ["plain", "cas"])
@pytest.mark.parametrize(("weight", "side"), [("31", "above"), ("-5", "below")])
def test_beyond_its_range_a_cas_scale_gives_no_weight(station, style, weight, side):
    with CasSimulator(style=style) as scale:
        ear = station.connect(scale)
        scale.put(weight)
        station.hub.ask("DEV-1")
        ear.until_words("trouble device.out_of_range")
        assert str(ear.troubles[0].error.facts["side"]) == side


def test_a_cas_indicator_of_another_number_keeps_silent_and_a_foreign_command_is_refused(station):
    with CasSimulator(number=2) as scale:
        ear = station.connect(scale)
        scale.hear(b"01RW\r\n")
        scale.hear(b"SI\r\n")
        ear.until_words("trouble device.asking_refused")
        assert ear.readings == []


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (b"?", AskingRefused),
        (b"!", NotSettled),
        (b"OL,NT,+  99.999kg", OutOfRange),
        (b"ST,GS,1\xf4,    13.5 kg", NotANetWeight),
        (b"ST,GS,+      12pc", NotANetWeight),
        (b"ST,XX,+   1.250kg", UnreadableFrame),
        (b"QT,GS,+   1.250kg", UnreadableFrame),
        (b"ST,GS,+   1e250kg", UnreadableFrame),
        (b"ST,GS,+    .250kg", UnreadableFrame),
        ("ST,GS,+  １.25kg".encode(), UnreadableFrame),
        (b"ST,GS,+   1.250kg\n", UnreadableFrame),
        (b"", UnreadableFrame),
    ],
)
def test_a_cas_line_without_a_weight_is_named(frame, error):
    with pytest.raises(error) as refused:
        CAS.parse(frame)
    assert type(refused.value) is error


@given(value=st.decimals(min_value=-9999, max_value=99999, places=1))
def test_a_t_scale_line_keeps_every_digit_that_was_sent(value):
    sign, digits = ("-", str(-value)) if value.is_signed() else (" ", str(value))
    for line in (f"ST,GS{sign}{digits:>7}g  ", f"ST,NT,{sign}{digits:>7} g"):
        said = T_SCALE.parse(line.encode())
        assert isinstance(said, Parsed)
        assert (str(said.quantity.value), said.quantity.unit, said.stable) == (str(value), "g", True)


@given(value=st.decimals(min_value=-999, max_value=999, places=3))
def test_a_cas_line_keeps_every_digit_that_was_sent(value):
    sign, digits = ("-", str(-value)) if value.is_signed() else ("+", str(value))
    plain, short = f"US,GS,{sign}{digits:>8}kg".encode(), f"D{value!s:>8} kg".encode()
    cas = b"US,GS,1\xa4," + f"{sign.replace('+', ' ')}{digits:>7} kg".encode()
    for line in (plain, short, cas):
        said = CAS.parse(line)
        assert (str(said.quantity.value), said.quantity.unit, said.stable) == (str(value), "kg", False)


@pytest.mark.parametrize(("key", "frame"), LINES)
@given(data=st.data())
def test_a_line_that_lost_or_gained_bytes_gives_no_number(key, frame, data):
    assert values_of(key, data.draw(shorter_or_longer(frame))) == []


@pytest.mark.parametrize(("key", "frame"), LINES)
@given(data=st.data())
def test_a_flipped_byte_never_gives_a_number_that_was_not_sent(key, frame, data):
    spoiled = data.draw(flipped(frame))
    for value in values_of(key, spoiled):
        assert stands_in(value, spoiled)
        assert value >= 0 or b"-" in spoiled


def test_the_sign_of_a_t_scale_line_stands_before_the_digits():
    assert T_SCALE.parse(b"ST,NT,-    3.1 g").quantity.value == Decimal("-3.1")
    with pytest.raises(UnreadableFrame):
        T_SCALE.parse(b"ST,NT,    -3.1 g")
