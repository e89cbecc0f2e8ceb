"""What machines said while the steps of a batch ran: figures, stays outside the limits, silences, and a trace to draw."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.capture.queries import excursions, gaps, statistics, trace
from app.tracing.batch_history import MachineTrace

COLUMNS = 240
"""Of a trace on paper: two for a millimetre."""
_AFTER_ALL = timedelta(days=60)
"""No step runs longer; a step that still runs is looked at up to its last sample."""
_INSTANT = timedelta(microseconds=1)
# The machine is the one the entries name; while there are none, the one that was scanned for the step.
CHANNELS = """
    SELECT s.id AS step, p AS ask, c.id AS channel, a.code AS machine, s.started_at, s.done_at
      FROM lineside.batch_step_seen s CROSS JOIN LATERAL jsonb_array_elements(s.spec -> 'parameters') WITH ORDINALITY t (p, n)
      CROSS JOIN LATERAL (SELECT coalesce(
        (SELECT e.device FROM lineside.step_entry e WHERE e.batch_step = s.id AND e.field = (p ->> 'key') || '.low'
          ORDER BY e.entered_at DESC LIMIT 1),
        (SELECT e.device FROM lineside.batch_step q JOIN lineside.step_entry e ON e.batch_step = q.id
          WHERE q.batch = s.batch AND q.key = p ->> 'machine' AND e.field = 'asset'
            AND NOT EXISTS (SELECT FROM lineside.step_entry x WHERE x.corrects = e.id))) AS machine) m
      JOIN lineside.asset a ON a.id = m.machine
      JOIN lineside.channel c ON c.machine = a.id AND c.name = p ->> 'channel' AND c.unit = p ->> 'unit'
     WHERE s.batch = :record AND s.kind = 'parameter' AND s.started_at IS NOT NULL AND p ->> 'source' = 'channel'
     ORDER BY s.no, t.n"""


def traces_of(session: Session, batch: UUID) -> dict[UUID, list[MachineTrace]]:
    """Traces by step, in the order of the record's parameters; a channel that said nothing has none."""
    found: defaultdict[UUID, list[MachineTrace]] = defaultdict(list)
    for row in session.execute(text(CHANNELS), {"record": batch}).all():
        if (one := _trace(session, row)) is not None:
            found[row.step].append(one)
    return found


def _trace(session: Session, row: Row[Any]) -> MachineTrace | None:
    begin: datetime = row.started_at
    told = statistics(session, row.channel, begin=begin, end=row.done_at or begin + _AFTER_ALL)
    if told.last_at is None:
        return None
    end = row.done_at or told.last_at + _INSTANT
    lower, upper = (Decimal(row.ask[side]) if row.ask.get(side) is not None else None for side in ("lower", "upper"))
    during = {"begin": begin, "end": end}
    return MachineTrace(
        parameter=row.ask["key"],
        machine=row.machine,
        name=Name(row.ask["name"]["en"], row.ask["name"]["zh"]),
        unit=row.ask["unit"],
        decimals=row.ask["decimals"],
        lower=lower,
        upper=upper,
        begin=begin,
        end=end,
        statistics=told,
        excursions=tuple(excursions(session, row.channel, lower=lower, upper=upper, **during)),
        gaps=tuple(gaps(session, row.channel, longest=timedelta(seconds=int(row.ask["longest_gap_s"])), **during)),
        columns=tuple(trace(session, row.channel, columns=COLUMNS, **during)),
    )
