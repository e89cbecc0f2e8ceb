"""A state in a word: shape, word, and a ground only where a person is needed."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.language import Words, say
from ui.kit.paint import box, painter_on, width_of, write_line
from ui.kit.piece import Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme
from ui.kit.tokens import BADGE_HEIGHT, Type

SHAPE = 24
GAP = 8
SIDE = 8
END = 10


def badge_width(state: State, text: str) -> int:
    """Pixels a badge takes with this word."""
    return ceil(theme.px(SIDE) + theme.px(SHAPE) + theme.px(GAP) + width_of(text, Type.TEXT, state.bold) + theme.px(END))


def badge_said(state: State, text: str, rect: QRectF) -> Said:
    """The word of a badge where it stands."""
    left = rect.left() + theme.px(SIDE) + theme.px(SHAPE) + theme.px(GAP)
    room = QRectF(left, rect.top(), rect.right() - theme.px(END) - left + 1, rect.height())
    return Said(text=text, room=room, bold=state.bold, ink=state.ink, ground=state.wash)


def draw_badge(painter: QPainter, state: State, text: str, rect: QRectF) -> None:
    """Paint a badge into its rectangle; tables use it for cells."""
    if state.wash is not None and state.border is not None:
        box(painter, rect, fill=theme.token(state.wash), border=theme.token(state.border))
    side = theme.px(SHAPE)
    draw_state(painter, state, QRectF(rect.left() + theme.px(SIDE), rect.center().y() - side / 2, side, side))
    write_line(painter, badge_said(state, text, rect))


class Badge(Piece, QWidget):
    """36 high; pass, waiting and to do without ground, the others on their wash."""

    def __init__(self, state: State, words: Words | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._words: Words = state.word if words is None else words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.retell()

    @property
    def state(self) -> State:
        return self._state

    @property
    def text(self) -> str:
        """The word now."""
        return self._text

    def show_state(self, state: State, words: Words | None = None) -> None:
        """Another state and word."""
        self._state = state
        self._words = state.word if words is None else words
        self.retell()

    def retell(self) -> None:
        self._text = say(self._words)
        self.setAccessibleName(self._text)
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(badge_width(self._state, self._text), theme.px(BADGE_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def said(self) -> list[Said]:
        return [badge_said(self._state, self._text, QRectF(self.rect()))]

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_badge(painter_on(self), self._state, self._text, QRectF(self.rect()))
