"""What the gauge says now, readable from 2 m: the value, whether it is stable, how old it is, and where it lies in its limits.

Vermillion with the octagon as soon as it is outside, before it is taken; grey with the broken ring while it moves. When a value was
taken, or its gauge went silent, it stands here no longer: an old value never looks alive (face.md §9).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.base import clock
from app.base.measurement import Limits, Reading, Verdict
from app.base.phrases import Phrase, group_thousands
from ui.inspection.words import figure
from ui.kit import (
    CENTRE,
    LEFT,
    RIGHT,
    BarSize,
    Label,
    Panel,
    Piece,
    Said,
    Shape,
    State,
    Type,
    Words,
    draw_state,
    draw_tolerance_bar,
    painter_on,
    say,
    scale_of,
    theme,
    width_of,
    write_lines,
)
from ui.kit.panel import HEADER

TICK_MS = 100
COMPACT_BAR, FIGURE = 40, 122
_SHAPE = 52


def state_of(reading: Reading, limits: Limits) -> State:
    """Moving before anything else: a value that is not stable has no verdict."""
    if reading.stable is False:
        return State.WAITING
    return State.PASS if limits.judge(reading.quantity) is Verdict.CONFORMS else State.FAIL


_INKS = {State.PASS: "ink", State.FAIL: "stop", State.WAITING: "ink2"}


class LiveFigure(Piece, QWidget):
    """The figure of 112 px, its unit, its shape; what is awaited while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure, self._unit, self._state = "", "", State.WAITING
        self._awaited: Words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Decimal, unit: str, state: State) -> None:
        """A value of now."""
        self._figure, self._unit, self._state = group_thousands(value), unit, state
        self.setAccessibleName(f"{self._figure} {unit} {say(state.word)}")
        self.update()

    def wait(self, awaited: Words) -> None:
        """No value; say what is awaited."""
        self._figure, self._unit, self._awaited = "", "", awaited
        self.setAccessibleName(say(awaited))
        self.update()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(FIGURE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _kind(self) -> Type:
        """112 px; a figure too long for the panel is written in the next smaller size, never cut."""
        fits = width_of(self._figure, Type.LIVE) + theme.px(8) + width_of(self._unit, Type.VALUE) <= self.width()
        return Type.LIVE if fits else Type.VERDICT

    @property
    def has_shape(self) -> bool:
        """Whether the large shape has room beside the figure; the small one of the header always stands."""
        wide = width_of(self._figure, self._kind(), False) + theme.px(16) + width_of(self._unit, Type.VALUE)
        return bool(self._figure) and wide + theme.px(12 + _SHAPE) <= self.width()

    def said(self) -> list[Said]:
        if not self._figure:
            return [Said(text=say(self._awaited), room=QRectF(self.rect()), ink="ink2", align=LEFT, elides=True)]
        kind, high = self._kind(), self.height()
        wide = width_of(self._figure, kind, False)
        ink = _INKS[self._state]
        unit = QRectF(wide + theme.px(12), high - theme.line(Type.VALUE) - theme.px(8), width_of(self._unit, Type.VALUE) + 1, 0)
        unit.setHeight(theme.line(Type.VALUE))
        return [
            Said(text=self._figure, room=QRectF(0, 0, wide + 1, high), kind=kind, bold=False, ink=ink),
            Said(text=self._unit, room=unit, kind=Type.VALUE, bold=False, ink=ink if self._state is State.FAIL else "ink"),
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        write_lines(painter, self.said())
        if self.has_shape:
            side = theme.px(_SHAPE)
            draw_state(painter, self._state, QRectF(self.width() - side, (self.height() - side) / 2, side, side))


class LiveBar(Piece, QWidget):
    """The live tolerance bar with the figures of its limits under their ticks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits: Limits | None = None
        self._decimals = 0
        self._value: Decimal | None = None
        self._recent: tuple[Decimal, ...] = ()
        self._moving = self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bar(self, limits: Limits | None, decimals: int, value: Decimal | None, recent: Sequence[Decimal], *, moving: bool) -> None:
        """The characteristic in focus, the value of now and the last ten that were taken."""
        self._limits, self._decimals, self._value, self._recent, self._moving = limits, decimals, value, tuple(recent), moving
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), round(self._rect().height()) + theme.px(4 if self._compact else 8) + theme.line(Type.TEXT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def set_compact(self, compact: bool) -> None:
        """A lower bar on a small window."""
        self._compact = compact
        self.restyle()

    def _rect(self) -> QRectF:
        return QRectF(0, 0, self.width(), theme.px(COMPACT_BAR if self._compact else BarSize.LIVE.height))

    def said(self) -> list[Said]:
        if self._limits is None:
            return []
        rect, limits = self._rect(), self._limits
        values = [*self._recent, *([self._value] if self._value is not None else [])]
        scale = scale_of(limits, BarSize.LIVE, values)
        two_sided = limits.lower is not None and limits.upper is not None
        lines = []
        for value in (limits.lower, limits.nominal if two_sided else None, limits.upper):
            if value is not None:
                text = figure(value, self._decimals)
                half = width_of(text) / 2 + 1
                x = min(max(scale.x(value, rect), half), self.width() - half)
                room = QRectF(x - half, rect.bottom() + theme.px(4 if self._compact else 8), 2 * half, theme.line(Type.TEXT))
                lines.append(Said(text=text, room=room, ink="ink2", align=CENTRE))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._limits is not None:
            painter = painter_on(self)
            ink = "ink2" if self._moving else None
            draw_tolerance_bar(painter, self._rect(), self._limits, self._value, size=BarSize.LIVE, recent=self._recent, ink=ink)
            write_lines(painter, self.said())


class LivePanel(Panel):
    """The blue panel: it is where the eye is while the hand measures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._compact = False
        super().__init__("", "", parent=parent)
        self._reading: Reading | None = None
        self._limits: Limits | None = None
        self._decimals = 0
        self._recent: tuple[Decimal, ...] = ()
        self._shape = Shape(State.WAITING, 26)
        self._age = Label("", ink="ink2", align=RIGHT)
        self.add_right(self._sign())
        self.figure, self.bar = LiveFigure(), LiveBar()
        self.body.addWidget(self.figure)
        self.body.addWidget(self.bar)
        self.body.addStretch(1)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_age)

    def _sign(self) -> QWidget:
        sign = QWidget()
        row = QHBoxLayout(sign)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self._shape)
        row.addWidget(self._age)
        return sign

    @property
    def needed(self) -> int:
        """Its height in its present form."""
        air, bar = (6, COMPACT_BAR + 4) if self._compact else (20, BarSize.LIVE.height + 8)
        return theme.px(HEADER + air + FIGURE + bar) + theme.line(Type.TEXT) + 2

    @property
    def reading(self) -> Reading | None:
        """The value that stands here now."""
        return self._reading

    @property
    def state(self) -> State | None:
        """Its shape; ``None`` while no value stands here."""
        return state_of(self._reading, self._limits) if self._reading is not None and self._limits is not None else None

    def await_value(self, gauge: Words, awaited: Words, limits: Limits | None, decimals: int, recent: Sequence[Decimal]) -> None:
        """No value: which gauge is meant and what is awaited."""
        self._reading, self._limits, self._decimals, self._recent = None, limits, decimals, tuple(recent)
        self._tick.stop()
        self.tell(gauge)
        self._shape.hide()
        self._age.tell("")
        self.figure.wait(awaited)
        self.bar.show_bar(limits, decimals, None, recent, moving=False)
        self.frame("edge", 1, "entry")

    def show_reading(self, gauge: Words, reading: Reading, limits: Limits, decimals: int, recent: Sequence[Decimal]) -> None:
        """A value of now."""
        self._reading, self._limits, self._decimals, self._recent = reading, limits, decimals, tuple(recent)
        state = state_of(reading, limits)
        self.tell(gauge)
        self._shape.set_state(state)
        self._shape.show()
        self.figure.show_value(reading.quantity.value, reading.quantity.unit, state)
        self.bar.show_bar(limits, decimals, reading.quantity.value, recent, moving=state is State.WAITING)
        self.frame("stopfill" if state is State.FAIL else "actfill", 3, "entry")
        self._show_age()
        self._tick.start()

    def set_compact(self, compact: bool) -> None:
        """On a small window only the age stands beside the shape, and there is less air."""
        self._compact = compact
        self.bar.set_compact(compact)
        self.restyle()
        self._show_age()

    def restyle(self) -> None:
        super().restyle()
        side = theme.px(16)
        self.body.setContentsMargins(side, theme.px(2 if self._compact else 8), side, theme.px(4 if self._compact else 8))
        self.body.setSpacing(theme.px(0 if self._compact else 4))

    def _show_age(self) -> None:
        if self._reading is None:
            return
        age = max(0.0, (clock.now() - self._reading.at).total_seconds())
        ago, stable = f"{age:.1f}" if age < 10 else f"{age:.0f}", self._reading.stable
        if self._compact:
            self._age.tell(Phrase("{n} s", n=ago))
        elif stable is None:
            self._age.tell(Phrase("{age} s ago", age=ago))
        else:
            self._age.tell(Phrase("stable • {age} s ago", age=ago) if stable else Phrase("moving • {age} s ago", age=ago))
