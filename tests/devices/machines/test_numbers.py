"""Registers and numbers: every type, both word orders, and never a number that is not there."""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.devices.machines.decoding import number_of, words_of
from app.devices.machines.judging import sample_of
from app.devices.machines.register_map import Channel, NumberType, Place, RegisterKind, WordOrder
from app.devices.machines.samples import Quality

TRANSCRIPT = Path(__file__).resolve().parents[2] / "transcripts" / "modbus.toml"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WHOLE = [one for one in NumberType if one is not NumberType.F32]
WORDS = st.integers(0, 65535)


def place(type: str, word_order: str | None = None) -> Place:
    wide = NumberType(type).words > 1
    order = WordOrder(word_order or "big") if wide else None
    return Place(kind=RegisterKind.INPUT, address=0, type=NumberType(type), word_order=order)


def channel(type: str, **other: object) -> Channel:
    usual = {"scale": Decimal("0.1"), "decimals": 1, "sensor_break": None, "plausible": (Decimal(-20), Decimal(300))}
    return Channel(name="temperature", place=place(type, other.pop("word_order", None)), unit="°C", of_cycle=False, **(usual | other))


def sample(channel: Channel, *words: int, fresh: bool = True):
    return sample_of(channel, words, at=NOON, cycle=7, fresh=fresh)


@pytest.mark.capability("E4")
@pytest.mark.parametrize(
    "said", tomllib.loads(TRANSCRIPT.read_text("utf-8"))["said"], ids=lambda said: f"{said['type']} {said.get('word_order')}"
)
def test_registers_are_read_as_the_transcript_says(said):
    where = place(said["type"], said.get("word_order"))
    for *words, number in said["registers"]:
        assert str(number_of(words, where)) == str(Decimal(number)), words
        if number != "NaN":
            assert list(words_of(Decimal(number), where)) == words


def test_the_transcript_covers_every_type_in_every_word_order():
    covered = {(said["type"], said.get("word_order")) for said in tomllib.loads(TRANSCRIPT.read_text("utf-8"))["said"]}
    assert covered == {(one.value, order) for one in NumberType for order in ((None,) if one.words == 1 else ("big", "little"))}


@given(data=st.data(), type=st.sampled_from(WHOLE), order=st.sampled_from(WordOrder))
def test_every_whole_number_comes_back_from_its_registers(data, type, order):
    number = Decimal(data.draw(st.integers(*type.span)))
    where = place(type, order)
    assert number_of(words_of(number, where), where) == number


@given(number=st.floats(width=32, allow_nan=False), order=st.sampled_from(WordOrder))
def test_every_float_comes_back_from_its_registers_to_the_last_bit(number, order):
    where = place("f32", order)
    assert number_of(words_of(Decimal(number), where), where) == Decimal(number)


@given(words=st.tuples(WORDS, WORDS), type=st.sampled_from(["u32", "i32", "f32"]))
def test_the_other_word_order_is_the_other_half_first(words, type):
    big, little = number_of(words, place(type, "big")), number_of(words[::-1], place(type, "little"))
    assert big == little or (big.is_nan() and little.is_nan())


@pytest.mark.parametrize("words", [(), (1,), (1, 2, 3), (1, 65536), (-1, 0), ("a", 1)])
def test_what_are_not_exactly_its_registers_is_refused(words):
    with pytest.raises(ValueError, match="register"):
        number_of(words, place("u32"))


@pytest.mark.parametrize(("type", "number"), [("u16", "-1"), ("u16", "65536"), ("i16", "32768"), ("i32", "2147483648"), ("f32", "1e39")])
def test_a_number_its_type_cannot_hold_stands_in_no_register(type, number):
    with pytest.raises(ValueError, match="is no"):
        words_of(Decimal(number), place(type))


@pytest.mark.capability("E4")
@pytest.mark.parametrize(
    ("words", "value"),
    [((1374,), "137.4"), ((1370,), "137.0"), ((0,), "0.0"), ((65436,), "-10.0"), ((3000,), "300.0"), ((65336,), "-20.0")],
)
def test_a_value_has_the_decimals_of_its_channel_and_its_plausible_ends_are_plausible(words, value):
    good = sample(channel("i16", sensor_break=Decimal(-32768)), *words)
    assert (str(good.value), good.quality, good.raw, good.cycle, good.unit) == (value, Quality.GOOD, words, 7, "°C")


@pytest.mark.capability("E7")
@pytest.mark.parametrize(
    ("of", "words", "quality"),
    [
        (channel("i16", sensor_break=Decimal(-32768)), (0x8000,), Quality.SENSOR_BREAK),
        (channel("i16"), (0x8000,), Quality.IMPLAUSIBLE),
        (channel("i16"), (3001,), Quality.IMPLAUSIBLE),
        (channel("i16"), (65335,), Quality.IMPLAUSIBLE),
        (channel("f32", scale=Decimal(1)), (0x7FC0, 0), Quality.IMPLAUSIBLE),
        (channel("f32", scale=Decimal(1)), (0x7F80, 0), Quality.IMPLAUSIBLE),
        (channel("f32", scale=Decimal(1), sensor_break=Decimal("NaN")), (0x7FC0, 0), Quality.SENSOR_BREAK),
        (channel("f32", scale=Decimal(1), sensor_break=Decimal("NaN")), (0x7FC0, 1), Quality.SENSOR_BREAK),
        (channel("f32", scale=Decimal(1), sensor_break=Decimal("-9999")), (0xC61C, 0x3C00), Quality.SENSOR_BREAK),
    ],
)
def test_what_is_no_value_has_none_and_keeps_its_registers(of, words, quality):
    bad = sample(of, *words)
    assert (bad.value, bad.quality, bad.raw) == (None, quality, words)


@pytest.mark.parametrize(("float_", "shown"), [(137.04, "137.0"), (137.06, "137.1"), (-0.04, "0.0"), (-0.0, "0.0")])
def test_a_float_is_rounded_to_the_decimals_of_its_channel_and_has_no_minus_zero(float_, shown):
    of = channel("f32", scale=Decimal(1))
    assert str(sample(of, *words_of(Decimal(float_), of.place)).value) == shown


@pytest.mark.parametrize(("value", "right", "wrong"), [(137.5, "little", "big"), (22.25, "big", "little")])
def test_a_temperature_with_its_words_the_wrong_way_round_is_never_a_value(value, right, wrong):
    of = channel("f32", scale=Decimal(1), word_order=wrong)
    assert sample(of, *words_of(Decimal(value), place("f32", right))).quality is Quality.IMPLAUSIBLE


def test_a_stale_number_is_no_value_whatever_it_says():
    stale = sample(channel("i16"), 1374, fresh=False)
    assert (stale.value, stale.quality, stale.raw) == (None, Quality.STALE, (1374,))


@given(
    words=st.tuples(WORDS, WORDS),
    type=st.sampled_from(NumberType),
    order=st.sampled_from(WordOrder),
    scale=st.decimals(min_value="0.001", max_value=1000, places=3),
    ends=st.tuples(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15)),
    mark=st.none() | st.integers(-32768, 32767).map(Decimal) | st.just(Decimal("NaN")),
)
@example(words=(0x7F7F, 0xFFFF), type=NumberType.F32, order=WordOrder.BIG, scale=Decimal(1000), ends=(-(10**15), 10**15), mark=None)
def test_whatever_the_registers_hold_a_value_is_plausible_and_exact_or_there_is_none(words, type, order, scale, ends, mark):
    low, high = sorted(ends)
    of = channel(type, word_order=order, scale=scale, decimals=3, plausible=(Decimal(low), Decimal(high)), sensor_break=mark)
    words = words[: type.words]
    one = sample(of, *words)
    assert (one.value is None) == (one.quality is not Quality.GOOD)
    if one.value is not None:
        assert low <= one.value <= high
        assert one.value.as_tuple().exponent == -3
        assert abs(one.value - number_of(words, of.place) * scale) <= (0 if type in WHOLE else Decimal("0.0005"))


@given(number=st.integers(0, 2**32 - 1))
def test_a_counter_with_its_words_swapped_shows_unless_both_halves_are_alike(number):
    assume(number >> 16 != number & 0xFFFF)
    swapped = number_of(words_of(Decimal(number), place("u32", "big")), place("u32", "little"))
    assert swapped != number
