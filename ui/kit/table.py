"""A table for the hand: rows of 56, hairlines, no stripes, pages by key instead of a scroll bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Limits
from app.base.phrases import Phrase
from ui.kit.badge import badge_said, badge_width, draw_badge
from ui.kit.language import Words, say
from ui.kit.number import Number
from ui.kit.paint import hairline, painter_on, write_lines
from ui.kit.piece import LEFT, RIGHT, Piece, Said
from ui.kit.shapes import State
from ui.kit.struck_value import Recorded, draw_recorded, recorded_said
from ui.kit.theme import theme
from ui.kit.tokens import BADGE_HEIGHT, CONTROL_HEIGHT
from ui.kit.tolerance_bar import BarSize, draw_tolerance_bar

_PAD = 16
_FILLS = {State.FAIL: "stopfill", State.ATTENTION: "attfill", State.HOLD: "holdfill"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its heading, its width in px at 96 dpi (0: takes what is left), right-aligned for numbers."""

    title: Words
    width: int = 0
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one place of a row: words, a state with its word, a value with its tolerance bar, or one with its corrections."""

    words: Words = ""
    bold: bool = False
    quiet: bool = False
    state: State | None = None
    limits: Limits | None = None
    value: Decimal | None = None
    recorded: Recorded | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. `trouble` gives it the wash of that state."""

    key: str
    cells: tuple[Cell | Words, ...]
    trouble: State | None = None
    numbers: tuple[Number, ...] = ()
    """Where its numbers come from; a row under a column of numbers has some."""


class Table(Piece, QWidget):
    """Arrows choose, PgUp and PgDn turn the page, a second click opens; Enter stays the primary's.

    `chosen` and `opened` carry the row's key.
    """

    chosen = Signal(str)
    opened = Signal(str)
    least = (0, CONTROL_HEIGHT)

    def __init__(self, columns: Sequence[Column], *, page: int = 7, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._page_size = tuple(columns), page
        self._rows: tuple[Row, ...] = ()
        self._page = 0
        self._chosen: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-len(self._rows) // self._page_size))

    @property
    def page(self) -> int:
        """Which page stands, from 0."""
        return self._page

    @property
    def chosen_key(self) -> str | None:
        """Key of the chosen row."""
        return self._chosen

    def show_rows(self, rows: Sequence[Row], chosen: str | None = None) -> None:
        """Other rows; the chosen one is kept when it is still among them.

        Raises:
            ValueError: a row shows a number and cannot say where it comes from.
        """
        if any(column.number for column in self._columns) and not all(row.numbers for row in rows):
            raise ValueError("a row that shows a number says where it comes from")
        self._rows = tuple(rows)
        keys = [row.key for row in rows]
        wanted = chosen if chosen is not None else self._chosen
        self._chosen = wanted if wanted in keys else None
        self._page = keys.index(self._chosen) // self._page_size if self._chosen is not None else min(self._page, self.pages - 1)
        self.restyle()

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Those of the chosen row."""
        return next((row.numbers for row in self._rows if row.key == self._chosen), ())

    def turn(self, pages: int) -> None:
        """Turn pages, forward or back; stops at the ends."""
        self._page = min(max(self._page + pages, 0), self.pages - 1)
        self.update()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = min(len(self._rows), self._page_size)
        return QSize(theme.px(640), self._row_top(rows) + (theme.px(44) if self.pages > 1 else 0))

    def minimumSizeHint(self) -> QSize:
        fixed = sum(theme.px(column.width or 120) for column in self._columns)
        return QSize(fixed, self.sizeHint().height())

    def _row_top(self, n: int) -> int:
        return theme.px(44) + n * theme.px(CONTROL_HEIGHT)

    def standing(self) -> tuple[Row, ...]:
        """The rows of this page."""
        return self._rows[self._first : self._first + self._page_size]

    @property
    def _first(self) -> int:
        """Place of the first row of this page; the last page is a full one, else a single name could stand alone on it."""
        return min(self._page * self._page_size, max(0, len(self._rows) - self._page_size))

    def _lefts(self) -> list[tuple[float, float]]:
        free = sum(1 for column in self._columns if not column.width)
        taken = sum(theme.px(column.width) for column in self._columns if column.width)
        rest = max(0, self.width() - taken) / max(1, free)
        spans, left = [], 0.0
        for column in self._columns:
            wide = theme.px(column.width) if column.width else rest
            spans.append((left + theme.px(_PAD), wide - 2 * theme.px(_PAD)))
            left += wide
        return spans

    def said(self) -> list[Said]:
        lines = []
        for column, (left, wide) in zip(self._columns, self._lefts(), strict=True):
            room = QRectF(left, 0, wide, theme.px(44))
            lines.append(Said(text=say(column.title), room=room, ink="ink2", align=RIGHT if column.number else LEFT))
        for n, row in enumerate(self.standing()):
            lines += self._row_lines(n, row)
        if self.pages > 1:
            first = self._first
            count = Phrase("{first}–{last} of {all}", first=first + 1, last=first + len(self.standing()), all=len(self._rows))
            room = QRectF(theme.px(_PAD), self._row_top(len(self.standing())), self.width() - 2 * theme.px(_PAD), theme.px(44))
            lines.append(Said(text=say(count), room=room, ink="ink2"))
            lines.append(Said(text="PgUp  PgDn", room=room, ink="ink2", align=RIGHT))
        return lines

    def _ground(self, row: Row) -> str | None:
        if row.trouble is not None and row.trouble.wash is not None:
            return row.trouble.wash
        return "entry" if row.key == self._chosen else None

    def _row_lines(self, n: int, row: Row) -> list[Said]:
        lines = []
        top, high = self._row_top(n), theme.px(CONTROL_HEIGHT)
        for column, cell, (left, wide) in zip(self._columns, row.cells, self._lefts(), strict=True):
            one = cell if isinstance(cell, Cell) else Cell(words=cell)
            room = QRectF(left, top, wide, high)
            if one.state is not None:
                lines.append(badge_said(one.state, self._word(one), self._badge_rect(one, room)))
                continue
            if one.recorded is not None:
                lines += recorded_said(one.recorded, room, align=RIGHT if column.number else LEFT, ground=self._ground(row))
                continue
            if one.limits is not None:
                room.setWidth(wide - theme.px(BarSize.CELL.width) - theme.px(12))
            ink = row.trouble.ink if one.limits is not None and row.trouble is not None else "ink2" if one.quiet else "ink"
            bold = one.bold or (row.key == self._chosen and column is self._columns[0])
            align = RIGHT if column.number else LEFT
            ground = self._ground(row)
            lines.append(Said(text=say(one.words), room=room, bold=bold, ink=ink, ground=ground, align=align, elides=not column.number))
        return lines

    @staticmethod
    def _word(cell: Cell) -> str:
        return say(cell.words) if cell.words or cell.state is None else say(cell.state.word)

    def _badge_rect(self, cell: Cell, room: QRectF) -> QRectF:
        high = theme.px(BADGE_HEIGHT)
        state = cell.state or State.TO_DO
        return QRectF(room.left(), room.center().y() - high / 2, badge_width(state, self._word(cell)), high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        hairline(painter, QPointF(0, self._row_top(0) - 1), QPointF(self.width(), self._row_top(0) - 1))
        for n, row in enumerate(self.standing()):
            self._draw_row(painter, n, row)
        write_lines(painter, self.said())

    def _draw_row(self, painter: QPainter, n: int, row: Row) -> None:
        rect = QRectF(0, self._row_top(n), self.width(), theme.px(CONTROL_HEIGHT))
        ground = self._ground(row)
        if ground is not None:
            painter.fillRect(rect, theme.token(ground))
        mark = "actfill" if row.key == self._chosen else _FILLS.get(row.trouble) if row.trouble is not None else None
        if mark is not None:
            painter.fillRect(QRectF(0, rect.top(), theme.px(6), rect.height()), theme.token(mark))
        hairline(painter, QPointF(0, rect.bottom() - 1), QPointF(self.width(), rect.bottom() - 1))
        for column, cell, (left, wide) in zip(self._columns, row.cells, self._lefts(), strict=True):
            if isinstance(cell, Cell):
                self._draw_cell(painter, column, cell, QRectF(left, rect.top(), wide, rect.height()))

    def _draw_cell(self, painter: QPainter, column: Column, cell: Cell, room: QRectF) -> None:
        if cell.state is not None:
            draw_badge(painter, cell.state, self._word(cell), self._badge_rect(cell, room))
        elif cell.recorded is not None:
            draw_recorded(painter, recorded_said(cell.recorded, room, align=RIGHT if column.number else LEFT))
        elif cell.limits is not None:
            wide, high = theme.px(BarSize.CELL.width), theme.px(BarSize.CELL.height)
            draw_tolerance_bar(painter, QRectF(room.right() - wide, room.center().y() - high / 2, wide, high), cell.limits, cell.value)

    def press(self, key: int) -> bool:
        """Arrows and page keys, wherever the focus is; whether it was one of them."""
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.press(event.key()):
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        keys = [row.key for row in self._rows]
        if not keys:
            return
        at = keys.index(self._chosen) + by if self._chosen in keys else self._first
        self._choose(keys[min(max(at, 0), len(keys) - 1)])

    def _choose(self, key: str) -> None:
        if key == self._chosen:
            return
        self._chosen = key
        self._page = [row.key for row in self._rows].index(key) // self._page_size
        self.update()
        self.chosen.emit(key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        n = int((event.position().y() - self._row_top(0)) // theme.px(CONTROL_HEIGHT))
        standing = self.standing()
        if event.position().y() >= self._row_top(0) and n < len(standing):
            again = standing[n].key == self._chosen
            self._choose(standing[n].key)
            if again:
                self.opened.emit(standing[n].key)
