"""Shinko VIBRA and KERN PES balances, whose verified models put a slash before their last digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.errors import AskingRefused, InstrumentTrouble, NotANetWeight, UnreadableFrame
from app.devices.protocol import families
from app.devices.simulators.range_indicator import RangeIndicatorSimulator
from tests.devices.spoiling import flipped, shorter_or_longer, stands_in, values_of

LINES = [b"+007.12/0 G S", b"-00123.4 GHU"]
BALANCE = families()["range_indicator"].make(unit="g")


@pytest.mark.capability("E1")
def test_the_line_of_a_balance_brings_its_digits_in_grams_moving_then_stable(station):
    with RangeIndicatorSimulator() as balance:
        ear = station.connect(balance)
        balance.put("7.12", settle=1)
        balance.stream(2)
        ear.until_words("reading 7.12 g moving", "reading 7.12 g stable")
        assert bytes(balance.received) == b""


@pytest.mark.capability("E3")
def test_a_verified_balance_is_read_where_its_last_digit_is_zero_and_refused_elsewhere(station):
    """The makers count the digit to the value, drivers do not: neither a cut nor a guessed weight is taken."""
    with RangeIndicatorSimulator(verified=True, capacity="620.000") as balance:
        ear = station.connect(balance)
        balance.put("7.120")
        balance.print_key()
        balance.put("7.123")
        balance.print_key()
        ear.until_words("reading 7.12 g stable", "trouble device.other_quantity")
        assert ear.troubles[0].error.facts["sent"] == "007.12/3 G"


@pytest.mark.capability("E3")
def test_the_balance_tares_only_on_a_persons_wish(station):
    with RangeIndicatorSimulator() as balance:
        ear = station.connect(balance)
        balance.put("20")
        assert station.hub.wish("DEV-1", "tare")
        balance.until_received(b"T \r\n", times=1, within_s=10)
        balance.print_key()
        ear.until_words("reading 0.00 g stable")
        assert balance.changing_bytes == len(b"T ")


def test_a_balance_that_cannot_tare_says_so(station):
    with RangeIndicatorSimulator() as balance:
        ear = station.connect(balance)
        balance.put("20", settle=5)
        station.hub.wish("DEV-1", "tare")
        ear.until_words("trouble device.instrument_trouble")
        assert ear.troubles[0].error.facts["reported"] == "E01"


@pytest.mark.parametrize("weight", ["700", "-50"])
def test_beyond_its_range_only_the_error_counts(station, weight):
    with RangeIndicatorSimulator() as balance:
        ear = station.connect(balance)
        balance.put(weight)
        balance.print_key()
        ear.until_words("trouble device.instrument_trouble")
        assert ear.readings == []


@pytest.mark.capability("E3")
def test_another_unit_and_pieces_are_refused(station):
    with RangeIndicatorSimulator() as balance:
        ear = station.connect(balance)
        balance.switch_unit("CT")
        balance.print_key()
        balance.switch_unit("PC")
        balance.print_key()
        ear.until_words("trouble device.wrong_unit", "trouble device.other_quantity")


@pytest.mark.parametrize(("weight", "judged"), [("4.99", "L"), ("5.00", "G"), ("5.11", "H")])
def test_what_the_limit_function_says_is_kept_in_its_own_letter(weight, judged):
    balance = RangeIndicatorSimulator()
    balance.set_limits("5.00", "5.10")
    balance.put(weight)
    assert BALANCE.parse(balance.typical_frame().rstrip(b"\r\n")).judged == judged


def test_a_balance_refuses_what_it_does_not_know(station):
    with RangeIndicatorSimulator() as balance:
        ear = station.connect(balance)
        balance.hear(b"SI\r\n")
        ear.until_words("trouble device.asking_refused")


@pytest.mark.parametrize(
    ("frame", "unit"), [(b"+0001.25KG S", "kg"), (b"+0012.34CT S", "ct"), (b"+0012.34 g S", "g"), (b"+0012.34TL S", "TL")]
)
def test_units_are_those_a_record_can_name(frame, unit):
    if b" g" in frame:
        with pytest.raises(UnreadableFrame):
            BALANCE.parse(frame)
    else:
        assert BALANCE.parse(frame).quantity.unit == unit


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (b"+650.00/0 G E", InstrumentTrouble),
        (b"E01", InstrumentTrouble),
        (b"E00", AskingRefused),
        (b"+007.12/3 G S", NotANetWeight),
        (b"+0099.87 % S", NotANetWeight),
        (b"+000.00/0 G D", UnreadableFrame),
        (b"+000.00/0 G", UnreadableFrame),
        (b"+0000000/0 G S", UnreadableFrame),
        (b"+00000/0.0 G S", UnreadableFrame),
        (b"+00012345 G S", UnreadableFrame),
        (b"+   -1.23 G S", UnreadableFrame),
        (b"+000.00/0 G S\n", UnreadableFrame),
        (b"A01", UnreadableFrame),
        (b"", UnreadableFrame),
    ],
)
def test_a_line_without_a_weight_is_named(frame, error):
    with pytest.raises(error) as refused:
        BALANCE.parse(frame)
    assert type(refused.value) is error


@given(digits=st.integers(0, 999_999), places=st.integers(1, 4), sign=st.sampled_from("+- "))
def test_every_digit_that_was_sent_is_kept(digits, places, sign):
    value = Decimal(digits).scaleb(-places)
    said = BALANCE.parse(f"{sign}{str(value).rjust(7, '0')} G S".encode())
    assert str(said.quantity.value) == f"{sign.strip(' +')}{value}"


@pytest.mark.parametrize("line", LINES)
@given(data=st.data())
def test_a_line_that_lost_or_gained_bytes_gives_no_other_weight(line, data):
    """A lost slash leaves the maker's own value, a slash gained before a last 0 its own too: the weight is the same."""
    assert {abs(value) for value in values_of("range_indicator", data.draw(shorter_or_longer(line)))} <= {Decimal("7.12"), Decimal("123.4")}


@pytest.mark.parametrize("line", LINES)
@given(data=st.data())
def test_a_flipped_byte_never_gives_a_number_that_was_not_sent(line, data):
    spoiled = data.draw(flipped(line))
    for value in values_of("range_indicator", spoiled):
        assert stands_in(value, spoiled)
        assert value >= 0 or b"-" in spoiled
