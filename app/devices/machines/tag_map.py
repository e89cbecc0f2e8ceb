"""Where a machine that tells by itself keeps its numbers: nodes of an OPC UA server, or messages of an MQTT broker. As data.

As with registers nothing has a default: a wrong guess reads as a believable wrong number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.devices.machines.reported import Reported


class ValueType(StrEnum):
    """What a node holds; a value of any other type is none.

    Source:
        OPC 10000-6, 5.1.2 (numbers of the built-in types).
    """

    BOOL = "bool"
    I8 = "i8"
    U8 = "u8"
    I16 = "i16"
    U16 = "u16"
    I32 = "i32"
    U32 = "u32"
    I64 = "i64"
    U64 = "u64"
    F32 = "f32"
    F64 = "f64"

    @property
    def is_float(self) -> bool:
        """Whether it has binary digits after the point."""
        return self in (ValueType.F32, ValueType.F64)

    @property
    def span(self) -> tuple[int, int]:
        """Lowest and highest whole number it can hold; for a float there is none and `ValueError` is raised."""
        if self.is_float:
            raise ValueError(f"{self} has no span")
        if self is ValueType.BOOL:
            return 0, 1
        bits = int(self.value[1:])
        return (0, 2**bits - 1) if self.value[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One variable of an OPC UA server."""

    namespace: str
    """URI of its namespace. Its index is another after a restart, the URI stays; OPC 10000-3, 8.2."""
    identifier: str
    """``s=…`` a text or ``i=…`` a number, as the server's browser shows it."""
    type: ValueType


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One number in the messages of an MQTT topic."""

    topic: str
    """Exact, without wildcards."""
    pointer: str | None
    """Where it stands in a JSON payload (RFC 6901), e.g. ``/values/0/temperature``; ``None``: the whole payload is the number."""


Address = Node | Topic


class TimeForm(StrEnum):
    """How a machine writes the time of a message."""

    UNIX_MS = "unix_ms"
    UNIX_S = "unix_s"
    ISO_8601 = "iso8601"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTime:
    """Where a machine's own time stands in the JSON payload of every message. Evidence, never the time of a sample."""

    pointer: str
    form: TimeForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """The topic on which machine or broker says whether the machine is there: its birth message and last will."""

    topic: str
    offline: str
    """The payload that says it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Reported):
    """One value the machine tells."""

    address: Address
    within_s: Decimal | None
    """It is told at least once in this time, or the machine has fallen silent; ``None``: told when it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCounter:
    """A whole number that grows by one with every finished cycle, after the results of that cycle stand in their places."""

    address: Address
    plausible: tuple[int, int]
    """Both included."""

    has_halves = False

    @property
    def size(self) -> int | None:
        """How many numbers it counts through before it begins at 0 again; ``None``: a number in a message has no end."""
        return self.address.type.span[1] + 1 if isinstance(self.address, Node) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagHeartbeat:
    """A whole number the machine's own program moves."""

    address: Address
    within_s: Decimal
    """It moves at least once in this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagMap:
    """Everything one model of machine tells."""

    model: str
    speaks: str
    """``opcua`` or ``mqtt``."""
    channels: tuple[Tag, ...]
    cycle_counter: TagCounter | None
    heartbeat: TagHeartbeat | None
    sha256: str
    """Of the file it was read from."""
    source_time: SourceTime | None = None
    presence: Presence | None = None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address that is listened to, those of counter and heartbeat included."""
        others = [one.address for one in (self.cycle_counter, self.heartbeat) if one is not None]
        return (*(channel.address for channel in self.channels), *others)
