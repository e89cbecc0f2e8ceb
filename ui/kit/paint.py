"""Few strokes every widget shares: a line of text in its box, a bordered ground, a key cap, a dashed frame."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.kit.piece import CENTRE, RIGHT, Said
from ui.kit.theme import theme
from ui.kit.tokens import CAP_HEIGHT, RADIUS, Type

CAP_PADDING = 7


def painter_on(widget: QWidget) -> QPainter:
    """A painter with smooth edges; ends with the paint event that made it."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    return painter


def width_of(text: str, kind: Type = Type.TEXT, bold: bool | None = None) -> float:
    """Pixels a line of text takes."""
    return theme.metrics(kind, bold).horizontalAdvance(text)


def baseline(room: QRectF, kind: Type, bold: bool | None = None) -> float:
    """Where the letters stand when the line is centred in its box: the body of the font, not its ink, is centred."""
    metrics = theme.metrics(kind, bold)
    return room.center().y() + (metrics.ascent() - metrics.descent()) / 2


def baseline_shift(big: tuple[Type, bool | None], small: tuple[Type, bool | None]) -> float:
    """How far a smaller text in a box of the same height goes down to stand on the baseline of the bigger one."""
    one, other = theme.metrics(*big), theme.metrics(*small)
    return ((one.ascent() - one.descent()) - (other.ascent() - other.descent())) / 2


def write_line(painter: QPainter, said: Said) -> None:
    """Paint one line where it belongs; shortened with … only where the widget said that it may be."""
    text = said.text
    if not text:
        return
    metrics = theme.metrics(said.kind, said.bold)
    wide = metrics.horizontalAdvance(text)
    if said.elides and wide > said.room.width():
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, said.room.width())
        wide = metrics.horizontalAdvance(text)
    left = said.room.left()
    if said.align & RIGHT:
        left = said.room.right() - wide
    elif said.align & CENTRE:
        left = said.room.center().x() - wide / 2
    painter.setFont(theme.font(said.kind, said.bold))
    painter.setPen(theme.token(said.ink))
    stand = baseline(said.room, said.kind, said.bold)
    painter.drawText(QPointF(left, stand), text)
    if said.struck:
        painter.setPen(QPen(theme.token(said.ink), theme.px(2)))
        middle = stand - metrics.capHeight() / 2
        painter.drawLine(QPointF(left, middle), QPointF(left + wide, middle))


def write_lines(painter: QPainter, lines: Iterable[Said]) -> None:
    """Paint several lines."""
    for said in lines:
        write_line(painter, said)


def box(
    painter: QPainter,
    rect: QRectF,
    *,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: int = 1,
    radius: int = RADIUS,
    dashed: bool = False,
) -> None:
    """A ground with a border inside its rectangle; corners of the kit."""
    half = theme.px(width) / 2 if border is not None else 0.0
    pen = QPen(Qt.PenStyle.NoPen)
    if border is not None:
        pen = QPen(border, theme.px(width))
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        if dashed:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([3.0, 2.0] if width > 1 else [3.0, 3.0])
    painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    corner = theme.px(radius) if radius else 0
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), corner, corner)


def cap_width(key: str) -> float:
    """Width of a key cap with its word."""
    return max(width_of(key) + 2 * theme.px(CAP_PADDING), float(theme.px(CAP_HEIGHT)))


def key_cap(painter: QPainter, left: float, middle: float, key: str, *, ink: str, border: str) -> float:
    """The key that does it, printed in a small box; returns its width."""
    wide = cap_width(key)
    high = theme.px(CAP_HEIGHT)
    rect = QRectF(left, round(middle - high / 2), wide, high)
    box(painter, rect, border=theme.token(border))
    write_line(painter, Said(text=key, room=rect, ink=ink, align=CENTRE))
    return wide


def hairline(painter: QPainter, start: QPointF, end: QPointF, token: str = "line") -> None:
    """One pixel between two parts of a panel, crisp on the pixel grid."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QPen(theme.token(token), 1))
    painter.drawLine(start, end)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)


def diamond(painter: QPainter, at: QPointF, reach: float) -> None:
    """The mark of a value outside its limits: a filled square on its corner, `reach` pixels from middle to corner."""
    corners = [at + QPointF(0, -reach), at + QPointF(reach, 0), at + QPointF(0, reach), at + QPointF(-reach, 0)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color.stopfill)
    painter.drawPolygon(QPolygonF(corners))


def hatch(painter: QPainter, rect: QRectF, token: str, *, step: int = 12) -> None:
    """What nobody knows: rising lines of 2 px, `step` px apart, clipped to the rectangle."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(theme.token(token), theme.px(2)))
    apart, high = theme.px(step), rect.height()
    left = rect.left() - high
    while left < rect.right():
        painter.drawLine(QPointF(left, rect.bottom()), QPointF(left + high, rect.top()))
        left += apart
    painter.restore()
