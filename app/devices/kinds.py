"""Every kind of device at a station, whoever talks with it: its name, what our knowledge stands on, how its line is read.

Instruments and scanners are families (`app.devices.protocol`), label printers have a language, machines a register map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.base.phrases import Phrase
from app.devices.machines.reader import ModbusReader
from app.devices.meaning import LineReader, Reader
from app.devices.printer_language import LANGUAGES
from app.devices.printer_reader import PrinterReader
from app.devices.protocol import Known, families
from app.devices.settings import MODBUS, DeviceSettings, is_network


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKind:
    """What is known of a device before it has said anything."""

    key: str
    name: Phrase
    """What people call it."""
    known: Known
    reader: Callable[[], LineReader]
    """Makes a new reader of its line."""


MODBUS_TCP = DeviceKind(
    key=MODBUS,
    name=Phrase("Machine (Modbus TCP)"),
    known=Known(
        source="Modbus Messaging on TCP/IP Implementation Guide V1.0b; Modbus Application Protocol V1.1b3",
        from_memory=("clauses of the specifications",),
    ),
    reader=partial(ModbusReader, over_tcp=True),
)
MODBUS_RTU = DeviceKind(
    key=MODBUS,
    name=Phrase("Machine (Modbus RTU)"),
    known=Known(
        source="MODBUS over Serial Line Specification and Implementation Guide V1.02; Modbus Application Protocol V1.1b3",
        from_memory=("clauses of the specifications",),
    ),
    reader=partial(ModbusReader, over_tcp=False),
)


def printers() -> list[DeviceKind]:
    """The kinds of label printers."""
    return [
        DeviceKind(key=key, name=one.name, known=one.known, reader=partial(PrinterReader, one)) for key, one in sorted(LANGUAGES.items())
    ]


def kind_of(settings: DeviceSettings) -> DeviceKind:
    """What kind of device this is.

    Raises:
        KeyError: a protocol that nobody here speaks; reading ``devices.toml`` refuses it.
    """
    if settings.machine is not None:
        return MODBUS_TCP if is_network(settings.url) else MODBUS_RTU
    for printer in printers():
        if printer.key == settings.protocol:
            return printer
    family = families()[settings.protocol]
    return DeviceKind(key=family.key, name=family.name, known=family.known, reader=partial(Reader, family, unit=settings.unit))
