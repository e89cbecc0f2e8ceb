"""Which device hangs at which station by the record, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.plant.connecting import HowConnected
from app.plant.records import Asset, DeviceConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """The newest act about one asset at one station."""

    asset: UUID
    code: str
    station: str
    act: str
    """``connected``, ``changed`` or ``taken out``."""
    how: HowConnected
    reason: str | None
    done_by: str
    done_at: datetime


def connections_at(session: Session, station: str) -> list[ConnectionRow]:
    """What is on record as connected to a station, by code of the asset; what was taken out is left out."""
    return [row for row in _newest(session, DeviceConnection.station == station) if row.act != "taken out"]


def connection_of(session: Session, asset: UUID) -> list[ConnectionRow]:
    """The newest act about one asset at every station it was ever connected to, by station."""
    return sorted(_newest(session, DeviceConnection.asset == asset), key=lambda row: row.station)


def _newest(session: Session, *conditions: ColumnElement[bool]) -> list[ConnectionRow]:
    later = aliased(DeviceConnection)
    rows = session.execute(
        select(DeviceConnection, Asset.code)
        .join(Asset, Asset.id == DeviceConnection.asset)
        .outerjoin(later, later.follows == DeviceConnection.id)
        .where(later.id.is_(None), *conditions)
        .order_by(Asset.code)
    )
    return [_row(one, code) for one, code in rows]


def _row(one: DeviceConnection, code: str) -> ConnectionRow:
    how = HowConnected(
        protocol=one.protocol,
        url=one.url,
        line=one.line,
        unit=one.unit,
        serial_number=one.serial_number,
        map=one.map,
        map_digest=one.map_digest,
        details=one.details,
    )
    return ConnectionRow(
        asset=one.asset,
        code=code,
        station=one.station,
        act=one.act,
        how=how,
        reason=one.reason,
        done_by=one.done_by,
        done_at=one.done_at,
    )
