"""Which place every node of a genealogy takes in its column: near what it is joined to, in an order with few crossings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from ui.kit.genealogy_graph import MOST_RESOURCES, Folded, GraphEdge, GraphNode, Standing, rank_of

NODE_WIDTH, NODE_HEIGHT = 200, 80
RESOURCE_HEIGHT = 44
FIRST_RESOURCE, NEXT_RESOURCE = 16, 8
"""Free above the first resource of a node, and above every other one."""
APART = 12
GRID = 4
PASS_HEIGHT = 16
"""Room in a column for the edges of one source that pass through it to a later one."""
_SWEEPS = 4
_PAIRED = 12
"""How much more the other end of a chain pulls, so that chains run straight."""

Path = tuple[GraphEdge, list["Slot"]]
"""An edge and the slots it goes by: its source, passes, its target."""


@dataclass(slots=True, eq=False)
class Slot:
    """One place in a column while it is sought: of a node, or of edges that pass."""

    column: int
    node: Standing | None
    height: int
    top: int = 0
    lefts: list[Slot] = field(default_factory=list)
    rights: list[Slot] = field(default_factory=list)

    @property
    def anchor(self) -> int:
        """Height at which its edges arrive, ideally."""
        return self.top + (NODE_HEIGHT if self.node is not None else PASS_HEIGHT) // 2

    @property
    def pitch(self) -> int:
        """What it takes of its column, with the room to the next one; a multiple of the grid."""
        return -(-(self.height + APART) // GRID) * GRID


def slots_of(folded: Folded) -> tuple[list[list[Slot]], list[Path]]:
    """A slot for every node, and one for all edges of one source wherever they pass through a column."""
    columns: list[list[Slot]] = []
    of: dict[str, Slot] = {}
    for n, column in enumerate(folded.columns):
        columns.append([Slot(column=n, node=one, height=_height(one)) for one in column])
        of.update({slot.node.key: slot for slot in columns[n] if slot.node is not None})
    passes: dict[tuple[str, int], Slot] = {}
    paths: list[Path] = []
    for edge in folded.edges:
        source, target = of[edge.source], of[edge.target]
        path = [source]
        for n in range(source.column + 1, target.column):
            if (edge.source, n) not in passes:
                passes[edge.source, n] = Slot(column=n, node=None, height=PASS_HEIGHT)
                columns[n].append(passes[edge.source, n])
            path.append(passes[edge.source, n])
        path.append(target)
        for left, right in pairwise(path):
            if right not in left.rights:
                left.rights.append(right)
                right.lefts.append(left)
        paths.append((edge, path))
    return columns, paths


def _height(one: Standing) -> int:
    count = min(len(one.resources), MOST_RESOURCES) if isinstance(one, GraphNode) else 0
    return NODE_HEIGHT + (FIRST_RESOURCE - NEXT_RESOURCE + count * (NEXT_RESOURCE + RESOURCE_HEIGHT) if count else 0)


def order(columns: list[list[Slot]]) -> None:
    """Sort every column by the middle of what its slots are joined to, there and back a few times; folds and unknown stay last."""
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        for column in columns[1:] if rightwards else columns[-2::-1]:
            places = {id(slot): n for other in columns for n, slot in enumerate(other)}
            middles = {}
            for n, slot in enumerate(column):
                joined = slot.lefts if rightwards else slot.rights
                middles[id(slot)] = sum(places[id(one)] for one in joined) / len(joined) if joined else float(n)
            column.sort(key=lambda slot: (rank_of(slot.node) if slot.node is not None else 0, middles[id(slot)]))


def place(columns: list[list[Slot]]) -> None:
    """The tallest column stands close; the others follow it outwards, then everything settles between both its sides."""
    if not columns:
        return
    tallest = max(range(len(columns)), key=lambda n: sum(slot.pitch for slot in columns[n]))
    _settle(columns[tallest], lambda slot: 0.0)
    for n in range(tallest + 1, len(columns)):
        _settle(columns[n], lambda slot: _wanted(slot, slot.lefts))
    for n in range(tallest - 1, -1, -1):
        _settle(columns[n], lambda slot: _wanted(slot, slot.rights))
    for _ in range(_SWEEPS):
        for n, column in enumerate(columns):
            if n != tallest:
                _settle(column, lambda slot: _wanted(slot, slot.lefts + slot.rights))
    highest = min(slot.top for column in columns for slot in column)
    for column in columns:
        for slot in column:
            slot.top -= highest


def _wanted(slot: Slot, joined: list[Slot]) -> float:
    """Top at which it would stand level with what it is joined to."""
    if not joined:
        return float(slot.top)
    weights = [_PAIRED if _is_pair(slot, one) else 1 for one in joined]
    middle = sum(one.anchor * weight for one, weight in zip(joined, weights, strict=True)) / sum(weights)
    return middle - (slot.anchor - slot.top)


def _is_pair(one: Slot, other: Slot) -> bool:
    """Whether an edge joins two slots that are joined to nothing else on its side."""
    left, right = (one, other) if one.column < other.column else (other, one)
    return len(left.rights) == 1 and len(right.lefts) == 1


def _settle(column: list[Slot], wanted: Callable[[Slot], float]) -> None:
    """As near to the wanted tops as order and room allow: least squares by pooling neighbours that would overlap."""
    before, offsets = 0, []
    for slot in column:
        offsets.append(before)
        before += slot.pitch
    pools: list[tuple[float, int]] = []
    for slot, offset in zip(column, offsets, strict=True):
        mean, count = wanted(slot) - offset, 1
        while pools and pools[-1][0] >= mean:
            above, many = pools.pop()
            mean, count = (above * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    levels = [round(mean / GRID) * GRID for mean, count in pools for _ in range(count)]
    for slot, offset, level in zip(column, offsets, levels, strict=True):
        slot.top = level + offset
