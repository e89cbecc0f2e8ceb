"""Signatures as people see them: what would be signed, who signed what. The database computes and checks the content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.records import SignatureRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the signing sheet shows: content, digest, version, and who performed it and therefore cannot sign."""

    content: str
    digest: bytes
    version: int
    performers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature: printed name at that time, meaning, time with zone, station; ``stands`` is re-checked at every look."""

    id: UUID
    meaning: str
    signer: str
    name: Name
    at: datetime
    zone: str
    station: str
    reason: str | None
    version: int
    digest: bytes


def preview(session: Session, *, kind: str, subject: UUID) -> Preview:
    """The very text that would be signed now, as the database computes it."""
    row = session.execute(text("SELECT * FROM lineside.what_is_signed(:kind, :id)"), {"kind": kind, "id": subject}).one()
    return Preview(content=row.content, digest=bytes(row.digest), version=row.version, performers=tuple(row.performers))


def signatures_of(session: Session, *, kind: str, subject: UUID) -> list[Signed]:
    """Every signature ever given on a record, oldest first."""
    rows = session.scalars(select(SignatureRow).filter_by(subject_kind=kind, subject_id=subject).order_by(SignatureRow.at))
    return [
        Signed(
            id=r.id,
            meaning=r.meaning,
            signer=r.signer,
            name=Name(r.signer_name_en, r.signer_name_zh),
            at=r.at,
            zone=r.zone,
            station=r.station,
            reason=r.reason,
            version=r.subject_version,
            digest=r.digest,
        )
        for r in rows
    ]
