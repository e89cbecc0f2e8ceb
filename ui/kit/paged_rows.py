"""Rows of different heights painted by one widget, paged by key instead of a scroll bar: steps, gates, exceptions.

Three hundred rows cost as much as the ten that stand: nothing is made, measured or said for a row that is not on the glass.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.keys import key_name
from ui.kit.language import say
from ui.kit.paint import box, cap_width, key_cap, painter_on, write_lines
from ui.kit.piece import CENTRE, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT

FOOT = CONTROL_HEIGHT
"""The line with the page count: a target of its own, left half back, right half on."""
PAD = 16
_HINTED = 9
_MOVES: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TURNS: dict[int, int] = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class PagedRows(Piece, QWidget):
    """Arrows move, PgUp and PgDn turn the page, Space or a press opens; Enter stays the primary's. `opened` carries the row's key."""

    opened = Signal(str)
    least = (0, CONTROL_HEIGHT)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[str, ...] = ()
        self._heights: list[int] = []
        self._first = 0
        self._at: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # what a list of its own kind says ---------------------------------------------------------------------------------------------

    def row_height(self, n: int) -> int:
        """Pixels row `n` takes."""
        raise NotImplementedError

    def row_lines(self, n: int, room: QRectF) -> list[Said]:
        """Every line of text of row `n` in its rectangle."""
        raise NotImplementedError

    def draw_row(self, painter: QPainter, n: int, room: QRectF) -> None:
        """Ground, marks and shapes of row `n`; its lines are written afterwards."""
        raise NotImplementedError

    def head(self) -> int:
        """Pixels kept free above the rows."""
        return 0

    def head_lines(self) -> list[Said]:
        """Lines of text above the rows."""
        return []

    def draw_head(self, painter: QPainter) -> None:
        """What is painted above the rows."""

    # what stands ------------------------------------------------------------------------------------------------------------------

    def standing(self) -> range:
        """The rows that stand now, from 0: whole ones only, at least one."""
        return range(self._first, self._end(self._first))

    @property
    def pages_all(self) -> bool:
        """Whether everything fits, so that nothing is paged."""
        return sum(self._heights) <= self.height() - self.head()

    @property
    def key_at(self) -> str | None:
        """Key of the row the keyboard stands on."""
        return self._keys[self._at] if self._at is not None else None

    def choose(self, key: str | None) -> None:
        """Put the keyboard on a row, by program; `opened` is not emitted. `ValueError` for a key that is none of ours."""
        self._at = None if key is None else self._keys.index(key)
        if self._at is not None:
            self.bring(self._at)
        self._tell()
        self.update()

    def turn(self, pages: int) -> None:
        """Turn pages, forward or back; stops at the ends, and the last page is a full one."""
        if not self._keys:
            return
        for _ in range(abs(pages)):
            self._first = self._end(self._first) if pages > 0 else self._start(self._first)
        self._first = max(0, min(self._first, self._start(len(self._keys))))
        self.update()

    def bring(self, n: int) -> None:
        """Turn so far that row `n` stands, with one row before it and after it where there is room."""
        here = self.standing()
        before, after = max(0, n - 1), min(n + 1, len(self._keys) - 1)
        if not (before in here and n in here and after in here):
            self._first = max(0, min(before, self._start(len(self._keys))))
            if n not in self.standing():
                self._first = n
        self.update()

    def press(self, key: int) -> bool:
        """What a key does, from wherever the shell routes it; whether it was one of ours."""
        moved, turned = _MOVES.get(key), _TURNS.get(key)
        if moved is not None:
            self._move(moved)
        elif turned is not None:
            self.turn(turned)
        elif key == Qt.Key.Key_Space and self._at is not None:
            self._open(self._at)
        else:
            return False
        return True

    def _show_keys(self, keys: Sequence[str]) -> None:
        """Other rows; page and place of the keyboard are kept where their row is still among them."""
        at = self.key_at
        first = self._keys[self._first] if self._keys else None
        self._keys = tuple(keys)
        if len(set(self._keys)) != len(self._keys):
            raise ValueError("two rows have the same key")
        self._at = self._keys.index(at) if at in self._keys else None
        self._first = self._keys.index(first) if first in self._keys else 0
        self.restyle()

    def _room_for_rows(self) -> int:
        free = self.height() - self.head()
        return free if sum(self._heights) <= free else free - theme.px(FOOT)

    def _end(self, first: int) -> int:
        """One behind the last row that stands when `first` is the first."""
        room, end = self._room_for_rows(), first
        while end < len(self._heights) and (self._heights[end] <= room or end == first):
            room -= self._heights[end]
            end += 1
        return end

    def _start(self, end: int) -> int:
        """The first row that stands when `end` is the first that does not: a page back."""
        room, start = self._room_for_rows(), end
        while start > 0 and (self._heights[start - 1] <= room or start == end):
            room -= self._heights[start - 1]
            start -= 1
        return start

    def _rooms(self) -> list[tuple[int, QRectF]]:
        here = self.standing()
        tops = accumulate((self._heights[n] for n in here), initial=self.head())
        return [(n, QRectF(0, top, self.width(), self._heights[n])) for n, top in zip(here, tops, strict=False)]

    # keeping it in shape ----------------------------------------------------------------------------------------------------------

    def retell(self) -> None:
        self.restyle()

    def restyle(self) -> None:
        self._measure()
        self._tell()
        self.updateGeometry()
        self.update()

    def _measure(self) -> None:
        self._heights = [self.row_height(n) for n in range(len(self._keys))]
        self._first = max(0, min(self._first, self._start(len(self._keys))))

    def _tell(self) -> None:
        """A screen reader hears the row of the keyboard, or how many there are."""
        if self._at is not None:
            lines = self.row_lines(self._at, QRectF(0, 0, self.width(), self._heights[self._at]))
            self.setAccessibleName(", ".join(said.text for said in lines if said.text))
        else:
            self.setAccessibleName(self._count_words())

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), self.head() + sum(self._heights[:_HINTED]))

    def minimumSizeHint(self) -> QSize:
        tallest = max(self._heights, default=0)
        return QSize(theme.px(240), self.head() + min(sum(self._heights), tallest + theme.px(FOOT)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    # painting ---------------------------------------------------------------------------------------------------------------------

    def _count_words(self) -> str:
        here = self.standing()
        return say(Phrase("{first}–{last} of {all}", first=here.start + 1, last=here.stop, all=len(self._keys)))

    def _foot(self) -> QRectF:
        return QRectF(0, self.height() - theme.px(FOOT), self.width(), theme.px(FOOT))

    def said(self) -> list[Said]:
        lines = [*self.head_lines(), *(said for n, room in self._rooms() for said in self.row_lines(n, room))]
        if not self.pages_all:
            lines.append(Said(text=self._count_words(), room=self._foot(), ink="ink2", align=CENTRE))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        self.draw_head(painter)
        for n, room in self._rooms():
            self.draw_row(painter, n, room)
            if n == self._at and self.hasFocus():
                box(painter, room.adjusted(1, 1, -1, -1), border=theme.color.actfill, width=3)
        if not self.pages_all:
            self._draw_foot(painter)
        write_lines(painter, self.said())

    def _draw_foot(self, painter: QPainter) -> None:
        foot, pad = self._foot(), theme.px(PAD)
        back, on = key_name(Qt.Key.Key_PageUp), key_name(Qt.Key.Key_PageDown)
        if self._first > 0:
            key_cap(painter, pad, foot.center().y(), back, ink="ink2", border="edge")
        if self._end(self._first) < len(self._keys):
            key_cap(painter, self.width() - pad - cap_width(on), foot.center().y(), on, ink="ink2", border="edge")

    # the hand ---------------------------------------------------------------------------------------------------------------------

    def _move(self, by: int) -> None:
        if not self._keys:
            return
        here = self.standing()
        start = self._at if self._at is not None and self._at in here else (here.start - 1 if by > 0 else here.stop)
        self._at = min(max(start + by, 0), len(self._keys) - 1)
        self.bring(self._at)
        self._tell()

    def _open(self, n: int) -> None:
        self._at = n
        self._tell()
        self.update()
        self.opened.emit(self._keys[n])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.press(event.key()):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = QPointF(event.position())
        if not self.pages_all and self._foot().contains(at):
            self.turn(1 if at.x() >= self.width() / 2 else -1)
            return
        for n, room in self._rooms():
            if room.contains(at):
                self._open(n)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.turn(-1 if turned > 0 else 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
