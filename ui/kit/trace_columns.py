"""A trace as its pixels can show it: the lowest and the highest of every column, gaps, and what lay outside the limits.

No excursion can disappear: whatever its length, its sample is the lowest or the highest of its column. Arrays in, arrays out; no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.kit.trace_samples import Floats

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Samples of a window cut into runs that lie in one pixel column and in one stretch without a gap. k runs of n samples."""

    at_s: Floats
    """(n,) times of all samples, seconds, ascending."""
    values: Floats
    """(n,) their values."""
    starts: Integers
    """(k,) index of the first sample of each run."""
    low: Floats
    """(k,) lowest value of each run."""
    high: Floats
    """(k,) highest value of each run."""
    joined: NDArray[np.bool_]
    """(k,) whether the run goes on from the one before it without a gap; the first does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No value came from the one instant to the other (seconds)."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """Samples outside the limits, near enough to each other to be one column of the picture."""

    start_s: float
    end_s: float
    """First and last sample outside, or their runs' ends."""
    peak_s: float
    peak: float
    """The sample farthest outside, and when."""


def cut(at_s: Floats, values: Floats, *, start_s: float, end_s: float, columns: int, silent_after_s: float) -> Columns:
    """Cut the samples of a window into pixel columns.

    Args:
        at_s: (n,) times, ascending.
        values: (n,) finite values.
        start_s: Left end of the window; one sample before it is taken along, for the line that enters.
        end_s: Right end, included.
        columns: Pixels between both, at least 1.
        silent_after_s: Two samples farther apart are not joined.
    """
    first = max(0, int(np.searchsorted(at_s, start_s, "left")) - 1)
    last = int(np.searchsorted(at_s, end_s, "right"))
    at_s, values = at_s[first:last], values[first:last]
    n = len(at_s)
    if not n:
        nothing = np.empty(0)
        return Columns(at_s=nothing, values=nothing, starts=np.empty(0, np.int64), low=nothing, high=nothing, joined=np.empty(0, np.bool_))
    breaks = np.flatnonzero(np.diff(at_s) > silent_after_s) + 1
    if n <= 2 * columns:
        starts = np.arange(n, dtype=np.int64)
    else:
        edges = np.searchsorted(at_s, np.linspace(start_s, end_s, columns + 1)[:-1], "left")
        starts = np.unique(np.concatenate([[0], edges, breaks]))
        starts = starts[starts < n].astype(np.int64)
    joined = ~np.isin(starts, breaks)
    joined[0] = False
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    return Columns(at_s=at_s, values=values, starts=starts, low=low, high=high, joined=joined)


def curve(columns: Columns) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Times, values and whether each point is joined to the next: at most two points for each run, both its extremes.

    A rising run goes from its lowest to its highest, a falling one the other way.
    """
    starts, n = columns.starts, len(columns.values)
    if not n:
        return np.empty(0), np.empty(0), np.empty(0, np.bool_)
    ends = np.append(starts[1:], n) - 1
    rises = columns.values[ends] >= columns.values[starts]
    at, values = np.empty(2 * len(starts)), np.empty(2 * len(starts))
    at[0::2], at[1::2] = columns.at_s[starts], columns.at_s[ends]
    values[0::2], values[1::2] = np.where(rises, columns.low, columns.high), np.where(rises, columns.high, columns.low)
    joined = np.ones(len(at), np.bool_)
    joined[1::2] = np.append(columns.joined[1:], False)
    keep = np.ones(len(at), np.bool_)
    keep[1::2] = ends > starts  # a run of one sample is one point
    joined[0::2] = np.where(keep[1::2], True, joined[1::2])
    return at[keep], values[keep], joined[keep]


def silences(columns: Columns, *, end_s: float, silent_after_s: float) -> list[Silence]:
    """Where no value came for longer than `silent_after_s`; the last one may reach to `end_s`. Before the first value there is none."""
    if not len(columns.at_s):
        return []
    apart = np.append(np.diff(columns.at_s), end_s - columns.at_s[-1])
    ends = np.append(columns.at_s[1:], end_s)
    return [Silence(start_s=float(columns.at_s[n]), end_s=float(ends[n])) for n in np.flatnonzero(apart > silent_after_s)]


def excursions(columns: Columns, *, lower: float | None, upper: float | None, merge_s: float) -> list[Excursion]:
    """What lay outside the limits; a value on a limit is inside.

    Args:
        columns: The samples.
        lower: Lower limit; ``None``: none.
        upper: Upper limit.
        merge_s: Runs outside that are no farther apart become one excursion, with the worst peak of them.
    """
    over = columns.high - upper if upper is not None else np.full(len(columns.high), -np.inf)
    under = lower - columns.low if lower is not None else np.full(len(columns.low), -np.inf)
    outside = np.maximum(over, under)
    ends = np.append(columns.starts[1:], len(columns.values)) - 1
    found: list[Excursion] = []
    worst = -np.inf
    for run in np.flatnonzero(outside > 0):
        start_s, end_s = float(columns.at_s[columns.starts[run]]), float(columns.at_s[ends[run]])
        merges = bool(found) and start_s - found[-1].end_s <= merge_s
        if merges and outside[run] <= worst:
            found[-1] = Excursion(start_s=found[-1].start_s, end_s=end_s, peak_s=found[-1].peak_s, peak=found[-1].peak)
            continue
        worst = outside[run]
        peak_s, peak = _peak(columns, int(run), high=bool(over[run] >= under[run]))
        excursion = Excursion(start_s=found[-1].start_s if merges else start_s, end_s=end_s, peak_s=peak_s, peak=peak)
        if merges:
            found[-1] = excursion
        else:
            found.append(excursion)
    return found


def _peak(columns: Columns, run: int, *, high: bool) -> tuple[float, float]:
    """When and how much: the first of the highest (or lowest) of one run."""
    start = int(columns.starts[run])
    end = int(columns.starts[run + 1]) if run + 1 < len(columns.starts) else len(columns.values)
    inside = columns.values[start:end]
    n = start + int(np.argmax(inside) if high else np.argmin(inside))
    return float(columns.at_s[n]), float(columns.values[n])


def beyond(at: Floats, values: Floats, joined: NDArray[np.bool_], *, lower: float | None, upper: float | None) -> tuple[Floats, Floats]:
    """The parts of a curve outside the limits, as pairs of points (2m,): each pair is one stroke.

    A stroke that crosses a limit begins on it. A point with no neighbour makes no stroke; its diamond shows it.
    """
    pairs = np.flatnonzero(joined[:-1]) if len(at) else np.empty(0, np.int64)
    parts = []
    for limit, sign in ((upper, 1.0), (lower, -1.0)):
        if limit is None:
            continue
        one, other = sign * (values[pairs] - limit), sign * (values[pairs + 1] - limit)
        out = np.flatnonzero(np.maximum(one, other) > 0)
        here, one, other = pairs[out], one[out], other[out]
        step = np.where(one == other, 1.0, other - one)
        meet = at[here] - one / step * (at[here + 1] - at[here])
        parts.append(
            np.stack(
                [
                    np.where(one < 0, meet, at[here]),
                    np.where(one < 0, limit, values[here]),
                    np.where(other < 0, meet, at[here + 1]),
                    np.where(other < 0, limit, values[here + 1]),
                ]
            )
        )
    if not parts:
        return np.empty(0), np.empty(0)
    strokes = np.concatenate(parts, axis=1)
    return strokes[0::2].T.reshape(-1), strokes[1::2].T.reshape(-1)
