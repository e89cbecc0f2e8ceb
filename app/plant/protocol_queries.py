"""Questions about the plant's own protocols; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.records import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolLine:
    """One revision. ``state``: ``draft``, ``review``, ``signed`` (its day has not come, or a later revision counts), ``effective``,
    ``obsolete``.
    """

    id: UUID
    code: str
    revision: int
    state: str
    version: int
    effective_from: date
    prepared_by: str
    preparer: Name
    why: str
    source: str
    sha256: str
    """Hexadecimal, of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest revision of a key, in whatever state."""

    revision: int
    site: UUID


_LINES = text("""
    SELECT d.id, d.code, d.revision, d.version, d.effective_from, d.prepared_by, x.source, x.why, encode(x.sha256, 'hex') AS sha256,
           coalesce(p.name_en, d.prepared_by) AS preparer_en, coalesce(p.name_zh, '') AS preparer_zh,
           CASE WHEN d.id = lineside.effective_document('device_protocol', d.code, lineside.today_at(d.site)) THEN 'effective'
                ELSE d.status END AS state
      FROM lineside.document d JOIN lineside.device_protocol x ON x.id = d.id LEFT JOIN lineside.person p ON p.login = d.prepared_by
     WHERE d.kind = 'device_protocol' AND d.site = :site
     ORDER BY d.code, d.revision DESC LIMIT 200""")


def protocols_of_site(session: Session, site: UUID) -> list[ProtocolLine]:
    """Revisions by code, the newest first. One statement."""
    return [
        ProtocolLine(
            id=r.id,
            code=r.code,
            revision=r.revision,
            state=r.state,
            version=r.version,
            effective_from=r.effective_from,
            prepared_by=r.prepared_by,
            preparer=Name(r.preparer_en, r.preparer_zh),
            why=r.why,
            source=r.source,
            sha256=r.sha256,
        )
        for r in session.execute(_LINES, {"site": site})
    ]


def newest_revision(session: Session, key: str) -> Newest | None:
    """The newest revision of a key at any site; ``None``: nobody has it."""
    found = session.execute(
        select(Document.revision, Document.site)
        .where(Document.kind == "device_protocol", Document.code == key)
        .order_by(Document.revision.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else Newest(revision=found.revision, site=found.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBy:
    """By which of the plant's own protocols a value was read."""

    code: str
    revision: int
    sha256: str
    """Hexadecimal, of the text that was signed."""

    def __str__(self) -> str:
        return f"{self.code} {self.revision}, SHA-256 {self.sha256[:16]}"


_READ_BY = text("""
    SELECT d.id, d.code, d.revision, encode(x.sha256, 'hex') AS sha256
      FROM lineside.document d JOIN lineside.device_protocol x ON x.id = d.id WHERE d.id = ANY(:ids)""")


def protocols_by_id(session: Session, ids: set[UUID]) -> dict[UUID, ReadBy]:
    """The named ones, in one query; none when none is named."""
    if not ids:
        return {}
    rows = session.execute(_READ_BY, {"ids": list(ids)})
    return {r.id: ReadBy(code=r.code, revision=r.revision, sha256=r.sha256) for r in rows}
