"""The steps of a batch under each other on one line: what is done and when, where we are, what is blocked and why.

Source: design/face.md §6 Step rail; pictures 4-step and 4-step-deviation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.kit.language import Words, say
from ui.kit.paged_rows import PAD, PagedRows
from ui.kit.paint import hairline, width_of
from ui.kit.piece import RIGHT, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT, Type

WIDTH = 328
ROW, TWO_LINES = CONTROL_HEIGHT, 66
CURRENT_SHARE = 1.55
_COLUMN, _SHAPE = 60, 26
_BORDERS = 2
"""A panel's own two hairlines: inside one the rail is that much narrower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step as it stands in the rail."""

    key: str
    number: str
    name: Words
    state: State
    """``PASS`` done, ``HERE`` current, ``HOLD`` blocked or held, ``FAIL`` with an open deviation, ``WAITING`` and ``TO_DO`` to come."""
    ended: str = ""
    """Time of the day it ended, as the caller writes it."""
    second: Words = ""
    """Why it is blocked, or since when it runs; in the ink of a trouble where the state is one."""


class StepRail(PagedRows):
    """Follows the current step until a person turns the page; a new current step is followed again."""

    ground = "surface"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[StepLine, ...] = ()
        self._current: int | None = None
        self._follows = True

    def show_steps(self, steps: Sequence[StepLine], current: str | None) -> None:
        """All steps in their order.

        Args:
            steps: From the first to the last.
            current: Key of the step in work; ``None`` before the batch began and after it ended.

        Raises:
            ValueError: `current` is none of them, or two steps have one key.
        """
        before = self._steps[self._current].key if self._current is not None else None
        keys = [step.key for step in steps]
        self._steps = tuple(steps)
        self._current = None if current is None else keys.index(current)
        self._show_keys(keys)
        if current != before:
            self._follows = True
        self._follow()

    @property
    def current_stands(self) -> bool:
        """Whether the current step is on the page."""
        return self._current in self.standing()

    def turn(self, pages: int) -> None:
        self._follows = False
        super().turn(pages)

    def _follow(self) -> None:
        if self._follows and self._current is not None:
            self.bring(self._current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH) - _BORDERS, super().minimumSizeHint().height())

    def row_height(self, n: int) -> int:
        if n == self._current:
            return round(theme.px(ROW) * CURRENT_SHARE)
        return theme.px(TWO_LINES if self._steps[n].second else ROW)

    def row_lines(self, n: int, room: QRectF) -> list[Said]:
        step, here = self._steps[n], n == self._current
        kind, ink = (Type.VALUE, "ink") if here else (Type.TEXT, "ink2" if step.state is State.PASS else "ink")
        ground = "entry" if here else None
        left, right = theme.px(_COLUMN), room.right() - theme.px(PAD)
        first, second = theme.line(kind), theme.line(Type.TEXT) if step.second else 0
        top = room.center().y() - (first + second) / 2
        lines = []
        if step.ended:
            wide = width_of(step.ended) + 1
            lines.append(Said(text=step.ended, room=QRectF(right - wide, top, wide, first), ink="ink2", ground=ground, align=RIGHT))
            right -= wide + theme.px(8)
        name = f"{step.number}  {say(step.name)}"
        room_of_name = QRectF(left, top, right - left, first)
        lines.insert(0, Said(text=name, room=room_of_name, kind=kind, bold=here, ink=ink, ground=ground, elides=True))
        if step.second:
            why = step.state.ink if step.state.is_trouble else "ink2"
            below = QRectF(left, top + first, room.right() - theme.px(PAD) - left, second)
            lines.append(Said(text=say(step.second), room=below, ink=why, ground=ground, elides=True))
        return lines

    def draw_row(self, painter: QPainter, n: int, room: QRectF) -> None:
        middle, side = theme.px(_COLUMN) / 2, theme.px(_SHAPE)
        if n == self._current:
            painter.fillRect(room, theme.color.entry)
            for y in (room.top(), room.bottom() - 1):
                hairline(painter, QPointF(0, y), QPointF(self.width(), y))
        else:
            self._draw_line(painter, n, room, middle)
        draw_state(painter, self._steps[n].state, QRectF(middle - side / 2, room.center().y() - side / 2, side, side))

    def _draw_line(self, painter: QPainter, n: int, room: QRectF, middle: float) -> None:
        """The 2 px line from step to step; it leaves the shape free and ends at the first and the last step."""
        wide, free = theme.px(2), theme.px(_SHAPE) / 2 + theme.px(2)
        left = round(middle - wide / 2)
        if n > 0:
            painter.fillRect(QRectF(left, room.top(), wide, room.height() / 2 - free), theme.color.band)
        if n < len(self._steps) - 1:
            painter.fillRect(QRectF(left, room.center().y() + free, wide, room.height() / 2 - free), theme.color.band)
