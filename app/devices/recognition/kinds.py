"""Every kind of device that can be recognised: how its line may be set, what may be asked of it, and what tells it from others."""

from __future__ import annotations

import re
from functools import partial

from app.devices.meaning import Meaning, meanings
from app.devices.printer_condition import UnreadablePrinterAnswer
from app.devices.protocol import Family, SerialLine, families
from app.devices.protocols.zpl import ASK_IDENTITY, read_identity
from app.devices.recognition.evidence import Evidence, Kind, Strength
from app.devices.recognition.machines import machine_kinds

PRINTER = "zpl"
PRINTER_SPEEDS = (9600, 19200, 38400, 57600, 115200)
"""Of serial ports of ZPL printers; Zebra ZPL II programming guide, ``^SC``."""
_AIM = "]"
_SHORTEST_CODE = 4
_PLAIN = re.compile(r"[\x20-\x7e\x04\x1c-\x1f]+")
"""What a code is made of that is not in another alphabet; ISO/IEC 15434 for the control characters."""


def kinds() -> tuple[Kind, ...]:
    """Every kind of device that can be recognised."""
    found = [_of_family(family) for family in families().values()]
    printer = Kind(key=PRINTER, lines=tuple(map(_eight_bits, PRINTER_SPEEDS)), question=ASK_IDENTITY, judge=_printer)
    return (*found, printer, *machine_kinds())


def _of_family(family: Family) -> Kind:
    """What the plant wrote itself is only listened for: its question may be a command to another device."""
    protocol = family.speaker(None)
    question = (protocol.are_you_there or protocol.ask_for_value) if family.own is None else None
    return Kind(key=family.key, lines=(family.line, *family.other_lines), question=question, judge=partial(_instrument, family))


def _eight_bits(baud: int) -> SerialLine:
    return SerialLine(baud=baud)


def _instrument(family: Family, heard: bytes) -> Evidence | None:
    """The most telling whole frame; an answer of trouble alone proves nothing, other kinds answer like it."""
    found = [(strength, one) for one in meanings(family, heard) if (strength := _strength(family, one)) is not None]
    if not found:
        return None
    strength, best = max(found, key=lambda one: (one[0], one[1].serial_number is not None))
    times = sum(other is strength for other, _ in found)
    return Evidence(strength=strength, frame=best.frame, times=times, serial_number=best.serial_number)


def _strength(family: Family, one: Meaning) -> Strength | None:
    match one.kind:
        case "reject" | "error" | "status" | "ack":
            return None
        case _ if family.own is not None:
            return Strength.LIKE  # nobody knows whether its form is its own
        case "code":
            return _of_a_code(one.text)
        case "info":
            return Strength.SURE if family.says_serial_number and one.serial_number else Strength.LIKE
        case _:
            return Strength.SURE


def _of_a_code(text: str) -> Strength | None:
    """Any printable line could be a code; with the prefix that scanners are set to send it is one."""
    if len(text) < _SHORTEST_CODE or not _PLAIN.fullmatch(text):
        return None
    return Strength.SURE if text.startswith(_AIM) else Strength.LIKE


def _printer(heard: bytes) -> Evidence | None:
    """Between the first STX and the last ETX: other kinds' questions were asked on the same line."""
    begin, end = heard.find(b"\x02"), heard.rfind(b"\x03")
    if begin == -1 or end < begin:
        return None
    try:
        read_identity(heard[begin : end + 1])
    except UnreadablePrinterAnswer:
        return None
    return Evidence(strength=Strength.SURE, frame=heard[begin : end + 1])
