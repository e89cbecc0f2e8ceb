"""Seven states, seven silhouettes that differ even in one grey: painted on a 28 px grid, never written with a glyph.

Source: design/face.md §6 State shapes. Good is outlined, trouble is filled.
"""

from __future__ import annotations

from enum import Enum
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.paint import painter_on
from ui.kit.piece import Piece
from ui.kit.theme import theme

SIZES = (22, 26, 30, 52)
_GRID = 28.0


class State(Enum):
    """What a thing is: its shape, its word's weight and ink, the wash and border of its badge (token names)."""

    PASS = (Phrase("pass"), False, "ink2", None, None)
    FAIL = (Phrase("fail"), True, "stop", "stopwash", "stopfill")
    ATTENTION = (Phrase("attention"), True, "att", "attwash", "attfill")
    WAITING = (Phrase("waiting"), False, "ink2", None, None)
    HOLD = (Phrase("on hold"), True, "hold", "holdwash", "holdfill")
    HERE = (Phrase("you are here"), True, "act", "actwash", "actfill")
    TO_DO = (Phrase("to do"), False, "ink2", None, None)

    def __init__(self, word: Phrase, bold: bool, ink: str, wash: str | None, border: str | None) -> None:
        self.word, self.bold, self.ink, self.wash, self.border = word, bold, ink, wash, border
        """``word``: the plain word of the state, where no better one is known."""

    @property
    def is_trouble(self) -> bool:
        """Filled shapes: a person is needed."""
        return self in (State.FAIL, State.ATTENTION, State.HOLD)


def draw_state(painter: QPainter, state: State, rect: QRectF, *, inverted: bool = False) -> None:
    """Paint one state shape into a square.

    Args:
        painter: Antialiasing is the caller's.
        state: Which of the seven.
        rect: Square of 22, 26, 30 or 52 px at scale 1.0; others scale too.
        inverted: On a ground of the state's own fill (the side of a banner): shape in the light colour, sign in the fill.
    """
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / _GRID, rect.height() / _GRID)
    _DRAW[state](painter, inverted)
    painter.restore()


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)


def _pass(painter: QPainter, inverted: bool) -> None:
    colour = theme.color.okon if inverted else theme.color.ok
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(colour, 2.0))
    painter.drawEllipse(QPointF(14, 14), 12.4, 12.4)
    painter.setPen(_pen(colour, 2.8))
    painter.drawPolyline(QPolygonF([QPointF(8.2, 14.4), QPointF(12.4, 18.6), QPointF(20.2, 10.2)]))


def _fail(painter: QPainter, inverted: bool) -> None:
    fill, sign = theme.color.stopfill, theme.color.stopon
    if inverted:
        fill, sign = sign, fill
    corners = [QPointF(14 + 14 * cos(pi / 8 + n * pi / 4), 14 + 14 * sin(pi / 8 + n * pi / 4)) for n in range(8)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF(corners))
    painter.setPen(_pen(sign, 3.0))
    painter.drawLine(QPointF(9.4, 9.4), QPointF(18.6, 18.6))
    painter.drawLine(QPointF(18.6, 9.4), QPointF(9.4, 18.6))


def _attention(painter: QPainter, inverted: bool) -> None:
    colours = theme.color
    fill, outline, sign = (colours.atton, colours.atton, colours.attfill) if inverted else (colours.attfill, colours.att, colours.atton)
    painter.setPen(_pen(outline, 1.6))
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF([QPointF(14, 2.4), QPointF(26.8, 25.4), QPointF(1.2, 25.4)]))
    painter.setPen(_pen(sign, 3.0))
    painter.drawLine(QPointF(14, 9.6), QPointF(14, 17.6))
    painter.drawLine(QPointF(14, 19.8), QPointF(14, 22.8))


def _waiting(painter: QPainter, inverted: bool) -> None:
    colour = theme.color.entry if inverted else theme.color.ink2
    pen = _pen(colour, 2.0)
    pen.setDashPattern([1.95, 1.3])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawEllipse(QPointF(14, 14), 12.4, 12.4)
    painter.setPen(_pen(colour, 2.0))
    painter.drawPolyline(QPolygonF([QPointF(14, 7.6), QPointF(14, 15), QPointF(19.6, 15)]))


def _hold(painter: QPainter, inverted: bool) -> None:
    fill, sign = theme.color.holdfill, theme.color.holdon
    if inverted:
        fill, sign = sign, fill
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRect(QRectF(2, 2, 24, 24))
    painter.setBrush(sign)
    painter.drawRect(QRectF(8.8, 8, 3.6, 12))
    painter.drawRect(QRectF(15.6, 8, 3.6, 12))


def _here(painter: QPainter, inverted: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color.acton if inverted else theme.color.actfill)
    painter.drawPolygon(QPolygonF([QPointF(1.6, 3), QPointF(16.4, 3), QPointF(26.8, 14), QPointF(16.4, 25), QPointF(1.6, 25)]))


def _to_do(painter: QPainter, inverted: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(theme.color.entry if inverted else theme.color.edge, 2.0))
    painter.drawEllipse(QPointF(14, 14), 12.0, 12.0)


_DRAW = {
    State.PASS: _pass,
    State.FAIL: _fail,
    State.ATTENTION: _attention,
    State.WAITING: _waiting,
    State.HOLD: _hold,
    State.HERE: _here,
    State.TO_DO: _to_do,
}


class Shape(Piece, QWidget):
    """A state shape standing alone; its word must stand beside it."""

    def __init__(self, state: State, size: int = 26, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._size = state, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def state(self) -> State:
        return self._state

    def set_state(self, state: State) -> None:
        """Another state."""
        if state is not self._state:
            self._state = state
            self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = theme.px(self._size)
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        draw_state(painter_on(self), self._state, square)
