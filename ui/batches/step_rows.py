"""What a step asks for and has, row by row: state, name, bar, value with everything it replaced. A press chooses a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter

from app.base.measurement import Limits
from ui.kit import (
    RIGHT,
    BarSize,
    PagedRows,
    Recorded,
    Said,
    State,
    Type,
    Words,
    box,
    draw_recorded,
    draw_state,
    draw_tolerance_bar,
    hairline,
    recorded_said,
    say,
    theme,
)
from ui.kit.tokens import CONTROL_HEIGHT

_LEFT, _SHAPE, _PAD, _BAR, _GAP = 60, 26, 16, 132, 16
_VALUE_FROM = 0.25
"""Where a value may begin in rows without bars, as a share of the width: what is entered goes before what it is called."""
_BAR_FROM = 700
"""Narrower rows leave the bar out: the value of the row in hand is drawn large below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """One value a step asks for, or one thing it has."""

    key: str
    state: State
    name: Words
    recorded: Recorded | None
    limits: Limits | None = None
    value: Decimal | None = None
    struck: bool = False
    """Taken back: it stays visible."""
    draft: bool = False
    """It waits for the database or for its author: dashed."""


class AskedRows(PagedRows):
    """Follows the row in hand until a person turns the page."""

    ground = "surface"

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[AskedLine, ...] = ()
        self._here: str | None = None

    def show_lines(self, lines: Sequence[AskedLine], here: str | None) -> None:
        """All rows in their order, and which of them is in hand."""
        keys = [one.key for one in lines]
        moved = here != self._here or len(lines) != len(self._lines)
        self._lines, self._here = tuple(lines), here
        self._show_keys(keys)
        if here is not None and moved:
            self.bring(keys.index(here))

    @property
    def lines(self) -> tuple[AskedLine, ...]:
        """All rows, standing or not."""
        return self._lines

    def row_height(self, n: int) -> int:
        return theme.px(CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), min(super().minimumSizeHint().height(), theme.px(2 * CONTROL_HEIGHT)))

    def _bar(self, room: QRectF) -> QRectF | None:
        if room.width() < theme.px(_BAR_FROM):
            return None
        wide, high = theme.px(_BAR), theme.px(BarSize.CELL.height)
        return QRectF(room.left() + room.width() * 0.5, room.center().y() - high / 2, wide, high)

    def row_lines(self, n: int, room: QRectF) -> list[Said]:
        one = self._lines[n]
        ground = self._ground(one)
        right = room.right() - theme.px(_PAD)
        values: list[Said] = []
        if one.recorded is not None:
            bar = self._bar(room)
            left = room.left() + room.width() * (0.5 if bar is not None else _VALUE_FROM)
            left += theme.px(_BAR + _GAP) if one.limits is not None and bar is not None else 0
            values = recorded_said(one.recorded, QRectF(left, room.top(), right - left, room.height()), align=RIGHT, ground=ground)
            right = min(said.room.left() for said in values) - theme.px(_GAP)
        if one.limits is not None and (bar := self._bar(room)) is not None:
            right = bar.left() - theme.px(_GAP)
        name = QRectF(theme.px(_LEFT), room.top(), right - theme.px(_LEFT), room.height())
        bold = one.state.bold or one.key == self._here
        ink = one.state.ink if one.state.is_trouble else "ink"
        return [
            Said(text=say(one.name), room=name, kind=Type.TEXT, bold=bold, ink=ink, ground=ground, elides=True, struck=one.struck),
            *values,
        ]

    def _ground(self, one: AskedLine) -> str | None:
        if one.state.is_trouble:
            return one.state.wash
        return "entry" if one.key == self._here else None

    def draw_row(self, painter: QPainter, n: int, room: QRectF) -> None:
        one = self._lines[n]
        ground = self._ground(one)
        if ground is not None:
            painter.fillRect(room, theme.token(ground))
        if one.draft:
            inset = theme.px(4)
            box(painter, room.adjusted(inset, inset, -inset, -inset), border=theme.color.ink2, width=2, dashed=True)
        if one.key == self._here:
            painter.fillRect(QRectF(room.left(), room.top(), theme.px(6), room.height()), theme.color.actfill)
        hairline(painter, QPointF(0, room.bottom()), QPointF(self.width(), room.bottom()))
        side = theme.px(_SHAPE)
        draw_state(painter, one.state, QRectF((theme.px(_LEFT) - side) / 2 + theme.px(2), room.center().y() - side / 2, side, side))
        bar = self._bar(room)
        if one.limits is not None and bar is not None:
            draw_tolerance_bar(painter, bar, one.limits, one.value, size=BarSize.CELL)
        draw_recorded(painter, self.row_lines(n, room))
