"""Rules about what was left open: signatures that nobody gave, instruments that are due, labels that were not found again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.keeper.found import Found
from app.core.keeper.rules import Rule, rows_of
from app.core.keeper.thresholds import Thresholds

_UNSIGNED = """
    SELECT s.id, b.code, b.site, s.key, max(c.done_at) AS since,
        floor(extract(epoch FROM clock_timestamp() - max(c.done_at)) / 3600)::integer AS hours
      FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch
      JOIN lineside.batch_step c ON c.batch = s.batch AND s.spec -> 'signs' ? c.key
     WHERE s.kind = 'sign' AND s.status NOT IN ('done', 'void') AND b.status = 'open' GROUP BY s.id, b.code, b.site, s.key
    HAVING bool_and(c.status IN ('done', 'void')) AND max(c.done_at) < clock_timestamp() - :hours * interval '1 hour'"""


def unsigned_step(session: Session, limits: Thresholds) -> list[Found]:
    """Everything a signature covers was done long ago, and nobody has signed; the batch goes on."""
    rule = limits.unsigned_step
    return [
        Found(
            kind="unsigned step",
            key=f"unsigned:{row.id}:{row.since:%Y-%m-%dT%H:%M}",
            facts={"batch": row.code, "step": row.key, "hours": row.hours},
            site=row.site,
            subject_kind="batch_step",
            subject_id=row.id,
        )
        for row in rows_of(session, _UNSIGNED, hours=rule.hours)
    ]


_OVERDUE = """
    SELECT a.id, a.code, a.site, c.due_on FROM lineside.asset a
      JOIN LATERAL (SELECT max(k.due_on) AS due_on FROM lineside.calibration k WHERE k.asset = a.id) c ON true
     WHERE a.active AND a.needs_calibration AND c.due_on + CAST(:days AS integer) < current_date"""


def overdue_calibration(session: Session, limits: Thresholds) -> list[Found]:
    """An instrument in use whose calibration ran out. The database refuses its readings; somebody should know before they are wanted."""
    return [
        Found(
            kind="overdue calibration",
            key=f"overdue:{row.code}:{row.due_on}",
            facts={"device": row.code, "due": row.due_on.isoformat()},
            site=row.site,
            subject_kind="asset",
            subject_id=row.id,
        )
        for row in rows_of(session, _OVERDUE, days=limits.overdue_calibration.days)
    ]


_NOT_FOUND = """
    SELECT s.id, b.code, b.site, s.key, e.value::text AS labels, e.id AS entry FROM lineside.step_entry e
      JOIN lineside.batch_step s ON s.id = e.batch_step JOIN lineside.batch b ON b.id = s.batch
     WHERE s.kind = 'label' AND e.field = 'not_found' AND abs(e.value) > :labels
       AND NOT EXISTS (SELECT FROM lineside.step_entry later WHERE later.corrects = e.id)
       AND e.entered_at > clock_timestamp() - :days * interval '1 day'"""


def label_difference(session: Session, limits: Thresholds) -> list[Found]:
    """Labels were issued that were neither applied nor destroyed, or more turned up than were issued."""
    rule = limits.label_difference
    return [
        Found(
            kind="label difference",
            key=f"labels:{row.entry}",
            facts={"batch": row.code, "step": row.key, "labels": row.labels},
            site=row.site,
            subject_kind="batch_step",
            subject_id=row.id,
        )
        for row in rows_of(session, _NOT_FOUND, labels=rule.labels, days=rule.days)
    ]


RULES: tuple[Rule, ...] = (unsigned_step, overdue_calibration, label_difference)
