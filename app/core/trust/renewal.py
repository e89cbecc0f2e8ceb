"""A station's witness is begun anew after a restore or a failover that somebody answers for; until then the station records nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.command import Permission, command
from app.core.records import Station, WitnessRenewal
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewWitness:
    """An administrator gives up what a station had seen."""

    command_id: UUID
    id: UUID
    station: str
    """Its code."""
    seen: dict[str, Any]
    """By chain: number and hash of what it saw last."""
    stands: dict[str, Any]
    """By chain: what stands there now."""
    reason: str


@command(permission=Permission.MANAGE_STATIONS, signature=None)
def renew_witness(order: RenewWitness, work: Work) -> None:
    """Put it on record, with both and why; the station's own file is written afterwards.

    Raises:
        NotFound: there is no such station.
    """
    station = work.get(Station, code=order.station)
    work.add(WitnessRenewal(id=order.id, station=station.id, seen=order.seen, stands=order.stands, reason=order.reason))
