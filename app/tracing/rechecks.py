"""Lists: does what was signed still stand? Many records in one question; the database compares, and where a text differs it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.tracing.history import Standing
from app.tracing.standing import Entered, Signed, standing_of_batch, standing_of_deviation, standing_of_lot

_DEVIATIONS = """ARRAY (SELECT unnest(ARRAY[d.opened_at, d.decided_at]) FROM lineside.deviation d
        WHERE d.subject_kind = n.kind AND d.subject_id = n.subject) AS deviations"""
_LOTS = text(f"""
    SELECT n.*, e.* FROM (SELECT 'lot' AS kind, s.* FROM lineside.signed_now('lot', CAST(:ids AS uuid[])) s WHERE NOT s.same) n
     CROSS JOIN LATERAL (SELECT
      ARRAY (SELECT r.received_at FROM lineside.receipt r WHERE r.lot = n.subject) AS receipts,
      ARRAY (SELECT u.undone_at FROM lineside.receipt_undo u JOIN lineside.receipt r ON r.id = u.receipt WHERE r.lot = n.subject) AS undos,
      ARRAY (SELECT c.consumed_at FROM lineside.consumption c WHERE c.lot = n.subject UNION ALL SELECT u.undone_at
        FROM lineside.consumption_undo u JOIN lineside.consumption c ON c.id = u.consumption WHERE c.lot = n.subject) AS consumptions,
      ARRAY (SELECT w.weighed_at FROM lineside.weighing w JOIN lineside.container c ON c.id = w.container WHERE c.lot = n.subject)
        AS weighings,
      ARRAY (SELECT unnest(ARRAY[i.opened_at, i.completed_at]) FROM lineside.inspection i WHERE i.lot = n.subject UNION ALL
        SELECT m.taken_at FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection WHERE i.lot = n.subject)
        AS inspected,
      {_DEVIATIONS}) e""")
_BATCHES = text(f"""
    SELECT n.*, {_DEVIATIONS} FROM (SELECT 'batch' AS kind, s.* FROM lineside.signed_now('batch', CAST(:ids AS uuid[])) s
     WHERE NOT s.same) n""")
_OF_DEVIATIONS = text("SELECT s.* FROM lineside.signed_now('deviation', CAST(:ids AS uuid[])) s WHERE NOT s.same")


def broken_lots(session: Session, lots: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these lots of which somebody signed what no longer stands on record, and no entry explains it. One statement."""
    return _broken(session.execute(_LOTS, {"ids": [*lots]}), lambda row: standing_of_lot(_signed(row), _entered(row)))


def broken_deviations(session: Session, deviations: Sequence[UUID]) -> frozenset[UUID]:
    """Likewise of deviations."""
    return _broken(session.execute(_OF_DEVIATIONS, {"ids": [*deviations]}), lambda row: standing_of_deviation(_signed(row)))


def broken_batches(session: Session, batches: Sequence[UUID]) -> frozenset[UUID]:
    """Likewise of batches' releases. A batch's text is computed from all its steps: ask for those that wait, not for all."""
    return _broken(session.execute(_BATCHES, {"ids": [*batches]}), lambda row: standing_of_batch(_signed(row), row.deviations))


def _broken(rows: Iterable[Row[Any]], standing: Callable[[Row[Any]], Standing]) -> frozenset[UUID]:
    return frozenset(row.subject for row in rows if standing(row) is Standing.BROKEN)


def _signed(row: Row[Any]) -> Signed:
    return Signed(
        version=row.version,
        at=row.at,
        content=row.content,
        digest=bytes(row.digest),
        version_now=row.version_now,
        content_now=row.content_now,
        digest_now=bytes(row.digest_now),
    )


def _entered(row: Row[Any]) -> Entered:
    return Entered(
        receipts=tuple(row.receipts),
        undos=tuple(row.undos),
        consumptions=tuple(row.consumptions),
        weighings=tuple(row.weighings),
        inspection=tuple(moment for moment in row.inspected if moment is not None),
        deviations=tuple(row.deviations),
    )
