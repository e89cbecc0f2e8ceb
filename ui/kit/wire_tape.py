"""What goes over a wire, the newest at the bottom: time, direction, hexadecimal and characters one above the other, meaning at the right.

No target: looking only. What does not fit the height stands above it and is gone; a person who wants to read makes it stand still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.language import Words, say
from ui.kit.paint import hairline, painter_on, width_of, write_lines
from ui.kit.piece import RIGHT, Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme

ROW = 64
_PAD, _TIME, _ARROW, _SHAPE = 16, 128, 34, 26
_HEARD, _SAID = "←", "→"


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeLine:
    """Some bytes that went over the wire together."""

    time: str
    heard: bool
    """From the device to us; else from us to it."""
    hex: str
    text: str
    """The same bytes as characters, what cannot be printed escaped."""
    words: Words = ""
    """What they mean; empty while no whole frame is there."""
    state: State | None = None
    """A shape before the meaning: trouble is filled."""


class WireTape(Piece, QWidget):
    """As many lines as the height allows."""

    ground = "surface"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[TapeLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def lines(self) -> tuple[TapeLine, ...]:
        """All of them, standing or not."""
        return self._lines

    @property
    def fitting(self) -> int:
        """How many lines the height allows."""
        return max(1, self.height() // theme.px(ROW))

    def show_lines(self, lines: Sequence[TapeLine]) -> None:
        """Other lines, oldest first."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.setAccessibleName("; ".join(f"{line.text} {say(line.words)}".strip() for line in self._standing()))
            self.update()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(700), theme.px(8 * ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(360), theme.px(ROW))

    def _standing(self) -> tuple[TapeLine, ...]:
        return self._lines[-self.fitting :]

    def said(self) -> list[Said]:
        told: list[Said] = []
        for n, line in enumerate(self._standing()):
            told += self._said_of(line, n * theme.px(ROW))
        return told

    def _said_of(self, line: TapeLine, top: float) -> list[Said]:
        high, half = theme.px(ROW), theme.px(ROW) / 2
        pad, left = theme.px(_PAD), theme.px(_PAD + _TIME + _ARROW)
        words = say(line.words)
        meaning = min(width_of(words) + 1, (self.width() - left) * 0.5) if words else 0.0
        shape = theme.px(_SHAPE + 8) if line.state is not None else 0
        bytes_wide = self.width() - left - pad - (meaning + shape + pad if words else 0)
        ink = line.state.ink if line.state is not None and line.state.is_trouble else "ink"
        told = [
            Said(text=line.time, room=QRectF(pad, top, theme.px(_TIME), high), ink="ink2"),
            Said(text=_HEARD if line.heard else _SAID, room=QRectF(pad + theme.px(_TIME), top, theme.px(_ARROW), high)),
            Said(text=_cut(line.text, bytes_wide), room=QRectF(left, top + theme.px(4), bytes_wide, half - theme.px(4))),
            Said(text=_cut(line.hex, bytes_wide), room=QRectF(left, top + half, bytes_wide, half - theme.px(4)), ink="ink2"),
        ]
        if words:
            room = QRectF(self.width() - pad - meaning, top, meaning, high)
            told.append(Said(text=_cut(words, meaning), room=room, ink=ink, align=RIGHT))
        return told

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        high, side = theme.px(ROW), theme.px(_SHAPE)
        for n, line in enumerate(self._standing()):
            if n:
                hairline(painter, QPointF(0, n * high), QPointF(self.width(), n * high))
            if line.state is not None and line.words:
                meaning = min(width_of(say(line.words)) + 1, (self.width() - theme.px(_PAD + _TIME + _ARROW)) * 0.5)
                left = self.width() - theme.px(_PAD) - meaning - theme.px(8) - side
                draw_state(painter, line.state, QRectF(left, n * high + (high - side) / 2, side, side))
        write_lines(painter, self.said())


def _cut(text: str, wide: float) -> str:
    """As much of the beginning as there is room for; what is left out is said with …"""
    if width_of(text) <= wide:
        return text
    kept = len(text)
    while kept and width_of(text[:kept] + "…") > wide:
        kept = min(kept - 1, int(kept * wide / width_of(text[:kept] + "…")))
    return text[:kept] + "…"
