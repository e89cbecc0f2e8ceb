"""Rows of two lines with their state: gates, exceptions, signatures. What is in order is quiet; what needs a person is filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.language import Words, say
from ui.kit.paint import cap_width, hairline, key_cap, painter_on, width_of, write_lines
from ui.kit.piece import RIGHT, Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme
from ui.kit.tokens import Type

LEAST, MOST = 60, 88
_SHAPE, _LEFT, _PAD = 26, 60, 16
_DIGITS = 9
_RIGHT_SHARE, _RIGHT_SHARE_QUIET = 0.3, 0.4
"""Most of the width that words at the right may take: less where a key stands beside them."""
_FILLS = {State.FAIL: "stopfill", State.ATTENTION: "attfill", State.HOLD: "holdfill", State.HERE: "actfill"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """One row; trouble gets its wash and a bold title by itself."""

    state: State
    title: Words
    line: Words = ""
    right: Words = ""
    strong: bool = False
    """A bold title without being trouble: a person's name."""


class StateRows(Piece, QWidget):
    """As many rows as the height allows, 60–88 px each; what does not fit is turned to with PgUp and PgDn.

    Numbered rows, nine at once at most, open by their digit or a click; `opened` carries the row's place in the whole list.
    """

    opened = Signal(int)
    ground = "surface"

    def __init__(self, *, numbered: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbered, self._rows, self._first = numbered, (), 0
        self.least = (0, 56) if numbered else None  # only numbered rows are pressed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def rows(self) -> tuple[StateRow, ...]:
        """All of them, standing or not."""
        return self._rows

    def show_rows(self, rows: Sequence[StateRow], *, stay: bool = False) -> None:
        """Other rows; the first page stands. ``stay``: the same ones, told otherwise, on the page that stands."""
        self._rows: tuple[StateRow, ...] = tuple(rows)
        if not stay:
            self._first = 0
        self.retell()

    def press(self, key: int) -> bool:
        """A digit opens a numbered row, PgUp and PgDn turn the page; whether the key was one of ours."""
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            if self._fitting() >= len(self._rows):
                return False
            step = self._fitting() * (1 if key == Qt.Key.Key_PageDown else -1)
            if 0 <= self._first + step < len(self._rows):
                self._first += step
                self.update()
            return True
        n = key - Qt.Key.Key_1
        if not self._numbered or not 0 <= n < len(self._standing()):
            return False
        self.opened.emit(self._first + n)
        return True

    def retell(self) -> None:
        self.setAccessibleName("; ".join(f"{say(row.title)}, {say(row.line)}" for row in self._rows))
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(MOST) * max(1, len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(LEAST) * min(1, len(self._rows)))

    def _fitting(self) -> int:
        """How many rows stand at once; a line for the page count is kept free when not all do."""
        least, most = theme.px(LEAST), _DIGITS if self._numbered else len(self._rows)
        if len(self._rows) <= most and self.height() >= least * len(self._rows):
            return max(1, len(self._rows))
        return max(1, min(most, (self.height() - self._count_line()) // least))

    @staticmethod
    def _count_line() -> int:
        return theme.line(Type.TEXT) + theme.px(8)

    def _standing(self) -> tuple[StateRow, ...]:
        return self._rows[self._first : self._first + self._fitting()]

    def _high(self) -> int:
        fitting = self._fitting()
        room = self.height() - (self._count_line() if fitting < len(self._rows) else 0)
        return min(theme.px(MOST), max(theme.px(LEAST), room // fitting))

    def _room(self, n: int) -> QRectF:
        return QRectF(0, n * self._high(), self.width(), self._high())

    def said(self) -> list[Said]:
        lines: list[Said] = []
        standing = self._standing()
        for n, row in enumerate(standing):
            lines += self._lines(row, self._room(n))
        if len(standing) < len(self._rows):
            first, last = self._first + 1, self._first + len(standing)
            room = QRectF(
                theme.px(_PAD), len(standing) * self._high(), self.width() - 2 * theme.px(_PAD), theme.line(Type.TEXT) + theme.px(8)
            )
            lines.append(
                Said(text=say(Phrase("{first}–{last} of {all}", first=first, last=last, all=len(self._rows))), room=room, ink="ink2")
            )
            lines.append(Said(text="PgUp  PgDn", room=room, ink="ink2", align=RIGHT))
        return lines

    def _lines(self, row: StateRow, room: QRectF) -> list[Said]:
        line, left, end = theme.line(Type.TEXT), theme.px(_LEFT), self.width() - theme.px(_PAD)
        if self._numbered:
            end -= cap_width("9") + theme.px(12)
        right = say(row.right)
        wide = width_of(right) if right else 0.0
        bold = row.strong or row.state.is_trouble
        most = self.width() * (_RIGHT_SHARE if self._numbered else _RIGHT_SHARE_QUIET)
        if wide > min(most, end - left - theme.px(16) - width_of(say(row.title), Type.TEXT, bold)):
            right, wide = "", 0.0  # on a small glass the words at the left are worth more
        two = bool(row.line)
        top = room.center().y() - (line if two else line / 2)
        room_of_words = end - left - (wide + theme.px(16) if right else 0)
        ground = row.state.wash
        lines = [
            Said(text=say(row.title), room=QRectF(left, top, room_of_words, line), bold=bold, ground=ground, elides=True),
        ]
        if two:
            second = QRectF(left, top + line, room_of_words, line)
            lines.append(Said(text=say(row.line), room=second, ink="ink2", ground=ground, elides=True))
        if right:
            lines.append(Said(text=right, room=QRectF(end - wide, room.top(), wide + 1, room.height()), ink="ink2", ground=ground))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        for n, row in enumerate(self._standing()):
            self._draw(painter, n, row)
        write_lines(painter, self.said())

    def _draw(self, painter: QPainter, n: int, row: StateRow) -> None:
        room = self._room(n)
        if row.state.wash is not None:
            painter.fillRect(room, theme.token(row.state.wash))
        if row.state in _FILLS:
            painter.fillRect(QRectF(0, room.top(), theme.px(6), room.height()), theme.token(_FILLS[row.state]))
        side = theme.px(_SHAPE)
        draw_state(painter, row.state, QRectF(theme.px(_PAD), room.center().y() - side / 2, side, side))
        hairline(painter, QPointF(0, room.bottom() - 1), QPointF(self.width(), room.bottom() - 1))
        if self._numbered:
            left = self.width() - theme.px(_PAD) - cap_width("9")
            key_cap(painter, left, room.center().y(), str(n + 1), ink="ink2", border="edge")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        n = int(event.position().y() // self._high())
        if self._numbered and n < len(self._standing()):
            self.opened.emit(self._first + n)
