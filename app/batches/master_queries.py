"""Questions about master records; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.batches.master import READER, MasterRecord
from app.batches.records import MasterRow, MasterRowSeen
from app.core.masking import demand_sees
from app.core.records import Document
from app.materials.queries import item_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterFiled:
    """A revision with its state and what it says."""

    id: UUID
    status: str
    version: int
    effective_from: date
    prepared_by: str
    record: MasterRecord
    source: str


def master_by_revision(session: Session, *, code: str, revision: int) -> MasterFiled | None:
    """One revision of a master record, in whatever state it is.

    Raises:
        NotShownToYou: who asks does not see formulas.
    """
    demand_sees(session, "formula")
    found = session.execute(
        select(Document, MasterRowSeen)
        .join(MasterRowSeen, MasterRowSeen.id == Document.id)
        .where(Document.kind == "master_record", Document.code == code, Document.revision == revision)
    ).one_or_none()
    return None if found is None else _filed(session, *found)


def _filed(session: Session, document: Document, row: MasterRow) -> MasterFiled:
    head: dict[str, Any] = {
        "code": document.code,
        "revision": document.revision,
        "product": item_by_id(session, row.product).code,
        "batch_size": str(row.batch_size),
        "unit": row.unit,
        "shelf_life_days": row.shelf_life_days,
        "sublot_size": row.content.get("sublot_size"),
    }
    return MasterFiled(
        id=document.id,
        status=document.status,
        version=document.version,
        effective_from=document.effective_from,
        prepared_by=document.prepared_by,
        record=READER.validate_python({**head, **row.content}),
        source=row.source,
    )
