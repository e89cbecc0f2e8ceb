"""What a machine said over a time, as a drawing of lines: no peak is lost, limits and silences show without colour.

Lengths are points; `y` runs downwards, as on the sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from app.base.phrases import Phrase
from app.reports.facts import Voice
from app.reports.sheet import HAIR, LEFT, RIGHT, WASH, Sheets
from app.reports.sheet import HEIGHT as PAGE_HEIGHT
from app.reports.wrapping import INK, INK_2, width_of

HEIGHT = 96.0
"""Of the whole drawing with its figures."""
_SIZE = 7.0
_MARGIN = 54.0
"""Left of the field, for the figures of its limits."""
_FOOT = 12.0
_HAIR_LINE, _LIMIT, _CURVE, _OUTSIDE = 0.4, 0.6, 0.8, 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Samples that fall into one column: when they begin and end (seconds from the trace's begin), lowest and highest of them."""

    first_s: float
    last_s: float
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One channel over `lasts_s` seconds; a limit that is ``None`` does not exist."""

    lasts_s: float
    stretches: Sequence[Stretch]
    """Oldest first."""
    gaps: Sequence[tuple[float, float]]
    """Begin and end of each silence, seconds."""
    lower: Decimal | None
    upper: Decimal | None
    begins: Phrase
    """What stands under the left end."""
    ends: Phrase


@dataclass(frozen=True, slots=True)
class _Field:
    """Where seconds and values lie on the page; `y` as reportlab counts it, from below."""

    left: float
    width: float
    bottom: float
    height: float
    lasts_s: float
    low: float
    high: float

    def x(self, at_s: float) -> float:
        return self.left + self.width * min(max(at_s / self.lasts_s, 0.0), 1.0)

    def y(self, value: Decimal) -> float:
        return self.bottom + self.height * (float(value) - self.low) / (self.high - self.low)


def draw_trace(sheets: Sheets, voice: Voice, trace: Trace) -> None:
    """Draw at the present place and go below it. The figures at the left are the limits, or the span where there is none."""
    field = _field(sheets, trace)
    sheets.draw(lambda canvas: _ground(canvas, field, trace))
    sheets.draw(lambda canvas: _curve(canvas, field, trace))
    for limit in (trace.lower, trace.upper):
        if limit is not None:
            figure = voice.runs(limit, ink=INK_2)
            sheets.line(figure, field.left - 4 - width_of(figure, _SIZE), PAGE_HEIGHT - field.y(limit) + 0.35 * _SIZE, _SIZE)
    baseline = sheets.y + HEIGHT - 3
    begins, ends = voice.runs(trace.begins, ink=INK_2), voice.runs(trace.ends, ink=INK_2)
    sheets.line(begins, field.left, baseline, _SIZE)
    sheets.line(ends, RIGHT - width_of(ends, _SIZE), baseline, _SIZE)
    sheets.y += HEIGHT


def _field(sheets: Sheets, trace: Trace) -> _Field:
    known = [float(v) for s in trace.stretches for v in (s.low, s.high)] + [float(v) for v in (trace.lower, trace.upper) if v is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    spare = 0.12 * (high - low) or 0.5
    return _Field(
        left=LEFT + _MARGIN,
        width=RIGHT - LEFT - _MARGIN,
        bottom=PAGE_HEIGHT - sheets.y - HEIGHT + _FOOT,
        height=HEIGHT - _FOOT - 4,
        lasts_s=max(trace.lasts_s, 0.001),
        low=low - spare,
        high=high + spare,
    )


def _ground(canvas: Canvas, field: _Field, trace: Trace) -> None:
    """The field, the band between the limits, silences hatched by a darker ground."""
    low = field.y(trace.lower) if trace.lower is not None else field.bottom
    high = field.y(trace.upper) if trace.upper is not None else field.bottom + field.height
    canvas.setFillColor(HexColor(WASH))
    canvas.rect(field.left, low, field.width, high - low, stroke=0, fill=1)
    canvas.setFillColor(HexColor(HAIR))
    for begin, end in trace.gaps:
        canvas.rect(field.x(begin), field.bottom, field.x(end) - field.x(begin), field.height, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor(HAIR))
    canvas.setLineWidth(_HAIR_LINE)
    canvas.rect(field.left, field.bottom, field.width, field.height, stroke=1, fill=0)
    canvas.setStrokeColor(HexColor(INK_2))
    canvas.setLineWidth(_LIMIT)
    canvas.setDash([4, 2])
    for limit in (trace.lower, trace.upper):
        if limit is not None:
            canvas.line(field.left, field.y(limit), field.left + field.width, field.y(limit))
    canvas.setDash([])


def _curve(canvas: Canvas, field: _Field, trace: Trace) -> None:
    """One path for the curve, broken at silences; what lies outside the limits once more, thick."""
    canvas.setStrokeColor(HexColor(INK))
    canvas.setLineWidth(_CURVE)
    canvas.setLineCap(1)
    path, before = canvas.beginPath(), -1.0
    for stretch in trace.stretches:
        begins = path.moveTo if before < 0 or _silent(trace, before, stretch.first_s) else path.lineTo
        begins(field.x(stretch.first_s), field.y(stretch.low))
        path.lineTo(field.x((stretch.first_s + stretch.last_s) / 2), field.y(stretch.high))
        path.lineTo(field.x(stretch.last_s), field.y(stretch.high))
        before = stretch.last_s
    canvas.drawPath(path)
    canvas.setLineWidth(_OUTSIDE)
    for stretch in trace.stretches:
        for low, high in _outside(trace, stretch):
            x = field.x((stretch.first_s + stretch.last_s) / 2)
            canvas.line(x, field.y(low), x, field.y(high))
    canvas.setLineCap(0)


def _silent(trace: Trace, from_s: float, to_s: float) -> bool:
    return any(from_s <= begin and end <= to_s for begin, end in trace.gaps)


def _outside(trace: Trace, stretch: Stretch) -> list[tuple[Decimal, Decimal]]:
    """From the limit to the farthest value, above and below."""
    parts = []
    if trace.upper is not None and stretch.high > trace.upper:
        parts.append((trace.upper, stretch.high))
    if trace.lower is not None and stretch.low < trace.lower:
        parts.append((stretch.low, trace.lower))
    return parts
