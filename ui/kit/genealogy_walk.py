"""How the arrow keys walk a genealogy: along edges to the left and right, through the column up and down. No Qt."""

from __future__ import annotations

from enum import Enum, auto

from ui.kit.genealogy_layout import GraphLayout, PlacedNode


class Step(Enum):
    """One press of an arrow key."""

    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()


class Walk:
    """The ways through one layout."""

    def __init__(self, layout: GraphLayout) -> None:
        self._nodes = {one.node.key: one for one in layout.nodes}
        self._owner = {resource.key: one.node.key for one in layout.nodes for resource in one.resources}
        self._columns: dict[int, list[str]] = {}
        for one in sorted(layout.nodes, key=lambda one: one.box.y):
            self._columns.setdefault(one.column, []).extend([one.node.key, *(resource.key for resource in one.resources)])
        self._rights: dict[str, list[str]] = {}
        self._lefts: dict[str, list[str]] = {}
        for route in layout.routes:
            self._rights.setdefault(route.edge.source, []).append(route.edge.target)
            self._lefts.setdefault(route.edge.target, []).append(route.edge.source)

    def node_of(self, key: str | None) -> str | None:
        """The node itself, or the one a resource stands under."""
        return self._owner.get(key, key) if key is not None else None

    def go(self, key: str | None, step: Step) -> str | None:
        """Where a step leads; ``None`` where there is nothing further.

        Left and right follow an edge to whatever stands nearest in height; a resource goes where its node goes.
        """
        node = self.node_of(key)
        if key is None or node is None:
            return None
        if step in (Step.LEFT, Step.RIGHT):
            here = self._nodes[node]
            joined = (self._lefts if step is Step.LEFT else self._rights).get(node, [])
            return min(joined, key=lambda one: self._far(here, self._nodes[one]), default=None)
        column = self._columns[self._nodes[node].column]
        n = column.index(key) + (1 if step is Step.DOWN else -1)
        return column[n] if 0 <= n < len(column) else None

    @staticmethod
    def _far(one: PlacedNode, other: PlacedNode) -> tuple[int, int, int]:
        return abs(one.column - other.column), abs(one.box.middle - other.box.middle), other.box.y
