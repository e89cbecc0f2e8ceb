"""The batches of a site as a list: how far each is, what it waits for, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The step an open batch waits for. ``why``: ``deviation`` (a value outside is not decided), ``signature``, ``work`` (it is under
    way) or ``start``.
    """

    step: int
    name: Name
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """One batch in the list. ``waits``: ``None`` when it is not open, or every step of it is done."""

    id: UUID
    code: str
    name: Name
    product: str
    planned: Quantity
    status: str
    done: int
    """Steps that are done or left out by a decided deviation."""
    steps: int
    waits: Waits | None
    since: datetime
    """When it began to wait for that."""
    held_by: str | None
    """Code of the deviation by which somebody has stopped the whole batch."""


_LINES = text("""
    SELECT b.id, b.code, b.status, b.planned, b.unit, b.frozen #>> '{name,en}' AS name_en, b.frozen #>> '{name,zh}' AS name_zh,
           i.code AS product, s.done, s.steps, w.no, w.name_en AS step_en, w.name_zh AS step_zh,
           CASE WHEN w.undecided_at IS NOT NULL THEN 'deviation' WHEN w.kind = 'sign' THEN 'signature' WHEN w.status = 'started' THEN 'work'
                ELSE 'start' END AS why,
           CASE b.status WHEN 'open' THEN coalesce(w.undecided_at, w.started_at, s.last, b.started_at) WHEN 'complete' THEN b.completed_at
                WHEN 'released to market' THEN b.market_at ELSE b.released_at END AS since, h.code AS held_by
      FROM lineside.batch_seen b
      JOIN lineside.item i ON i.id = b.product
      LEFT JOIN lineside.deviation h ON h.subject_id = b.id AND h.cause_kind = 'hold' AND h.status = 'open'
      CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE t.status IN ('done', 'void')) AS done, count(*) AS steps, max(t.done_at) AS last
                            FROM lineside.batch_step t WHERE t.batch = b.id) s
      LEFT JOIN LATERAL (
        SELECT t.no, t.kind, t.status, t.started_at, t.spec #>> '{name,en}' AS name_en, t.spec #>> '{name,zh}' AS name_zh, u.undecided_at
          FROM lineside.batch_step_seen t
          LEFT JOIN LATERAL (SELECT min(e.entered_at) AS undecided_at FROM lineside.current_entries(t.id) e
                              WHERE e.verdict <> 'conforms' AND NOT lineside.is_decided('step_entry', e.id)) u ON t.status = 'started'
         WHERE t.batch = b.id AND t.status IN ('started', 'ready')
         ORDER BY u.undecided_at IS NULL, t.status = 'ready', t.no LIMIT 1) w ON b.status = 'open'
     WHERE b.site = :site
     ORDER BY b.status IN ('released to market', 'rejected'), b.started_at DESC LIMIT :most""")


def batches_of_site(session: Session, site: UUID) -> list[BatchLine]:
    """The newest 200 batches of a site, those that somebody still works on first. One statement."""
    return [
        BatchLine(
            id=r.id,
            code=r.code,
            name=Name(r.name_en, r.name_zh),
            product=r.product,
            planned=Quantity(r.planned, r.unit),
            status=r.status,
            done=r.done,
            steps=r.steps,
            waits=Waits(step=r.no, name=Name(r.step_en, r.step_zh), why=r.why) if r.no is not None else None,
            since=r.since,
            held_by=r.held_by,
        )
        for r in session.execute(_LINES, {"site": site, "most": MOST})
    ]
