"""How nodes and edges of a trace read; the screen and the command line say the same words."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.tracing.graph import TraceNode
from app.tracing.graph_start import Start

KINDS = {
    "supplier_lot": "supplier lot",
    "lot": "our lots",
    "container": "containers",
    "batch": "batches",
    "unit": "units",
    "label": "labels",
    "asset": "machines and gauges",
    "calibration": "calibrations",
    "person": "people",
    "inspection": "inspections",
    "deviation": "deviations",
}
RECORDS = {
    "supplier_lot": "supplier lot {code}",
    "lot": "lot {code}",
    "container": "container {code}",
    "batch": "batch {code}",
    "unit": "unit {code}",
    "label": "label {code}",
    "asset": "equipment {code}",
    "calibration": "certificate {code}",
    "person": "person {code}",
    "inspection": "inspection {code}",
    "deviation": "deviation {code}",
}
GROUPS = {
    "supplier_lot": "{count} supplier lots",
    "lot": "{count} lots",
    "container": "{count} containers",
    "batch": "{count} batches",
    "unit": "{count} units",
    "label": "{count} labels",
    "asset": "{count} machines and gauges",
    "calibration": "{count} calibrations",
    "person": "{count} people",
    "inspection": "{count} inspections",
    "deviation": "{count} deviations",
}
EDGES = {
    "received as": "received as",
    "packed in": "packed in",
    "went into": "went into",
    "went into its units": "went into its units",
    "made": "made there",
    "labelled with": "labelled with",
    "measured": "measured by",
    "weighed": "weighed on",
    "used in": "used there",
    "in force for": "calibration in force",
    "worked on": "worked on it",
    "inspected": "inspected",
    "raised on": "raised on it",
}
STATES = {
    "lot quarantine": "in quarantine",
    "lot held": "held",
    "lot released": "released",
    "lot rejected": "rejected",
    "batch open": "under way",
    "batch complete": "complete, not released",
    "batch released for production": "released for production",
    "batch released to market": "released to market",
    "batch rejected": "rejected",
    "unit made": "without label",
    "unit labelled": "labelled",
    "unit sampled": "taken as samples",
    "unit scrapped": "scrapped",
    "label requested": "requested",
    "label validated": "read back before printing",
    "label sent": "sent",
    "label printing": "being printed",
    "label printed": "printed",
    "label verified": "scanned back",
    "label unknown": "printing unknown",
    "label refused": "refused by the printer",
    "label applied": "applied",
    "label destroyed": "destroyed",
    "calibration passed": "passed",
    "calibration failed": "failed",
    "inspection open": "under way",
    "inspection accepted": "accepted",
    "inspection rejected": "rejected",
    "deviation open": "open",
    "deviation decided": "decided",
}
"""By kind of record and its status."""


def kind_words(kind: str) -> Phrase:
    """The heading above nodes of a kind."""
    return Phrase(KINDS[kind])


def record_words(start: Start) -> Phrase:
    """One record by its kind and code."""
    return Phrase(RECORDS[start.kind], code=start.code)


def edge_words(what: str) -> Phrase:
    """What the source of an edge has to do with its target."""
    return Phrase(EDGES[what])


def node_words(node: TraceNode) -> Phrase:
    """The code of a record, or how many a group holds."""
    return Phrase(GROUPS[node.kind], count=node.many) if node.code is None else Phrase("{code}", code=node.code)


def status_words(kind: str, status: str) -> Phrase:
    """The state of a record, or the one that all of a group have."""
    return Phrase(STATES[f"{kind} {status}"])


def second_words(node: TraceNode) -> Phrase:
    """What stands under the code: how much and what, or in which state."""
    status = status_words(node.kind, node.status) if node.status is not None else None
    if node.amount is not None and status is not None:
        return Phrase("{amount} • {status}", amount=node.amount, status=status)
    if node.amount is not None and node.kind == "supplier_lot":
        return Phrase("{amount} • {name}", amount=node.amount, name=node.name)
    if node.amount is not None:
        return Phrase("{amount}", amount=node.amount)
    return status if status is not None else Phrase("{name}", name=node.name if node.name is not None else "")
