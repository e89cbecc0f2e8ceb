"""How an entry of a station's ``devices.toml`` stands on record, so that the two can be compared word by word."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from app.core.devices_here import PrinterHere, row_of
from app.devices.protocol import SerialLine
from app.devices.settings import DeviceSettings, TagSettings
from app.plant.connecting import HowConnected
from app.plant.connections import ConnectionRow

Device = DeviceSettings | PrinterHere
_OF_THEIR_OWN = frozenset({"code", "protocol", "url", "unit", "line", "expected_serial", "machine", "listen"})


def how_connected(device: Device) -> HowConnected:
    """What the record says of a device that is connected so."""
    one = device.connection if isinstance(device, PrinterHere) else device
    machine, channels = one.machine, one.map
    more = {name: value for name, value in row_of(device).items() if name not in _OF_THEIR_OWN and value is not None}
    if machine is not None:
        more |= {"unit_id": machine.unit_id, "looks_per_s": f"{machine.looks_per_s:g}"}
    if one.tags is not None:
        more |= _listened(one.tags)
    return HowConnected(
        protocol=one.protocol,
        url=one.url,
        line=_line_words(one.line) if one.line is not None else "",
        unit=one.unit,
        serial_number=one.expected_serial,
        map=channels.model if channels is not None else None,
        map_digest=bytes.fromhex(channels.sha256) if channels is not None else None,
        details=" ".join(f"{name}={more[name]}" for name in sorted(more)),
    )


def _listened(tags: TagSettings) -> dict[str, object]:
    """How a machine that tells by itself is reached: whether somebody signs in, and neither who nor by which password."""
    access = tags.access
    rows: dict[str, object] = {"security": access.security.value}
    if tags.looks_per_s is not None:
        rows["looks_per_s"] = f"{tags.looks_per_s:g}"
    if access.sign_in is not None:
        rows["sign_in"] = "yes"
    if access.fingerprint is not None:
        rows["certificate"] = access.fingerprint
    return rows


def _line_words(line: SerialLine) -> str:
    return f"{line.words} XON/XOFF" if line.xonxoff else line.words


class OnRecord(StrEnum):
    """How what is connected at a station stands to what is on record."""

    SAME = "same"
    MISSING = "missing"
    """Connected here, and nobody put it on record: written into the station's file by hand, or from before there was a record."""
    DIFFERS = "differs"
    NOT_HERE = "not here"
    """On record, and the station's file does not name it."""


def on_record(here: Sequence[Device], rows: Sequence[ConnectionRow]) -> dict[str, OnRecord]:
    """Every device that is connected or on record, by code of its asset.

    Args:
        here: What is connected to the station.
        rows: What is on record as connected to it.
    """
    told = {row.code: row.how for row in rows}
    found = {}
    for device in here:
        how = told.pop(device.code, None)
        found[device.code] = OnRecord.MISSING if how is None else OnRecord.SAME if how == how_connected(device) else OnRecord.DIFFERS
    return {**found, **dict.fromkeys(told, OnRecord.NOT_HERE)}
