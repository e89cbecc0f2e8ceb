"""Machines as recognition sees them: one register is read, which changes nothing in any machine, and the answer's form is Modbus's own.

Asked is holding register 0 of unit 1. A machine without that register refuses it, which proves it as well; another unit keeps silent.
The bytes of both questions are control characters, no letter that any scale, gauge or printer obeys among them.

Source:
    Modbus Application Protocol V1.1b3, 6.3 and 7; MODBUS over Serial Line V1.02, 2.5.1; Modbus Messaging on TCP/IP V1.0b, 3.1.3.
"""

from __future__ import annotations

import re

from app.devices.machines.blocks import Block
from app.devices.machines.register_map import RegisterKind
from app.devices.machines.rtu_frames import Question, is_sealed
from app.devices.protocol import lines_of
from app.devices.recognition.evidence import Evidence, Kind, Strength
from app.devices.settings import MODBUS

RTU_LINES = lines_of(9600, 19200, 38400, 115200, bits="8E 8O 8N")
"""The speeds MODBUS over Serial Line V1.02, 2.5.1 names first, and the two that controls offer besides."""
ASK_RTU = Question(unit_id=1, block=Block(kind=RegisterKind.HOLDING, address=0, count=1)).frame
ASK_TCP = b"\x00\x00\x00\x00\x00\x06" + ASK_RTU[:-2]
"""Transaction 0, protocol 0, length 6, then the same question without its CRC."""
_EXCEPTIONS = rb"[\x01-\x06\x08\x0a\x0b]"
_RTU = re.compile(rb"(?=(\x01\x03\x02.{4}|\x01\x83" + _EXCEPTIONS + rb".{2}))", re.DOTALL)
_TCP = re.compile(rb"\x00{5}(?:\x05\x01\x03\x02.{2}|\x03\x01\x83" + _EXCEPTIONS + rb")", re.DOTALL)


def machine_kinds() -> tuple[Kind, Kind]:
    """On a serial line and on the network; people and settings know one kind."""
    on_a_line = Kind(key=MODBUS, lines=RTU_LINES, question=ASK_RTU, judge=said_by_rtu, alone=True, on_sockets=False)
    return on_a_line, Kind(key=MODBUS, lines=(), question=ASK_TCP, judge=said_by_tcp, alone=True)


def said_by_rtu(heard: bytes) -> Evidence | None:
    """An answer or a refusal with its own CRC, among whatever other questions brought; an echo of the question is neither."""
    for found in _RTU.finditer(heard):
        if is_sealed(found[1]):
            return Evidence(strength=Strength.SURE, frame=found[1])
    return None


def said_by_tcp(heard: bytes) -> Evidence | None:
    """An answer or a refusal to our transaction."""
    found = _TCP.search(heard)
    return Evidence(strength=Strength.SURE, frame=found[0]) if found is not None else None
