"""Sentences of any length in rows, paged by key: the differences of two revisions, or the steps of a first one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.kit import PagedRows, Said, Type, Words, break_lines, hairline, say, theme

_PAD, _ABOVE = 16, 10


class ChangeRows(PagedRows):
    """Each sentence is broken into as many lines as it needs; nothing is shortened."""

    ground = "surface"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentences: tuple[Words, ...] = ()

    @property
    def sentences(self) -> tuple[Words, ...]:
        """All of them, standing or not."""
        return self._sentences

    def show_sentences(self, sentences: Sequence[Words]) -> None:
        """Other sentences; the first page stands."""
        self._sentences = tuple(sentences)
        self._show_keys([str(n) for n in range(len(sentences))])
        self.turn(-len(sentences))

    def _lines(self, n: int) -> list[str]:
        return break_lines(say(self._sentences[n]), max(theme.px(160), self.width() - 2 * theme.px(_PAD)), Type.TEXT)

    def row_height(self, n: int) -> int:
        return len(self._lines(n)) * theme.line(Type.TEXT) + 2 * theme.px(_ABOVE)

    def row_lines(self, n: int, room: QRectF) -> list[Said]:
        line, left = theme.line(Type.TEXT), theme.px(_PAD)
        wide = room.width() - 2 * left
        top = room.top() + theme.px(_ABOVE)
        return [Said(text=text, room=QRectF(left, top + k * line, wide, line), elides=True) for k, text in enumerate(self._lines(n))]

    def draw_row(self, painter: QPainter, n: int, room: QRectF) -> None:
        hairline(painter, QPointF(0, room.bottom() - 1), QPointF(self.width(), room.bottom() - 1))
