"""From a station's spool to the database: batches of samples, each stored whole and once, through the station's own connection."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from app.core.stations import StationLink
from app.devices.machines.samples import Sample

_STORE = "SELECT lineside.store_samples(%s, %s, %s::text[], %s::timestamptz[], %s::numeric[], %s::text[], %s::bigint[], %s::text[])"
KIND = "samples"
"""What such an entry of the spool is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One sample as it lies in the spool."""

    channel: str
    """Name in the machine's register map."""
    at: datetime
    """The station's time at which the answer arrived, aware."""
    value: Decimal | None
    """``None`` unless the quality is ``good``."""
    quality: str
    cycle: int | None
    raw: tuple[int, ...]
    """The 16-bit registers as they came."""


def taken(sample: Sample) -> Taken:
    """A sample as the machine's thread heard it, a bad one with its quality and its registers too."""
    return Taken(channel=sample.channel, at=sample.at, value=sample.value, quality=sample.quality.value, cycle=sample.cycle, raw=sample.raw)


def spooled(machine: str, samples: Sequence[Taken]) -> bytes:
    """What is put into the spool for one batch; exact figures and times as text, compressed to a tenth so that seven days find room."""
    rows = [[s.channel, s.at.isoformat(), None if s.value is None else str(s.value), s.quality, s.cycle, _hex(s.raw)] for s in samples]
    return zlib.compress(json.dumps({"machine": machine, "samples": rows}, separators=(",", ":")).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledBatch:
    """One batch as it lies in the spool, unpacked."""

    id: UUID
    machine: str
    """Code of the machine whose samples these are."""
    columns: tuple[list[object], ...]
    """Channels, times, values, qualities, cycles, registers; each as long as there are samples."""

    @property
    def samples(self) -> int:
        """How many there are."""
        return len(self.columns[0])


def unpacked(batch: UUID, payload: bytes) -> SpooledBatch:
    """A batch out of the spool."""
    told = json.loads(zlib.decompress(payload))
    columns = tuple(list(column) for column in zip(*told["samples"], strict=True)) or ([],) * 6
    return SpooledBatch(id=batch, machine=str(told["machine"]), columns=columns)


def machine_in(payload: bytes) -> str:
    """Code of the machine whose samples these are."""
    return str(json.loads(zlib.decompress(payload))["machine"])


def store(link: StationLink, batch: UUID, payload: bytes) -> None:
    """Store one batch as it lies in the spool; see `store_together`."""
    store_together(link, [unpacked(batch, payload)])


def store_together(link: StationLink, batches: Sequence[SpooledBatch]) -> None:
    """Store batches in one transaction; asked again with the same ids it changes nothing.

    Raises:
        UnknownChannel, NoBatch, OtherSamples: one of them will never be stored as it is, and none of them was; it belongs into quarantine.
        DatabaseAway: unknown whether they were stored; ask again with the same ids.
    """
    link.ask_all(_STORE, [(one.id, one.machine, *one.columns) for one in batches])


def _hex(raw: Sequence[int]) -> str:
    return "".join(f"{register:04x}" for register in raw)
