import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.kit.typed_number import read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("137.4", "137.4"),
        ("12.50", "12.50"),
        ("-0.5", "-0.5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        (" 2.4 ", "2.4"),
        ("-0.00", "0.00"),
        ("１３７．４", "137.4"),
        ("137。4", "137.4"),
        ("−3", "-3"),
    ],
)
def test_a_plain_decimal_is_taken_with_the_digits_it_was_written_with(text, value):
    read = read_number(text, places=None)
    assert str(read.value) == value
    assert read.refusal is None


@pytest.mark.parametrize("text", ["", " ", "-", "+", ".", "-."])
def test_a_number_that_is_only_begun_is_neither_taken_nor_refused(text):
    assert read_number(text, places=2) == read_number("", places=2)


@pytest.mark.parametrize("text", ["abc", "1e3", "12.5.1", "1 000", "NaN", "Infinity", "0x1F", "12%", "--5", "5-", "٣", "1_000", "½"])
def test_what_is_no_plain_decimal_is_refused_in_a_sentence_that_says_what_to_write(text):
    read = read_number(text, places=None)
    assert read.value is None
    assert str(read.refusal) == f"Not taken: {text} is not a number. Write digits with a point, such as 12.50."


def test_a_comma_is_never_guessed_to_be_a_point():
    for text in ("12,5", "1,000", "1,000.5"):
        read = read_number(text, places=None)
        assert read.value is None
        assert "has a comma" in str(read.refusal)


def test_a_value_finer_than_the_field_takes_is_refused_and_never_rounded():
    read = read_number("137.45", places=1)
    assert read.value is None
    assert str(read.refusal) == ("Not taken: 137.45 has 2 digits behind the point, this value takes 1. It is not rounded: read it again.")
    assert "is not whole" in str(read_number("40.5", places=0).refusal)
    assert read_number("40.", places=0).value == 40


def test_a_number_longer_than_any_gauge_sends_is_refused():
    assert read_number("1" * 21, places=None).value is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_every_decimal_written_out_comes_back_digit_for_digit(value):
    read = read_number(f"{value:f}", places=3)
    assert read.value == value
    assert -read.value.as_tuple().exponent == 3


@given(st.text(max_size=30), st.none() | st.integers(0, 4))
def test_whatever_is_written_gives_a_value_or_a_reason_and_never_both(text, places):
    read = read_number(text, places=places)
    assert read.value is None or read.refusal is None
    if read.value is not None:
        assert read.value.is_finite()
        assert places is None or -read.value.as_tuple().exponent <= places
