"""What answers at one address when it is asked as one kind of device, once: for an engineer who has said what it should be.

Asked is what that kind's sessions ask too; nothing that changes a device is sent. Silence proves nothing of a device that speaks only when
a person makes it speak.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from app.base.errors import DeviceError
from app.base.phrases import Phrase
from app.devices.errors import readable
from app.devices.machines.judging import sample_of
from app.devices.machines.lines import open_line
from app.devices.machines.look import Looking
from app.devices.meaning import meanings
from app.devices.printer_condition import PrinterFault, UnreadablePrinterAnswer
from app.devices.printer_language import LANGUAGES
from app.devices.protocol import SerialLine, families
from app.devices.protocols.zpl import ASK_IDENTITY, PrinterIdentity, read_identity
from app.devices.session import OpenPort
from app.devices.settings import DeviceSettings, StationClock
from app.devices.transport import Port, open_port

_ANSWER_S = 1.0
_MACHINE_ANSWER_S = 0.75
_MOST_HEARD = 8192
"""Bytes."""
DPI = {8: 203, 12: 300, 24: 600}
"""Dots per millimetre as a ZPL printer says them, and what its head is called by."""

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it."""

    answered: bool
    says: Phrase | str
    """In one line: a value, a model, the first registers; why nothing came."""
    serial_number: str | None = None
    dpi: int | None = None
    """Of a printer's head, as far as it says so."""
    more: Phrase | str = ""
    """What to do now, or what of it was not good."""
    certificate: bytes | None = None
    """What an OPC UA server shows of itself and nobody trusts yet, DER."""


def try_device(settings: DeviceSettings, *, printer_line: SerialLine, opening: OpenPort = open_port) -> Tried:
    """Ask once.

    Args:
        settings: What it should be: kind, port, line, for a machine its map and unit.
        printer_line: Of a printer on a serial port whose settings name none.
        opening: How ports are opened.

    Raises:
        DeviceError: nobody there, taken by somebody else, or the connection broke off.
    """
    if settings.machine is not None:
        return _machine(settings, opening)
    family = families().get(settings.protocol)
    line = settings.line or (family.line if family is not None else printer_line)
    port = opening(settings.url, line)
    try:
        port.read()  # what a terminal server kept from before answers no question of ours
        return _printer(settings.protocol, port) if family is None else _instrument(settings, port)
    finally:
        port.close()


def _instrument(settings: DeviceSettings, port: Port) -> Tried:
    family = families()[settings.protocol]
    protocol = family.speaker(settings.unit)
    question = protocol.are_you_there or protocol.ask_for_value
    if question is None:
        return Tried(answered=False, says=Phrase("the port is free; this kind speaks only when its button is pressed"))
    port.write(question)
    found = _until(port, lambda heard: [one for one in meanings(family, heard) if one.kind != "reject"])
    if not found:
        return Tried(answered=False, says=Phrase("nothing that this kind would say"))
    number = next((one.serial_number for one in found if one.serial_number), None)
    return Tried(answered=True, says=readable(found[0].frame), serial_number=number)


def _printer(key: str, port: Port) -> Tried:
    language = LANGUAGES[key]
    identity = _identity(port) if key == "zpl" else None
    port.write(language.ask)
    answer = language.answer()
    until = monotonic() + _ANSWER_S
    try:
        while monotonic() < until:
            look = answer.feed(port.read())
            if look is not None:
                return _looked(look.faults, identity)
    except UnreadablePrinterAnswer as trouble:
        return Tried(answered=False, says=trouble.what)
    if identity is not None:
        return _looked(frozenset(), identity)
    return Tried(answered=False, says=Phrase("no printer of this language answers; one without paper or with an open head may keep silent"))


def _looked(faults: frozenset[PrinterFault], identity: PrinterIdentity | None) -> Tried:
    worst = next((one.words for one in type(next(iter(faults))) if one in faults), None) if faults else None
    model = f"{identity.model} {identity.firmware}" if identity is not None else ""
    says = worst if worst is not None else Phrase("ready • {model}", model=model) if model else Phrase("ready")
    return Tried(answered=True, says=says, dpi=DPI.get(identity.dots_per_mm) if identity is not None else None)


def _identity(port: Port) -> PrinterIdentity | None:
    """What a ZPL printer says of itself; ``None``: nothing that could be read."""
    port.write(ASK_IDENTITY)
    return _until(port, _identity_in)


def _identity_in(heard: bytes) -> PrinterIdentity | None:
    begin, end = heard.find(b"\x02"), heard.rfind(b"\x03")
    if begin == -1 or end < begin:
        return None
    try:
        return read_identity(heard[begin : end + 1])
    except UnreadablePrinterAnswer:
        return None


def _machine(settings: DeviceSettings, opening: OpenPort) -> Tried:
    machine = settings.machine
    assert machine is not None
    line = open_line(settings, answer_s=_MACHINE_ANSWER_S, open_port=opening)
    try:
        look = Looking(machine.map, StationClock()).look(line)
    except DeviceError as trouble:
        return Tried(answered=False, says=trouble.what)
    finally:
        line.close()
    samples = [sample_of(one, look.words[one.place], at=look.at[one.place], cycle=None, fresh=True) for one in machine.map.channels]
    read = [f"{one.channel} {one.value} {one.unit}".rstrip() if one.value is not None else f"{one.channel} –" for one in samples]
    return Tried(answered=True, says=" • ".join(read))


def _until(port: Port, understood: Callable[[bytes], Read]) -> Read:
    """Listen until what came is understood or the time is over."""
    heard, until = b"", monotonic() + _ANSWER_S
    while monotonic() < until and len(heard) < _MOST_HEARD:
        heard += port.read()
        if heard and (read := understood(heard)):
            return read
    return understood(heard)
