"""Questions about deviations; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.deviations.records import Deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationRow:
    """A deviation as screens show it; ``facts`` holds what its cause says (see ``facts_of_measurement``)."""

    id: UUID
    code: str
    subject_kind: str
    subject_id: UUID
    cause_kind: str
    cause_id: UUID
    kind: str
    facts: dict[str, Any]
    class_: str
    what_happened: str
    disposition: str | None
    status: str
    version: int
    opened_by: str
    opened_at: datetime
    described_by: str | None
    decided_by: str | None
    decided_at: datetime | None


def _deviations(session: Session, *conditions: ColumnElement[bool]) -> list[DeviationRow]:
    rows = session.scalars(select(Deviation).where(*conditions).order_by(Deviation.opened_at).limit(200))
    return [
        DeviationRow(
            id=d.id,
            code=d.code,
            subject_kind=d.subject_kind,
            subject_id=d.subject_id,
            cause_kind=d.cause_kind,
            cause_id=d.cause_id,
            kind=d.kind,
            facts=d.facts,
            class_=d.class_,
            what_happened=d.what_happened,
            disposition=d.disposition,
            status=d.status,
            version=d.version,
            opened_by=d.opened_by,
            opened_at=d.opened_at,
            described_by=d.described_by,
            decided_by=d.decided_by,
            decided_at=d.decided_at,
        )
        for d in rows
    ]


def deviation_by_id(session: Session, deviation: UUID) -> DeviationRow | None:
    """One deviation."""
    return next(iter(_deviations(session, Deviation.id == deviation)), None)


def deviations_of(session: Session, *, kind: str, subject: UUID) -> list[DeviationRow]:
    """Every deviation of a subject, oldest first."""
    return _deviations(session, Deviation.subject_kind == kind, Deviation.subject_id == subject)


def open_deviations(session: Session) -> list[DeviationRow]:
    """Every deviation that waits for a decision, oldest first."""
    return _deviations(session, Deviation.status == "open")
