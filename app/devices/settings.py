"""How one device is connected to this station, and how patient the station is with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from math import ldexp
from time import monotonic
from typing import Protocol

from app.base.clock import now
from app.devices.machines.access import Access
from app.devices.machines.register_map import RegisterMap
from app.devices.machines.tag_map import TagMap
from app.devices.protocol import SerialLine

MODBUS = "modbus"
OPCUA = "opcua"
MQTT = "mqtt"
MACHINES = (MODBUS, OPCUA, MQTT)
"""The protocols of machines. They are read by their map, not by a device family."""
MOST_LOOKS_PER_S = 100
RTU_LINE = SerialLine(baud=19200, parity="E")
"""Of a machine on a serial line unless its settings say otherwise; MODBUS over Serial Line V1.02, 2.5.1 and 3.2."""
LAST_RTU_UNIT = 247
"""Units on a serial line are 1 to this; 0 speaks to all, those above are reserved. MODBUS over Serial Line V1.02, 2.2."""


def is_network(url: str) -> bool:
    """Whether a machine at this url is reached by Modbus TCP; all other ports are serial lines."""
    return url.startswith("socket://")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSettings:
    """How one machine is read."""

    map: RegisterMap
    unit_id: int
    """0…255, on a serial line 1…`LAST_RTU_UNIT`; what the machine's manual says, and nothing usual: another number is another machine."""
    looks_per_s: float
    """How often all its registers are read; more than 0, at most `MOST_LOOKS_PER_S`."""

    def __post_init__(self) -> None:
        if not 0 <= self.unit_id <= 255:
            raise ValueError(f"{self.unit_id} is no unit id")
        if not 0 < self.looks_per_s <= MOST_LOOKS_PER_S:
            raise ValueError(f"a machine cannot be looked at {self.looks_per_s} times a second")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSettings:
    """How one machine is listened to that tells by itself."""

    map: TagMap
    looks_per_s: float | None
    """How often an OPC UA server is asked to look at its values, more than 0, at most `MOST_LOOKS_PER_S`; ``None``: an MQTT machine
    decides itself."""
    access: Access

    def __post_init__(self) -> None:
        if self.looks_per_s is not None and not 0 < self.looks_per_s <= MOST_LOOKS_PER_S:
            raise ValueError(f"a machine cannot be looked at {self.looks_per_s} times a second")
        if (self.map.speaks == OPCUA) != (self.looks_per_s is not None):
            raise ValueError("looks are for OPC UA")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings:
    """One device at this station, from its asset record."""

    code: str
    """The asset's code, e.g. ``DC-014``."""
    protocol: str
    """Key of the device family, e.g. ``mitutoyo``; one of `MACHINES` for a machine."""
    url: str
    """Device path, ``socket://host:port``, ``rfc2217://host:port`` or ``usb:ADAPTER-SERIAL``. Of a machine it also decides what is spoken:
    Modbus TCP on a socket, else Modbus RTU. ``opc.tcp://host:port/path`` for OPC UA, ``mqtt://host:port`` or ``mqtts://host:port``."""
    unit: str | None
    """The unit of its values: needed where frames carry none, compared where they do; ``None`` for scanners and machines."""
    line: SerialLine | None = None
    """Line settings when they differ from the family's factory settings; of a machine on a serial line from `RTU_LINE`."""
    expected_serial: str | None = None
    """The serial number the instrument must say before its values count; only for families that can say one."""
    machine: MachineSettings | None = None
    """For a machine that is asked, and only for one."""
    tags: TagSettings | None = None
    """For a machine that tells by itself, and only for one."""

    @property
    def is_machine(self) -> bool:
        """Whether it reports channels by a map."""
        return self.protocol in MACHINES

    @property
    def map(self) -> RegisterMap | TagMap | None:
        """What a machine's channels are; ``None``: it is no machine."""
        known = self.machine or self.tags
        return known.map if known is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait before drawing a conclusion; seconds."""

    half_frame_s: float = 0.5
    """Quiet after the beginning of a frame: the rest will not come. A frame at 1200 baud has no gap above 0.1 s."""
    answer_s: float = 2.0
    """Quiet after a question for a value: the device is silent."""
    here_s: float = 0.8
    """Quiet after the question whether it is there; no instrument has anything to measure before it answers that one."""
    machine_answer_s: float = 0.75
    """Quiet after a question to a machine, and the longest wait for its connection. A control answers within one turn of its program."""
    heartbeat_s: float = 1.0
    """Quiet on a line with a device that can be asked: ask whether it is there."""
    bounce_s: float = 0.3
    """The same code again within this time is one scan. Measured from the last time it was seen: a held trigger stays one scan."""
    unreadable_lines: int = 3
    """So many unreadable lines in a row are a fault, not noise."""
    troubles_per_s: int = 20
    """So many troubles of one device are told in a second; the frame log has them all. No person reads faster, and a device that
    babbles must not keep everybody who listens busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait before opening a port again: doubling, up to a longest wait; seconds."""

    first_s: float = 0.5
    longest_s: float = 15.0
    plugged_s: float = 1.0
    """The longest for a port of this computer: looking costs nothing, and whoever plugs an instrument in stands beside it."""

    def wait_s(self, attempt: int) -> float:
        """The wait after the ``attempt``-th failure in a row, counted from 1."""
        return min(self.longest_s, ldexp(self.first_s, min(attempt - 1, 16)))

    def at(self, url: str) -> Backoff:
        """The same for the port of this url."""
        return self if "://" in url else replace(self, longest_s=min(self.longest_s, self.plugged_s))


class Clock(Protocol):
    """Time as a session needs it; a test or a replay brings its own."""

    def now(self) -> datetime:
        """Aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""


class StationClock:
    """The workstation's own clock."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return now()

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return monotonic()
