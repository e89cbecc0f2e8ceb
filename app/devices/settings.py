"""How one device is connected to this station, and how patient the station is with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ldexp
from time import monotonic
from typing import Protocol

from app.base.clock import now
from app.devices.protocol import SerialLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings:
    """One device at this station, from its asset record."""

    code: str
    """The asset's code, e.g. ``DC-014``."""
    protocol: str
    """Key of the device family, e.g. ``mitutoyo``."""
    url: str
    """Device path, ``socket://host:port``, ``rfc2217://host:port`` or ``usb:ADAPTER-SERIAL``."""
    unit: str | None
    """The unit of its values: needed where frames carry none, compared where they do; ``None`` for scanners."""
    line: SerialLine | None = None
    """Line settings when they differ from the family's factory settings."""
    expected_serial: str | None = None
    """The serial number the instrument must say before its values count; only for families that can say one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait before drawing a conclusion; seconds."""

    half_frame_s: float = 0.5
    """Quiet after the beginning of a frame: the rest will not come. A frame at 1200 baud has no gap above 0.1 s."""
    answer_s: float = 2.0
    """Quiet after a question: the device is silent."""
    heartbeat_s: float = 5.0
    """Quiet on a line with a device that can be asked: ask whether it is there."""
    bounce_s: float = 0.3
    """The same code again within this time is one scan. Measured from the last time it was seen: a held trigger stays one scan."""
    unreadable_lines: int = 3
    """So many unreadable lines in a row are a fault, not noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait before opening a port again: doubling, up to a longest wait; seconds."""

    first_s: float = 0.5
    longest_s: float = 15.0

    def wait_s(self, attempt: int) -> float:
        """The wait after the ``attempt``-th failure in a row, counted from 1."""
        return min(self.longest_s, ldexp(self.first_s, min(attempt - 1, 16)))


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
