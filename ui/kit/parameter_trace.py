"""How a parameter ran: its last minutes between its limits, what lay outside, where it was silent, where it stands now.

Source: design/face.md §6 Parameter trace; pictures 4-step. The picture is made of floats because it is one; records and verdicts are
made of exact decimals elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QPointF, QRect, QRectF, QSize, QTimer
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Limits
from app.base.phrases import Phrase, group_thousands
from ui.kit.language import Words, say
from ui.kit.paint import hairline, painter_on, width_of, write_lines
from ui.kit.piece import LEFT, RIGHT, Piece, Said
from ui.kit.text import break_lines
from ui.kit.theme import theme
from ui.kit.time_ticks import time_ticks
from ui.kit.tokens import Type
from ui.kit.trace_words import summary_words

if TYPE_CHECKING:
    from ui.kit.trace_picture import TraceFacts
    from ui.kit.trace_plot import TracePlot
    from ui.kit.trace_samples import Floats

WINDOW_S = 20 * 60.0
REPAINT_MS = 100
"""At most ten pictures a second, however many values come."""
LEAST_SILENCE_S = 0.1
_LEAST_WIDTH, _LEAST_HEIGHT = 160, 84
"""A smaller plot says nothing; its words stand instead."""
_FIGURE_GAP, _TICK = 12, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedParameter:
    """One parameter that may be shown."""

    key: str
    name: Words
    limits: Limits
    silent_after_s: float
    """Two values farther apart than this are not joined: the device was silent between them. At least 0.1."""

    def __post_init__(self) -> None:
        if not self.silent_after_s >= LEAST_SILENCE_S:
            raise ValueError(f"silent after {self.silent_after_s} s: nobody can see less than {LEAST_SILENCE_S} s")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TracePoints:
    """Samples of one parameter: two arrays of one length, `float64`, (n,). NaN and infinities are no samples."""

    key: str
    at_s: Floats
    """Seconds since 1970, UTC."""
    values: Floats
    """In the unit of the limits."""


class ParameterTrace(Piece, QWidget):
    """One plot, one trace; several parameters may be fed, and one of them stands. Any number of values a second may be appended."""

    def __init__(
        self, parameters: Sequence[TracedParameter], *, zone: tzinfo, window_s: float = WINDOW_S, parent: QWidget | None = None
    ) -> None:
        from ui.kit.trace_plot import TracePlot  # here and nowhere else: half a second that only whoever sees a trace pays

        super().__init__(parent)
        if not parameters or len({one.key for one in parameters}) != len(parameters):
            raise ValueError("a trace needs parameters, each with a key of its own")
        self._parameters = {one.key: one for one in parameters}
        self._key = parameters[0].key
        self._zone, self._window_s = zone, window_s
        self._now_s: float | None = None
        self._facts: TraceFacts | None = None
        self._since = QElapsedTimer()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self.settle)
        self._plot: TracePlot = TracePlot({one.key: one.silent_after_s for one in parameters}, window_s, self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retell()

    # feeding ----------------------------------------------------------------------------------------------------------------------

    def show_points(self, points: TracePoints) -> None:
        """Other samples of one parameter altogether; now is the newest sample of all of them."""
        self._plot.replace(points.key, points.at_s, points.values)
        self._now_s = self._plot.newest_s
        self.settle()

    def append(self, points: TracePoints) -> None:
        """More samples of one parameter, late ones too. Repaints by itself, at most ten times a second.

        Raises:
            KeyError: a parameter that is none of ours.
            ValueError: times and values differ in length.
        """
        self._plot.add(points.key, points.at_s, points.values)
        self._reach(self._plot.newest_s)

    def show_now(self, at: datetime) -> None:
        """What time it is: the window ends here, or at the newest value where a device's clock is ahead; silence is seen as it grows.

        Raises:
            ValueError: a time without zone.
        """
        if at.tzinfo is None:
            raise ValueError(f"{at} has no zone")
        self._reach(at.timestamp())

    def _reach(self, at_s: float | None) -> None:
        """Time only goes on; the picture follows within a tenth of a second."""
        if at_s is not None:
            self._now_s = at_s if self._now_s is None else max(self._now_s, at_s)
        if not self._late.isActive():
            waited = self._since.elapsed() if self._since.isValid() else REPAINT_MS
            self._late.start(max(0, REPAINT_MS - waited))

    def show_parameter(self, key: str) -> None:
        """Which of the parameters stands. `KeyError` for none of ours."""
        self._parameters[key]
        self._key = key
        self.retell()

    # what stands ------------------------------------------------------------------------------------------------------------------

    @property
    def parameter(self) -> TracedParameter:
        """The parameter that stands."""
        return self._parameters[self._key]

    @property
    def plot(self) -> TracePlot:
        """The plot inside, without its axes."""
        return self._plot

    @property
    def facts(self) -> TraceFacts | None:
        """What the picture shows; ``None`` before any value came."""
        return self._facts

    def summary(self) -> str:
        """The picture in words."""
        return summary_words(self.parameter, self._facts, self._now_s, self._window_s, self._zone)

    def settle(self) -> None:
        """Draw at once what is known now; it happens by itself a tenth of a second later at most."""
        self._late.stop()
        self._since.start()
        if self._now_s is not None:
            one = self.parameter
            self._facts = self._plot.settle(one.key, one.limits, now_s=self._now_s, silent_after_s=one.silent_after_s)
        self.setAccessibleDescription(self.summary())
        self.update()

    def retell(self) -> None:
        self.setAccessibleName(say(self.parameter.name))
        self.restyle()

    def restyle(self) -> None:
        self._plot.restyle()
        self._place()
        self.settle()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self.settle()

    # shape ------------------------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(theme.px(760), theme.px(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.line(Type.TEXT) * 2)

    def _plot_rect(self) -> QRect:
        limits = self.parameter.limits
        figures = max(width_of(group_thousands(one)) for one in (limits.lower, limits.nominal, limits.upper) if one is not None)
        wide = self.width() - ceil(figures) - theme.px(_FIGURE_GAP)
        return QRect(0, 0, wide, self.height() - theme.px(_TICK) - theme.line(Type.TEXT))

    @property
    def is_drawn(self) -> bool:
        """Whether there is room for a picture; else its words stand."""
        plot = self._plot_rect()
        return plot.width() >= theme.px(_LEAST_WIDTH) and plot.height() >= theme.px(_LEAST_HEIGHT)

    def _place(self) -> None:
        self._plot.setVisible(self.is_drawn)
        if self.is_drawn:
            self._plot.setGeometry(self._plot_rect())

    def said(self) -> list[Said]:
        if not self.is_drawn:
            line = theme.line(Type.TEXT)
            lines = break_lines(self.summary(), self.width(), Type.TEXT)[: max(1, self.height() // line)]
            return [Said(text=text, room=QRectF(0, n * line, self.width(), line), elides=True) for n, text in enumerate(lines)]
        picture = self._plot.picture
        return [*self._figures(), *(said for _, said in self._ticks()), *(picture.words if picture is not None else ())]

    def _figures(self) -> list[Said]:
        """The limits and the nominal at the right end, each at its height."""
        picture, limits, plot = self._plot.picture, self.parameter.limits, self._plot_rect()
        if picture is None:
            return []
        line, left = theme.line(Type.TEXT), plot.right() + 1 + theme.px(_FIGURE_GAP)
        lines: list[Said] = []
        for limit, y, ink in (
            (limits.upper, picture.upper, "ink"),
            (limits.lower, picture.lower, "ink"),
            (limits.nominal, picture.nominal, "ink2"),
        ):
            if limit is not None and y is not None:
                room = QRectF(left, min(max(y - line / 2, 0.0), plot.height() - line), self.width() - left, line)
                if not any(room.intersects(other.room) for other in lines):
                    lines.append(Said(text=group_thousands(limit), room=room, ink=ink))
        return lines

    def _ticks(self) -> list[tuple[float, Said]]:
        """Where a tick stands, and its time; "now" at the right end."""
        plot, line = self._plot_rect(), theme.line(Type.TEXT)
        top = plot.height() + theme.px(_TICK)
        word = say(Phrase("now"))
        wide = width_of(word) + 1
        ticks = [(float(plot.width()), Said(text=word, room=QRectF(plot.width() - wide, top, wide, line), align=RIGHT))]
        if self._now_s is None:
            return ticks
        free = plot.width() - wide - theme.px(_FIGURE_GAP)
        least_s = (width_of("00:00:00") + theme.px(24)) / max(1, plot.width()) * self._window_s
        for at in time_ticks(self._now_s - self._window_s, self._now_s, least_s=least_s, zone=self._zone):
            x = plot.width() * (1 - (self._now_s - at.at_s) / self._window_s)
            wide = width_of(at.text) + 1
            if x + wide <= free:
                ticks.append((x, Said(text=at.text, room=QRectF(x, top, wide, line), ink="ink2", align=LEFT)))
        return ticks

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.is_drawn:
            bottom = self._plot_rect().height()
            for x, said in self._ticks():
                if said.ink == "ink2":
                    hairline(painter, QPointF(round(x), bottom), QPointF(round(x), bottom + theme.px(_TICK) - 1), "ink2")
            write_lines(painter, [*self._figures(), *(said for _, said in self._ticks())])
        else:
            write_lines(painter, self.said())
