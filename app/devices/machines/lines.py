"""How a machine is reached: its url decides. ``socket://`` is Modbus TCP, every other port is a serial line with Modbus RTU."""

from __future__ import annotations

from typing import Protocol

from app.devices.machines.modbus import MachineLine, ModbusLine
from app.devices.machines.rtu import RtuLine
from app.devices.session import OpenPort
from app.devices.settings import RTU_LINE, DeviceSettings, is_network


class OpenLine(MachineLine, Protocol):
    """A line as a session holds it."""

    said: bytes
    """The last question."""
    heard: bytes
    """What has come of its answer."""

    def hang_up(self) -> None:
        """End a wait for an answer at once; may be called from any thread."""

    def close(self) -> None:
        """Close it."""


def open_line(settings: DeviceSettings, *, answer_s: float, open_port: OpenPort) -> OpenLine:
    """Connect to a machine.

    Args:
        settings: Of a machine.
        answer_s: How long to wait for an answer.
        open_port: How serial ports are opened.

    Raises:
        DeviceError: nobody there, taken, or Modbus TCP cannot be spoken here.
        ValueError: the settings are of no machine.
    """
    if settings.machine is None:
        raise ValueError(f"{settings.code}: a machine needs its register map")
    unit_id = settings.machine.unit_id
    if is_network(settings.url):
        return ModbusLine(settings.url, unit_id=unit_id, answer_s=answer_s)
    return RtuLine(settings.url, line=settings.line or RTU_LINE, unit_id=unit_id, answer_s=answer_s, open_port=open_port)
