"""What pixels can show of a trace: no excursion disappears, no gap is bridged, whatever the number of samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ui.kit.trace_columns import beyond, curve, cut, excursions, silences
from ui.kit.trace_samples import SLOTS, Samples, thinned

LOWER, UPPER = 132.0, 142.0
WINDOW = 1200.0
SILENT = 3.0
heats = st.floats(100, 180, allow_nan=False)


@st.composite
def runs(draw):
    """Times with gaps and values around the limits, many or few a pixel."""
    n = draw(st.integers(1, 400))
    steps = draw(arrays(np.float64, n, elements=st.sampled_from([0.0, 0.01, 0.5, 1.0, 2.9, 3.0, 3.1, 40.0])))
    values = draw(arrays(np.float64, n, elements=heats))
    return 1.8e9 + np.cumsum(steps), values


def columns_of(at, values, columns=50):
    return cut(at, values, start_s=at[-1] - WINDOW, end_s=at[-1], columns=columns, silent_after_s=SILENT)


@settings(max_examples=200, deadline=None)
@given(run=runs(), columns=st.integers(1, 700))
def test_no_sample_outside_the_limits_disappears(run, columns):
    at, values = run
    cells = columns_of(at, values, columns)
    found = excursions(cells, lower=LOWER, upper=UPPER, merge_s=10)
    seen = cells.at_s >= at[-1] - WINDOW
    for when, value in zip(cells.at_s[seen], cells.values[seen], strict=True):
        if value > UPPER or value < LOWER:
            assert any(one.start_s <= when <= one.end_s for one in found), (when, value)


@settings(max_examples=200, deadline=None)
@given(run=runs(), columns=st.integers(1, 700))
def test_the_peak_of_an_excursion_is_a_sample_and_none_in_it_is_farther_outside(run, columns):
    at, values = run
    cells = columns_of(at, values, columns)
    for one in excursions(cells, lower=LOWER, upper=UPPER, merge_s=10):
        assert one.peak in values[at == one.peak_s]
        assert one.start_s <= one.peak_s <= one.end_s
        inside = (cells.at_s >= one.start_s) & (cells.at_s <= one.end_s)
        farthest = np.max(np.maximum(cells.values[inside] - UPPER, LOWER - cells.values[inside]))
        assert max(one.peak - UPPER, LOWER - one.peak) == farthest


@settings(max_examples=200, deadline=None)
@given(run=runs(), columns=st.integers(1, 700))
def test_the_curve_keeps_the_extremes_in_few_points_and_never_crosses_a_gap(run, columns):
    at, values = run
    cells = columns_of(at, values, columns)
    x, y, joined = curve(cells)
    gaps = silences(cells, end_s=at[-1], silent_after_s=SILENT)
    assert (y.min(), y.max()) == (cells.values.min(), cells.values.max())
    assert len(x) <= 2 * (columns + len(gaps) + 2)
    assert np.all(np.diff(x) >= 0)
    assert not joined[-1]
    for n in np.flatnonzero(joined):
        assert not any(gap.start_s < x[n + 1] and gap.end_s > x[n] for gap in gaps)


@given(run=runs())
def test_a_gap_is_where_two_values_are_farther_apart_than_the_device_may_be_silent(run):
    at, values = run
    cells = columns_of(at, values)
    now = at[-1] + 5
    gaps = silences(cells, end_s=now, silent_after_s=SILENT)
    apart = np.diff(cells.at_s)
    assert [(gap.start_s, gap.end_s) for gap in gaps[:-1]] == [(cells.at_s[n], cells.at_s[n + 1]) for n in np.flatnonzero(apart > SILENT)]
    assert (gaps[-1].start_s, gaps[-1].end_s) == (at[-1], now), "it is silent now"


@settings(max_examples=200, deadline=None)
@given(run=runs())
def test_the_strokes_outside_lie_outside_and_cover_what_is_joined_there(run):
    at, values = run
    x, y, joined = curve(columns_of(at, values, 2000))
    out_x, out_y = beyond(x, y, joined, lower=LOWER, upper=UPPER)
    assert len(out_x) % 2 == 0
    assert np.all((out_y >= UPPER - 1e-9) | (out_y <= LOWER + 1e-9))
    strokes = out_y.reshape(-1, 2).max(axis=1) if len(out_y) else np.empty(0)
    pairs = np.flatnonzero(joined)
    high = np.maximum(y[pairs], y[pairs + 1]) if len(pairs) else np.empty(0)
    assert np.count_nonzero(high > UPPER) <= np.count_nonzero(strokes >= UPPER)


def test_a_value_on_a_limit_is_inside():
    cells = columns_of(np.array([1.0, 2.0]), np.array([UPPER, LOWER]))
    assert excursions(cells, lower=LOWER, upper=UPPER, merge_s=10) == []
    assert len(beyond(*curve(cells), lower=LOWER, upper=UPPER)[0]) == 0


def test_one_sample_of_a_million_above_its_limit_is_found():
    at, values = 1.8e9 + np.arange(1_200_000) / 1000, np.full(1_200_000, 137.0)
    values[777_777] = 142.1
    samples = Samples(WINDOW, SILENT)
    samples.add(at, values)
    cells = columns_of(samples.at_s, samples.values, 645)
    [one] = excursions(cells, lower=LOWER, upper=UPPER, merge_s=10)
    assert (one.peak, one.peak_s) == (142.1, at[777_777])


@settings(max_examples=200, deadline=None)
@given(run=runs(), slot=st.floats(0.02, 60))
def test_thinning_keeps_first_last_lowest_and_highest_of_every_slot_and_changes_nothing_the_second_time(run, slot):
    at, values = run
    kept = thinned(at, values, slot)
    slots = np.floor(at / slot)
    for one in np.unique(slots):
        mine, mine_kept = slots == one, np.isin(np.arange(len(at)), kept) & (slots == one)
        assert values[mine].min() == values[mine_kept].min()
        assert values[mine].max() == values[mine_kept].max()
        assert (at[mine][0], at[mine][-1]) == (at[mine_kept][0], at[mine_kept][-1])
        assert np.count_nonzero(mine_kept) <= 4
    again = thinned(at[kept], values[kept], slot)
    assert len(again) == len(kept)


@settings(max_examples=100, deadline=None)
@given(run=runs(), cuts=st.lists(st.integers(0, 400), max_size=6), shuffled=st.randoms())
def test_samples_may_come_in_any_order_and_pieces(run, cuts, shuffled):
    at, values = run
    pieces = np.split(np.arange(len(at)), sorted(min(one, len(at)) for one in cuts))
    shuffled.shuffle(pieces)
    one, other = Samples(WINDOW, SILENT), Samples(WINDOW, SILENT)
    for piece in pieces:
        one.add(at[piece], values[piece])
    other.add(at, values)
    cells, every = columns_of(one.at_s, one.values), columns_of(other.at_s, other.values)
    assert np.all(np.diff(one.at_s) >= 0)
    assert (cells.low.min(), cells.high.max()) == (every.low.min(), every.high.max())
    assert silences(cells, end_s=at[-1] + 5, silent_after_s=SILENT) == silences(every, end_s=at[-1] + 5, silent_after_s=SILENT)
    found, wanted = (excursions(one, lower=LOWER, upper=UPPER, merge_s=WINDOW) for one in (cells, every))
    column = WINDOW / 50
    for here, there in zip(found, wanted, strict=True):
        assert abs(here.peak - 137) == abs(there.peak - 137)
        assert (here.start_s, here.end_s) == (pytest.approx(there.start_s, abs=column), pytest.approx(there.end_s, abs=column))


@settings(max_examples=100, deadline=None)
@given(run=runs())
def test_keeping_samples_for_the_picture_loses_no_gap(run):
    at, values = run
    samples = Samples(WINDOW, SILENT)
    samples.add(np.repeat(at, 60), np.repeat(values, 60))
    kept = silences(columns_of(samples.at_s, samples.values), end_s=at[-1], silent_after_s=SILENT)
    every = silences(columns_of(at, values), end_s=at[-1], silent_after_s=SILENT)
    assert kept == every


def test_what_is_no_number_is_no_sample():
    samples = Samples(WINDOW, SILENT)
    samples.add(np.array([1.0, 2.0, np.nan, 4.0]), np.array([137.0, np.nan, 137.0, np.inf]))
    assert list(samples.at_s) == [1.0]


def test_times_and_values_of_different_length_are_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="times of shape"):
        Samples(WINDOW, SILENT).add(np.zeros(3), np.zeros(2))


def test_an_hour_of_a_thousand_values_a_second_keeps_what_twenty_minutes_need():
    samples, second = Samples(WINDOW, SILENT), np.arange(1000) / 1000
    for n in range(3600):
        samples.add(1.8e9 + n + second, np.full(1000, 137.0 + n % 2))
    assert samples.at_s[-1] - samples.at_s[0] >= WINDOW - 1
    assert samples.at_s[-1] - samples.at_s[0] <= WINDOW + 60
    assert len(samples.at_s) <= 4 * SLOTS + 16_384 + 1000
