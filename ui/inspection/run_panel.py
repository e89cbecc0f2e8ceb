"""Every sample of the characteristic in focus on its band, large: what the strip shows, with the limits named at their right end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Limits, Quantity, Verdict
from app.base.phrases import Phrase
from app.inspection.queries import CharacteristicRow
from ui.inspection.words import figure
from ui.kit import BarSize, Panel, Piece, Said, Type, painter_on, scale_of, theme, width_of, write_lines
from ui.kit.tolerance_bar import Scale

LEAST = 132
_POINT = 4.0


class RunChart(Piece, QWidget):
    """Samples from left to right; the place of the one to come is framed in blue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits: Limits | None = None
        self._decimals = 0
        self._values: tuple[Decimal | None, ...] = ()
        self._coming: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_run(self, limits: Limits, decimals: int, values: Sequence[Decimal | None], coming: int | None) -> None:
        """One place per sample; `coming` is the index of the next one."""
        self._limits, self._decimals, self._values, self._coming = limits, decimals, tuple(values), coming
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(220))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(LEAST))

    def _names(self) -> list[tuple[Decimal, str]]:
        if self._limits is None:
            return []
        all_three = (self._limits.upper, self._limits.nominal, self._limits.lower)
        return [(value, figure(value, self._decimals)) for value in all_three if value is not None]

    def _plot(self) -> QRectF:
        names = max((width_of(text) for _, text in self._names()), default=0.0)
        return QRectF(0, 0, self.width() - names - theme.px(12), self.height() - theme.line(Type.TEXT) - theme.px(4))

    def _scale(self) -> Scale:
        assert self._limits is not None
        return scale_of(self._limits, BarSize.LIVE, [value for value in self._values if value is not None])

    def _y(self, value: Decimal) -> float:
        plot = self._plot()
        x = self._scale().x(value, QRectF(0, 0, plot.height(), 1))
        return plot.bottom() - min(max(x, 6.0), plot.height() - 6.0)

    def _x(self, n: int) -> float:
        plot = self._plot()
        return plot.left() + (n + 0.5) * plot.width() / max(1, len(self._values))

    def said(self) -> list[Said]:
        plot, high = self._plot(), theme.line(Type.TEXT)
        lines = []
        for value, text in self._names():
            top = min(max(self._y(value) - high / 2, 0.0), plot.bottom() - high)
            lines.append(Said(text=text, room=QRectF(plot.right() + theme.px(12), top, width_of(text) + 1, high), ink="ink2"))
        step = max(1, -(-len(self._values) // 20))
        for n in range(0, len(self._values), step):
            half = width_of(str(n + 1)) / 2 + 1
            room = QRectF(self._x(n) - half, plot.bottom() + theme.px(4), 2 * half, high)
            lines.append(Said(text=str(n + 1), room=room, ink="ink2", align=Qt.AlignmentFlag.AlignHCenter))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._limits is None:
            return
        painter, plot = painter_on(self), self._plot()
        painter.fillRect(plot, theme.color.entry)
        self._draw_limits(painter, plot)
        taken = [(n, value) for n, value in enumerate(self._values) if value is not None]
        painter.setPen(QPen(theme.color.ink, 1.5 * theme.factor))
        for (n, value), (m, other) in pairwise(taken):
            if m == n + 1:  # a gap in the samples is a gap, never a line
                painter.drawLine(QPointF(self._x(n), self._y(value)), QPointF(self._x(m), self._y(other)))
        for n, value in taken:
            self._draw_point(painter, QPointF(self._x(n), self._y(value)), value)
        if self._coming is not None:
            step = plot.width() / len(self._values)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color.actfill, theme.px(2)))
            painter.drawRect(QRectF(plot.left() + self._coming * step + 1, plot.top() + 1, step - 2, plot.height() - 2))
        write_lines(painter, self.said())

    def _draw_limits(self, painter: QPainter, plot: QRectF) -> None:
        limits = self._limits
        assert limits is not None
        top = self._y(limits.upper) if limits.upper is not None else plot.top()
        bottom = self._y(limits.lower) if limits.lower is not None else plot.bottom()
        painter.fillRect(QRectF(plot.left(), top, plot.width(), bottom - top), theme.color.band)
        painter.setPen(QPen(theme.color.ink, theme.px(2)))
        for limit in (limits.upper, limits.lower):
            if limit is not None:
                painter.drawLine(QPointF(plot.left(), self._y(limit)), QPointF(plot.right(), self._y(limit)))
        if limits.nominal is not None:
            painter.setPen(QPen(theme.color.ink2, 1.5 * theme.factor, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(plot.left(), self._y(limits.nominal)), QPointF(plot.right(), self._y(limits.nominal)))

    def _draw_point(self, painter: QPainter, at: QPointF, value: Decimal) -> None:
        limits = self._limits
        assert limits is not None
        painter.setPen(Qt.PenStyle.NoPen)
        if limits.judge(Quantity(value, limits.unit)) is Verdict.CONFORMS:
            painter.setBrush(theme.color.ink)
            painter.drawEllipse(at, _POINT * theme.factor, _POINT * theme.factor)
            return
        reach = theme.px(9)
        painter.setBrush(theme.color.stopfill)
        painter.drawPolygon(QPolygonF([at + QPointF(0, -reach), at + QPointF(reach, 0), at + QPointF(0, reach), at + QPointF(-reach, 0)]))


class RunPanel(Panel):
    """The chart under its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent=parent)
        self.chart = RunChart()
        self.body.addWidget(self.chart)

    def show_run(self, characteristic: CharacteristicRow, values: Sequence[Decimal | None], coming: int | None) -> None:
        """The characteristic in focus."""
        read = sum(1 for value in values if value is not None)
        self.tell(characteristic.name, Phrase("{read} of {n} samples", read=read, n=len(values)))
        self.chart.show_run(characteristic.limits, characteristic.decimals, values, coming)
