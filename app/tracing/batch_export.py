"""The record of a batch as one file that can be checked without our software (capability F10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.base.phrases import Language, Phrase
from app.core.masking import demand_sees
from app.core.pictures import pictures_of
from app.reports.bundle import bundle
from app.tracing.batch_queries import batch_history
from app.tracing.batch_report import batch_paper
from app.tracing.belongings import OF_BATCH, SEEN_OF_BATCH, rows_of
from app.tracing.export import digest_lines, entry_lines, hold_one_moment, picture_parts, record_parts

_CITES = {
    "batch": ("product",),
    "consumption": ("lot", "container", "scale"),
    "kit": ("container",),
    "step_entry": ("device", "calibration"),
    "typed_value": ("device", "calibration", "lot", "container"),
}
"""Columns that name a row of another record. What that row was is told by the trail's entry of its making, which nothing can change."""
_MADE = text("""
    SELECT DISTINCT ON (row_id) chain, seq, payload, prev, hash FROM lineside.audit_log_seen
     WHERE row_id = ANY(:rows) AND payload::jsonb ->> 'op' = 'INSERT' ORDER BY row_id, tx, seq""")
_SAMPLES = text("""
    SELECT b.id, b.digest, lineside.canonical_samples(b.id) AS content
      FROM lineside.sample_batch b WHERE b.id = ANY(:rows) ORDER BY b.id""")


def batch_bundle(session: Session, batch: UUID, language: Language) -> bytes:
    """Everything on record of a batch: asked again while nothing was changed, it is the same file, byte for byte.

    Besides the parts of every bundle: ``cited.jsonl``, the making of each lot, container, device and calibration that the record names,
    as the trail has it; ``samples.jsonl``, what machines said; ``attachment.<SHA-256>``, each picture of an instruction, a step or a
    deviation.

    Args:
        session: Of a person who may read the trail; this must be its transaction's first question, so that everything is of one moment.
        batch: Which one.
        language: Of the paper; rows and trail are the record's own.

    Raises:
        NotFound: there is no such batch.
        NotAllowed: this person may not read the trail.
        NotShownToYou: this person does not see all that the record holds; half of it would prove nothing.
    """
    hold_one_moment(session)
    demand_sees(session, *SEEN_OF_BATCH)
    history = batch_history(session, batch)
    rows = rows_of(session, OF_BATCH, batch)
    parts = record_parts(session, batch, rows)
    parts["cited.jsonl"] = entry_lines(session.execute(_MADE, {"rows": _cited(rows)}))
    parts["samples.jsonl"] = digest_lines("sample_batch", session.execute(_SAMPLES, {"rows": _of_table(rows, "sample_batch")}))
    instructions = {step.spec["picture"] for step in history.steps if step.spec.get("picture")}
    parts |= picture_parts({**history.pictures, **pictures_of(session, instructions)})
    digest = hashlib.sha256(parts["rows.jsonl"]).hexdigest()[:16].upper()
    printed = Phrase(
        "Version {version} of batch {batch}, rows {digest}", version=history.head.version, batch=history.head.code, digest=digest
    )
    parts[f"record.{language.value}.pdf"] = batch_paper(history, language, printed=printed)
    return bundle(
        parts, record={"kind": "batch", "code": history.head.code, "version": str(history.head.version)}, practice=history.practice
    )


def _cited(rows: Sequence[Row[Any]]) -> list[UUID]:
    images = ((json.loads(row.image), _CITES[row.tab]) for row in rows if row.tab in _CITES)
    named = {image[column] for image, columns in images for column in columns}
    return sorted(UUID(one) for one in named - {None})


def _of_table(rows: Sequence[Row[Any]], table: str) -> list[UUID]:
    return [row.id for row in rows if row.tab == table]
