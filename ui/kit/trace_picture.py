"""Where everything of a trace stands in its plot, in pixels, and what it says in words. Sizes are those of the glass now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.base.measurement import Limits
from app.base.phrases import Phrase, group_thousands
from ui.kit.language import say
from ui.kit.paint import width_of
from ui.kit.piece import CENTRE, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type
from ui.kit.tolerance_bar import BarSize, Scale, scale_of
from ui.kit.trace_columns import Columns, Excursion, Silence, beyond, curve, excursions, silences
from ui.kit.trace_samples import Floats

_LONGEST = 12
"""Digits before the point up to which a sample is written out; a broken device may send more."""
REACH = 10
"""From the middle of a diamond to its corner."""
_MARGIN, _LEAST_COLUMN = 8, 24
"""What an excursion's column adds left and right, and its least width."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TracePicture:
    """One plot; x and y in its pixels, (n,) and (2m,) arrays."""

    x: Floats
    y: Floats
    joined: NDArray[np.bool_]
    beyond_x: Floats
    beyond_y: Floats
    alone: tuple[QPointF, ...]
    """Values with no neighbour to be joined to."""
    columns: tuple[QRectF, ...]
    silent: tuple[QRectF, ...]
    peaks: tuple[QPointF, ...]
    now: QPointF | None
    """The value of now; ``None`` while the device is silent."""
    upper: float | None
    lower: float | None
    nominal: float | None
    words: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFacts:
    """What the picture shows, for whoever does not see it."""

    low: float | None
    high: float | None
    excursions: tuple[Excursion, ...]
    silences: tuple[Silence, ...]
    last_s: float | None
    last: float | None


def trace_scale(limits: Limits, facts: tuple[float, float] | None) -> Scale:
    """Limits ± 30 % of the tolerance. Towards an open side it goes on in steps of half its span until the values fit."""
    scale = scale_of(limits, BarSize.CELL)
    start, end = scale.start, scale.end
    if facts is not None:
        step = (end - start) / 2
        if limits.lower is None and facts[0] < start:
            start -= step * np.ceil((start - facts[0]) / step)
        if limits.upper is None and facts[1] > end:
            end += step * np.ceil((facts[1] - end) / step)
    return Scale(float(start), float(end))


def figure(value: float, limits: Limits) -> str:
    """A sample as text: with the digits of the limits, and as many more as it takes to stay on its side of them."""
    places = max((_places(limit) for limit in (limits.lower, limits.nominal, limits.upper) if limit is not None), default=0)
    exact = Decimal(repr(float(value)))
    if exact.adjusted() > _LONGEST:
        return f"{exact:.3e}"
    for digits in range(places, places + 9):
        text = Decimal(f"{exact:.{digits}f}")
        if _side(text, limits) == _side(exact, limits):
            return group_thousands(text)
    return group_thousands(exact)


def beyond_by(value: float, limits: Limits) -> float:
    """How far a sample lies outside; below zero: how far inside the nearer limit."""
    over = value - float(limits.upper) if limits.upper is not None else -np.inf
    return float(max(over, float(limits.lower) - value if limits.lower is not None else -np.inf))


def _places(limit: Decimal) -> int:
    exponent = limit.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _side(value: Decimal, limits: Limits) -> int:
    if limits.upper is not None and value > limits.upper:
        return 1
    return -1 if limits.lower is not None and value < limits.lower else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFrame:
    """The plot a picture is drawn for."""

    size: QSizeF
    limits: Limits
    now_s: float
    window_s: float
    silent_after_s: float

    def x(self, at_s: float) -> float:
        """Pixel of an instant."""
        return float(self.size.width() * (1 - (self.now_s - at_s) / self.window_s))


def read_facts(columns: Columns, frame: TraceFrame) -> TraceFacts:
    """What the samples of the window say."""
    limits = frame.limits
    lower, upper = (float(limit) if limit is not None else None for limit in (limits.lower, limits.upper))
    near_s = (2 * theme.px(_MARGIN) + theme.px(_LEAST_COLUMN)) / max(1.0, frame.size.width()) * frame.window_s
    known = len(columns.values) > 0
    return TraceFacts(
        low=float(columns.low.min()) if known else None,
        high=float(columns.high.max()) if known else None,
        excursions=tuple(excursions(columns, lower=lower, upper=upper, merge_s=near_s)),
        silences=tuple(silences(columns, end_s=frame.now_s, silent_after_s=frame.silent_after_s)),
        last_s=float(columns.at_s[-1]) if known else None,
        last=float(columns.values[-1]) if known else None,
    )


def draw_trace(columns: Columns, facts: TraceFacts, frame: TraceFrame) -> TracePicture:
    """Lay the picture out."""
    limits, wide, high = frame.limits, frame.size.width(), frame.size.height()
    scale = trace_scale(limits, (facts.low, facts.high) if facts.low is not None and facts.high is not None else None)

    def x(at: Floats) -> Floats:
        return wide * (1 - (frame.now_s - at) / frame.window_s)

    def y(values: Floats) -> Floats:
        return np.clip(high * (scale.end - values) / (scale.end - scale.start), -high, 2 * high)

    def level(limit: Decimal | None) -> float | None:
        return float(y(np.array([float(limit)]))[0]) if limit is not None else None

    at, values, joined = curve(columns)
    lower, upper = (float(limit) if limit is not None else None for limit in (limits.lower, limits.upper))
    beyond_at, beyond_values = beyond(at, values, joined, lower=lower, upper=upper)
    lonely = np.flatnonzero(~joined & ~np.append(False, joined[:-1]))
    inside = theme.px(REACH) + theme.px(2)
    peaks = tuple(
        QPointF(min(max(frame.x(one.peak_s), inside), wide - inside), min(max(float(y(np.array([one.peak]))[0]), inside), high - inside))
        for one in facts.excursions
    )
    spans = tuple(_column(one, frame) for one in facts.excursions)
    silent = tuple(_silent(one, frame) for one in facts.silences)
    goes_on = facts.last_s is not None and frame.now_s - facts.last_s <= frame.silent_after_s
    picture_y = y(values)
    return TracePicture(
        x=x(at),
        y=picture_y,
        joined=joined,
        beyond_x=x(beyond_at),
        beyond_y=y(beyond_values),
        alone=tuple(QPointF(frame.x(float(at[n])), float(picture_y[n])) for n in lonely),
        columns=spans,
        silent=silent,
        peaks=peaks,
        now=QPointF(frame.x(float(columns.at_s[-1])), float(y(columns.values[-1:])[0])) if goes_on else None,
        upper=level(limits.upper),
        lower=level(limits.lower),
        nominal=level(limits.nominal),
        words=(*_silent_words(silent, frame), *_peak_words(facts, spans, peaks, frame, (level(limits.upper), level(limits.lower)))),
    )


def _column(one: Excursion, frame: TraceFrame) -> QRectF:
    """The column of an excursion, a little wider than it lasted so that the shortest one is seen."""
    left, right = frame.x(one.start_s) - theme.px(_MARGIN), frame.x(one.end_s) + theme.px(_MARGIN)
    lacking = max(0.0, theme.px(_LEAST_COLUMN) - (right - left)) / 2
    return QRectF(left - lacking, 0, right - left + 2 * lacking, frame.size.height())


def _silent(one: Silence, frame: TraceFrame) -> QRectF:
    """At least 2 px, so that no gap is taken for a line."""
    left, right = max(0.0, frame.x(one.start_s)), frame.x(one.end_s)
    return QRectF(left, 0, max(right - left, theme.px(2)), frame.size.height())


def _silent_words(silent: tuple[QRectF, ...], frame: TraceFrame) -> list[Said]:
    """The word at the foot of every gap, as far as they do not touch."""
    word, line = say(Phrase("silent")), theme.line(Type.TEXT)
    wide = width_of(word) + theme.px(12)
    lines: list[Said] = []
    for gap in sorted(silent, key=lambda one: -one.width()):
        left = min(max(gap.center().x() - wide / 2, 0.0), frame.size.width() - wide)
        room = QRectF(left, frame.size.height() - line - theme.px(4), wide, line)
        if not any(room.intersects(other.room) for other in lines):
            lines.append(Said(text=word, room=room, ink="ink2", ground="entry", align=CENTRE))
    return lines


def _peak_words(
    facts: TraceFacts,
    spans: tuple[QRectF, ...],
    peaks: tuple[QPointF, ...],
    frame: TraceFrame,
    levels: tuple[float | None, float | None],
) -> list[Said]:
    """The value at each peak, left of its column or right of it, the worst first; where there is no room the diamond stands alone."""
    gap, limits = theme.px(6), frame.limits
    lines: list[Said] = []
    for one, span, peak in sorted(zip(facts.excursions, spans, peaks, strict=True), key=lambda row: -beyond_by(row[0].peak, limits)):
        text = figure(one.peak, limits)
        wide, high = width_of(text, Type.VALUE, True) + theme.px(8), theme.line(Type.VALUE)
        top = _beside_limit(peak.y() - high / 2, high, frame.size.height(), levels)
        for left in (span.left() - gap - wide, span.right() + gap):
            room = QRectF(left, top, wide, high)
            fits = left >= 0 and room.right() <= frame.size.width()
            if fits and not any(room.intersects(other.room) for other in lines) and not any(room.intersects(other) for other in spans):
                lines.append(Said(text=text, room=room, kind=Type.VALUE, bold=True, ink="stop", ground="entry", align=CENTRE))
                break
    return lines


def _beside_limit(top: float, high: float, room: float, levels: tuple[float | None, float | None]) -> float:
    """Where a line of text begins: at its peak, but clear of the limit where there is room beyond it."""
    upper, lower = levels
    if upper is not None and top + high / 2 < upper and upper >= high:
        return min(max(top, 0.0), upper - high)
    if lower is not None and top + high / 2 > lower and room - lower >= high:
        return max(min(top, room - high), lower)
    return min(max(top, 0.0), room - high)
