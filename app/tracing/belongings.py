"""What belongs to a record: which rows of which table, for its file, its trail and whoever browses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.core.masking import shown_as
from app.tracing.batch_traces import CHANNELS

_OF_THE_LOT = "(SELECT id FROM lineside.deviation WHERE subject_kind = 'lot' AND subject_id = :record)"
_TYPED_OF_LOT = "(SELECT id FROM lineside.typed_value WHERE inspection IN (SELECT id FROM lineside.inspection WHERE lot = :record))"
OF_LOT = {
    "lot": "t.id = :record",
    "receipt": "t.lot = :record",
    "receipt_undo": "t.receipt IN (SELECT id FROM lineside.receipt WHERE lot = :record)",
    "container": "t.lot = :record",
    "weighing": "t.container IN (SELECT id FROM lineside.container WHERE lot = :record)",
    "label": "t.subject_kind = 'container' AND t.subject_id IN (SELECT id FROM lineside.container WHERE lot = :record)",
    "ledger": "t.lot = :record",
    "inspection": "t.lot = :record",
    "measurement": "t.inspection IN (SELECT id FROM lineside.inspection WHERE lot = :record)",
    "typed_value": "t.inspection IN (SELECT id FROM lineside.inspection WHERE lot = :record)",
    "deviation": "t.subject_kind = 'lot' AND t.subject_id = :record",
    "deviation_photo": f"t.deviation IN {_OF_THE_LOT}",
    "attachment": f"t.sha256 IN (SELECT decode(picture, 'hex') FROM lineside.deviation_photo WHERE deviation IN {_OF_THE_LOT})",
    "signature": f"(t.subject_kind = 'lot' AND t.subject_id = :record) OR (t.subject_kind = 'deviation' AND t.subject_id IN {_OF_THE_LOT})"
    f" OR (t.subject_kind = 'typed_value' AND t.subject_id IN {_TYPED_OF_LOT})",
    "practice": "true",  # in a plant for practice the row that says so, with its entry in the trail: nobody takes it off the manifest alone
}
"""Which rows of which table belong to a lot."""

_STEPS = "(SELECT id FROM lineside.batch_step WHERE batch = :record)"
_CONSUMPTIONS = f"(SELECT id FROM lineside.consumption WHERE batch_step IN {_STEPS})"
_DEVIATIONS = "(SELECT id FROM lineside.deviation WHERE subject_kind = 'batch' AND subject_id = :record)"
_PICTURES = (
    "(SELECT spec ->> 'picture' FROM lineside.batch_step_seen WHERE batch = :record"
    f" UNION SELECT said FROM lineside.step_entry WHERE origin = 'imported' AND batch_step IN {_STEPS}"
    f" UNION SELECT picture FROM lineside.deviation_photo WHERE deviation IN {_DEVIATIONS})"
)
OF_BATCH = {
    "batch": "t.id = :record",
    "batch_step": "t.batch = :record",
    "step_entry": f"t.batch_step IN {_STEPS}",
    "typed_value": f"t.batch_step IN {_STEPS}",
    "consumption": f"t.batch_step IN {_STEPS}",
    "consumption_undo": f"t.consumption IN {_CONSUMPTIONS}",
    "ledger": f"t.cause IN {_CONSUMPTIONS} OR t.cause IN (SELECT id FROM lineside.consumption_undo WHERE consumption IN {_CONSUMPTIONS})",
    "kit": "t.batch = :record",
    "unit": "t.batch = :record",
    "label": "t.kind = 'unit' AND t.subject_id IN (SELECT id FROM lineside.unit WHERE batch = :record)",
    "exception_acceptance": "t.batch = :record",
    "deviation": "t.subject_kind = 'batch' AND t.subject_id = :record",
    "deviation_photo": f"t.deviation IN {_DEVIATIONS}",
    "signature": f"(t.subject_kind = 'batch' AND t.subject_id = :record) OR (t.subject_kind = 'batch_step' AND t.subject_id IN {_STEPS})"
    f" OR (t.subject_kind = 'deviation' AND t.subject_id IN {_DEVIATIONS})"
    f" OR (t.subject_kind = 'typed_value' AND t.subject_id IN (SELECT id FROM lineside.typed_value WHERE batch_step IN {_STEPS}))",
    "sample_batch": f"t.id IN (SELECT s.batch FROM ({CHANNELS}) c JOIN lineside.sample s"
    " ON s.channel = c.channel AND s.at >= c.started_at AND s.at < coalesce(c.done_at, 'infinity'))",
    "practice": "true",  # as in the record of a lot
    "attachment": f"t.sha256 IN (SELECT decode(p.digest, 'hex') FROM {_PICTURES} p (digest))",
}
"""Which rows of which table belong to a batch; of samples the batches they came in, whose digest is in the trail."""

SEEN_OF_LOT, SEEN_OF_BATCH = ("supplier",), ("supplier", "formula")
"""Classes of masked fields in these records, and in their papers: who makes one must see them all."""


def rows_of(session: Session, tables: Mapping[str, str], record: UUID) -> list[Row[Any]]:
    """The rows of a record: ``tab``, ``id``, ``image``; `tables` says by table which rows ``t`` belong to ``:record``."""
    return _asked(session, tables, record, "t.id, row_to_json(t)::text AS image")


def ids_of(session: Session, tables: Mapping[str, str], record: UUID) -> set[UUID]:
    """Which rows they are; a batch of 10 000 units has more of them than anybody wants to carry."""
    return {row.id for row in _asked(session, tables, record, "t.id")}


def _asked(session: Session, tables: Mapping[str, str], record: UUID, columns: str) -> list[Row[Any]]:
    selects = (f"SELECT '{table}' AS tab, {columns} FROM lineside.{shown_as(table)} t WHERE {mine}" for table, mine in tables.items())
    return list(session.execute(text(" UNION ALL ".join(selects) + " ORDER BY tab, id"), {"record": record}))
