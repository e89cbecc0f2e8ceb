"""What shall be connected, before an asset is named: found by recognition, or said by an engineer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.base.phrases import Language, Phrase
from app.core.devices_here import PRINTERS, PrinterHere
from app.devices.kinds import kind_of
from app.devices.machines.access import NAMELESS
from app.devices.protocol import SerialLine, families
from app.devices.recognition.findings import Recognised
from app.devices.settings import MODBUS, MQTT, OPCUA, RTU_LINE, DeviceSettings, MachineSettings, TagSettings
from app.plant.kinds import may_be
from app.plant.queries import AssetRow

Device = DeviceSettings | PrinterHere

_HOST = re.compile(r"(?:(socket|rfc2217)://)?([A-Za-z0-9][A-Za-z0-9.-]*):(\d{1,5})")
_TOLD = re.compile(r"(opc\.tcp|mqtts?)://([A-Za-z0-9][A-Za-z0-9.-]*):(\d{1,5})(/[^\s@]*)?")
_SCHEMES = {OPCUA: "opc.tcp", MQTT: "mqtt"}
_PORT_OF_THIS_COMPUTER = re.compile(r"usb:\S+|/dev/\S+|COM\d+")
LAST_TCP_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A device at a port."""

    url: str
    key: str
    """Its kind: a family's key, a printer's language, ``office``, ``modbus``, ``opcua``, ``mqtt``."""
    line: SerialLine | None = None
    """``None``: the factory settings of its kind, or a socket, which has none."""
    serial_number: str | None = None
    machine: MachineSettings | None = None
    tags: TagSettings | None = None
    """Of a machine that tells by itself."""
    dpi: int | None = None
    language: Language | None = None
    """Of an office printer's labels; ``None``: the station's."""

    @property
    def is_printer(self) -> bool:
        """Whether labels come out of it."""
        return self.key in PRINTERS

    @property
    def needs_unit(self) -> bool:
        """Whether the asset's record must name the unit of its values."""
        family = families().get(self.key)
        return family is not None and family.needs_unit

    @property
    def settings(self) -> DeviceSettings:
        """As an asset without a name, to be tried."""
        return DeviceSettings(
            code=NAMELESS, protocol=self.key, url=self.url, unit=None, line=self.line, machine=self.machine, tags=self.tags
        )

    def device_for(self, asset: AssetRow) -> Device:
        """How the asset is connected: its line where it is not set as in the factory, the serial number it must say from now on."""
        family = families().get(self.key)
        connection = DeviceSettings(
            code=asset.code,
            protocol=self.key,
            url=self.url,
            unit=asset.unit if family is not None and family.gives != "code" else None,
            line=None if self.line == usual_line(self.key) or self.url.startswith("socket://") else self.line,
            expected_serial=self.serial_number if family is not None and family.says_serial_number else None,
            machine=self.machine,
            tags=self.tags,
        )
        return PrinterHere(connection=connection, dpi=self.dpi or 203, language=self.language) if self.is_printer else connection

    def changed(self, before: Device) -> Device:
        """What a connected device is from now on: a machine that tells by itself, or a printer of the system."""
        if isinstance(before, PrinterHere):
            return replace(before, connection=replace(before.connection, url=self.url), language=self.language)
        return replace(before, url=self.url, tags=self.tags)


def proposal_of(url: str, one: Recognised) -> Proposal:
    """What was found at a port."""
    return Proposal(url=told_url(url, one.key), key=one.key, line=one.line, serial_number=one.serial_number)


def told_url(url: str, key: str) -> str:
    """The url of a machine that tells by itself, whatever its address was found as; every other stays."""
    host = url.partition("://")[2]
    return f"{_SCHEMES[key]}://{host}" if key in _SCHEMES and url.startswith("socket://") else url


def kind_name(key: str) -> Phrase:
    """What people call a kind of device, over whatever line it speaks."""
    if key == MODBUS:
        return Phrase("machine (Modbus)")
    return kind_of(DeviceSettings(code=NAMELESS, protocol=key, url="", unit=None)).name


def kinds_at(url: str) -> list[str]:
    """Every kind that can hang at a port: printers whose labels are pictures need the network. Printers and machines stand first."""
    for key, scheme in _SCHEMES.items():
        if url.startswith((f"{scheme}://", f"{scheme}s://")):
            return [key]
    printers = [key for key in ("zpl", "tspl", "sbpl") if key == "zpl" or url.startswith("socket://")]
    told = [OPCUA, MQTT] if url.startswith("socket://") else []
    return [*printers, MODBUS, *told, *sorted(families(), key=lambda key: str(families()[key].name))]


def lines_at(url: str, key: str) -> list[SerialLine]:
    """The line settings that are possible; none on a socket."""
    if url.startswith("socket://"):
        return []
    family = families().get(key)
    if family is not None:
        return [family.line, *family.other_lines]
    if key == MODBUS:
        return _rtu_lines()
    return [SerialLine(baud=baud) for baud in (9600, 19200, 38400, 57600, 115200)]


def _rtu_lines() -> list[SerialLine]:
    bits = (SerialLine(baud=9600, parity="E"), SerialLine(baud=9600), SerialLine(baud=9600, parity="O"))
    speeds = (RTU_LINE.baud, 9600, 38400, 115200)
    return [SerialLine(baud=baud, parity=one.parity) for baud in speeds for one in bits]


def usual_line(key: str) -> SerialLine | None:
    """How the line of a kind is set where nobody set it otherwise."""
    family = families().get(key)
    if family is not None:
        return family.line
    return RTU_LINE if key == MODBUS else SerialLine(baud=9600)


def address_of(written: str) -> str | None:
    """The url of what somebody wrote: ``10.0.4.20:9100`` is a socket; ``None``: no address and no port of this computer."""
    written = written.strip()
    if _PORT_OF_THIS_COMPUTER.fullmatch(written):
        return written
    told = _TOLD.fullmatch(written)
    if told is not None:
        possible = 0 < int(told[3]) <= LAST_TCP_PORT and (told[4] is None or told[1] == _SCHEMES[OPCUA])
        return f"{told[1]}://{told[2]}:{int(told[3])}{told[4] or ''}" if possible else None
    found = _HOST.fullmatch(written)
    if found is None or not 0 < int(found[3]) <= LAST_TCP_PORT:
        return None
    return f"{found[1] or 'socket'}://{found[2]}:{int(found[3])}"


def candidates(assets: Sequence[AssetRow], one: Proposal, taken: frozenset[str]) -> list[AssetRow]:
    """Who it can be: the asset with its serial number alone, if there is one; else all of its kind that are not connected here, by code.

    Args:
        assets: Of the site.
        one: What shall be connected.
        taken: Codes that are connected to this station already.
    """
    free = [asset for asset in assets if asset.code not in taken and may_be(asset.kind, one.key)]
    same = [asset for asset in free if one.serial_number is not None and asset.serial_no == one.serial_number]
    return same or [asset for asset in free if one.serial_number is None or not asset.serial_no]
