"""Questions about batches; frozen rows out, one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.records import Batch, BatchSeen, Consumption, ConsumptionUndo


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch as screens show it."""

    id: UUID
    code: str
    name: Name
    master_code: str
    master_revision: int
    product: UUID
    site: UUID
    planned: Quantity
    made_on: date
    expires_on: date
    status: str
    version: int
    started_by: str
    started_at: datetime
    released_by: str | None
    market_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """One thing a reviewer looks at. ``kind``: ``outside``, ``near``, ``typed``, ``late`` (entered more than 15 minutes after it was read,
    or made while the database was away), ``dropped`` (such a draft that became no entry), ``correction``, ``undo``, ``typed lot``,
    ``reprint``, ``left out``, ``deviation``. ``record``: the entry, draft, consumption, label or step it is true of. ``deviation`` names
    the one raised on it.
    """

    kind: str
    record: UUID
    step: int | None
    field: str
    value: str | None
    old: str | None
    unit: str | None
    by: str
    at: datetime
    reason: str | None
    deviation: str | None
    status: str | None
    by_review: bool
    """Whether a reviewer accepts it by name; the others are decided by their deviation."""
    accepted_by: str | None
    accepted_at: datetime | None

    @property
    def waits_for_review(self) -> bool:
        """Whether a reviewer must accept it by name, and nobody has."""
        return self.by_review and self.accepted_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What stands against a release; ``rule`` is the database's code of it."""

    rule: str
    step: int | None
    what: str


def batch_by_code(session: Session, code: str) -> BatchRow | None:
    """The batch with this code."""
    row = session.scalars(select(BatchSeen).filter_by(code=code)).one_or_none()
    return None if row is None else _batch(row)


def batch_by_id(session: Session, batch: UUID) -> BatchRow | None:
    """The batch with this id."""
    row = session.get(BatchSeen, batch)
    return None if row is None else _batch(row)


def _batch(row: Batch) -> BatchRow:
    name = row.frozen["name"]
    return BatchRow(
        id=row.id,
        code=row.code,
        name=Name(name["en"], name["zh"]),
        master_code=row.frozen["code"],
        master_revision=row.frozen["revision"],
        product=row.product,
        site=row.site,
        planned=Quantity(row.planned, row.unit),
        made_on=row.made_on,
        expires_on=row.expires_on,
        status=row.status,
        version=row.version,
        started_by=row.started_by,
        started_at=row.started_at,
        released_by=row.released_by,
        market_by=row.market_by,
    )


_EXCEPTIONS = text("SELECT * FROM lineside.batch_exceptions(:batch) ORDER BY at, kind, record")


def exceptions_of(session: Session, batch: UUID) -> list[ExceptionRow]:
    """What a reviewer must look at, oldest first; everything else was in order."""
    return [
        ExceptionRow(
            kind=x.kind,
            record=x.record,
            step=x.step,
            field=x.field,
            value=x.value,
            old=x.old,
            unit=x.unit,
            by=x.who,
            at=x.at,
            reason=x.reason,
            deviation=x.deviation,
            status=x.status,
            by_review=x.by_review,
            accepted_by=x.accepted_by,
            accepted_at=x.accepted_at,
        )
        for x in session.execute(_EXCEPTIONS, {"batch": batch})
    ]


def obstacles_of(session: Session, batch: UUID) -> list[Obstacle]:
    """What stands against its release now, as the database will look at it."""
    rows = session.execute(text("SELECT * FROM lineside.batch_obstacles(:batch) ORDER BY rule, step"), {"batch": batch})
    return [Obstacle(rule=row.rule, step=row.step, what=row.what) for row in rows]


def consumption_times(session: Session, lot: UUID) -> tuple[datetime, ...]:
    """When material of a lot was taken for a batch or taken back, oldest first: each moved the lot's ledger."""
    taken = select(Consumption.consumed_at.label("at")).where(Consumption.lot == lot)
    back = select(ConsumptionUndo.undone_at).join(Consumption, Consumption.id == ConsumptionUndo.consumption).where(Consumption.lot == lot)
    return tuple(session.scalars(taken.union_all(back).order_by("at")))
