"""Every revision of the master records of a site, and which of them batches start from today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.difference import Change, difference
from app.batches.master_queries import MasterFiled, master_by_revision
from app.core.work import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterLine:
    """One revision. ``state``: ``draft``, ``review``, ``signed`` (its day has not come, or a later revision counts), ``effective``,
    ``obsolete``.
    """

    id: UUID
    code: str
    revision: int
    name: Name
    product: str
    batch_size: Quantity
    steps: int
    state: str
    version: int
    effective_from: date
    prepared_by: str
    preparer: Name
    """Printed name; the login again where nobody of that login is known here."""


_LINES = text("""
    SELECT d.id, d.code, d.revision, d.version, d.effective_from, d.prepared_by, m.batch_size, m.unit, i.code AS product,
           m.content #>> '{name,en}' AS name_en, m.content #>> '{name,zh}' AS name_zh, jsonb_array_length(m.content -> 'steps') AS steps,
           coalesce(p.name_en, d.prepared_by) AS preparer_en, coalesce(p.name_zh, '') AS preparer_zh,
           CASE WHEN d.id = lineside.effective_document('master_record', d.code, lineside.today_at(d.site)) THEN 'effective'
                ELSE d.status END AS state
      FROM lineside.document d JOIN lineside.master_record_seen m ON m.id = d.id JOIN lineside.item i ON i.id = m.product
      LEFT JOIN lineside.person p ON p.login = d.prepared_by
     WHERE d.kind = 'master_record' AND d.site = :site
     ORDER BY d.code, d.revision DESC LIMIT 200""")


def masters_of_site(session: Session, site: UUID) -> list[MasterLine]:
    """Revisions by code, the newest first. One statement."""
    return [
        MasterLine(
            id=r.id,
            code=r.code,
            revision=r.revision,
            name=Name(r.name_en, r.name_zh),
            product=r.product,
            batch_size=Quantity(r.batch_size, r.unit),
            steps=r.steps,
            state=r.state,
            version=r.version,
            effective_from=r.effective_from,
            prepared_by=r.prepared_by,
            preparer=Name(r.preparer_en, r.preparer_zh),
        )
        for r in session.execute(_LINES, {"site": site})
    ]


def effective_masters(session: Session, site: UUID) -> list[MasterLine]:
    """What a batch may be started from today."""
    return [line for line in masters_of_site(session, site) if line.state == "effective"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterChanges:
    """What a reviewer reads of one revision: what changed since the one before, or, of a first one, its steps."""

    master: UUID
    before: int | None
    """The revision it is compared with: the highest lower one of the same code, in whatever state; ``None``: it is the first."""
    changes: tuple[Change, ...]
    steps: tuple[tuple[int, Name, str], ...]
    """Number, name, kind of each."""


def changes_of(session: Session, line: MasterLine, before: int | None) -> MasterChanges:
    """Read both revisions and compare them.

    Args:
        session: Of whoever asks.
        line: The revision.
        before: The revision to compare with.

    Raises:
        NotFound: one of them is not there (any more).
    """
    new = _filed(session, line.code, line.revision)
    old = _filed(session, line.code, before) if before is not None else None
    return MasterChanges(
        master=line.id,
        before=before,
        changes=difference(old.record, new.record) if old is not None else (),
        steps=tuple((step.no, Name(step.name.en, step.name.zh), step.kind) for step in new.record.steps),
    )


def _filed(session: Session, code: str, revision: int) -> MasterFiled:
    found = master_by_revision(session, code=code, revision=revision)
    if found is None:
        raise NotFound(record="master_record", key=f"{code} {revision}")
    return found
