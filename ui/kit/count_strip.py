"""A count and where it went, drawn so that it adds up: one bar, and its parts as cells beside each other or as rows.

Source: design/face.md §7 (6 Release, 7 Trace); pictures 6-release and 7-trace.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.balance import Balance, Fill, Part
from ui.kit.language import say
from ui.kit.paint import baseline_shift, box, hairline, hatch, painter_on, width_of, write_lines
from ui.kit.piece import CENTRE, RIGHT, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type

BAR, CELLS, ROW = 28, 64, 38
_GAP, _PAD = 10, 14
_SWATCH_WIDTH, _SWATCH_HEIGHT = 22, 16
_LEAST_PART = 5
"""No part is drawn so thin that it cannot be seen."""


def draw_part(painter: QPainter, rect: QRectF, fill: Fill) -> None:
    """The ground of one part; what is unknown is hatched."""
    painter.fillRect(rect, theme.token(fill.ground))
    if fill is Fill.UNKNOWN:
        hatch(painter, rect, "ink", step=6)
    if fill.border is not None:
        box(painter, rect, border=theme.token(fill.border), width=2, radius=0)


def draw_balance(painter: QPainter, rect: QRectF, balance: Balance) -> None:
    """The bar: every part as wide as its share, 2 px apart, the smallest still 5 px."""
    parts = [part for part in balance.all_parts if part.count]
    if not parts:
        painter.fillRect(rect, theme.color.track)
        return
    gap, least = theme.px(2), theme.px(_LEAST_PART)
    free = max(0.0, rect.width() - gap * (len(parts) - 1) - least * len(parts))
    every = float(sum(part.count for part in parts))
    left = rect.left()
    for part in parts:
        wide = least + free * float(part.count) / every
        end = rect.right() if part is parts[-1] else round(left + wide)
        draw_part(painter, QRectF(round(left), rect.top(), end - round(left), rect.height()), part.fill)
        left += wide + gap


class Counted(Piece, QWidget):
    """What both ways of showing a balance share."""

    def __init__(self, balance: Balance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._balance = balance
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retell()

    @property
    def balance(self) -> Balance:
        """What it shows."""
        return self._balance

    def show_balance(self, balance: Balance) -> None:
        """Another count."""
        if balance != self._balance:
            self._balance = balance
            self.retell()

    def retell(self) -> None:
        words = [f"{say(part.name)} {say(part.count)}" for part in self._balance.all_parts]
        self.setAccessibleName(f"{say(self._balance.name)} {say(self._balance.whole)}: {', '.join(words)}")
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    @staticmethod
    def _draw_swatch(painter: QPainter, left: float, middle: float, fill: Fill) -> None:
        wide, high = theme.px(_SWATCH_WIDTH), theme.px(_SWATCH_HEIGHT)
        draw_part(painter, QRectF(round(left), round(middle - high / 2), wide, high), fill)


class CountStrip(Counted):
    """Bar above touching cells: the whole first, then its parts; they always add up."""

    @property
    def _swatch_room(self) -> int:
        return theme.px(_SWATCH_WIDTH) + theme.px(8)

    def _widths(self) -> list[float]:
        cells = [(self._balance.name, self._balance.whole, 0), *((p.name, p.count, self._swatch_room) for p in self._balance.all_parts)]
        return [
            max(width_of(say(name), bold=True) + swatch, width_of(say(count), Type.VALUE, True)) + 2 * theme.px(_PAD)
            for name, count, swatch in cells
        ]

    def sizeHint(self) -> QSize:
        return QSize(ceil(sum(self._widths())), theme.px(BAR) + theme.px(_GAP) + theme.px(CELLS))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _rooms(self) -> list[QRectF]:
        widths = self._widths()
        spare, top = (self.width() - sum(widths)) / len(widths), theme.px(BAR) + theme.px(_GAP)
        rooms, left = [], 0.0
        for wide in widths:
            rooms.append(QRectF(round(left), top, round(left + wide + spare) - round(left), theme.px(CELLS)))
            left += wide + spare
        return rooms

    def said(self) -> list[Said]:
        whole, *rooms = self._rooms()
        lines = self._cell_lines(whole, 0, say(self._balance.name), say(self._balance.whole), loud=True)
        for part, room in zip(self._balance.all_parts, rooms, strict=True):
            lines += self._cell_lines(room, self._swatch_room, say(part.name), say(part.count), loud=part.fill.is_loud)
        return lines

    @staticmethod
    def _cell_lines(room: QRectF, swatch: int, name: str, value: str, *, loud: bool) -> list[Said]:
        upper = QRectF(room.left() + swatch, room.top() + theme.px(4), room.width() - swatch, theme.px(28))
        lower = QRectF(room.left(), room.top() + theme.px(30), room.width(), theme.px(32))
        return [
            Said(text=name, room=upper, bold=loud, ink="ink" if loud else "ink2", align=CENTRE),
            Said(text=value, room=lower, kind=Type.VALUE, bold=loud, align=CENTRE),
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        draw_balance(painter, QRectF(0, 0, self.width(), theme.px(BAR)), self._balance)
        box(painter, QRectF(0, theme.px(BAR) + theme.px(_GAP), self.width(), theme.px(CELLS)), border=theme.color.line, radius=0)
        for part, room in zip(self._balance.all_parts, self._rooms()[1:], strict=True):
            hairline(painter, room.topLeft(), room.bottomLeft())
            both = self._swatch_room + width_of(say(part.name), bold=part.fill.is_loud)
            self._draw_swatch(painter, room.center().x() - both / 2, room.top() + theme.px(18), part.fill)
        write_lines(painter, self.said())


class CountRows(Counted):
    """The whole large, the bar, and one row for each part: swatch, name, count, and its share where wanted."""

    def __init__(self, balance: Balance, *, with_shares: bool, parent: QWidget | None = None) -> None:
        self._with_shares = with_shares
        super().__init__(balance, parent)

    @property
    def _bar_top(self) -> int:
        return theme.line(Type.VERDICT) + theme.px(6)

    @property
    def _name_left(self) -> int:
        return theme.px(_SWATCH_WIDTH) + theme.px(14)

    @property
    def _share_room(self) -> int:
        return ceil(width_of("100.0 %")) + theme.px(16) if self._with_shares else 0

    def _row(self, n: int) -> QRectF:
        top = self._bar_top + theme.px(BAR) + theme.px(_GAP) + n * theme.px(ROW)
        return QRectF(0, top, self.width(), theme.px(ROW))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(340), round(self._row(len(self._balance.all_parts)).top()))

    def minimumSizeHint(self) -> QSize:
        whole = say(self._balance.whole)
        head = width_of(whole, Type.VERDICT, False) + theme.px(14) + width_of(say(self._balance.name))
        names = max((width_of(say(part.name), bold=True) for part in self._balance.all_parts), default=0.0)
        row = self._name_left + names + theme.px(8) + width_of(whole, Type.VALUE) + self._share_room
        return QSize(ceil(max(head, row)) + 2, self.sizeHint().height())

    def said(self) -> list[Said]:
        count, name = say(self._balance.whole), say(self._balance.name)
        wide = width_of(count, Type.VERDICT, False) + 1
        head = QRectF(0, 0, wide, theme.line(Type.VERDICT))
        left = wide + theme.px(14)
        beside = QRectF(left, baseline_shift((Type.VERDICT, False), (Type.TEXT, False)), self.width() - left, head.height())
        lines = [Said(text=count, room=head, kind=Type.VERDICT, bold=False), Said(text=name, room=beside, ink="ink2")]
        parts = self._balance.all_parts
        shares = self._balance.shares() or (None,) * len(parts)
        for n, (part, share) in enumerate(zip(parts, shares, strict=True)):
            lines += self._row_lines(self._row(n), part, share)
        return lines

    def _row_lines(self, row: QRectF, part: Part, share: int | None) -> list[Said]:
        lines = []
        if self._with_shares and share is not None:
            lines.append(Said(text=f"{share // 10}.{share % 10} %", room=row, ink="ink2", align=RIGHT))
        count = say(part.count)
        wide = width_of(count, Type.VALUE) + 1
        number = QRectF(row.right() - self._share_room - wide, row.top(), wide, row.height())
        name = QRectF(self._name_left, row.top(), number.left() - theme.px(8) - self._name_left, row.height())
        return [
            Said(text=say(part.name), room=name, bold=part.fill.is_loud, elides=True),
            Said(text=count, room=number, kind=Type.VALUE, align=RIGHT),
            *lines,
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        draw_balance(painter, QRectF(0, self._bar_top, self.width(), theme.px(BAR)), self._balance)
        for n, part in enumerate(self._balance.all_parts):
            self._draw_swatch(painter, 0, self._row(n).center().y(), part.fill)
        write_lines(painter, self.said())
