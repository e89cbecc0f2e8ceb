"""How the parts of a genealogy look: nodes by their duty, six-sided resources, edges with arrow heads. Rectangles are pixels of the glass.

Source: design/face.md §6 Genealogy; picture 7-trace.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.base.phrases import Phrase
from ui.kit.genealogy_graph import Duty, Fold, Standing
from ui.kit.genealogy_layout import PlacedResource
from ui.kit.icons import draw_icon
from ui.kit.language import say
from ui.kit.paint import box, hatch
from ui.kit.piece import Said
from ui.kit.theme import theme
from ui.kit.tokens import Type

RING = 6
"""How far the ring around the node in focus reaches: 3 px after a gap of 3."""
_PAD, _ICON, _HEX = 14, 24, 12
_FOLD_ICON = "list"
_ARROW = 10
_LOOKS = {
    Duty.START: ("actwash", "actfill", 3),
    Duty.TELL: ("attwash", "attfill", 2),
    Duty.HOLD: ("holdwash", "holdfill", 3),
    Duty.UNKNOWN: ("entry", "ink", 2),
    Duty.NONE: ("entry", "edge", 1),
}
"""Ground, border and its width (px)."""


def node_words(node: Standing) -> tuple[str, str]:
    """Both lines of a node; a fold says how many it holds and what they sum up to."""
    if isinstance(node, Fold):
        sums = " • ".join(say(one) for one in node.sums)
        return say(Phrase("{count} more", count=len(node.members))), sums
    return say(node.title), say(node.second)


def node_lines(node: Standing, rect: QRectF) -> list[Said]:
    """Title behind its icon, and the second line below."""
    title, second = node_words(node)
    line, pad, icon = theme.line(Type.TEXT), theme.px(_PAD), theme.px(_ICON) + theme.px(8)
    top = rect.center().y() - line - theme.px(1)
    ground = _LOOKS[node.duty][0]
    upper = QRectF(rect.left() + pad + icon, top, rect.width() - 2 * pad - icon + theme.px(4), line)
    below = QRectF(rect.left() + pad, top + line + theme.px(3), rect.width() - 2 * pad, line)
    lines = [Said(text=title, room=upper, bold=True, ground=ground, elides=True)]
    if second:
        lines.append(Said(text=second, room=below, ink="ink2", ground=ground, elides=True))
    return lines


def draw_node(painter: QPainter, node: Standing, rect: QRectF) -> None:
    """Ground, border and icon; a fold lies on the edge of a second card, what is unknown is hatched."""
    ground, border, width = _LOOKS[node.duty]
    if isinstance(node, Fold):
        behind = rect.translated(theme.px(4), theme.px(4))
        box(painter, behind, fill=theme.color.surface, border=theme.token(border))
    box(painter, rect, fill=theme.token(ground), border=theme.token(border), width=width)
    if node.duty is Duty.UNKNOWN:
        inner = theme.px(width)
        hatch(painter, rect.adjusted(inner, inner, -inner, -inner), "line")
    side = theme.px(_ICON)
    left, top = rect.left() + theme.px(_PAD), rect.center().y() - theme.line(Type.TEXT) / 2 - side / 2 - theme.px(1)
    icon = _FOLD_ICON if isinstance(node, Fold) else node.icon
    draw_icon(painter, icon, QRectF(round(left), round(top), side, side), "ink2")


def resource_words(placed: PlacedResource) -> str:
    """Name of a resource, or how many more there are."""
    return say(placed.resource.name) if placed.resource is not None else say(Phrase("{count} more", count=len(placed.hidden)))


def resource_lines(placed: PlacedResource, rect: QRectF) -> list[Said]:
    """Its one line behind the icon."""
    left = rect.left() + theme.px(_HEX) + theme.px(4) + theme.px(_ICON) + theme.px(8)
    room = QRectF(left, rect.top(), rect.right() - theme.px(_HEX) - left, rect.height())
    return [Said(text=resource_words(placed), room=room, ink="ink2", elides=True)]


def draw_resource(painter: QPainter, placed: PlacedResource, rect: QRectF) -> None:
    """Six sides, dashed: not material, but it took part."""
    cut, middle = theme.px(_HEX), rect.center().y()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_dashed())
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(rect.left() + cut, rect.top()),
                QPointF(rect.right() - cut, rect.top()),
                QPointF(rect.right(), middle),
                QPointF(rect.right() - cut, rect.bottom()),
                QPointF(rect.left() + cut, rect.bottom()),
                QPointF(rect.left(), middle),
            ]
        )
    )
    side = theme.px(_ICON)
    icon = placed.resource.icon if placed.resource is not None else _FOLD_ICON
    draw_icon(painter, icon, QRectF(round(rect.left() + cut + theme.px(4)), round(middle - side / 2), side, side), "ink2")


def draw_bracket(painter: QPainter, node: QRectF, resources: Sequence[QRectF]) -> None:
    """The dashed line from a node to the resources under it, left of both."""
    if not resources:
        return
    left, start = node.left() - theme.px(16), node.bottom() - theme.px(8)
    painter.setPen(_dashed())
    last = resources[-1]
    painter.drawPolyline(
        [QPointF(node.left(), start), QPointF(left, start), QPointF(left, last.center().y()), QPointF(last.left(), last.center().y())]
    )
    for rect in resources[:-1]:
        painter.drawLine(QPointF(left, rect.center().y()), QPointF(rect.left(), rect.center().y()))


def draw_edge(painter: QPainter, points: Sequence[QPointF], *, strong: bool) -> None:
    """2 px with an arrow head; stronger where it touches the node in focus."""
    width = theme.px(3 if strong else 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QPen(theme.color.ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin))
    tip = points[-1]
    back = QPointF(tip.x() - theme.px(_ARROW), tip.y())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([*points[:-1], back])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color.ink)
    half = theme.px(5)
    painter.drawPolygon(QPolygonF([tip, back + QPointF(0, -half), back + QPointF(0, half)]))


def draw_ring(painter: QPainter, rect: QRectF) -> None:
    """Where the keyboard stands."""
    reach = theme.px(RING)
    box(painter, rect.adjusted(-reach, -reach, reach, reach), border=theme.color.actfill, width=3, radius=7)


def _dashed() -> QPen:
    pen = QPen(theme.color.edge, theme.px(2), Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([3.0, 2.0])
    return pen
