"""The plot of a trace on pyqtgraph. Imported when the first trace is made, never at program start: it takes half a second.

Two traps of Qt, measured: one antialiased path of 2 px with 2 600 points takes 115 ms, the same strokes one by one 11 ms, and plain
2.5 ms. So the line is drawn stroke by stroke, and smooth only while there are few.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.base.measurement import Limits
from ui.kit.paint import box, diamond, hatch, write_lines
from ui.kit.theme import theme
from ui.kit.trace_columns import cut
from ui.kit.trace_picture import REACH, TraceFacts, TraceFrame, TracePicture, draw_trace, read_facts
from ui.kit.trace_samples import Floats, Samples

SMOOTH_UP_TO = 1400
"""Strokes up to which the line is antialiased; denser ones are a band of vertical strokes anyway."""
_DOT = 6


class TracePlot(pg.GraphicsView):
    """Ground, line and marks of one parameter at a time; the samples of all of them are kept."""

    def __init__(self, silent_after_s: Mapping[str, float], window_s: float, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self._window_s = window_s
        self._samples = {key: Samples(window_s, seconds) for key, seconds in silent_after_s.items()}
        self._picture: TracePicture | None = None
        self._line, self._beyond = pg.PlotCurveItem(), pg.PlotCurveItem()
        for item in (self._line, self._beyond):
            item.setSegmentedLineMode("on")
            self.scene().addItem(item)
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setInteractive(False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restyle()

    @property
    def picture(self) -> TracePicture | None:
        """What stands in the plot now."""
        return self._picture

    def replace(self, key: str, at_s: Floats, values: Floats) -> None:
        """Other samples of one parameter. `KeyError` for a parameter that is none of ours."""
        self._samples[key].replace(at_s, values)

    def add(self, key: str, at_s: Floats, values: Floats) -> None:
        """More samples of one parameter. `KeyError` for a parameter that is none of ours."""
        self._samples[key].add(at_s, values)

    @property
    def newest_s(self) -> float | None:
        """Time of the newest sample of all parameters."""
        return max((float(one.at_s[-1]) for one in self._samples.values() if len(one.at_s)), default=None)

    def settle(self, key: str, limits: Limits, *, now_s: float, silent_after_s: float) -> TraceFacts:
        """Draw one parameter as it stands at an instant, and say what it shows."""
        size = QSizeF(self.size())
        frame = TraceFrame(size=size, limits=limits, now_s=now_s, window_s=self._window_s, silent_after_s=silent_after_s)
        samples = self._samples[key]
        columns = cut(
            samples.at_s,
            samples.values,
            start_s=now_s - self._window_s,
            end_s=now_s,
            columns=max(1, round(size.width())),
            silent_after_s=silent_after_s,
        )
        facts = read_facts(columns, frame)
        self._picture = draw_trace(columns, facts, frame)
        self._put(self._picture)
        return facts

    def _put(self, picture: TracePicture) -> None:
        smooth = len(picture.x) <= SMOOTH_UP_TO
        self._dress(smooth)
        joined = picture.joined.astype(np.int32)
        self._line.setData(picture.x, picture.y, connect=joined, antialias=smooth, skipFiniteCheck=True)
        self._beyond.setData(picture.beyond_x, picture.beyond_y, connect="pairs", antialias=smooth, skipFiniteCheck=True)
        self.viewport().update()

    def _dress(self, smooth: bool) -> None:
        """Colours and widths. Square ends close the angles of a thin line; a dense one has none to close and is drawn twice as fast."""
        for item, token, width in ((self._line, "ink", 2), (self._beyond, "stopfill", 4)):
            pen = QPen(theme.token(token), theme.px(width))
            pen.setCosmetic(True)
            pen.setCapStyle(Qt.PenCapStyle.SquareCap if smooth else Qt.PenCapStyle.FlatCap)
            if item.opts["pen"] != pen:
                item.setPen(pen)

    def restyle(self) -> None:
        """Colours and widths are others; the next `settle` draws with them."""
        self._picture = None

    # ground and marks, in pixels --------------------------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, theme.color.entry)
        picture = self._picture
        if picture is None:
            return
        wide, high = self.width(), self.height()
        top = picture.upper if picture.upper is not None else 0.0
        bottom = picture.lower if picture.lower is not None else float(high)
        painter.fillRect(QRectF(0, top, wide, bottom - top), theme.color.track)
        for column in picture.columns:
            painter.fillRect(column, theme.color.stopwash)
        for gap in picture.silent:
            painter.fillRect(gap, theme.color.entry)
            hatch(painter, gap, "edge")
        if picture.nominal is not None:
            pen = QPen(theme.color.ink2, theme.px(2), Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([1, 3])
            painter.setPen(pen)
            painter.drawLine(QPointF(0, picture.nominal), QPointF(wide, picture.nominal))
        for limit in (picture.upper, picture.lower):
            if limit is not None:
                painter.fillRect(QRectF(0, round(limit) - theme.px(2) / 2, wide, theme.px(2)), theme.color.ink)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        picture = self._picture
        if picture is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color.ink)
        for alone in picture.alone:
            painter.drawEllipse(alone, theme.px(3), theme.px(3))
        for peak in picture.peaks:
            self._draw_peak(painter, peak)
        if picture.now is not None:
            painter.setBrush(theme.color.actfill)
            painter.drawEllipse(
                QPointF(min(picture.now.x(), self.width() - theme.px(_DOT)), picture.now.y()), theme.px(_DOT), theme.px(_DOT)
            )
        for said in picture.words:
            box(painter, said.room, fill=theme.color.entry)
        write_lines(painter, picture.words)

    @staticmethod
    def _draw_peak(painter: QPainter, peak: QPointF) -> None:
        """A diamond with a light rim, so that it stands apart from the line that leads to it."""
        reach = theme.px(REACH)
        painter.save()
        painter.setPen(QPen(theme.color.entry, theme.px(4)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rim = [peak + QPointF(0, -reach), peak + QPointF(reach, 0), peak + QPointF(0, reach), peak + QPointF(-reach, 0)]
        painter.drawPolygon(rim)
        painter.restore()
        diamond(painter, peak, reach)
