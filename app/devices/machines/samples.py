"""What a machine tells: samples in batches, and the results of every finished cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Quality(StrEnum):
    """Whether a sample may be taken for a measured value."""

    GOOD = "good"
    SENSOR_BREAK = "sensor_break"
    """The machine itself says that the sensor is broken."""
    IMPLAUSIBLE = "implausible"
    """Outside of what can be true: a fault of sensor, wiring, scale or word order. Also NaN and infinity."""
    UNPROVEN = "unproven"
    """A float that has not yet shown that its halves are read in the right order, see `belief`; or one that the machine's own OPC UA
    server calls uncertain."""
    STALE = "stale"
    """The machine's heartbeat stands still, or has not moved yet since the connection: nobody knows how old the number is. Also what an
    OPC UA server has no value of now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One channel at one moment."""

    channel: str
    unit: str
    at: datetime
    """The workstation's time at which the machine's answer arrived, UTC."""
    value: Decimal | None
    """With the channel's own decimals; ``None`` unless the quality is good. What came instead stands in ``raw``."""
    quality: Quality
    cycle: int | None
    """The machine's count of finished cycles; ``None``: the machine counts none, or the count moved while this was being read."""
    raw: tuple[int, ...]
    """The registers as they came, lowest address first; of a machine that tells by itself what `evidence` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBatch:
    """All samples of some looks at a machine, oldest first. Every batch of a session is handed over once and in order."""

    machine: str
    """Code of the asset, e.g. ``SL-03``."""
    number: int
    """1, 2, 3 … since the session began: a gap is a lost batch."""
    looks: int
    """How often the machine was looked at, or told something by itself. Each look gives one sample of every channel without a dead
    band; a message those of the channels it names."""
    skipped: int
    """Looks that were due since the last batch and not made, because the machine or this station was too slow; of a machine that tells
    by itself the values its server says were lost on the way."""
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleSeen:
    """A cycle was finished; its results were read while the counter stood still."""

    machine: str
    cycle: int
    """The counter, from now on."""
    missed: int | None
    """Cycles between this one and the one seen before that nobody read; ``None``: the counter went back, the machine counts anew."""
    at: datetime
    """The workstation's time, UTC."""
    results: tuple[Sample, ...]
    """The channels whose values are results of a cycle. They stand in a batch too."""
