"""A Mettler Toledo balance whose print key the person presses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.errors import NotANetWeight, UnreadableFrame
from app.devices.events import Standing
from app.devices.protocol import Status, families
from app.devices.simulators.mt_printout import MtPrintoutSimulator
from tests.devices.spoiling import flipped, shorter_or_longer, stands_in, values_of

LINE = b"     N       0.3746 g   "
BALANCE = families()["mt_printout"].make(unit="g")


@pytest.fixture
def balance():
    with MtPrintoutSimulator() as balance:
        yield balance


@pytest.mark.capability("E1")
def test_pressing_the_print_key_brings_the_weight_with_all_its_digits(station, balance):
    ear = station.connect(balance)
    balance.put("0.3746")
    balance.print_key()
    ear.until_words("reading 0.3746 g unknown")
    balance.put("12.5")
    balance.print_key()
    ear.until_words("reading 12.5000 g unknown")
    assert ear.readings[0].raw == LINE
    assert bytes(balance.received) == b""


def test_a_printed_record_gives_its_gross_and_its_net_and_no_tare(station, balance):
    ear = station.connect(balance)
    balance.put("2.5")
    balance.tare_key()
    balance.put("12.5834")
    balance.print_record()
    ear.until_words("trouble device.unreadable", "reading 12.5834 g unknown", "reading 10.0834 g unknown")
    assert station.standing() is Standing.LIVE


@pytest.mark.capability("E3")
def test_another_unit_and_pieces_are_refused(station, balance):
    ear = station.connect(balance)
    balance.switch_unit("mg")
    balance.print_key()
    balance.switch_unit("PCS")
    balance.print_key()
    ear.until_words("trouble device.wrong_unit", "trouble device.other_quantity")
    assert ear.readings == []


def test_beyond_its_range_it_prints_nothing(station, balance):
    ear = station.connect(balance)
    balance.put("230")
    balance.print_key()
    balance.put("1")
    balance.print_key()
    ear.until_words("reading 1.0000 g unknown")


def test_it_cannot_be_asked_and_nothing_is_ever_sent_to_it(station, balance):
    station.connect(balance)
    assert station.hub.ask("DEV-1") is False
    assert balance.changing_bytes == 0


def test_the_tare_is_told_and_is_no_weight():
    said = BALANCE.parse(b"     T       2.5000 g   ")
    assert isinstance(said, Status)
    assert (said.kind, str(said.quantity.value), said.quantity.unit) == ("tare_value", "2.5000", "g")


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (b"     N           12 PCS ", NotANetWeight),
        (b"     N        99.87 %   ", NotANetWeight),
        (b"     D       0.3746 g   ", NotANetWeight),
        (b"             0.3746 g   ", UnreadableFrame),
        (b"     N       0.3746     ", UnreadableFrame),
        (b"     N       0,3746 g   ", UnreadableFrame),
        (b"     N     0.3746 g     ", UnreadableFrame),
        (b"     N     - 0.3746 g   ", UnreadableFrame),
        (b"     N          NaN g   ", UnreadableFrame),
        (b"     N       0.3746 g   \n", UnreadableFrame),
        (b"25.11.2026      14:02:11", UnreadableFrame),
        (b"", UnreadableFrame),
    ],
)
def test_a_line_without_a_weight_is_named(frame, error):
    with pytest.raises(error) as refused:
        BALANCE.parse(frame)
    assert type(refused.value) is error


@given(value=st.decimals(min_value=-9999, max_value=9999, places=4), which=st.sampled_from("NG"))
def test_every_digit_that_was_printed_is_kept(value, which):
    said = BALANCE.parse(f"     {which}{value!s:>13} g   ".encode())
    assert (str(said.quantity.value), said.quantity.unit, said.stable) == (str(value), "g", None)


@given(data=st.data())
def test_a_line_that_lost_or_gained_bytes_gives_no_number(data):
    assert values_of("mt_printout", data.draw(shorter_or_longer(LINE))) == []


@given(data=st.data())
def test_a_flipped_byte_never_gives_a_number_that_was_not_sent(data):
    spoiled = data.draw(flipped(LINE))
    for value in values_of("mt_printout", spoiled):
        assert stands_in(value, spoiled)
