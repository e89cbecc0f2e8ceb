"""What is kept beside a sample can be read back: number, status and the source's own time."""

import struct
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.devices.machines.evidence import WORDS, fits, number_in_message, of_message, of_node, source_time

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis gives them their zone
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)


@given(NUMBERS.filter(fits), st.none() | MOMENTS)
def test_a_number_in_a_message_comes_back_digit_by_digit(number, moment):
    words = of_message(number, moment)
    assert len(words) == WORDS
    assert all(0 <= word <= 0xFFFF for word in words)
    assert number_in_message(words) == number
    if moment is not None:
        assert source_time(words) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@given(st.none() | NUMBERS | st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("1e400000"), Decimal("9" * 40)]))
def test_what_cannot_be_kept_whole_is_kept_as_nothing(number):
    words = of_message(number, None)
    assert len(words) == WORDS
    if number is None or not number.is_finite() or not fits(number):
        assert words == (0,) * WORDS


@given(st.integers(0, 2**32 - 1), st.floats(), st.none() | MOMENTS)
def test_a_node_keeps_its_status_and_every_bit_of_its_float(status, value, moment):
    words = of_node(status, moment, value)
    assert words[0] == status >> 16
    assert struct.pack(">4H", *words[4:]) == struct.pack(">d", value)


@given(st.integers(-(2**63), 2**64 - 1))
def test_a_node_keeps_whole_numbers_of_64_bits(value):
    words = of_node(0, None, value)
    (kept,) = struct.unpack(">Q", struct.pack(">4H", *words[4:]))
    assert kept == value % 2**64


def test_a_machine_whose_clock_stands_before_1970_or_beyond_all_years_says_no_time():
    for moment in (datetime(1601, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC)):
        assert source_time(of_message(Decimal(1), moment)) is None
    late = datetime(9999, 12, 31, tzinfo=UTC)
    assert source_time(of_message(Decimal(1), late)) == late
    assert source_time(of_message(Decimal(1), late + timedelta(0))) is not None
