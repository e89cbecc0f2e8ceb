"""Questions about deviations; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.records import Person
from app.core.signature import Signed, signatures_of
from app.deviations.photos import PhotoRow, photos_of
from app.deviations.records import Deviation
from app.deviations.rules import meanings_demanded


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

    @property
    def holds_batch(self) -> bool:
        """Whether it is somebody's hold of a whole batch."""
        return self.cause_kind == "hold"


def _deviations(session: Session, *conditions: ColumnElement[bool], most: int | None = None) -> list[DeviationRow]:
    rows = session.scalars(select(Deviation).where(*conditions).order_by(Deviation.opened_at, Deviation.id).limit(most))
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
    """Deviations that wait for a decision, oldest first, 200 at most."""
    return _deviations(session, Deviation.status == "open", most=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationFile:
    """One deviation with everything that was signed on it, and the names of the people in it."""

    deviation: DeviationRow
    signatures: tuple[Signed, ...]
    standing: frozenset[str]
    """Meanings that count for the record as it is now: compared by the database over version and content at this look."""
    names: dict[str, Name]
    photos: tuple[PhotoRow, ...]
    """Oldest first."""

    @property
    def demanded(self) -> tuple[str, ...]:
        """Meanings its class and disposition need, in their order; none before it was described."""
        row = self.deviation
        return tuple(map(str, meanings_demanded(row.class_, row.disposition))) if row.disposition is not None else ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Demanded meanings nobody has signed yet."""
        return tuple(meaning for meaning in self.demanded if meaning not in self.standing)

    def counts(self, signed: Signed) -> bool:
        """Whether a signature was given over the version that stands now and is still whole."""
        return signed.version == self.deviation.version and signed.meaning in self.standing

    def name(self, login: str | None) -> Name | str:
        """Printed name behind a login."""
        return self.names.get(login or "", login or "")


def deviation_file(session: Session, deviation: UUID) -> DeviationFile | None:
    """One deviation as its screen shows it, in five queries."""
    row = deviation_by_id(session, deviation)
    if row is None:
        return None
    standing: list[str] = session.execute(select(func.lineside.standing_meanings("deviation", deviation))).scalar_one()
    photos = photos_of(session, [deviation])
    people = {login for login in (row.opened_by, row.described_by, row.decided_by, *(one.by for one in photos)) if login}
    names = {person.login: person.name for person in session.scalars(select(Person).where(Person.login.in_(people)))}
    signed = tuple(signatures_of(session, kind="deviation", subject=deviation))
    return DeviationFile(deviation=row, signatures=signed, standing=frozenset(standing), names=names, photos=photos)
