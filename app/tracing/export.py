"""The record of a lot as one file that can be checked without our software (capability F10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.base.phrases import Language, Phrase
from app.reports.bundle import bundle, json_line
from app.tracing.queries import lot_history
from app.tracing.report import lot_paper

# The rows as the trail's images have them: written by row_to_json, in UTC, bytes as hex (migrations/sql/audit.sql).
_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
_AS_IN_THE_TRAIL = text("SELECT set_config('timezone', 'UTC', true), set_config('bytea_output', 'hex', true)")
_OF_LOT = {
    "lot": "t.id = :lot",
    "receipt": "t.lot = :lot",
    "receipt_undo": "t.receipt IN (SELECT id FROM lineside.receipt WHERE lot = :lot)",
    "container": "t.lot = :lot",
    "weighing": "t.container IN (SELECT id FROM lineside.container WHERE lot = :lot)",
    "label": "t.subject_kind = 'container' AND t.subject_id IN (SELECT id FROM lineside.container WHERE lot = :lot)",
    "ledger": "t.lot = :lot",
    "inspection": "t.lot = :lot",
    "measurement": "t.inspection IN (SELECT id FROM lineside.inspection WHERE lot = :lot)",
    "deviation": "t.subject_kind = 'lot' AND t.subject_id = :lot",
    "signature": "(t.subject_kind = 'lot' AND t.subject_id = :lot) OR (t.subject_kind = 'deviation' AND t.subject_id IN"
    " (SELECT id FROM lineside.deviation WHERE subject_kind = 'lot' AND subject_id = :lot))",
    "practice": "true",  # in a plant for practice the row that says so, with its entry in the trail: nobody takes it off the manifest alone
}
"""Which rows of which table belong to a lot."""
_ROWS = text(
    " UNION ALL ".join(
        f"SELECT '{table}' AS tab, t.id, row_to_json(t)::text AS image FROM lineside.{table} t WHERE {mine}"
        for table, mine in _OF_LOT.items()
    )
    + " ORDER BY tab, id"
)
_TRAIL = text("SELECT chain, seq, payload, prev, hash FROM lineside.audit_log WHERE row_id = ANY(:rows) ORDER BY chain, seq")
_SIGNED = text("SELECT id, digest, content FROM lineside.signature WHERE id = ANY(:rows) ORDER BY id")


def lot_bundle(session: Session, lot: UUID, language: Language) -> bytes:
    """Everything on record of a lot: asked again while nothing was changed, it is the same file, byte for byte.

    Args:
        session: Of a person who may read the trail; this must be its transaction's first question, so that everything is of one moment.
        lot: Which one.
        language: Of the paper; rows and trail are the record's own.

    Raises:
        NotFound: there is no such lot.
        NotAllowed: this person may not read the trail.
    """
    session.execute(_ONE_MOMENT)
    session.execute(_AS_IN_THE_TRAIL)
    history = lot_history(session, lot)
    rows = session.execute(_ROWS, {"lot": lot}).all()
    ids = [row.id for row in rows]
    trail = session.execute(_TRAIL, {"rows": ids}).all()
    printed = Phrase("Version {version} of lot {lot}", version=history.lot.version, lot=history.lot.code)
    parts = {
        "rows.jsonl": b"".join(_row_line(row) for row in rows),
        "trail.jsonl": b"".join(_entry_line(entry) for entry in trail),
        "signatures.jsonl": _signatures(session.execute(_SIGNED, {"rows": ids}).all()),
        f"record.{language.value}.pdf": lot_paper(history, language, printed=printed),
    }
    return bundle(parts, record={"kind": "lot", "code": history.lot.code, "version": str(history.lot.version)}, practice=history.practice)


def _row_line(row: Row[Any]) -> bytes:
    """The image stays the database's own text: reading and writing it again could lose a digit."""
    return f'{{"table":"{row.tab}","row":{row.image}}}\n'.encode()


def _entry_line(entry: Row[Any]) -> bytes:
    linked = {"prev": bytes(entry.prev).hex(), "hash": bytes(entry.hash).hex()}
    return json_line({"chain": entry.chain, "seq": entry.seq, "payload": entry.payload, **linked})


def _signatures(rows: Sequence[Row[Any]]) -> bytes:
    return b"".join(json_line({"signature": str(row.id), "digest": bytes(row.digest).hex(), "content": row.content}) for row in rows)
