"""Chips of the bottom strip: a device or the database, named, with one word of how it is."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.icons import draw_icon
from ui.kit.language import Words, say
from ui.kit.paint import box, painter_on, width_of, write_lines
from ui.kit.piece import Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme
from ui.kit.tokens import CHIP_HEIGHT, Type

_ICON = 24
_PAD = 12
_GAP = 8


class Chip(Piece, QWidget):
    """Live is bare; silent is amber with its age; a fault is vermillion with its cause."""

    pressed = Signal()
    least = (0, CHIP_HEIGHT)

    def __init__(self, icon: str, name: Words, words: Words = "", state: State = State.PASS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._name, self._words, self._state = icon, name, words, state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retell()

    @property
    def state(self) -> State:
        return self._state

    @property
    def text(self) -> str:
        """Name and word, as read."""
        return f"{self._texts[0]} {self._texts[1]}".strip()

    def show_state(self, state: State, words: Words) -> None:
        """How it is now: `State.PASS` bare, `State.ATTENTION` amber, `State.FAIL` vermillion."""
        if (state, words) != (self._state, self._words):
            self._state, self._words = state, words
            self.retell()

    def rename(self, name: Words) -> None:
        """What it stands for now."""
        if name != self._name:
            self._name = name
            self.retell()

    def retell(self) -> None:
        self._texts = (say(self._name), say(self._words))
        self.setAccessibleName(self.text)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        wide = 2.0 * theme.px(_PAD) + theme.px(_ICON) + theme.px(_GAP) + width_of(self._texts[0], Type.TEXT, True)
        if self._texts[1]:
            wide += theme.px(_GAP) + width_of(self._texts[1])
        if self._state.is_trouble:
            wide += theme.px(_GAP) + theme.px(22)
        return QSize(ceil(wide), theme.px(CHIP_HEIGHT))

    def said(self) -> list[Said]:
        left = theme.px(_PAD) + theme.px(_ICON) + theme.px(_GAP)
        name = width_of(self._texts[0], Type.TEXT, True)
        ground = self._state.wash if self._state.is_trouble else None
        lines = [Said(text=self._texts[0], room=QRectF(left, 0, name + 1, self.height()), bold=True, ground=ground)]
        if self._texts[1]:
            room = QRectF(left + name + theme.px(_GAP), 0, width_of(self._texts[1]) + 1, self.height())
            ink = self._state.ink if self._state.is_trouble else "ink2"
            lines.append(Said(text=self._texts[1], room=room, ink=ink, ground=ground))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        rect = QRectF(self.rect())
        if self._state.is_trouble and self._state.wash and self._state.border:
            box(painter, rect, fill=theme.token(self._state.wash), border=theme.token(self._state.border))
            side = theme.px(22)
            at = QRectF(self.width() - theme.px(_PAD) - side, (self.height() - side) / 2, side, side)
            draw_state(painter, self._state, at)
        else:
            box(painter, rect, border=theme.color.line)
        side = theme.px(_ICON)
        draw_icon(painter, self._icon, QRectF(theme.px(_PAD), (self.height() - side) // 2, side, side), "ink")
        write_lines(painter, self.said())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()
