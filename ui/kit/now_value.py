"""Where a parameter stands now: the figure, its bar, its limits and one word, beside its trace or in a cell of its own.

Source: pictures 4-step. A device that fell silent shows its age, never its last value as if it were alive (face.md §9).
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Limits, Quantity, Verdict
from app.base.phrases import Phrase, group_thousands
from ui.kit.language import Words, say
from ui.kit.paint import baseline_shift, painter_on, width_of, write_lines
from ui.kit.piece import RIGHT, Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme
from ui.kit.tokens import Type
from ui.kit.tolerance_bar import BarSize, draw_tolerance_bar
from ui.kit.trace_words import limits_words

_SHAPE, _GAP = 26, 8
_CELL_BAR = 280


class NowValue(Piece, QWidget):
    """Large under each other, or flat: name and figure in one line, bar and limits in the next."""

    def __init__(self, name: Words, limits: Limits, *, flat: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._limits, self._flat = name, limits, flat
        self._value: Decimal | None = None
        self._silent_s: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retell()

    @property
    def value(self) -> Decimal | None:
        """The value of now."""
        return self._value

    def show_value(self, value: Decimal) -> None:
        """A value of now, in the unit of the limits, with the device's own digits."""
        self._value, self._silent_s = value, None
        self.retell()

    def show_silent(self, age_s: int | None) -> None:
        """No value of now: how long ago the last one was, in seconds; ``None`` when there never was one."""
        self._value, self._silent_s = None, age_s
        self.retell()

    @property
    def state(self) -> State:
        """What the limits say of it; waiting before the first value, attention while silent."""
        if self._value is None:
            return State.WAITING if self._silent_s is None else State.ATTENTION
        return State.PASS if self._verdict() is Verdict.CONFORMS else State.FAIL

    def _verdict(self) -> Verdict | None:
        return self._limits.judge(Quantity(self._value, self._limits.unit)) if self._value is not None else None

    def _words(self) -> Phrase:
        if self._value is None:
            return Phrase("no value yet") if self._silent_s is None else Phrase("silent {age} s", age=self._silent_s)
        low, high = Phrase("below its limit"), Phrase("above its limit")
        return {Verdict.CONFORMS: Phrase("inside now"), Verdict.TOO_LOW: low, Verdict.TOO_HIGH: high}[self._verdict() or Verdict.CONFORMS]

    def retell(self) -> None:
        figure = f"{group_thousands(self._value)} {self._limits.unit}" if self._value is not None else ""
        self.setAccessibleName(", ".join(part for part in (say(self._name), figure, say(self._words())) if part))
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    # where things stand -----------------------------------------------------------------------------------------------------------

    @property
    def _kind(self) -> Type:
        return Type.TITLE if self._flat else Type.VERDICT

    @property
    def _top(self) -> int:
        """Height of the line of the figure."""
        return theme.line(self._kind)

    def _bar(self) -> QRectF:
        size = BarSize.CELL if self._flat else BarSize.PANEL
        limits = width_of(self._limits_text()) + theme.px(16) if self._flat else 0.0
        wide = min(self.width() - limits, theme.px(_CELL_BAR)) if self._flat else self.width()
        return QRectF(0, self._top + theme.px(_GAP), wide, theme.px(size.height))

    def _limits_text(self) -> str:
        return limits_words(self._limits) if self._flat else f"{limits_words(self._limits)} {self._limits.unit}".rstrip()

    def sizeHint(self) -> QSize:
        line = theme.line(Type.TEXT)
        if self._flat:
            return QSize(theme.px(440), self._top + theme.px(_GAP) + line)
        return QSize(theme.px(216), self._top + theme.px(_GAP) + theme.px(BarSize.PANEL.height) + 2 * theme.px(_GAP) + 2 * line)

    def minimumSizeHint(self) -> QSize:
        words = width_of(say(self._words()), bold=True) + theme.px(_SHAPE + _GAP)
        figure = width_of(self._figure(), self._kind, False) + width_of(self._limits.unit, Type.VALUE) + theme.px(_GAP)
        high = self.sizeHint().height()
        if not self._flat:
            return QSize(ceil(max(words, figure, width_of(self._limits_text()))) + 2, high)
        upper = width_of(say(self._name), bold=True) + theme.px(16) + max(figure, words)
        return QSize(ceil(max(upper, theme.px(BarSize.CELL.width) + theme.px(16) + width_of(self._limits_text()))) + 2, high)

    def _figure(self) -> str:
        return group_thousands(self._value) if self._value is not None else ""

    def said(self) -> list[Said]:
        return self._flat_lines() if self._flat else self._large_lines()

    def _figure_lines(self, left: float) -> list[Said]:
        """The figure and its unit on one baseline."""
        text, unit, unit_kind = self._figure(), self._limits.unit, Type.TEXT if self._flat else Type.VALUE
        ink = "stop" if self.state is State.FAIL else "ink"
        wide = width_of(text, self._kind, False) + 1
        sink = baseline_shift((self._kind, False), (unit_kind, False))
        beside = QRectF(left + wide + theme.px(_GAP), sink, width_of(unit, unit_kind) + 1, self._top)
        return [
            Said(text=text, room=QRectF(left, 0, wide, self._top), kind=self._kind, bold=False, ink=ink),
            Said(text=unit, room=beside, kind=unit_kind, ink=ink),
        ]

    def _large_lines(self) -> list[Said]:
        line, top = theme.line(Type.TEXT), self._bar().bottom() + theme.px(_GAP)
        words = QRectF(theme.px(_SHAPE + _GAP), top + line + theme.px(_GAP), self.width() - theme.px(_SHAPE + _GAP), line)
        state = self.state
        calm = state in (State.PASS, State.WAITING)
        return [
            *(self._figure_lines(0) if self._value is not None else []),
            Said(text=self._limits_text(), room=QRectF(0, top, self.width(), line), ink="ink2"),
            Said(text=say(self._words()), room=words, bold=not calm, ink="ink" if calm else state.ink),
        ]

    def _flat_lines(self) -> list[Said]:
        name, state = say(self._name), self.state
        wide = width_of(name, bold=True) + 1
        lines = [Said(text=name, room=QRectF(0, 0, wide, self._top), bold=True)]
        if self._value is not None:
            unit = width_of(self._limits.unit) + 1 + theme.px(_GAP)
            lines += self._figure_lines(self.width() - width_of(self._figure(), self._kind, False) - 1 - unit)
        else:
            room = QRectF(wide + theme.px(16), 0, self.width() - wide - theme.px(16), self._top)
            lines.append(Said(text=say(self._words()), room=room, bold=state.bold, ink=state.ink, align=RIGHT, elides=True))
        below = QRectF(0, self._bar().center().y() - theme.line(Type.TEXT) / 2, self.width(), theme.line(Type.TEXT))
        lines.append(Said(text=self._limits_text(), room=below, ink="ink2", align=RIGHT))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        size = BarSize.CELL if self._flat else BarSize.PANEL
        draw_tolerance_bar(painter, self._bar(), self._limits, self._value, size=size, ink=None if self._flat else "actfill")
        if not self._flat:
            side, line = theme.px(_SHAPE), theme.line(Type.TEXT)
            top = self._bar().bottom() + theme.px(_GAP) + line + theme.px(_GAP)
            draw_state(painter, self.state, QRectF(0, top + (line - side) / 2, side, side))
        write_lines(painter, self.said())
