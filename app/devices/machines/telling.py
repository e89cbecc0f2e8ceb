"""What a machine tells by itself, whatever it speaks: one message, and the line it comes over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from app.base.errors import DeviceError
from app.devices.machines.samples import Quality
from app.devices.machines.tag_map import Address

Complaint = Callable[[str], DeviceError]
"""What is wrong with a value, said of the channel with this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One number, or why there is none."""

    address: Address
    number: Decimal | None
    """The raw number before scaling, NaN and infinities among them; ``None``: none came, or the machine does not vouch for it."""
    quality: Quality | None
    """`Quality.GOOD` with a number; else why there is none. ``None``: a message without this value, which makes no sample."""
    complaint: Complaint | None
    raw: tuple[int, ...]
    """See `evidence`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What came at once."""

    at: datetime
    """The workstation's time of arrival, UTC."""
    told: tuple[Told, ...]
    """In the order of their arrival; the same address may come several times."""
    vouches: bool
    """Whether everything that is not named is unchanged: an OPC UA server says so with every message and every keep-alive."""
    lost: int = 0
    """Values of which the machine's server says that they were lost before they could be sent."""
    gone: bool = False
    """The broker says that the machine is away."""
    raw: bytes = b""
    """What of it was not good, for the frame log: a payload as it came, values of a server with status and times."""
    error: DeviceError | None = None
    """Why nothing of it could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latched:
    """The results of a cycle with the count to which they belong."""

    count: int
    told: tuple[Told, ...]


class TellingLine(Protocol):
    """An open connection to a machine that tells by itself. One thread uses it; only `hang_up` may come from another."""

    def listen(self, within_s: float) -> Sequence[Message]:
        """What has come; waits so long for the first of it, and not at all when something waits.

        Raises:
            DeviceError: the connection is gone or has fallen silent.
        """

    def latch(self, message: Message) -> Latched | None:
        """The results that belong to the count in this message; ``None`` when they cannot be told apart from those of another cycle.

        Raises:
            DeviceError: as `listen`.
        """

    def hang_up(self) -> None:
        """End every wait at once."""

    def close(self) -> None:
        """Close it."""
