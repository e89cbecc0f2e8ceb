"""The list of the home screen: the first task large on the brightest ground, the others under it, each with the key that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit import (
    RIGHT,
    Piece,
    Said,
    State,
    Type,
    Words,
    draw_badge,
    draw_state,
    hairline,
    key_cap,
    painter_on,
    say,
    theme,
    width_of,
    write_lines,
)
from ui.kit.badge import badge_width
from ui.kit.paint import cap_width
from ui.kit.tokens import BADGE_HEIGHT

FIRST, REST = 152, 102
COMPACT_FIRST, COMPACT_REST = 108, 80
MOST = 5
_TEXT_LEFT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One thing to do."""

    state: State
    title: Words
    why: Words
    at: Words
    """At the right: since when it waits."""
    badge: tuple[State, Words] | None = None
    opens: bool = True


class TaskLines(Piece, QWidget):
    """Up to five; `opened` carries the number from 0."""

    opened = Signal(int)
    least = (0, COMPACT_REST)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[TaskLine, ...] = ()
        self.compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lines(self) -> tuple[TaskLine, ...]:
        """What stands here."""
        return self._lines

    def show_lines(self, lines: Sequence[TaskLine]) -> None:
        """Other tasks; more than five are counted elsewhere."""
        if tuple(lines[:MOST]) == self._lines:
            return
        self._lines = tuple(lines[:MOST])
        self.setAccessibleName("; ".join(say(line.title) for line in self._lines))
        self.restyle()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(max(theme.px(REST), self.sizeHint().height()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(640), sum(round(self._room(n).height()) for n in range(len(self._lines))))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), self.sizeHint().height())

    def _room(self, n: int) -> QRectF:
        first, rest = (COMPACT_FIRST, COMPACT_REST) if self.compact else (FIRST, REST)
        if n == 0:
            return QRectF(0, 0, self.width(), theme.px(first))
        return QRectF(0, theme.px(first) + (n - 1) * theme.px(rest), self.width(), theme.px(rest))

    @staticmethod
    def _key(n: int) -> str:
        return "Enter" if n == 0 else str(n + 1)

    def _key_left(self, room: QRectF, n: int) -> float:
        return room.right() - theme.px(16) - cap_width(self._key(n))

    def _right_words(self, n: int, room: QRectF, line: TaskLine) -> tuple[QRectF, str]:
        words = say(line.badge[1] if line.badge is not None else line.at)
        wide = badge_width(line.badge[0], words) if line.badge is not None else width_of(words) + 1
        left = self._key_left(room, n) - theme.px(16) - wide
        high = theme.px(BADGE_HEIGHT)
        return QRectF(left, room.center().y() - high / 2, wide, high), words

    def said(self) -> list[Said]:
        lines: list[Said] = []
        for n, line in enumerate(self._lines):
            room, ground = self._room(n), "entry" if n == 0 else "surface"
            right, words = self._right_words(n, room, line)
            kind, bold = (Type.TITLE, True) if n == 0 else (Type.VALUE, False)
            reason = say(line.why)
            high = theme.line(kind) + (theme.line(Type.TEXT) if reason else 0)
            left, top = theme.px(_TEXT_LEFT), room.center().y() - high / 2
            wide = right.left() - theme.px(16) - left
            title = QRectF(left, top, wide, theme.line(kind))
            why = QRectF(left, top + theme.line(kind), wide, theme.line(Type.TEXT))
            lines.append(Said(text=say(line.title), room=title, kind=kind, bold=bold, ground=ground, elides=True))
            if reason:
                lines.append(Said(text=reason, room=why, ink="ink2", ground=ground, elides=True))
            if line.badge is None:
                lines.append(Said(text=words, room=right, ink="ink2", ground=ground, align=RIGHT))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        for n, line in enumerate(self._lines):
            self._draw(painter, n, line)
        write_lines(painter, self.said())

    def _draw(self, painter: QPainter, n: int, line: TaskLine) -> None:
        room = self._room(n)
        if n == 0:
            painter.fillRect(room, theme.color.entry)
            painter.fillRect(QRectF(0, room.top(), theme.px(6), room.height()), theme.color.actfill)
        hairline(painter, QPointF(0, room.bottom()), QPointF(self.width(), room.bottom()))
        side = theme.px(34 if n == 0 else 28)
        draw_state(painter, line.state, QRectF(theme.px(32) - side / 2 + theme.px(2), room.center().y() - side / 2, side, side))
        if line.badge is not None:
            right, words = self._right_words(n, room, line)
            draw_badge(painter, line.badge[0], words, right)
        if line.opens:
            key_cap(painter, self._key_left(room, n), room.center().y(), self._key(n), ink="ink", border="edge")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        for n in range(len(self._lines)):
            if self._room(n).contains(event.position()):
                self.opened.emit(n)
