"""Facts side by side, name above value, what is wrong in bold vermillion; they wrap where a sheet narrows the screen."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.deviations.words import FactWords
from ui.kit import Piece, Said, Type, hairline, painter_on, say, theme, width_of, write_lines

LINE = 68
_PAD = 16


class FactsStrip(Piece, QWidget):
    """As high as its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[FactWords, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_facts(self, facts: Sequence[FactWords]) -> None:
        """Other facts."""
        self._facts = tuple(facts)
        self.setAccessibleName("; ".join(f"{say(one.name)} {say(one.value)}" for one in self._facts))
        self.restyle()

    def retell(self) -> None:
        self.show_facts(self._facts)

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return theme.px(LINE) * self._rooms(width)[1]

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), self.heightForWidth(theme.px(480)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(LINE))

    def _width(self, one: FactWords) -> int:
        return ceil(max(width_of(say(one.name)), width_of(say(one.value), Type.VALUE, one.is_wrong))) + 2 * theme.px(_PAD)

    def _rooms(self, width: int) -> tuple[list[QRectF], int]:
        rooms, left, line = [], 0, 0
        for one in self._facts:
            wide = self._width(one)
            if left and left + wide > width:
                left, line = 0, line + 1
            rooms.append(QRectF(left, line * theme.px(LINE), wide, theme.px(LINE)))
            left += wide
        return rooms, line + 1

    def said(self) -> list[Said]:
        lines = []
        for one, room in zip(self._facts, self._rooms(self.width())[0], strict=True):
            inner = room.adjusted(theme.px(_PAD), theme.px(4), -theme.px(_PAD) + 1, 0)
            name = QRectF(inner.left(), inner.top(), inner.width(), theme.line(Type.TEXT))
            value = QRectF(inner.left(), name.bottom(), inner.width(), theme.line(Type.VALUE))
            ink = "stop" if one.is_wrong else "ink"
            lines.append(Said(text=say(one.name), room=name, ink="ink2", elides=True))
            lines.append(Said(text=say(one.value), room=value, kind=Type.VALUE, bold=one.is_wrong, ink=ink, elides=True))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        hairline(painter, QPointF(0, self.height() - 1), QPointF(self.width(), self.height() - 1))
        for room in self._rooms(self.width())[0]:
            if room.left():
                hairline(painter, room.topLeft(), room.bottomLeft())
            if room.top():
                hairline(painter, QPointF(0, room.top()), QPointF(self.width(), room.top()))
        write_lines(painter, self.said())
