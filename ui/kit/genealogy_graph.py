"""What a genealogy is made of, and how a column that is too long folds: no Qt, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from app.base.measurement import Quantity

if TYPE_CHECKING:
    from ui.kit.language import Words

MOST = 8
"""Places a column has; of more nodes the rest is one of them (face.md §6 Genealogy)."""
MOST_RESOURCES = 4


class Duty(Enum):
    """What a node asks of a person, by urgency: a folded column keeps the most urgent ones visible."""

    START = 0
    HOLD = 1
    UNKNOWN = 2
    TELL = 3
    NONE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A machine, a gauge, a person or an inspection that took part in a batch; stands under it."""

    key: str
    name: Words
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNode:
    """A lot, a batch, a load, a customer: what was made from something and went somewhere."""

    key: str
    level: int
    """Its column; only the order of levels counts."""
    title: Words
    second: Words
    icon: str
    duty: Duty
    count: Quantity | None
    """What a fold sums up."""
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEdge:
    """The target was made from the source, or the source went there; from a lower level to a higher one."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The rest of a column."""

    key: str
    level: int
    members: tuple[str, ...]
    sums: tuple[Quantity, ...]
    """One for each unit, in the order the units appeared; members without a count add nothing."""
    duty: Duty
    """The most urgent one of its members."""


Standing = GraphNode | Fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The graph as it stands: short columns, and the edges between what stands in them."""

    columns: tuple[tuple[Standing, ...], ...]
    edges: tuple[GraphEdge, ...]
    """Each once, whatever was folded."""


def fold(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]) -> Folded:
    """Shorten every column to at most `MOST` places.

    Args:
        nodes: In the order they should stand, as far as edges leave a choice.
        edges: In any order; the same edge twice counts once.

    Raises:
        ValueError: two nodes with one key, an edge from or to nothing, an edge that does not go to a higher level.
    """
    by_key = {node.key: node for node in nodes}
    if len(by_key) != len(nodes):
        raise ValueError("two nodes have the same key")
    for edge in edges:
        source, target = by_key.get(edge.source), by_key.get(edge.target)
        if source is None or target is None:
            raise ValueError(f"edge {edge.source} → {edge.target}: there is no such node")
        if source.level >= target.level:
            raise ValueError(f"edge {edge.source} → {edge.target} does not go to a higher level")
    by_level: dict[int, list[GraphNode]] = {}
    for node in nodes:
        by_level.setdefault(node.level, []).append(node)
    columns = tuple(_shortened(by_level[level]) for level in sorted(by_level))
    stands = {key: one.key for column in columns for one in column for key in (one.members if isinstance(one, Fold) else (one.key,))}
    kept = dict.fromkeys((stands[edge.source], stands[edge.target]) for edge in edges)
    return Folded(columns=columns, edges=tuple(GraphEdge(source=source, target=target) for source, target in kept))


def _shortened(column: list[GraphNode]) -> tuple[Standing, ...]:
    """The most urgent ones in their own order, then the fold, then what is unknown."""
    standing: list[Standing] = list(column)
    if len(column) > MOST:
        urgent = set(sorted(range(len(column)), key=lambda n: column[n].duty.value)[: MOST - 1])
        rest = [one for n, one in enumerate(column) if n not in urgent]
        standing = [*(one for n, one in enumerate(column) if n in urgent), _folded(rest)]
    return tuple(sorted(standing, key=rank_of))


def rank_of(one: Standing) -> int:
    """Folds stand behind the nodes of their column, and what is unknown last of all."""
    return 2 if one.duty is Duty.UNKNOWN and isinstance(one, GraphNode) else 1 if isinstance(one, Fold) else 0


def _folded(rest: list[GraphNode]) -> Fold:
    sums: dict[str, Decimal] = {}
    for node in rest:
        if node.count is not None:
            sums[node.count.unit] = sums.get(node.count.unit, Decimal(0)) + node.count.value
    return Fold(
        key=f"more@{rest[0].level}",
        level=rest[0].level,
        members=tuple(node.key for node in rest),
        sums=tuple(Quantity(value, unit) for unit, value in sums.items()),
        duty=min((node.duty for node in rest), key=lambda duty: duty.value),
    )
