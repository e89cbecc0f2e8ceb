"""Two to four possibilities as one control: segments side by side, or rows with the key that chooses each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.focus_ring import Ringed
from ui.kit.language import Words, say
from ui.kit.paint import box, cap_width, key_cap, painter_on, width_of, write_line, write_lines
from ui.kit.piece import CENTRE, Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT, GAP, Type

MOST_ROWS = 9
"""Rows with a key of their own."""
_SHAPE = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """One possibility; a state shape may stand before its word (done, to do)."""

    words: Words
    state: State | None = None


class Choices(Piece, QWidget):
    """Segments: the chosen one on ink. Left, right and a click choose; nothing is chosen until a person did or the screen said so."""

    chosen = Signal(int)
    least = (0, 40)

    def __init__(
        self, choices: Sequence[Words | Choice], chosen: int | None, *, height: int = CONTROL_HEIGHT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choices = [one if isinstance(one, Choice) else Choice(one) for one in choices]
        self._index, self._height = chosen, height
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.retell()

    @property
    def index(self) -> int | None:
        """Which one is chosen, from 0; ``None`` while none is."""
        return self._index

    def choose(self, index: int | None) -> None:
        """Choose by program; `chosen` is not emitted."""
        self._index = index
        self.update()

    def offer(self, choices: Sequence[Words | Choice], chosen: int | None) -> None:
        """Other possibilities."""
        self._choices = [one if isinstance(one, Choice) else Choice(one) for one in choices]
        self._index = chosen
        self.retell()

    def retell(self) -> None:
        self._texts = [say(one.words) for one in self._choices]
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        shape = theme.px(_SHAPE) + theme.px(8)
        pad = theme.px(14 if self._height < CONTROL_HEIGHT else 22)
        return [
            width_of(text, Type.TEXT, True) + 2 * pad + (shape if one.state is not None else 0)
            for text, one in zip(self._texts, self._choices, strict=True)
        ]

    def sizeHint(self) -> QSize:
        return QSize(ceil(sum(self._widths())), theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _rooms(self) -> list[QRectF]:
        widths = self._widths()
        spare = (self.width() - sum(widths)) / max(1, len(widths))
        rooms, left = [], 0.0
        for wide in widths:
            rooms.append(QRectF(round(left), 0, round(left + wide + spare) - round(left), self.height()))
            left += wide + spare
        return rooms

    def said(self) -> list[Said]:
        lines = []
        for n, (room, text, one) in enumerate(zip(self._rooms(), self._texts, self._choices, strict=True)):
            here = n == self._index
            shift = theme.px(_SHAPE) + theme.px(8) if one.state is not None else 0
            ink, ground = ("entry", "ink") if here else ("ink", "entry")
            lines.append(Said(text=text, room=room.adjusted(shift, 0, 0, 0), bold=here, ink=ink, ground=ground, align=CENTRE))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        border = theme.color.actfill if self.hasFocus() else theme.color.edge
        box(painter, QRectF(self.rect()), fill=theme.color.entry, border=border, width=3 if self.hasFocus() else 1)
        for n, (room, said, one) in enumerate(zip(self._rooms(), self.said(), self._choices, strict=True)):
            if n == self._index:
                painter.fillRect(room.adjusted(1, 1, -1, -1), theme.color.ink)
            elif n and n - 1 != self._index:
                painter.fillRect(QRectF(room.left(), 1, 1, room.height() - 2), theme.color.edge)
            write_line(painter, said)
            if one.state is not None and n != self._index:
                side = theme.px(_SHAPE)
                left = said.room.center().x() - width_of(said.text, Type.TEXT, said.bold) / 2 - theme.px(8) - side
                draw_state(painter, one.state, QRectF(left, (room.height() - side) / 2, side, side))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for n, room in enumerate(self._rooms()):
            if event.button() is Qt.MouseButton.LeftButton and room.contains(event.position()):
                self._take(n)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._choices:
            super().keyPressEvent(event)
            return
        start = self._index if self._index is not None else (-1 if step > 0 else len(self._choices))
        self._take(min(max(start + step, 0), len(self._choices) - 1))

    def _take(self, index: int) -> None:
        if index != self._index:
            self._index = index
            self.update()
            self.chosen.emit(index)


class ChoiceRows(Ringed, Piece, QWidget):
    """Up to nine possibilities under each other with the key 1–9 that takes each; the signing sheet's meanings.

    Arrows choose nothing: in some sheets a choice acts at once (a call for help), and must be meant.
    """

    chosen = Signal(int)
    least = (0, 56)

    def __init__(self, choices: Sequence[Words], chosen: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.offer(choices, chosen)

    @property
    def index(self) -> int | None:
        return self._index

    def choose(self, index: int | None) -> None:
        """Choose by program; `chosen` is not emitted."""
        self._index = index
        self.update()

    def offer(self, choices: Sequence[Words], chosen: int | None) -> None:
        """Other possibilities.

        Raises:
            ValueError: more than there are keys for.
        """
        if len(choices) > MOST_ROWS:
            raise ValueError(f"{len(choices)} rows: at most {MOST_ROWS} have a key of their own")
        self._choices, self._index = list(choices), chosen
        self.retell()

    def press(self, key: int) -> bool:
        """Choose by digit, from wherever the shell routes keys; whether the key was one of ours. While disabled it ends here unused."""
        n = key - Qt.Key.Key_1
        if not 0 <= n < len(self._choices):
            return False
        if self.isEnabled():
            self._take(n)
        return True

    def retell(self) -> None:
        self._texts = [say(one) for one in self._choices]
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wide = max((width_of(text, Type.TEXT, True) for text in self._texts), default=0)
        high = theme.px(CONTROL_HEIGHT) * len(self._texts) + theme.px(GAP) * max(0, len(self._texts) - 1)
        return QSize(ceil(wide + theme.px(54) + theme.px(24) + cap_width("9")), high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _room(self, n: int) -> QRectF:
        high = theme.px(CONTROL_HEIGHT)
        return QRectF(0, n * (high + theme.px(GAP)), self.width(), high)

    def said(self) -> list[Said]:
        return [
            Said(
                text=text,
                room=self._room(n).adjusted(theme.px(54), 0, -theme.px(24) - cap_width("9"), 0),
                bold=n == self._index,
                ground="entry",
            )
            for n, text in enumerate(self._texts)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        for n in range(len(self._texts)):
            room, here = self._room(n), n == self._index
            border = theme.color.actfill if here else theme.color.edge
            box(painter, room, fill=theme.color.entry, border=border, width=3 if here else 1)
            middle = QPointF(theme.px(28), room.center().y())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(border, theme.px(2)))
            painter.drawEllipse(middle, theme.px(11), theme.px(11))
            if here:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color.actfill)
                painter.drawEllipse(middle, theme.px(6), theme.px(6))
            key_cap(painter, room.right() - theme.px(16) - cap_width(str(n + 1)), room.center().y(), str(n + 1), ink="ink", border="edge")
        write_lines(painter, self.said())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for n in range(len(self._texts)):
            if event.button() is Qt.MouseButton.LeftButton and self._room(n).contains(event.position()):
                self._take(n)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.press(event.key()):
            super().keyPressEvent(event)

    def _take(self, index: int) -> None:
        if index != self._index:
            self._index = index
            self.update()
            self.chosen.emit(index)
