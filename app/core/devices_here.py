"""Which asset hangs on which port of this station, and what it speaks: ``devices.toml`` in the station's folder.

    [[devices]]
    code = "DC-014"                          # the asset's code
    protocol = "mitutoyo"                    # device family, or "zpl", "tspl", "sbpl" for a label printer
    url = "usb:A6015XNQ"                     # /dev/…, COM5, socket://host:port, rfc2217://host:port, usb:ADAPTER-SERIAL
    unit = "mm"                              # for instruments that send values
    line = { baud = 4800, parity = "E" }     # only where it differs from the family's factory settings

    [[devices]]
    code = "LP-05"
    protocol = "office"                      # a printer of the operating system: one label a page, and a person says whether it came out
    url = "system:HP LaserJet Office"        # its name there

    [[devices]]
    code = "SL-03"
    protocol = "modbus"                      # a machine
    url = "socket://10.0.4.20:502"
    machine = { model = "sealer", unit_id = 1, looks_per_s = 10 }   # its map: shipped, or in the folder “machines” beside this file

    [[devices]]
    code = "SL-04"
    protocol = "modbus"
    url = "rfc2217://10.0.4.7:4001"          # a serial line: Modbus RTU, at 19200 8E1 unless “line” says otherwise
    line = { baud = 9600, parity = "N", stopbits = 2 }
    machine = { model = "sealer", unit_id = 1, looks_per_s = 5 }

Machines that tell by themselves (OPC UA, MQTT): see `listened_machines`.

A file that is not there means: nothing is connected. An entry that cannot be is named; nothing is guessed and nothing else is connected.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.base.errors import RuleViolation
from app.base.mistakes import first_mistake
from app.base.phrases import Language, Phrase
from app.core.listened_machines import LISTENED, WrittenListening, listen_row, tag_settings, why_not_listened
from app.devices.machines.access import SignIn
from app.devices.machines.map_file import read_map
from app.devices.machines.register_map import RegisterMap
from app.devices.printer_language import LANGUAGES, OFFICE, SYSTEM
from app.devices.protocol import SerialLine, families, is_own_key
from app.devices.settings import (
    LAST_RTU_UNIT,
    MACHINES,
    MODBUS,
    MOST_LOOKS_PER_S,
    DeviceSettings,
    MachineSettings,
    TagSettings,
    is_network,
)

PRINTERS = frozenset(LANGUAGES) | {OFFICE}
"""The protocols of printers. They are served by the print queue, not by the hub."""
PRINTER_LINE = SerialLine(baud=9600)
"""Factory setting of a ZPL printer's serial port; without meaning on a socket."""

_URL = re.compile(r"(?:socket|rfc2217)://[^/:\s]+:\d{1,5}|usb:\S+|/dev/\S+|COM\d+")


class DevicesUnreadable(RuleViolation):
    """The devices of a station cannot be used as they are written down."""

    code = "settings.devices_unreadable"
    text = "No device was connected: in {file}, {where}: {reason}"
    next_step = "Mend what is named here, then start again."


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    baud: int = Field(gt=0)
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    xonxoff: bool = False


class _Machine(BaseModel):
    model_config = ConfigDict(extra="forbid")
    model: Annotated[str, Field(min_length=1, max_length=60)]
    unit_id: Annotated[int, Field(ge=0, le=255, strict=True)]
    looks_per_s: Annotated[float, Field(gt=0, le=MOST_LOOKS_PER_S)]


class _Device(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Field(min_length=1, max_length=40)]
    protocol: str
    url: str
    unit: str | None = None
    line: _Line | None = None
    expected_serial: str | None = None
    machine: _Machine | None = None
    listen: WrittenListening | None = None
    dpi: Literal[203, 300, 600] | None = None
    language: Language | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    devices: list[_Device] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterHere:
    """A label printer of this station."""

    connection: DeviceSettings
    dpi: int = 203
    """Dots per inch of its head: 203, 300 or 600; without meaning for an office printer."""
    language: Language | None = None
    """Of the labels; ``None``: the station's."""

    @property
    def code(self) -> str:
        """The asset's code, as a label's row names its printer."""
        return self.connection.code


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesHere:
    """What is connected to this station."""

    instruments: tuple[DeviceSettings, ...] = ()
    """Scanners, gauges, scales, machines: for the hub."""
    printers: tuple[PrinterHere, ...] = ()

    @property
    def everything(self) -> tuple[DeviceSettings, ...]:
        """All of it, in the order of the file's kinds, for the chips."""
        return (*self.instruments, *(printer.connection for printer in self.printers))

    @property
    def all(self) -> tuple[DeviceSettings | PrinterHere, ...]:
        """All of it, printers with what is theirs alone."""
        return (*self.instruments, *self.printers)


def read_devices(file: Path, *, sign_ins: Mapping[str, SignIn] | None = None) -> DevicesHere:
    """Read what is connected; an absent file means nothing.

    Args:
        file: ``devices.toml`` of a station.
        sign_ins: Names and passwords that are about to be written down, by code; all others lie beside the file.

    Raises:
        DevicesUnreadable: not TOML, an unknown name, a value that cannot be, a device twice, a family nobody speaks.
    """
    try:
        rows = tomllib.loads(file.read_text("utf-8"))
        written = _File.model_validate(rows).devices
    except FileNotFoundError:
        return DevicesHere()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as trouble:
        raise DevicesUnreadable(file=file, where=Phrase("as a whole"), reason=str(trouble)) from trouble
    except ValidationError as trouble:
        raise _named(file, trouble, rows) from trouble
    taken: dict[str, str] = {}
    for device in written:
        if (reason := _why_not(device, taken)) is not None:
            raise DevicesUnreadable(file=file, where=Phrase("device {code}", code=device.code), reason=reason)
        taken[device.code] = device.url
    return DevicesHere(
        instruments=tuple(
            replace(_settings(device), machine=_machine(device, file), tags=_tags(device, file, (sign_ins or {}).get(device.code)))
            for device in written
            if device.protocol not in PRINTERS
        ),
        printers=tuple(
            PrinterHere(connection=_settings(device), dpi=device.dpi or 203, language=device.language)
            for device in written
            if device.protocol in PRINTERS
        ),
    )


def write_devices(file: Path, devices: DevicesHere, *, heading: str) -> None:
    """Write what is connected; the file is replaced in one step.

    Args:
        file: ``devices.toml`` of a station.
        devices: Everything that is connected to it.
        heading: First line, a remark for people.
    """
    blocks = [_block(row_of(one)) for one in devices.all]
    _beside(file, "\n\n".join([f"# {heading}", *blocks]) + "\n").replace(file)


def append_device(file: Path, device: DeviceSettings | PrinterHere, *, heading: str, only_try: bool) -> None:
    """Write one more device below what stands there; every word people wrote into the file stays.

    Args:
        file: ``devices.toml`` of a station; written anew, in one step, with ``heading`` where it is not there.
        device: Neither its code nor its port stands there yet.
        heading: First line of a new file.
        only_try: Change nothing; only find out whether it could be written.

    Raises:
        DevicesUnreadable: with it the file could not be read any more; nothing was changed.
        OSError: the disk, or a right, is in the way; nothing was changed.
    """
    before = file.read_text("utf-8").rstrip() if file.exists() else f"# {heading}"
    text = f"{before}\n\n{_block(row_of(device))}\n"
    rewrite_devices(file, text, device, then=lambda _: True, only_try=only_try)


def rewrite_devices(
    file: Path, text: str, device: DeviceSettings | PrinterHere, *, then: Callable[[DevicesHere], bool], only_try: bool
) -> bool:
    """Put another text in the file's place, in one step, if it says what it should.

    Args:
        file: ``devices.toml`` of a station.
        text: All of it.
        device: Whose entry changes; its name and password need not lie beside the file yet.
        then: Whether what the text connects is what was meant.
        only_try: Change nothing; only find out.

    Returns:
        Whether it was; nothing was changed otherwise.

    Raises:
        DevicesUnreadable: the text cannot be read; nothing was changed.
        OSError: the disk, or a right, is in the way; nothing was changed.
    """
    half_done = _beside(file, text)
    try:
        meant = then(read_devices(half_done, sign_ins=_sign_ins(device)))
        if meant and not only_try:
            half_done.replace(file)
        return meant
    finally:
        half_done.unlink(missing_ok=True)


def _sign_ins(device: DeviceSettings | PrinterHere) -> dict[str, SignIn]:
    tags = device.tags if isinstance(device, DeviceSettings) else None
    return {device.code: tags.access.sign_in} if tags is not None and tags.access.sign_in is not None else {}


def _beside(file: Path, text: str) -> Path:
    """The text in a file beside it, to take its place in one step."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_done = file.with_name(file.name + ".new")
    half_done.write_text(text, "utf-8")
    return half_done


def _why_not(device: _Device, taken: Mapping[str, str]) -> Phrase | None:
    """Why a well-formed entry cannot be used; ``taken`` has the ports of those before it, by code."""
    if device.code in taken:
        return Phrase("it is written down twice.")
    if (device.protocol == OFFICE) != device.url.startswith(SYSTEM):
        return Phrase("an office printer, and nothing else, has a url of the form system:NAME.")
    if device.protocol == OFFICE:
        return _why_no_office_printer(device)
    if device.protocol in LISTENED:
        return _why_not_listened(device)
    if not _URL.fullmatch(device.url):
        return Phrase("“{url}” is no port. Write /dev/…, COM5, socket://host:port, rfc2217://host:port or usb:SERIAL.", url=device.url)
    if not is_network(device.url) and (other := next((code for code, url in taken.items() if url == device.url), None)) is not None:
        return Phrase("its port is the one of {other}, and a serial port serves one device.", other=other)
    if (device.protocol == MODBUS) != (device.machine is not None):
        return Phrase("a machine, and nothing else, has “machine” with model, unit_id and looks_per_s.")
    if device.listen is not None:
        return Phrase("only a machine that speaks opcua or mqtt has “listen”.")
    if device.protocol == MODBUS:
        return _why_no_machine(device)
    if device.protocol in PRINTERS:
        return _why_no_printer(device)
    return _why_no_instrument(device)


def _why_no_instrument(device: _Device) -> Phrase | None:
    family = families().get(device.protocol)
    if family is None and is_own_key(device.protocol):
        return None  # not in effect, or not known yet: the device stays on the list, and nobody talks with it
    if family is None:
        known = ", ".join(sorted([*families(), *MACHINES, *PRINTERS]))
        return Phrase("nobody here speaks “{protocol}”. Known are: {known}.", protocol=device.protocol, known=known)
    if device.dpi is not None or device.language is not None:
        return Phrase("only a printer has dpi and language.")
    try:
        family.make(unit=device.unit)
    except ValueError:
        return Phrase("this family needs the unit of its values, for example mm.")
    if device.expected_serial is not None and not family.says_serial_number:
        return Phrase("this family cannot say its serial number.")
    return None


def _why_no_printer(device: _Device) -> Phrase | None:
    if device.unit is not None:
        return Phrase("a printer has no unit.")
    if LANGUAGES[device.protocol].needs_network and not device.url.startswith("socket://"):
        return Phrase("a printer of this language is reached over the network: write socket://host:port.")
    return None


def _why_no_office_printer(device: _Device) -> Phrase | None:
    others = (device.unit, device.line, device.expected_serial, device.machine, device.dpi)
    if any(one is not None for one in others):
        return Phrase("an office printer has code, protocol, url and language, and nothing else: the system knows its dots.")
    if not device.url.removeprefix(SYSTEM).strip():
        return Phrase("an office printer needs its name in the system behind “system:”.")
    return None


def _why_no_machine(device: _Device) -> Phrase | None:
    others = (device.unit, device.expected_serial, device.dpi, device.language)
    if any(one is not None for one in others):
        return Phrase("a machine has code, protocol, url and machine, on a serial port also “line”, and nothing else.")
    if is_network(device.url):
        return Phrase("a machine at socket:// has no “line”: Modbus TCP has no speed and no parity.") if device.line else None
    if device.machine is not None and not 1 <= device.machine.unit_id <= LAST_RTU_UNIT:
        return Phrase("on a serial line the unit_id of a machine is 1 to {last}.", last=LAST_RTU_UNIT)
    return _why_no_rtu_line(device.line) if device.line is not None else None


def _why_not_listened(device: _Device) -> Phrase | None:
    others = (device.unit, device.line, device.expected_serial, device.machine, device.dpi, device.language)
    if any(one is not None for one in others):
        return Phrase("a machine that tells by itself has code, protocol, url and listen, and nothing else.")
    return why_not_listened(device.protocol, device.url, device.listen)


def _why_no_rtu_line(line: _Line) -> Phrase | None:
    """The usual parity of a machine is not that of an instrument, so that a half-written line would be a guess."""
    if "parity" not in line.model_fields_set:
        return Phrase('the “line” of a machine is written with baud and parity, for example baud = 19200, parity = "E".')
    if line.bytesize != 8 or line.xonxoff:
        return Phrase("Modbus RTU needs all eight bits: write no bytesize but 8 and no xonxoff.")
    return None


def _machine(device: _Device, file: Path) -> MachineSettings | None:
    """How a machine is read, with its map; ``None`` for everything else."""
    if device.machine is None:
        return None
    model = device.machine.model
    try:
        found = read_map(model, own=file.parent / "machines")
    except RuleViolation as trouble:
        raise _of_device(device, file, trouble.what) from trouble
    if not isinstance(found, RegisterMap):
        raise _of_device(device, file, Phrase("the map {model} is not written for {protocol}.", model=model, protocol=device.protocol))
    return MachineSettings(map=found, unit_id=device.machine.unit_id, looks_per_s=device.machine.looks_per_s)


def _tags(device: _Device, file: Path, sign_in: SignIn | None) -> TagSettings | None:
    """How a machine is listened to, with its map; ``None`` for everything else."""
    if device.listen is None:
        return None
    try:
        return tag_settings(device.code, device.protocol, device.listen, file.parent, sign_in)
    except RuleViolation as trouble:
        raise _of_device(device, file, trouble.what) from trouble


def _of_device(device: _Device, file: Path, reason: Phrase) -> DevicesUnreadable:
    return DevicesUnreadable(file=file, where=Phrase("device {code}", code=device.code), reason=reason)


def _named(file: Path, trouble: ValidationError, rows: Mapping[str, Any]) -> DevicesUnreadable:
    """The first mistake in the file, and where it stands."""
    mistake = first_mistake(trouble)
    where: Phrase = Phrase("as a whole")
    if len(mistake.path) > 1 and isinstance(mistake.path[1], int):
        entry = rows["devices"][mistake.path[1]]
        code = entry.get("code") if isinstance(entry, dict) else None
        where = Phrase("device {code}", code=str(code)) if code else Phrase("device no. {number}", number=mistake.path[1] + 1)
    return DevicesUnreadable(file=file, where=where, reason=mistake.reason)


def _settings(device: _Device) -> DeviceSettings:
    return DeviceSettings(
        code=device.code,
        protocol=device.protocol,
        url=device.url,
        unit=device.unit,
        line=SerialLine(**device.line.model_dump()) if device.line else None,
        expected_serial=device.expected_serial,
    )


def row_of(device: DeviceSettings | PrinterHere) -> dict[str, object]:
    """An entry of the file, name by name; ``None`` where nothing is written."""
    if isinstance(device, PrinterHere):
        dpi = None if device.connection.protocol == OFFICE else device.dpi
        return {**row_of(device.connection), "dpi": dpi, "language": device.language}
    one, line = device, device.line
    shape = {"baud": line.baud, "bytesize": line.bytesize, "parity": line.parity, "stopbits": line.stopbits} if line else None
    if shape is not None and line is not None and line.xonxoff:
        shape["xonxoff"] = True
    rows = {"code": one.code, "protocol": one.protocol, "url": one.url, "unit": one.unit, "line": shape}
    return {
        **rows,
        "expected_serial": one.expected_serial,
        "machine": _machine_row(one.machine),
        "listen": listen_row(one.tags) if one.tags else None,
    }


def _machine_row(machine: MachineSettings | None) -> dict[str, object] | None:
    if machine is None:
        return None
    return {"model": machine.map.model, "unit_id": machine.unit_id, "looks_per_s": machine.looks_per_s}


def _block(row: Mapping[str, object]) -> str:
    lines = [f"{name} = {toml_of(value)}" for name, value in row.items() if value is not None]
    return "\n".join(["[[devices]]", *lines])


def toml_of(value: object) -> str:
    """A value as the file has it, on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml_of(inner)}" for name, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)  # such JSON is TOML
