"""A banner stands in the flow under the next band and covers nothing. It says what did *not* happen, why, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.base.errors import AppError
from ui.kit.buttons import Button
from ui.kit.language import Words, say
from ui.kit.paint import box, hairline, painter_on, width_of, write_lines
from ui.kit.piece import Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.text import break_lines
from ui.kit.theme import theme
from ui.kit.tokens import Type

_SIDE = 88
_SHAPE = 52
_PAD = 20
_FILLS = {State.FAIL: "stopfill", State.ATTENTION: "attfill", State.HOLD: "holdfill", State.HERE: "actfill"}


class Banner(Piece, QWidget):
    """Heading of 30 px, one line below, and either blocks (read against expected) or a button that starts the way out."""

    def __init__(
        self,
        state: State,
        heading: Words,
        line: Words = "",
        *,
        blocks: Sequence[tuple[Words, Words]] = (),
        button: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if state not in _FILLS:
            raise ValueError(f"{state.name} is no trouble; a banner would cry wolf")
        self._state, self._heading, self._line, self._blocks, self.button = state, heading, line, tuple(blocks), button
        self.ground = state.wash
        self._row = QHBoxLayout(self)
        self._row.addStretch(1)
        if button is not None:
            self._row.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.retell()

    @classmethod
    def of_error(cls, error: AppError, *, button: Button | None = None) -> Banner:
        """What a refused command says: what did not happen, then the next step."""
        return cls(State.FAIL, error.what, error.next, button=button)

    @property
    def state(self) -> State:
        return self._state

    @property
    def text(self) -> str:
        """Heading as read."""
        return self._texts[0]

    def retell(self) -> None:
        self._texts = (say(self._heading), say(self._line))
        self._pairs = [(say(name), say(value)) for name, value in self._blocks]
        self.setAccessibleName(". ".join(text for text in self._texts if text))
        self.restyle()

    def restyle(self) -> None:
        self._row.setContentsMargins(0, 0, theme.px(_PAD), 0)
        if self.isVisible():  # before it is shown its width is none it will ever have, and its height would be too much
            self.setMinimumHeight(self.heightForWidth(self.width()))
        self.updateGeometry()
        self.update()

    def _block_width(self, pair: tuple[str, str]) -> int:
        return ceil(max(width_of(pair[0]), width_of(pair[1], Type.TITLE))) + 2 * theme.px(_PAD)

    def _right(self, width: int) -> float:
        """Where the words must end."""
        taken = sum(self._block_width(pair) for pair in self._pairs)
        if self.button is not None:
            taken += self.button.sizeHint().width() + theme.px(_PAD)
        return width - taken - theme.px(_PAD)

    def _broken(self, width: int) -> tuple[list[str], list[str]]:
        room = max(theme.px(240), self._right(width) - theme.px(_SIDE) - theme.px(_PAD))
        heading = break_lines(self._texts[0], room, Type.TITLE)
        return heading, break_lines(self._texts[1], room, Type.TEXT) if self._texts[1] else []

    def heightForWidth(self, width: int) -> int:
        heading, lines = self._broken(width)
        high = theme.line(Type.TITLE) * len(heading) + theme.line(Type.TEXT) * len(lines)
        return max(theme.px(98), high + 2 * theme.px(14))

    def sizeHint(self) -> QSize:
        wide = theme.px(900)
        return QSize(wide, self.heightForWidth(max(self.width(), wide)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(500), theme.px(96))

    def resizeEvent(self, event: object) -> None:
        needed = self.heightForWidth(self.width())
        if needed != self.minimumHeight():
            self.setMinimumHeight(needed)

    def said(self) -> list[Said]:
        heading, lines = self._broken(self.width())
        first, second = theme.line(Type.TITLE), theme.line(Type.TEXT)
        top = (self.height() - first * len(heading) - second * len(lines)) / 2
        left = theme.px(_SIDE) + theme.px(_PAD)
        wide = self._right(self.width()) - left
        said = [
            Said(text=text, room=QRectF(left, top + n * first, wide, first), kind=Type.TITLE, ground=self.ground)
            for n, text in enumerate(heading)
        ]
        top += first * len(heading)
        said += [Said(text=text, room=QRectF(left, top + n * second, wide, second), ground=self.ground) for n, text in enumerate(lines)]
        return said + self._block_lines()

    def _block_lines(self) -> list[Said]:
        said: list[Said] = []
        right = self.width()
        first, second = theme.line(Type.TEXT), theme.line(Type.TITLE)
        top = (self.height() - first - second) / 2
        for n, pair in reversed(list(enumerate(self._pairs))):
            left = right - self._block_width(pair) + theme.px(_PAD)
            wide = right - theme.px(_PAD) - left + 1
            said.append(Said(text=pair[0], room=QRectF(left, top, wide, first), ink="ink2", ground=self.ground))
            ink = self._state.ink if n == 0 else "ink"
            said.append(Said(text=pair[1], room=QRectF(left, top + first, wide, second), kind=Type.TITLE, ink=ink, ground=self.ground))
            right -= self._block_width(pair)
        return said

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        rect = QRectF(self.rect())
        fill = theme.token(_FILLS[self._state])
        box(painter, rect, fill=theme.token(self.ground or "surface"), border=fill)
        side = QRectF(0, 0, theme.px(_SIDE), self.height())
        box(painter, side, fill=fill)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(side.adjusted(theme.px(8), 0, 0, 0), fill)
        shape = theme.px(_SHAPE)
        at = QRectF(side.center().x() - shape / 2, side.center().y() - shape / 2, shape, shape)
        draw_state(painter, self._state, at, inverted=True)
        right = self.width()
        for pair in reversed(self._pairs):
            right -= self._block_width(pair)
            hairline(painter, QPointF(right, 1), QPointF(right, self.height() - 2), _FILLS[self._state])
        write_lines(painter, self.said())
