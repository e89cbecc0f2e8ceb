"""Questions about drafts; frozen rows out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.records import LateEntry, LateSettlement


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRow:
    """One draft with its place. ``state``: ``waiting``, ``confirmed``, ``signed``, ``dropped`` or ``on record``."""

    id: UUID
    station: str
    author: str
    """As the station says."""
    content: str
    subject_kind: str
    subject_id: UUID
    subject_code: str
    """Code of the inspection or batch."""
    no: int
    """Number of the characteristic or step."""
    name: Name | None
    """Of the characteristic; ``None`` in a step."""
    field: str | None
    """In a step."""
    sample_no: int
    unit_serial: str | None
    value: str
    unit: str | None
    record: UUID
    made_at: datetime
    """By the station's clock."""
    received_at: datetime
    """By the database's."""
    state: str
    reason: str | None
    settled_by: str | None
    settled_at: datetime | None

    @property
    def figure(self) -> str:
        """``25.04 mm``."""
        return f"{self.value} {self.unit or ''}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class CameLate:
    """What a record that came late says of itself beside its own facts."""

    author: str
    """Who made it, as the station says."""
    station: str
    made_at: datetime
    received_at: datetime
    how: str
    """``confirmed`` by its author, or ``signed`` by a second person."""
    by: str
    at: datetime


_ENTRIES = text(
    "SELECT * FROM lineside.late_entries(CAST(:author AS text), CAST(:subject AS uuid), CAST(:site AS uuid)) ORDER BY made_at, id"
)


def waiting_of(session: Session, author: str) -> tuple[LateRow, ...]:
    """What waits for this author, in the order in which it was made."""
    return _waiting(session, author=author)


def waiting_about(session: Session, subject: UUID) -> tuple[LateRow, ...]:
    """What waits about a lot or a batch, whoever made it."""
    return _waiting(session, subject=subject)


def waiting_at(session: Session, site: UUID) -> tuple[LateRow, ...]:
    """What waits at a site, whoever made it."""
    return _waiting(session, site=site)


def dropped_about(session: Session, subject: UUID) -> tuple[LateRow, ...]:
    """What was dropped about a lot or a batch."""
    return tuple(row for row in _rows(session, subject=subject) if row.state == "dropped")


def came_late(session: Session, records: Collection[UUID]) -> dict[UUID, CameLate]:
    """Those of these measurements and entries that were made while the database was away."""
    asked = (
        select(LateEntry, LateSettlement).join(LateSettlement, LateSettlement.id == LateEntry.id).where(LateSettlement.record.in_(records))
    )
    return {
        end.record: CameLate(
            author=kept.author,
            station=kept.station,
            made_at=kept.made_at,
            received_at=kept.received_at,
            how=end.how,
            by=end.settled_by,
            at=end.settled_at,
        )
        for kept, end in session.execute(asked)
        if end.record is not None
    }


def _waiting(session: Session, **asked: object) -> tuple[LateRow, ...]:
    return tuple(row for row in _rows(session, **asked) if row.state == "waiting")


def _rows(session: Session, **asked: object) -> list[LateRow]:
    found = session.execute(_ENTRIES, {"author": None, "subject": None, "site": None, **asked})
    return [
        LateRow(
            id=row.id,
            station=row.station,
            author=row.author,
            content=row.content,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject_code=row.subject_code,
            no=row.step_no,
            name=Name(row.name_en, row.name_zh) if row.name_en is not None else None,
            field=row.field,
            sample_no=row.sample_no,
            unit_serial=row.unit_serial,
            value=row.value,
            unit=row.unit,
            record=row.record,
            made_at=row.made_at,
            received_at=row.received_at,
            state=row.state,
            reason=row.reason,
            settled_by=row.settled_by,
            settled_at=row.settled_at,
        )
        for row in found
    ]
