"""Questions about batches; frozen rows out, one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.records import Batch, Consumption, ConsumptionUndo


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
    """One thing a reviewer looks at. ``kind``: ``outside``, ``near``, ``typed``, ``late`` (entered more than 15 minutes after it was read),
    ``correction``, ``undo``, ``typed lot``, ``reprint``, ``left out``, ``deviation``. ``deviation`` names the one raised on it.
    """

    kind: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What stands against a release; ``rule`` is the database's code of it."""

    rule: str
    step: int | None
    what: str


def batch_by_code(session: Session, code: str) -> BatchRow | None:
    """The batch with this code."""
    row = session.scalars(select(Batch).filter_by(code=code)).one_or_none()
    return None if row is None else _batch(row)


def batch_by_id(session: Session, batch: UUID) -> BatchRow | None:
    """The batch with this id."""
    row = session.get(Batch, batch)
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


_EXCEPTIONS = text("""
    WITH step AS (SELECT id, no, key, status, done_by, done_at FROM lineside.batch_step WHERE batch = :batch),
    entry AS MATERIALIZED (
      SELECT e.*, s.no, coalesce(e.value::text, e.said) AS written, coalesce(w.value::text, w.said) AS before,
             EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AS corrected
        FROM step s JOIN lineside.step_entry e ON e.batch_step = s.id LEFT JOIN lineside.step_entry w ON w.id = e.corrects
       WHERE e.verdict <> 'conforms' OR e.near_limit OR e.corrects IS NOT NULL
          OR (e.origin IN ('typed', 'measured') AND (e.reason IS NOT NULL OR e.read_at < e.entered_at - interval '15 min')))
    SELECT x.kind, x.step, x.field, x.value, x.old, x.unit, x.who, x.at, x.reason, d.code AS deviation, d.status
      FROM (
        SELECT 'outside' AS kind, no AS step, field, written AS value, NULL AS old, unit, entered_by AS who, entered_at AS at, reason, id
          FROM entry
         WHERE verdict <> 'conforms' AND NOT corrected
        UNION ALL SELECT 'near', no, field, written, NULL, unit, entered_by, entered_at, reason, id FROM entry
         WHERE near_limit AND NOT corrected
        UNION ALL SELECT 'correction', no, field, written, before, unit, entered_by, entered_at, reason, id FROM entry
         WHERE corrects IS NOT NULL AND origin <> 'computed'
        UNION ALL SELECT 'typed', no, field, written, NULL, unit, entered_by, entered_at, reason, id FROM entry
         WHERE origin = 'typed' AND corrects IS NULL AND reason IS NOT NULL
        UNION ALL SELECT 'late', no, field, written, NULL, unit, entered_by, entered_at, reason, id FROM entry
         WHERE read_at < entered_at - interval '15 min' AND field <> 'cleaned' AND origin <> 'computed'
        UNION ALL SELECT 'reprint', NULL, u.serial, l.copy_no::text, NULL, NULL, l.requested_by, l.requested_at, l.reason, l.id
          FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = :batch AND l.copy_no > 1
        UNION ALL SELECT 'typed lot', s.no, l.code, c.quantity::text, NULL, l.unit, c.consumed_by, c.consumed_at, c.reason, c.id
          FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.lot l ON l.id = c.lot WHERE c.origin = 'typed'
        UNION ALL SELECT 'undo', s.no, l.code, c.quantity::text, NULL, l.unit, u.undone_by, u.undone_at, u.reason, c.id
          FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.consumption_undo u ON u.consumption = c.id
          JOIN lineside.lot l ON l.id = c.lot
        UNION ALL SELECT 'left out', no, key, NULL, NULL, NULL, done_by, done_at, NULL, id FROM step WHERE status = 'void'
        UNION ALL SELECT 'deviation', NULL, v.kind, NULL, NULL, NULL, v.opened_by, v.opened_at, v.what_happened, v.cause_id
          FROM lineside.deviation v WHERE v.subject_kind = 'batch' AND v.subject_id = :batch AND v.cause_kind = 'other') x
      LEFT JOIN lineside.deviation d ON d.cause_kind IN ('step_entry', 'batch_step', 'other') AND d.cause_id = x.id
     ORDER BY x.at, x.kind""")


def exceptions_of(session: Session, batch: UUID) -> list[ExceptionRow]:
    """What a reviewer must look at, oldest first; everything else was in order."""
    return [
        ExceptionRow(
            kind=x.kind,
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
