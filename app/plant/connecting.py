"""A device is connected to a station, connected otherwise, or taken out: on record before the station's file says so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.command import Permission, command
from app.core.work import Work
from app.plant.records import DeviceConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class HowConnected:
    """How a device hangs at its station, in the words of the station's file; see `app.plant.device_facts`."""

    protocol: str
    """Key of its kind, e.g. ``mt_sics``, ``zpl``, ``modbus``."""
    url: str
    line: str
    """``9600 8N1`` where it differs from the kind's factory settings; empty otherwise."""
    unit: str | None
    serial_number: str | None
    """What it must say from now on; ``None``: its kind says none."""
    map: str | None
    """What it is read by, for a machine."""
    map_digest: bytes | None
    """SHA-256 of that file."""
    details: str
    """What else stands in its entry, ``name=value`` in the order of names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectDevice:
    """An asset hangs at this station from now on."""

    command_id: UUID
    id: UUID
    asset: UUID
    how: HowConnected


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDevice:
    """It hangs at another port, or its line is set otherwise."""

    command_id: UUID
    id: UUID
    asset: UUID
    how: HowConnected
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOutDevice:
    """It hangs here no more; ``how`` it hung is kept beside it."""

    command_id: UUID
    id: UUID
    asset: UUID
    how: HowConnected
    reason: str


@command(permission=Permission.KEEP_ASSETS, signature=None)
def connect_device(order: ConnectDevice, work: Work) -> None:
    """Put it on record; the database knows the station and refuses what is connected there already."""
    work.add(_row(order, "connected", None))


@command(permission=Permission.KEEP_ASSETS, signature=None)
def change_device(order: ChangeDevice, work: Work) -> None:
    """Put the change on record; refused while a label is on its way to it or a step runs on it."""
    work.add(_row(order, "changed", order.reason))


@command(permission=Permission.KEEP_ASSETS, signature=None)
def take_out_device(order: TakeOutDevice, work: Work) -> None:
    """Put on record that it is gone; refused while a label is on its way to it or a step runs on it."""
    work.add(_row(order, "taken out", order.reason))


def _row(order: ConnectDevice | ChangeDevice | TakeOutDevice, act: str, reason: str | None) -> DeviceConnection:
    how = order.how
    return DeviceConnection(
        id=order.id,
        asset=order.asset,
        act=act,
        protocol=how.protocol,
        url=how.url,
        line=how.line,
        unit=how.unit,
        serial_number=how.serial_number,
        map=how.map,
        map_digest=how.map_digest,
        details=how.details,
        reason=reason,
    )
