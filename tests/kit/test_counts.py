"""Counts that add up: whatever is not accounted for is a part of its own, hatched and last."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.conftest import hue
from ui.kit import Balance, CountRows, CountStrip, Fill, Part, theme


def labels(issued, *counts) -> Balance:
    parts = tuple(Part(name=f"part {n}", count=count, fill=Fill.FIRST) for n, count in enumerate(counts))
    return Balance(name="issued", whole=issued, parts=parts, missing="not found", surplus="too many")


@pytest.mark.capability("G6")
def test_what_nobody_can_account_for_is_the_difference_and_stands_last():
    balance = labels(23_760, 23_402, 191, 165)
    assert (balance.difference, balance.adds_up) == (2, False)
    last = balance.all_parts[-1]
    assert (last.name, last.count, last.fill) == ("not found", 2, Fill.UNKNOWN)


def test_a_balance_without_a_difference_has_no_such_part():
    balance = labels(23_760, 23_402, 191, 167)
    assert balance.adds_up
    assert len(balance.all_parts) == 3


def test_more_than_there_were_is_named_too():
    last = labels(10, 8, 5).all_parts[-1]
    assert (last.name, last.count, last.fill) == ("too many", 3, Fill.SURPLUS)
    assert labels(10, 8, 5).shares() is None


def test_exact_decimals_balance_where_floats_would_not():
    assert labels(Decimal("0.3"), Decimal("0.1"), Decimal("0.2")).adds_up


def test_a_part_below_zero_is_refused():
    with pytest.raises(ValueError, match="cannot be a part"):
        Part(name="left", count=-1, fill=Fill.FIRST)


@given(whole=st.integers(0, 10**7), cuts=st.lists(st.floats(0, 1), max_size=7))
def test_the_parts_always_sum_to_the_whole_and_the_shares_to_a_hundred_percent(whole, cuts):
    counts, rest = [], whole
    for cut in cuts:
        counts.append(int(rest * cut))
        rest -= counts[-1]
    balance = labels(whole, *counts)
    assert sum(part.count for part in balance.all_parts) == whole
    shares = balance.shares()
    if whole:
        assert sum(shares) == 1000
        assert all(bool(share) == bool(part.count) for share, part in zip(shares, balance.all_parts, strict=True))
    else:
        assert shares is None


@given(whole=st.integers(1, 10**6), counts=st.lists(st.integers(0, 10**6), max_size=6))
def test_whole_missing_and_surplus_are_one_equation(whole, counts):
    balance = labels(whole, *counts)
    extra = {Fill.UNKNOWN: 1, Fill.SURPLUS: -1}
    assert whole == sum(counts) + sum(extra[part.fill] * part.count for part in balance.all_parts if part.fill in extra)


def test_the_strip_shows_the_whole_first_and_then_its_parts(shown):
    strip = shown(CountStrip(labels(23_760, 23_402, 191, 165)), 900, 102)
    texts = [said.text for said in strip.said()]
    assert texts[0::2] == ["issued", "part 0", "part 1", "part 2", "not found"]
    assert texts[1::2] == ["23\u2009760", "23\u2009402", "191", "165", "2"]
    assert strip.accessibleName().startswith("issued 23\u2009760: part 0 23\u2009402")


def test_two_labels_of_twenty_thousand_can_still_be_seen_and_are_hatched(shown, glass):
    strip = shown(CountStrip(labels(23_760, 23_758)), 600, 102)
    image = glass(strip)
    end = {hue(image, x, y) for x in range(595, 600) for y in range(28)}
    assert {theme.color.ink.name(), theme.color.entry.name()} <= end, "hatched, not filled"


def test_the_recall_balance_draws_duties_and_shares(shown, glass):
    parts = (Part(name="shipped", count=18_400, fill=Fill.TELL), Part(name="in house", count=5_140, fill=Fill.HOLD))
    rows = CountRows(Balance(name="made", whole=23_760, parts=parts, missing="unknown", surplus="too many"), with_shares=True)
    shown(rows, 368, rows.sizeHint().height())
    texts = [said.text for said in rows.said()]
    assert [text for text in texts if text.endswith("%")] == ["77.5 %", "21.6 %", "0.9 %"]
    image = glass(rows)
    assert hue(image, 100, 84) == theme.color.attwash.name()
    assert hue(image, 320, 84) == theme.color.holdwash.name()


def test_another_count_is_shown_at_once(shown):
    strip = shown(CountStrip(labels(10, 4)), 600, 102)
    strip.show_balance(labels(10, 10))
    assert [said.text for said in strip.said()][0::2] == ["issued", "part 0"]
