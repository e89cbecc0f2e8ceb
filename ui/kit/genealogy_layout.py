"""Where everything of a genealogy stands: columns from left to right, nothing on anything else, edges with right angles.

A pure function: dataclasses in, positions out, in pixels at 96 dpi. Cost is linear in nodes and edges until they are folded, and after
that there are at most eight nodes in a column. Source: design/face.md §6 Genealogy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui.kit.genealogy_columns import (
    FIRST_RESOURCE,
    NEXT_RESOURCE,
    NODE_HEIGHT,
    NODE_WIDTH,
    RESOURCE_HEIGHT,
    Slot,
    order,
    place,
    slots_of,
)
from ui.kit.genealogy_graph import MOST_RESOURCES, GraphEdge, GraphNode, Resource, Standing, fold
from ui.kit.genealogy_routes import Route, route


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels at 96 dpi."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedResource:
    """One resource under its node; or, where they are too many, all the others as one."""

    key: str
    """Its own here: one gauge may stand under many batches."""
    resource: Resource | None
    hidden: tuple[Resource, ...]
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedNode:
    """A node or a fold where it stands, with its resources."""

    node: Standing
    column: int
    box: Box
    resources: tuple[PlacedResource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphLayout:
    """All of it, from 0, 0; columns in the order of their levels."""

    nodes: tuple[PlacedNode, ...]
    routes: tuple[Route, ...]
    columns: tuple[tuple[int, int], ...]
    """Level and left edge of every column."""
    width: int
    height: int


def lay_out(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]) -> GraphLayout:
    """Place a genealogy.

    Args:
        nodes: Every node with its level, in the order they should stand as far as edges leave a choice.
        edges: From lower to higher levels; across several levels too.

    Raises:
        ValueError: see `fold`.
    """
    folded = fold(nodes, edges)
    columns, paths = slots_of(folded)
    order(columns)
    place(columns)
    lefts, routes = route(columns, paths)
    placed = tuple(_placed(slot, slot.node, lefts[slot.column]) for column in columns for slot in column if slot.node is not None)
    levels = tuple((column[0].level, left) for column, left in zip(folded.columns, lefts, strict=True))
    bottom = max((slot.top + slot.height for column in columns for slot in column), default=0)
    return GraphLayout(nodes=placed, routes=routes, columns=levels, width=lefts[-1] + NODE_WIDTH if lefts else 0, height=bottom)


def _placed(slot: Slot, node: Standing, left: int) -> PlacedNode:
    box = Box(x=left, y=slot.top, width=NODE_WIDTH, height=NODE_HEIGHT)
    return PlacedNode(node=node, column=slot.column, box=box, resources=_resources(node, box) if isinstance(node, GraphNode) else ())


def _resources(node: GraphNode, box: Box) -> tuple[PlacedResource, ...]:
    """Under their node; of more than `MOST_RESOURCES` the last place stands for all the others."""
    many = len(node.resources) > MOST_RESOURCES
    shown = node.resources[: MOST_RESOURCES - 1] if many else node.resources
    placed, top = [], box.bottom + FIRST_RESOURCE
    for resource in shown:
        here = Box(x=box.x, y=top, width=NODE_WIDTH, height=RESOURCE_HEIGHT)
        placed.append(PlacedResource(key=f"{node.key}/{resource.key}", resource=resource, hidden=(), box=here))
        top += RESOURCE_HEIGHT + NEXT_RESOURCE
    if many:
        here = Box(x=box.x, y=top, width=NODE_WIDTH, height=RESOURCE_HEIGHT)
        placed.append(PlacedResource(key=f"{node.key}/more@", resource=None, hidden=node.resources[MOST_RESOURCES - 1 :], box=here))
    return tuple(placed)
