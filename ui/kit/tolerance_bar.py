"""A limit is drawn: the tolerance band, the value as a needle, what is outside as a run to a diamond.

Source: design/face.md §6 Tolerance bar. A value on a limit is inside. Positions are pixels, so they may be floats; the value
itself stays the exact decimal and is judged as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Limits, Quantity, Verdict
from app.base.phrases import group_thousands
from ui.kit.paint import diamond, painter_on, width_of, write_line
from ui.kit.piece import Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type

RECENT = 10


class BarSize(Enum):
    """Width, height, share of the height the band takes, tolerance shown outside each limit, tick and needle widths."""

    CELL = (96, 20, 0.44, 0.30, 2.0, 4.0)
    PANEL = (280, 28, 0.44, 0.30, 2.0, 4.0)
    LIVE = (486, 56, 0.50, 0.22, 2.5, 6.0)

    @property
    def width(self) -> int:
        return int(self.value[0])

    @property
    def height(self) -> int:
        return int(self.value[1])


@dataclass(frozen=True, slots=True)
class Scale:
    """The stretch of values a bar shows, in the unit of its limits."""

    start: float
    end: float

    def x(self, value: Decimal, rect: QRectF) -> float:
        """Where a value stands; values beyond the stretch lie outside the rectangle."""
        return rect.left() + (float(value) - self.start) / (self.end - self.start) * rect.width()


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where the parts of one bar stand."""

    rect: QRectF
    band: QRectF
    scale: Scale
    size: BarSize


def scale_of(limits: Limits, size: BarSize, values: Sequence[Decimal] = ()) -> Scale:
    """Limits ± 30 % of the tolerance (22 % live). With one limit, its own size stands in for the tolerance.

    A one-sided limit of zero takes the largest of `values` instead (or 1 when there is none).
    """
    share = size.value[3]
    if limits.lower is not None and limits.upper is not None:
        low, high = float(limits.lower), float(limits.upper)
        span = high - low or abs(high) or 1.0
        return Scale(low - share * span, high + share * span)
    limit = float(limits.lower if limits.lower is not None else limits.upper or 0)
    span = abs(limit) or max((abs(float(value)) for value in values), default=0.0) or 1.0
    if limits.lower is not None:
        return Scale(limit - share * span, limit + (1 + share) * span)
    return Scale(limit - (1 + share) * span, limit + share * span)


def draw_tolerance_bar(
    painter: QPainter,
    rect: QRectF,
    limits: Limits,
    value: Decimal | None,
    *,
    size: BarSize = BarSize.CELL,
    recent: Sequence[Decimal] = (),
    ink: str | None = None,
    soft: Limits | None = None,
) -> None:
    """Paint one bar into a rectangle; cells, panels and the live panel share it.

    Args:
        painter: Antialiasing on.
        rect: As wide as wanted; the height of the size.
        limits: What is allowed.
        value: Exact value in the unit of the limits; ``None``: not measured, the empty bar.
        size: Proportions.
        recent: The last values, oldest first; at most ten are drawn.
        ink: Token of the needle; live is ``actfill``, elsewhere ``ink``.
        soft: Alert limits inside them: the stretch between both is amber, and so is a needle that stands there.
    """
    scale = scale_of(limits, size, [*recent, *([value] if value is not None else [])])
    high = rect.height() * size.value[2]
    band = QRectF(rect.left(), rect.center().y() - high / 2, rect.width(), high)
    painter.fillRect(band, theme.color.track)
    left = scale.x(limits.lower, rect) if limits.lower is not None else rect.left()
    right = scale.x(limits.upper, rect) if limits.upper is not None else rect.right()
    painter.fillRect(QRectF(left, band.top(), right - left, band.height()), theme.color.band)
    if soft is not None:
        _draw_soft(painter, band, soft, scale, (left, right))
    if limits.nominal is not None:
        x = round(scale.x(limits.nominal, rect))
        painter.fillRect(QRectF(x, band.top(), 1, band.height()), theme.color.ink2)
    ground = _Ground(rect, band, scale, size)
    _draw_recent(painter, ground, recent)
    _draw_limits(painter, ground, limits)
    if value is None:
        return
    verdict = limits.judge(Quantity(value, limits.unit))
    if verdict is Verdict.CONFORMS:
        alerts = soft is not None and soft.judge(Quantity(value, soft.unit)) is not Verdict.CONFORMS
        token = ink or ("att" if alerts else "actfill" if size is BarSize.LIVE else "ink")
        _draw_needle(painter, rect, scale.x(value, rect), theme.px(size.value[5]), token)
    else:
        limit_x = left if verdict is Verdict.TOO_LOW else right
        _draw_outside(painter, ground, (limit_x, scale.x(value, rect)), value)


def _draw_soft(painter: QPainter, band: QRectF, soft: Limits, scale: Scale, ends: tuple[float, float]) -> None:
    """Amber from each soft limit to its hard one, with a tick that does not stand out of the band."""
    wide = theme.px(2)
    for limit, end in ((soft.lower, ends[0]), (soft.upper, ends[1])):
        if limit is not None:
            x = scale.x(limit, band)
            painter.fillRect(QRectF(min(x, end), band.top(), abs(end - x), band.height()), theme.color.attwash)
            painter.fillRect(QRectF(round(x - wide / 2), band.top(), wide, band.height()), theme.color.att)


def _draw_recent(painter: QPainter, ground: _Ground, recent: Sequence[Decimal]) -> None:
    rect, band, scale = ground.rect, ground.band, ground.scale
    wide = theme.px(2)
    for value in recent[-RECENT:]:
        x = min(max(scale.x(value, rect), rect.left() + 1), rect.right() - 1)
        painter.fillRect(
            QRectF(round(x - wide / 2), band.center().y() - band.height() * 0.27, wide, band.height() * 0.54), theme.color.ink2
        )


def _draw_limits(painter: QPainter, ground: _Ground, limits: Limits) -> None:
    rect, band, scale, size = ground.rect, ground.band, ground.scale, ground.size
    wide = size.value[4] * theme.factor
    out = rect.height() * 0.12
    for limit in (limits.lower, limits.upper):
        if limit is not None:
            x = scale.x(limit, rect)
            painter.fillRect(QRectF(round(x - wide / 2), band.top() - out, wide, band.height() + 2 * out), theme.color.ink)
    if limits.lower is None:
        _draw_chevron(painter, rect.left() + theme.px(1), band, -1)
    if limits.upper is None:
        _draw_chevron(painter, rect.right() - theme.px(1), band, 1)


def _draw_chevron(painter: QPainter, tip: float, band: QRectF, direction: int) -> None:
    reach = band.height() / 2 + theme.px(2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color.ink2, theme.px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin))
    middle, back = band.center().y(), tip - direction * reach
    painter.drawPolyline(QPolygonF([QPointF(back, middle - reach), QPointF(tip, middle), QPointF(back, middle + reach)]))


def _draw_needle(painter: QPainter, rect: QRectF, x: float, wide: float, token: str) -> None:
    gap = 1.5 * theme.factor
    x = round(min(max(x, rect.left() + wide / 2), rect.right() - wide / 2) - wide / 2) + wide / 2  # crisp on the pixel grid
    painter.fillRect(QRectF(x - wide / 2 - gap, rect.top(), wide + 2 * gap, rect.height()), theme.color.entry)
    painter.fillRect(QRectF(x - wide / 2, rect.top(), wide, rect.height()), theme.token(token))


def _draw_outside(painter: QPainter, ground: _Ground, run: tuple[float, float], value: Decimal) -> None:
    rect, band, size = ground.rect, ground.band, ground.size
    limit_x, x = run
    reach = min(rect.height() / 2, theme.px(16 if size is BarSize.LIVE else 10))
    beyond = not rect.left() + reach <= x <= rect.right() - reach
    x = min(max(x, rect.left() + reach), rect.right() - reach)
    thick = max(theme.px(2), band.height() / 4)
    painter.fillRect(QRectF(min(limit_x, x), band.center().y() - thick / 2, abs(x - limit_x), thick), theme.color.stopfill)
    diamond(painter, QPointF(x, band.center().y()), reach)
    if beyond and size is not BarSize.CELL:
        _write_beyond(painter, rect, x, reach, value)


def _write_beyond(painter: QPainter, rect: QRectF, x: float, reach: float, value: Decimal) -> None:
    """Beyond the scale the diamond sits at the edge with its value, towards the middle of the bar."""
    text = group_thousands(value)
    wide = width_of(text, Type.TEXT, True) + theme.px(8)
    left = x + reach + theme.px(4) if x < rect.center().x() else x - reach - theme.px(4) - wide
    room = QRectF(left, rect.center().y() - theme.line(Type.TEXT) / 2, wide, theme.line(Type.TEXT))
    painter.fillRect(room, theme.color.stopwash)
    write_line(painter, Said(text=text, room=room.adjusted(theme.px(4), 0, 0, 0), bold=True, ink="stop"))


class ToleranceBar(Piece, QWidget):
    """A bar standing alone. A live one moves without easing; the caller gives it at most ten values a second."""

    def __init__(
        self,
        limits: Limits,
        value: Decimal | None = None,
        size: BarSize = BarSize.PANEL,
        *,
        soft: Limits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._limits, self._value, self._size, self._soft = limits, value, size, soft
        self._recent: tuple[Decimal, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Decimal | None, recent: Sequence[Decimal] = ()) -> None:
        """Another value and, live, the ones before it."""
        self._value, self._recent = value, tuple(recent)
        self.update()

    def show_limits(self, limits: Limits, value: Decimal | None = None, *, soft: Limits | None = None) -> None:
        """Another characteristic."""
        self._limits, self._value, self._recent, self._soft = limits, value, (), soft
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size.width), theme.px(self._size.height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(min(96, self._size.width)), theme.px(self._size.height))

    def paintEvent(self, event: QPaintEvent) -> None:
        rect, size = QRectF(self.rect()), self._size
        draw_tolerance_bar(painter_on(self), rect, self._limits, self._value, size=size, recent=self._recent, soft=self._soft)
