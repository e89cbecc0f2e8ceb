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
from app.devices.printer_language import LANGUAGES, OFFICE
from app.devices.printer_reader import PrinterReader
from app.devices.protocol import Known, families, is_own_key
from app.devices.settings import MODBUS, MQTT, OPCUA, DeviceSettings, is_network


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKind:
    """What is known of a device before it has said anything."""

    key: str
    name: Phrase
    """What people call it."""
    known: Known
    reader: Callable[[], LineReader | None]
    """Makes a new reader of its line; ``None``: its library lets nobody see the line, only what was no good value."""


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


OPC_UA = DeviceKind(
    key=OPCUA,
    name=Phrase("Machine (OPC UA)"),
    known=Known(source="asyncua", from_memory=("clauses of OPC 10000-3, 10000-4 and 10000-8",)),
    reader=lambda: None,
)
MQTT_311 = DeviceKind(
    key=MQTT,
    name=Phrase("Machine (MQTT)"),
    known=Known(source="MQTT 3.1.1 (OASIS); paho-mqtt", from_memory=("clauses of the specification",)),
    reader=lambda: None,
)
OFFICE_PRINTER = DeviceKind(
    key=OFFICE, name=Phrase("Office printer"), known=Known(source="the operating system's own printing"), reader=lambda: None
)
MACHINE_KINDS = (MODBUS_TCP, MODBUS_RTU, OPC_UA, MQTT_311)
_OWN = Known(source="the plant's own protocol")


PRINTER_KINDS = tuple(
    DeviceKind(key=key, name=one.name, known=one.known, reader=partial(PrinterReader, one)) for key, one in sorted(LANGUAGES.items())
)
"""The kinds of label printers."""


def kind_of(settings: DeviceSettings) -> DeviceKind:
    """What kind of device this is.

    Raises:
        KeyError: a protocol that nobody here speaks; reading ``devices.toml`` refuses it.
    """
    if settings.protocol == MODBUS:
        return MODBUS_TCP if is_network(settings.url) else MODBUS_RTU
    for one in (*PRINTER_KINDS, OFFICE_PRINTER, OPC_UA, MQTT_311):
        if one.key == settings.protocol:
            return one
    if is_own_key(settings.protocol) and settings.protocol not in families():
        named = Phrase("{key}, not in effect", key=settings.protocol)
        return DeviceKind(key=settings.protocol, name=named, known=_OWN, reader=lambda: None)
    family = families()[settings.protocol]
    return DeviceKind(key=family.key, name=family.name, known=family.known, reader=partial(Reader, family, unit=settings.unit))
