"""What is written down for a station changes: a device more, a device otherwise, a device less. What people wrote beside it stays."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.base.errors import OutageError, RuleViolation
from app.core.beside_devices import Papers, laid_beside, papers_of, secret_beside
from app.core.devices_here import DevicesHere, DevicesUnreadable, PrinterHere, append_device, read_devices, rewrite_devices, row_of, toml_of
from app.devices.settings import DeviceSettings, is_network

Device = DeviceSettings | PrinterHere
WRITTEN = "Written by this program: what was connected at the station's screen."
TAKEN_OUT = "# taken out: "
"""Before each line of an entry that is no more; remarks in it stay readable."""

_HEADER = re.compile(r"\s*\[\[\s*devices\s*\]\]\s*(?:#.*)?")
_OTHER_TABLE = re.compile(r"\s*\[")
_ENTRY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=\s*(.*)", re.DOTALL)


class DeviceTaken(RuleViolation):
    """This asset, or this port, is written down already."""

    code = "settings.device_taken"
    text = "Device {device} was not connected: {taken} is connected to this station already, at {url}."
    next_step = "Take the other one out of the devices of this station first."


class DeviceNotWritten(RuleViolation):
    """The file of the station names no such device."""

    code = "settings.device_not_written"
    text = "Device {device} was not changed: {file} does not name it."
    next_step = "Open the window again: somebody changed the file by hand while it was open."


class EntryOfOtherForm(RuleViolation):
    """Somebody wrote the entry so that it cannot be changed without changing what else stands there."""

    code = "settings.entry_of_other_form"
    text = "Device {device} was not changed: in {file} its entry has a form that this program does not write."
    next_step = "Write it as one [[devices]] entry with one line for each name, then repeat."


class DevicesNotWritten(OutageError):
    """The file of a station's devices takes nothing."""

    code = "settings.devices_not_written"
    text = "Device {device} was not written down: {file} takes no change ({reason})."
    next_step = "Ask for the right to write there or make room on the disk, then press again."


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines ``begin`` to ``end`` (not included) of the file are one entry; remarks behind its last line belong to what follows."""

    begin: int
    end: int


def add_device(file: Path, device: Device, *, only_try: bool = False) -> None:
    """Write one device down beside what is connected.

    Args:
        file: Of the station.
        device: One more.
        only_try: Change nothing; whatever would refuse it refuses it now, before anything stands on record.

    Raises:
        DevicesUnreadable: what stands there cannot be read; nothing was changed.
        DeviceTaken: its code or its port is written down already.
        DevicesNotWritten: the file or its folder cannot be written; nothing was changed.
    """
    demand_free(read_devices(file), device)
    try:
        with laid_beside(papers_of(file, device), only_try=only_try) as laid:
            append_device(file, device, heading=WRITTEN, only_try=only_try)
            laid.keep()
    except OSError as trouble:
        raise _not_written(file, device, trouble) from trouble


def change_device(file: Path, device: Device, *, only_try: bool = False) -> None:
    """Write down how a device is connected from now on: only the lines that differ are written anew. ``only_try`` as in `add_device`.

    Raises:
        DevicesUnreadable, DeviceNotWritten, EntryOfOtherForm, DeviceTaken, DevicesNotWritten: nothing was changed.
    """
    before = read_devices(file)
    demand_free(DevicesHere(instruments=tuple(one for one in before.everything if one.code != device.code)), device)
    lines, block = _find(file, device)
    wanted = {name: toml_of(value) for name, value in row_of(device).items() if value is not None}
    lines[block.begin : block.end] = _changed(lines[block.begin : block.end], wanted)
    _put(file, device, lines, [device if one.code == device.code else one for one in before.all], papers_of(file, device), only_try)


def take_out_device(file: Path, device: Device, *, only_try: bool = False) -> None:
    """Make remarks of a device's entry: nothing is connected by it any more, and what people wrote there can still be read.

    Name and password at a machine, which lie beside the file, are deleted: nobody needs them any more.

    ``only_try`` as in `add_device`.

    Raises:
        DevicesUnreadable, DeviceNotWritten, EntryOfOtherForm, DevicesNotWritten: nothing was changed.
    """
    before = read_devices(file)
    lines, block = _find(file, device)
    lines[block.begin : block.end] = [
        line if not line.strip() or line.lstrip().startswith("#") else TAKEN_OUT + line for line in lines[block.begin : block.end]
    ]
    papers = dict.fromkeys([secret_beside(file, device.code)] if connection_of(device).tags is not None else [])
    _put(file, device, lines, [one for one in before.all if one.code != device.code], papers, only_try)


def demand_free(here: DevicesHere, device: Device) -> None:
    """Refuse a code or a port that is in use.

    Behind one gateway of the network several machines may stand, and several tell at one broker or one server: told apart by their maps.

    Raises:
        DeviceTaken: with who has it.
    """
    new = connection_of(device)
    for one in here.everything:
        if one.code == new.code or (one.url == new.url and not _may_share(one, new)):
            raise DeviceTaken(device=new.code, taken=one.code, url=one.url)


def _may_share(one: DeviceSettings, other: DeviceSettings) -> bool:
    if one.tags is not None and other.tags is not None:
        return one.tags.map.model != other.tags.map.model  # the same map at the same place is the same machine
    return is_network(other.url) and one.machine is not None and other.machine is not None


def connection_of(device: Device) -> DeviceSettings:
    """How it is connected, whether it prints or not."""
    return device.connection if isinstance(device, PrinterHere) else device


def _find(file: Path, device: Device) -> tuple[list[str], _Block]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    found = [block for block in _blocks(lines) if _code_of(lines[block.begin : block.end]) == device.code]
    if len(found) != 1:
        named = any(one.code == device.code for one in read_devices(file).everything)
        raise (EntryOfOtherForm if named else DeviceNotWritten)(device=device.code, file=file)
    return lines, found[0]


def _blocks(lines: list[str]) -> list[_Block]:
    blocks = []
    for begin, line in enumerate(lines):
        if not _HEADER.fullmatch(line):
            continue
        end = next((n for n in range(begin + 1, len(lines)) if _OTHER_TABLE.match(lines[n])), len(lines))
        while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1
        blocks.append(_Block(begin, end))
    return blocks


def _code_of(lines: list[str]) -> str | None:
    try:
        (entry,) = tomllib.loads("\n".join(lines))["devices"]
    except (tomllib.TOMLDecodeError, KeyError, ValueError):
        return None
    code = entry.get("code")
    return code if isinstance(code, str) else None


def _changed(lines: list[str], wanted: Mapping[str, str]) -> list[str]:
    """The entry with these values: a line that says the same already stays as it is, a remark behind a changed one stays too."""
    left, changed = dict(wanted), []
    for line in lines:
        entry = _ENTRY.fullmatch(line)
        if entry is None or line.lstrip().startswith("#"):
            changed.append(line)
            continue
        name, value = entry[1], left.pop(entry[1], None)
        if value is None:
            changed.append(TAKEN_OUT + line)
        elif _same(name, line, value):
            changed.append(line)
        else:
            remark = _remark(line)
            changed.append(f"{name} = {value}" + (f"  {remark}" if remark else ""))
    return changed + [f"{name} = {value}" for name, value in left.items()]


def _same(name: str, line: str, value: str) -> bool:
    try:
        return bool(tomllib.loads(line) == tomllib.loads(f"{name} = {value}"))
    except tomllib.TOMLDecodeError:
        return False


def _remark(line: str) -> str:
    """What stands behind a value, from its ``#``: the shortest part without which the line still says the same."""
    for place, sign in enumerate(line):
        if sign != "#":
            continue
        try:
            if tomllib.loads(line[:place]) == tomllib.loads(line):
                return line[place:].strip()
        except tomllib.TOMLDecodeError:
            continue
    return ""


def _put(file: Path, device: Device, lines: list[str], wanted: list[Device], papers: Papers, only_try: bool) -> None:
    """Write the file anew, if it then says exactly what it should: a form nobody thought of is refused and not spoilt."""
    meant = {one.code: _said(one) for one in wanted}

    def is_meant(here: DevicesHere) -> bool:
        return {one.code: _said(one) for one in here.all} == meant

    try:
        with laid_beside(papers, only_try=only_try) as laid:
            done = rewrite_devices(file, "\n".join(lines) + "\n", device, then=is_meant, only_try=only_try)
            if done:
                laid.keep()
    except DevicesUnreadable as trouble:
        raise EntryOfOtherForm(device=device.code, file=file) from trouble
    except OSError as trouble:
        raise _not_written(file, device, trouble) from trouble
    if not done:
        raise EntryOfOtherForm(device=device.code, file=file)


def _said(device: Device) -> tuple[object, ...]:
    """All that an entry and what lies beside it say of a device. A map is what its digest says: two readings of a NaN are not equal."""
    one = connection_of(device)
    return row_of(device), one.map.sha256 if one.map is not None else None, one.tags.access.sign_in if one.tags is not None else None


def _not_written(file: Path, device: Device, trouble: OSError) -> DevicesNotWritten:
    return DevicesNotWritten(device=device.code, file=file, reason=trouble.strerror or type(trouble).__name__)
