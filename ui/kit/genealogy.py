"""Where material came from and went to: columns from left to right, walked with the arrow keys.

Source: design/face.md §6 Genealogy and §7 (7 Trace); picture 7-trace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.genealogy_columns import NODE_WIDTH
from ui.kit.genealogy_glass import HEAD, PAD, Glass
from ui.kit.genealogy_graph import Duty, Fold, GraphEdge, GraphNode
from ui.kit.genealogy_layout import Box, GraphLayout, PlacedNode, PlacedResource, lay_out
from ui.kit.genealogy_paint import (
    RING,
    draw_bracket,
    draw_edge,
    draw_node,
    draw_resource,
    draw_ring,
    node_lines,
    node_words,
    resource_lines,
    resource_words,
)
from ui.kit.genealogy_walk import Step, Walk
from ui.kit.icons import draw_icon
from ui.kit.language import Words, say
from ui.kit.paint import painter_on, write_lines
from ui.kit.piece import Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT, Type

_DRAG = 8
"""A hand that moved less than this meant a press."""
_STEPS: dict[int, Step] = {
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
}
Placed = PlacedNode | PlacedResource


class Genealogy(Piece, QWidget):
    """Arrows walk the graph; Space opens what the keyboard stands on, and so does a second press.

    `opened` and `focused` carry the key of a node or resource (`focused` nothing on a fold), `unfolded` the keys a fold holds.
    """

    opened = Signal(str)
    unfolded = Signal(object)
    focused = Signal(str)
    ground = "surface"
    least = (NODE_WIDTH, CONTROL_HEIGHT)

    def __init__(self, *, enter_opens: bool, parent: QWidget | None = None) -> None:
        """An empty graph.

        Args:
            enter_opens: Whether Enter opens too while the keyboard stands here; no on a screen whose primary is pressed by it.
            parent: As everywhere.
        """
        super().__init__(parent)
        self._opens = {Qt.Key.Key_Space, *([Qt.Key.Key_Return, Qt.Key.Key_Enter] if enter_opens else [])}
        self._names: dict[int, Words] = {}
        self._layout = lay_out([], [])
        self._walk = Walk(self._layout)
        self._places: dict[str, Placed] = {}
        self._at: str | None = None
        self._glass = Glass()
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_graph(self, nodes: Sequence[GraphNode], edges: Sequence[GraphEdge], names: Mapping[int, Words]) -> None:
        """Another graph; the keyboard stays where it was while that still stands, else it goes to the start.

        Args:
            nodes: Every node with its level.
            edges: From lower to higher levels.
            names: What stands above each level's column.

        Raises:
            ValueError: see `genealogy_graph.fold`.
        """
        self._layout, self._names = lay_out(nodes, edges), dict(names)
        self._walk = Walk(self._layout)
        self._places = {one.node.key: one for one in self._layout.nodes}
        self._places |= {resource.key: resource for one in self._layout.nodes for resource in one.resources}
        if self._at not in self._places:
            start = next((one for one in self._layout.nodes if one.node.duty is Duty.START), None)
            self._at = start.node.key if start is not None else next(iter(self._places), None)
        self._glass.show(self._layout, QSizeF(self.size()))
        self._bring()
        self.retell()

    # what stands ------------------------------------------------------------------------------------------------------------------

    @property
    def layout_now(self) -> GraphLayout:
        """Where everything stands, in pixels at 96 dpi."""
        return self._layout

    @property
    def focus_key(self) -> str | None:
        """Key of the node or resource the keyboard stands on, for F4 to ask its evidence; ``None`` on a fold or on nothing."""
        return self._key_of(self._at) if self._at is not None else None

    def _key_of(self, place: str) -> str | None:
        placed = self._places[place]
        if isinstance(placed, PlacedNode):
            return placed.node.key if isinstance(placed.node, GraphNode) else None
        return placed.resource.key if placed.resource is not None else None

    def focus_on(self, node: str) -> None:
        """Put the keyboard on a node, wherever it stands: a folded one stands as its fold. `KeyError` for none of ours."""
        folds = (one.node for one in self._layout.nodes if isinstance(one.node, Fold))
        self._go_to(next((one.key for one in folds if node in one.members), node))

    def _go_to(self, place: str) -> None:
        self._places[place]
        if place != self._at:
            self._at = place
            self._tell()
            self.focused.emit(self.focus_key or "")
        self._bring()
        self.update()

    def press(self, key: int) -> bool:
        """What a key does, from wherever the shell routes it; whether it was one of ours."""
        step = _STEPS.get(key)
        if step is not None:
            there = self._walk.go(self._at, step)
            if there is not None:
                self._go_to(there)
            return True
        if key in self._opens and self._at is not None:
            self._open(self._at)
            return True
        return False

    def _open(self, place: str) -> None:
        key, placed = self._key_of(place), self._places[place]
        if key is not None:
            self.opened.emit(key)
        elif isinstance(placed, PlacedNode) and isinstance(placed.node, Fold):
            self.unfolded.emit(placed.node.members)
        elif isinstance(placed, PlacedResource):
            self.unfolded.emit(tuple(one.key for one in placed.hidden))

    def retell(self) -> None:
        self._tell()
        self.update()

    def _tell(self) -> None:
        placed = self._places.get(self._at) if self._at is not None else None
        if isinstance(placed, PlacedNode):
            self.setAccessibleName(", ".join(part for part in node_words(placed.node) if part))
        else:
            self.setAccessibleName(resource_words(placed) if placed is not None else "")

    def restyle(self) -> None:
        self._bring()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wide, high = (theme.px(side) for side in (self._layout.width, self._layout.height))
        return QSize(min(wide + 2 * theme.px(PAD), theme.px(1300)), min(theme.px(HEAD) + high + 2 * theme.px(PAD), theme.px(640)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(NODE_WIDTH + 2 * PAD), theme.px(HEAD + 120))

    # painting ---------------------------------------------------------------------------------------------------------------------

    def _bring(self) -> None:
        self._glass.resize(QSizeF(self.size()))
        if self._at is not None:
            self._glass.bring(self._places[self._at].box)
        self.update()

    def _rect(self, box: Box) -> QRectF:
        return self._glass.rect(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bring()

    def _heads(self) -> list[Said]:
        factor, origin, line = theme.factor, self._glass.origin(), theme.line(Type.TEXT)
        lines = []
        for level, left in self._layout.columns:
            room = QRectF(origin.x() + left * factor, (theme.px(HEAD) - line) / 2 + theme.px(2), theme.px(NODE_WIDTH), line)
            lines.append(Said(text=say(self._names.get(level, "")), room=room, ink="ink2", elides=True))
        return lines

    def _lines(self) -> list[Said]:
        """Of everything that is on the glass, whole or in part."""
        seen, lines = self._glass.seen, list[Said]()
        for one in self._layout.nodes:
            rect = self._rect(one.box)
            if rect.intersects(seen):
                lines += node_lines(one.node, rect)
            for resource in one.resources:
                rect = self._rect(resource.box)
                if rect.intersects(seen):
                    lines += resource_lines(resource, rect)
        return lines

    def said(self) -> list[Said]:
        """What can be read: nodes cut by the edge of the glass are brought in by a key."""
        seen, wide = self._glass.seen, QRectF(self.rect())
        return [*(one for one in self._heads() if wide.contains(one.room)), *(one for one in self._lines() if seen.contains(one.room))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.surface)
        painter.setClipRect(self._glass.seen)
        self._draw_edges(painter)
        seen = self._glass.seen.adjusted(-theme.px(PAD), -theme.px(PAD), theme.px(PAD), theme.px(PAD))
        for one in self._layout.nodes:
            rect, resources = self._rect(one.box), [self._rect(resource.box) for resource in one.resources]
            draw_bracket(painter, rect, resources)
            if rect.intersects(seen):
                draw_node(painter, one.node, rect)
            for resource, below in zip(one.resources, resources, strict=True):
                if below.intersects(seen):
                    draw_resource(painter, resource, below)
        if self._at is not None and self.hasFocus():
            draw_ring(painter, self._rect(self._places[self._at].box))
        write_lines(painter, self._lines())
        painter.setClipping(False)
        write_lines(painter, self._heads())
        self._draw_more(painter)

    def _draw_edges(self, painter: QPainter) -> None:
        factor, origin, seen = theme.factor, self._glass.origin(), self._glass.seen
        here = self._walk.node_of(self._at)
        for route in self._layout.routes:
            points = [QPointF(origin.x() + round(x * factor), origin.y() + round(y * factor)) for x, y in route.points]
            if QPolygonF(points).boundingRect().adjusted(-1, -1, 1, 1).intersects(seen):
                draw_edge(painter, points, strong=self.hasFocus() and here in (route.edge.source, route.edge.target))

    def _draw_more(self, painter: QPainter) -> None:
        """An arrow at every side where the graph goes on."""
        side, seen = theme.px(24), self._glass.seen
        middle = seen.center() - QPointF(side / 2, side / 2)
        ways = (
            ("back", 0.0, middle.y()),
            ("arrow", seen.right() - side, middle.y()),
            ("up", middle.x(), seen.top()),
            ("down", middle.x(), seen.bottom() - side),
        )
        for (name, left, top), goes_on in zip(ways, self._glass.goes_on, strict=True):
            if goes_on:
                square = QRectF(round(left), round(top), side, side)
                painter.fillRect(square, theme.color.surface)
                draw_icon(painter, name, square, "ink2")

    # the hand ---------------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.press(event.key()):
            super().keyPressEvent(event)

    def _place_under(self, at: QPointF) -> str | None:
        """What stands there: a node, a fold or a resource."""
        if not self._glass.seen.contains(at):
            return None
        reach = RING / 2  # a gloved finger beside the border still means the node
        rects = ((key, self._rect(one.box).adjusted(-reach, -reach, reach, reach)) for key, one in self._places.items())
        return next((key for key, rect in rects if rect.contains(at)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        moved = self._pressed - event.position()
        if self._dragged or moved.manhattanLength() >= theme.px(_DRAG):
            self._dragged, self._pressed = True, event.position()
            self._glass.move(moved)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        key = self._place_under(event.position()) if pressed is not None and not self._dragged else None
        if key is None:
            return
        again = key == self._at
        self._go_to(key)
        if again:
            self._open(key)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        self._glass.move(QPointF(-turned.x(), -turned.y()))
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
