"""A Mettler Toledo terminal that never stops speaking."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.errors import InstrumentTrouble, NotANetWeight, OutOfRange, UnreadableFrame
from app.devices.events import Standing
from app.devices.protocol import families
from app.devices.settings import Patience
from app.devices.simulators.mt_continuous import FRAMES_PER_S, MtContinuousSimulator
from tests.devices.ear import PATIENCE_S, TurnedClock
from tests.devices.spoiling import digits_of, flipped, shorter_or_longer, values_of

FRAME = b"\x0240    046   000"
TERMINAL = families()["mt_continuous"].make(unit="kg")


@pytest.fixture
def terminal():
    with MtContinuousSimulator() as terminal:
        yield terminal


def hearing(station, terminal):
    """Connected, and the stream runs."""
    ear = station.connect(terminal, live=False)
    terminal.until_received(b"\r\n", times=1, within_s=PATIENCE_S)
    terminal.stream(1)
    ear.until_standing(Standing.LIVE)
    ear.until_words("reading 0.00 kg stable")
    return ear


@pytest.mark.capability("E1")
def test_every_frame_of_the_stream_is_a_reading_of_its_own_first_moving_then_stable(station, terminal):
    ear = hearing(station, terminal)
    terminal.put("0.46", settle=3)
    terminal.stream()
    ear.until_words(*["reading 0.46 kg moving"] * 3, *["reading 0.46 kg stable"] * (FRAMES_PER_S - 3))
    assert ear.readings[-1].raw == b"\x02,0    046   000"
    assert ear.troubles == []
    assert terminal.changing_bytes == 0


@pytest.mark.capability("E3")
def test_the_terminal_tares_and_zeroes_only_on_a_persons_wish(station, terminal):
    ear = hearing(station, terminal)
    terminal.put("0.46")
    assert station.hub.wish("DEV-1", "tare")
    terminal.until_received(b"T\r\n", times=1, within_s=PATIENCE_S)
    terminal.put("1.90")
    terminal.stream(1)
    ear.until_words("reading 1.44 kg stable")
    terminal.put("0.10")
    assert station.hub.wish("DEV-1", "zero")
    terminal.until_received(b"Z\r\n", times=1, within_s=PATIENCE_S)
    terminal.stream(1)
    ear.until_words("reading 0.00 kg stable")
    assert terminal.changing_bytes == len(b"TZ")


@pytest.mark.capability("E7")
def test_a_stream_that_stops_is_silence_and_never_its_last_value(new_station, terminal):
    clock = TurnedClock()
    station = new_station(clock=clock)
    ear = hearing(station, terminal)
    clock.turn(Patience().heartbeat_s + 0.1)
    terminal.until_received(b"\r\n", times=2, within_s=PATIENCE_S)
    clock.turn(Patience().answer_s + 0.1)
    ear.until_standing(Standing.SILENT)
    assert ear.words == []
    terminal.stream(1)
    ear.until_standing(Standing.LIVE)
    assert terminal.changing_bytes == 0


def test_it_cannot_be_asked_because_it_never_stops(station, terminal):
    hearing(station, terminal)
    assert station.hub.ask("DEV-1") is False


@pytest.mark.parametrize(("weight", "side"), [("61", "above"), ("-2", "below")])
def test_out_of_range_is_no_weight_whatever_the_digits_say(station, terminal, weight, side):
    ear = hearing(station, terminal)
    terminal.put(weight)
    terminal.stream(1)
    ear.until_words("trouble device.out_of_range")
    assert str(ear.troubles[0].error.facts["side"]) == side


def test_a_load_at_power_up_and_an_expanded_display_are_no_weights(station, terminal):
    ear = hearing(station, terminal)
    terminal.put("1.00")
    terminal.power_cycle()
    terminal.stream(1)
    ear.until_words("trouble device.instrument_trouble")
    station.hub.wish("DEV-1", "zero")
    terminal.until_received(b"Z\r\n", times=1, within_s=PATIENCE_S)
    terminal.expand()
    terminal.stream(1)
    ear.until_words("trouble device.other_quantity")


@pytest.mark.capability("E3")
@pytest.mark.parametrize(("unit", "trouble"), [("lb", "wrong_unit"), ("g", "wrong_unit"), ("t", "wrong_unit"), ("oz", "unreadable")])
def test_another_unit_is_refused(station, terminal, unit, trouble):
    ear = hearing(station, terminal)
    terminal.switch_unit(unit)
    terminal.stream(1)
    ear.until_words(f"trouble device.{trouble}")


def test_with_the_checksum_on_the_terminal_is_in_fault_and_nothing_is_misread(station):
    with MtContinuousSimulator(checksum=True) as terminal:
        ear = station.connect(terminal, live=False)
        terminal.until_received(b"\r\n", times=1, within_s=PATIENCE_S)
        terminal.put("0.46")
        terminal.stream(5)
        fault = ear.until_standing(Standing.FAULT)
        assert fault.cause.code == "device.not_understood"
        ear.until_words("reading 0.46 kg stable", *["trouble device.unreadable"] * 4)


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (b"\x0244   6100   000", OutOfRange),
        (b"\x0244 ======   000", OutOfRange),
        (b"\x024p    046   000", InstrumentTrouble),
        (b"\x022!1  1448   450", NotANetWeight),
        (b"\x02)0   1441     0", UnreadableFrame),
        (b"\x0240'   046   000", UnreadableFrame),
        (b"\x0240  -0.46   000", UnreadableFrame),
        (b"\x0240    046   abc", UnreadableFrame),
        (b"\x0240           000", UnreadableFrame),
        (b"\x02$0    046   000", UnreadableFrame),
        (b"\x02t0    046   000", UnreadableFrame),
        (b"\x024\x10    046   000", UnreadableFrame),
        (b"7\x0240    046   000", UnreadableFrame),
        (b"\x0240    \xb246   000", UnreadableFrame),
        (b"", UnreadableFrame),
    ],
)
def test_a_frame_without_a_weight_is_named(frame, error):
    with pytest.raises(error) as refused:
        TERMINAL.parse(frame)
    assert type(refused.value) is error


@given(digits=st.integers(0, 999_999), places=st.integers(0, 5), negative=st.booleans(), moving=st.booleans(), grams=st.booleans())
def test_every_digit_of_the_display_is_kept_with_its_point_and_its_sign(digits, places, negative, moving, grams):
    status = bytes([0x28 | places + 2, 0x30 | negative << 1 | moving << 3, 0x20 | grams])
    said = TERMINAL.parse(b"\x02" + status + f"{digits:>6}     0".encode())
    expected = Decimal((negative, tuple(map(int, str(digits))), -places))
    assert said.quantity.value.as_tuple() == expected.as_tuple()
    assert (said.quantity.unit, said.stable) == ("g" if grams else "kg", not moving)


@given(data=st.data())
def test_a_spoiled_frame_never_gives_digits_that_were_not_sent(data):
    spoiled = data.draw(st.one_of(flipped(FRAME), shorter_or_longer(FRAME)))
    for value in values_of("mt_continuous", spoiled, end=b"\r"):
        assert digits_of(value) in spoiled.decode("latin-1")


@given(data=st.data())
def test_a_frame_that_lost_or_gained_bytes_gives_no_other_weight(data):
    """Only STX may be missing: what follows is whole all the same."""
    assert set(values_of("mt_continuous", data.draw(shorter_or_longer(FRAME)), end=b"\r")) <= {Decimal("0.46")}
