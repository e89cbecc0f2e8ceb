"""Where material came from and went to: nodes and edges of one trace, in an order that never changes.

The database walks (migrations/sql/batches_trace.sql, `lineside.trace_from`); nothing is computed here that a person could not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.tracing.graph_start import Start, find

MOST = 50
"""A kind with more records than this stands as groups, each with its count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceNode:
    """One record, or a group of records of one kind."""

    key: str
    """Unique in its trace, and the same whenever it is asked again."""
    kind: str
    """``supplier_lot lot container batch unit label``, in the order material flows; ``asset calibration person inspection deviation``."""
    level: int | None
    """0 for a supplier lot to 5 for a label; ``None`` for what had a hand in it."""
    id: UUID | None
    """``None`` for a group."""
    batch: UUID | None
    """Of a unit, and of a group of units of one batch."""
    code: str | None
    """``None`` for a group."""
    name: Name | None
    status: str | None
    amount: Quantity | None
    """Of a lot what was received, of a container what it held, of a batch the units made."""
    many: int
    """1, or how many records the group stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEdge:
    """The target was made from the source, or the source had a hand in it; ``many``: between how many pairs of records."""

    source: str
    target: str
    what: str
    many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """All that one record leads to (forward), or all that leads to it."""

    start: Start
    forward: bool
    nodes: tuple[TraceNode, ...]
    """Ordered by level, kind and code; what had a hand in it last."""
    edges: tuple[TraceEdge, ...]
    """Ordered by source and target."""

    @property
    def units(self) -> Mapping[str, int]:
        """How many units the trace reaches, by their status; they are never counted twice."""
        counts: Counter[str] = Counter()
        for node in self.of("unit"):
            counts[node.status or ""] += node.many
        return dict(sorted(counts.items()))

    def of(self, *kinds: str) -> tuple[TraceNode, ...]:
        """The nodes of some kinds."""
        return tuple(node for node in self.nodes if node.kind in kinds)


_TRACE = text("SELECT * FROM lineside.trace_from(:kind, :id, :forward, :most)")


def trace(session: Session, code: str, *, forward: bool | None, most: int = MOST) -> Trace:
    """Trace what a scanned or typed code names.

    Args:
        session: Of the question.
        code: See `find`.
        forward: Where it went; ``False``: where it came from; ``None``: what one asks first of such a record.
        most: How many records of one kind stand singly.

    Raises:
        NothingNamed, SeveralNamed, NotOurUnit: see `find`.
    """
    start = find(session, code)
    return trace_from(session, start, forward=start.asks_forward if forward is None else forward, most=most)


def trace_from(session: Session, start: Start, *, forward: bool, most: int = MOST) -> Trace:
    """Trace one record."""
    rows = session.execute(_TRACE, {"kind": start.kind, "id": start.id, "forward": forward, "most": most}).all()
    nodes = sorted((_node(row) for row in rows), key=_place)
    edges = [TraceEdge(source=source, target=row.key, what=what, many=many) for row in rows for source, what, many in row.edges]
    order = {node.key: n for n, node in enumerate(nodes)}
    edges.sort(key=lambda edge: (order[edge.source], order[edge.target], edge.what))
    return Trace(start=start, forward=forward, nodes=tuple(nodes), edges=tuple(edges))


def _node(row: Row[Any]) -> TraceNode:
    return TraceNode(
        key=row.key,
        kind=row.kind,
        level=row.level,
        id=row.id,
        batch=row.batch,
        code=row.code,
        name=Name(row.name_en, row.name_zh) if row.name_en is not None else None,
        status=row.status,
        amount=Quantity(row.amount, row.unit) if row.amount is not None else None,
        many=row.many,
    )


def _place(node: TraceNode) -> tuple[int, str, bool, str, str]:
    """Groups stand behind what stands singly."""
    return (6 if node.level is None else node.level, node.kind, node.code is None, node.code or "", node.key)
