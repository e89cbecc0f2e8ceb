"""All samples of one characteristic on their band, 236 × 58: where the lot lies, at one look."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Limits, Quantity, Verdict
from ui.kit.paint import diamond, painter_on
from ui.kit.piece import Piece
from ui.kit.theme import theme
from ui.kit.tolerance_bar import BarSize, scale_of

WIDTH, HEIGHT = 236, 58
_POINT = 3.4


def draw_run_strip(
    painter: QPainter, rect: QRectF, limits: Limits, values: Sequence[Decimal | None], *, subgroup: int = 5, coming: int | None = None
) -> None:
    """Paint the strip.

    Args:
        painter: Antialiasing on.
        rect: 236 × 58 at scale 1.0.
        limits: What is allowed.
        values: One place per sample; ``None`` where it is not measured yet.
        subgroup: Samples between two breaks.
        coming: Index of the sample to be measured next; framed in blue.
    """
    places = max(1, len(values))
    step = rect.width() / places
    scale = scale_of(limits, BarSize.CELL, [value for value in values if value is not None])
    turned = QRectF(0, 0, rect.height(), 1)

    def y(value: Decimal) -> float:
        return rect.bottom() - min(max(scale.x(value, turned), 2.0), rect.height() - 2.0)

    painter.fillRect(rect, theme.color.track)
    top = y(limits.upper) if limits.upper is not None else rect.top()
    bottom = y(limits.lower) if limits.lower is not None else rect.bottom()
    painter.fillRect(QRectF(rect.left(), top, rect.width(), bottom - top), theme.color.band)
    for cut in range(subgroup, places, subgroup):
        painter.fillRect(QRectF(rect.left() + cut * step - 0.5, rect.top(), 1.5, rect.height()), theme.color.surface)
    painter.setPen(QPen(theme.color.ink, 1.5 * theme.factor))
    for limit in (limits.upper, limits.lower):
        if limit is not None:
            painter.drawLine(QPointF(rect.left(), y(limit)), QPointF(rect.right(), y(limit)))
    painter.setPen(Qt.PenStyle.NoPen)
    for n, value in enumerate(values):
        if value is not None:
            middle = QPointF(rect.left() + (n + 0.5) * step, y(value))
            _draw_point(painter, middle, limits.judge(Quantity(value, limits.unit)) is Verdict.CONFORMS)
    if coming is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color.actfill, theme.px(2)))
        painter.drawRect(QRectF(rect.left() + coming * step, rect.top() + 1, step, rect.height() - 2))


def _draw_point(painter: QPainter, at: QPointF, conforms: bool) -> None:
    if conforms:
        painter.setBrush(theme.color.ink)
        painter.drawEllipse(at, _POINT * theme.factor, _POINT * theme.factor)
        return
    diamond(painter, at, theme.px(7))


class RunStrip(Piece, QWidget):
    """The strip standing alone."""

    def __init__(self, limits: Limits, values: Sequence[Decimal | None] = (), subgroup: int = 5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits, self._values, self._subgroup = limits, tuple(values), subgroup
        self._coming: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Sequence[Decimal | None], coming: int | None = None) -> None:
        """All places and which one is next."""
        self._values, self._coming = tuple(values), coming
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = QRectF(self.rect())
        draw_run_strip(painter_on(self), rect, self._limits, self._values, subgroup=self._subgroup, coming=self._coming)
