"""A trace as columns of nodes: what carries material stands in a column, what had a hand in it hangs under it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.tracing.graph import Trace, TraceNode
from app.tracing.graph_words import kind_words, node_words, second_words
from ui.kit import Duty, GraphEdge, GraphNode, Resource, Words

ICONS = {
    "supplier_lot": "ship",
    "lot": "pack",
    "container": "pack",
    "batch": "batches",
    "unit": "trace",
    "label": "labels",
    "asset": "sensor",
    "calibration": "gauge",
    "person": "person",
    "inspection": "inspect",
    "deviation": "deviate",
}
HANGING = ("inspection", "deviation", "asset", "person", "container", "label", "calibration")
"""In the order they hang under a node. A container or a label stands in its column only when the trace starts there."""
_HELD = {("lot", "held"), ("lot", "rejected"), ("batch", "rejected")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What `Genealogy.show_graph` takes."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    names: Mapping[int, Words]


def picture_of(found: Trace) -> Picture:
    """Containers and labels give way to what they join; everything else of the trace is somewhere in the picture."""
    start = next(node for node in found.nodes if node.id == found.start.id and node.kind == found.start.kind)
    by_key = {node.key: node for node in found.nodes}
    standing = [node for node in found.nodes if node is start or node.kind not in HANGING]
    levels = {node.key: -1 if node.level is None else node.level for node in standing}
    ways = _ways(found, by_key, set(levels))
    hanging = _hanging(found, by_key, levels)
    batches = {node.id: node.code for node in found.of("batch")}
    nodes = [_node(node, batches, levels[node.key], hanging.get(node.key, ()), is_start=node is start) for node in standing]
    edges = [GraphEdge(source=source, target=target) for source, target in ways if levels[source] < levels[target]]
    names = {levels[node.key]: kind_words(node.kind) for node in standing}
    return Picture(nodes=tuple(nodes), edges=tuple(edges), names=names)


def _ways(found: Trace, by_key: Mapping[str, TraceNode], standing: set[str]) -> list[tuple[str, str]]:
    """Edges between what stands; one that ends at a container goes on to where the container went."""
    on_from: dict[str, list[str]] = defaultdict(list)
    for edge in found.edges:
        if edge.source not in standing and by_key[edge.source].kind == "container":
            on_from[edge.source].append(edge.target)
    ways = dict.fromkeys(
        (edge.source, end) for edge in found.edges if edge.source in standing for end in on_from.get(edge.target, [edge.target])
    )
    return [(source, target) for source, target in ways if target in standing]


def _hanging(found: Trace, by_key: Mapping[str, TraceNode], levels: Mapping[str, int]) -> dict[str, tuple[Resource, ...]]:
    """What hangs under each standing node: its containers and labels, and what had a hand in it."""
    under: dict[str, dict[str, TraceNode]] = defaultdict(dict)
    for edge in found.edges:
        source, target = by_key[edge.source], by_key[edge.target]
        if target.key in levels and source.key not in levels and source.level is None:
            under[target.key][source.key] = source
        if source.key in levels and target.key not in levels and target.level is not None:
            under[source.key][target.key] = target
    return {
        key: tuple(
            Resource(key=node.key, name=hanging_words(node), icon=ICONS[node.kind])
            for node in sorted(nodes.values(), key=lambda node: (HANGING.index(node.kind), node.key))
        )
        for key, nodes in under.items()
    }


def hanging_words(node: TraceNode) -> Words:
    """A person is called by name, a label by its copy (it hangs under what it names), everything else by its code."""
    if node.kind == "label" and node.code is not None:
        return Phrase("label, copy {copy}", copy=node.code.rpartition("/")[2])
    return node.name if node.kind == "person" and node.name is not None else node_words(node)


def _title(node: TraceNode, batches: Mapping[UUID | None, str | None]) -> Words:
    """A serial begins with the code of its batch; where that stands beside it, only the unit's own number is left: it must be readable."""
    batch = batches.get(node.batch)
    if node.kind != "unit" or node.code is None or batch is None or not node.code.startswith(f"{batch}-"):
        return node_words(node)
    return Phrase("unit {number}", number=node.code.removeprefix(f"{batch}-"))


def _node(
    node: TraceNode, batches: Mapping[UUID | None, str | None], level: int, resources: tuple[Resource, ...], *, is_start: bool
) -> GraphNode:
    held = (node.kind, node.status) in _HELD
    return GraphNode(
        key=node.key,
        level=level,
        title=_title(node, batches),
        second=second_words(node),
        icon=ICONS[node.kind],
        duty=Duty.START if is_start else Duty.HOLD if held else Duty.NONE,
        count=Quantity(Decimal(node.many), "") if node.kind == "unit" else None,
        resources=resources,
    )
