"""How a channel of a machine ran since a step began: for the trace beside the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.capture.queries import channels_of, trace
from app.plant.queries import asset_by_code

COLUMNS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedPoint:
    """One value of a trace; of many in one column the lowest and the highest stand."""

    at: datetime
    value: Decimal


def channel_points(session: Session, *, machine: str, channel: str, since: datetime) -> list[TracedPoint]:
    """What stands on record from `since` to now, oldest first; nothing for a channel nobody registered.

    Args:
        session: As somebody who may see the machine.
        machine: Code of the asset.
        channel: Name in the machine's register map.
        since: Aware.
    """
    asset = asset_by_code(session, machine)
    found = next((one for one in channels_of(session, asset.id) if one.name_in_map == channel), None)
    if found is None:
        return []
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    points: list[TracedPoint] = []
    for column in trace(session, found.id, begin=since, end=now, columns=COLUMNS):
        if column.low is not None and column.high is not None:
            points.append(TracedPoint(at=column.first_at, value=column.low))
            points.append(TracedPoint(at=column.last_at, value=column.high))
    return points
