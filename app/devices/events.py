"""What devices tell the rest of the house: readings, scans, samples, troubles and how each device stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.base.errors import DeviceError
from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.devices.machines.samples import CycleSeen, SampleBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One code as the scanner sent it. AIM prefix and group separators (0x1D) are kept."""

    text: str
    """One character is one byte (latin-1); what it means is decided in ``app.scanning``."""
    device: str
    at: datetime
    """The workstation's time of arrival, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something came, or should have come, that is no value. Shown, never stored as a value."""

    device: str
    error: DeviceError
    raw: bytes
    """The bytes concerned; empty when nothing came."""
    at: datetime


class Standing(StrEnum):
    """How a device stands, as its chip shows it."""

    CONNECTING = "connecting"
    LIVE = "live"
    SILENT = "silent"
    STALE = "stale"
    """A machine that answers while its own heartbeat stands still."""
    FAULT = "fault"
    CLOSED = "closed"


_WORDS = {
    Standing.CONNECTING: "Device {device} is being connected.",
    Standing.LIVE: "Device {device} is live.",
    Standing.SILENT: "Device {device} has been silent since {since}.",
    Standing.STALE: "Device {device} answers, but has stood still since {since}.",
    Standing.FAULT: "Device {device} is in fault since {since}. {cause}",
    Standing.CLOSED: "Device {device} is not in use at this station.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """How one device stands. A state carries no value: whoever wants one waits for a new reading."""

    device: str
    standing: Standing
    since: datetime
    """When this standing began; for ``silent``: when the device was last heard; for ``stale``: when it last moved."""
    cause: DeviceError | None
    """Why, for ``silent``, ``stale`` and ``fault``."""
    last_heard: datetime | None
    """Arrival of the last frame that could be read in this program run; the chip shows its age."""
    serial_number: str | None
    """What the instrument last said of itself on this connection."""
    firmware: str | None = None
    """Likewise; ``None``: it has not said it, or cannot."""

    @property
    def words(self) -> Phrase:
        """The chip's sentence."""
        return Phrase(_WORDS[self.standing], device=self.device, since=self.since, cause=self.cause.what if self.cause else "")


class Sink(Protocol):
    """Who listens to a device. Called on the device's own thread; return quickly, hand over to your own."""

    def reading(self, reading: Reading) -> None: ...

    def scan(self, scan: Scan) -> None: ...

    def repeated(self, scan: Scan) -> None:
        """The same code again within the scanner's bounce time: shown, never acted on."""

    def samples(self, batch: SampleBatch) -> None:
        """A machine was looked at; about ten times a second at most, and once more before a cycle or a change of standing."""

    def cycle(self, seen: CycleSeen) -> None:
        """A machine finished a cycle; the batch with its samples was handed over just before."""

    def trouble(self, trouble: Trouble) -> None: ...

    def state(self, state: DeviceState) -> None: ...


class Listener:
    """A sink that ignores everything; subclass it and write only what you want to hear."""

    def reading(self, reading: Reading) -> None:
        """A value arrived."""

    def scan(self, scan: Scan) -> None:
        """A code was scanned."""

    def repeated(self, scan: Scan) -> None:
        """The same code bounced."""

    def samples(self, batch: SampleBatch) -> None:
        """Samples of a machine arrived."""

    def cycle(self, seen: CycleSeen) -> None:
        """A machine finished a cycle."""

    def trouble(self, trouble: Trouble) -> None:
        """Something came that is no value."""

    def state(self, state: DeviceState) -> None:
        """A device's standing changed."""
