"""What machines said in the last minutes, for the eye: in memory, without any database. What counts is what was recorded."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from decimal import Decimal
from itertools import takewhile
from threading import Lock
from typing import NamedTuple

from app.devices.events import Listener
from app.devices.machines.samples import SampleBatch

MOST_EACH = 12_000
"""Samples of one channel: 20 minutes at ten looks a second. What is older is asked of the database, `queries.trace`."""


class LiveSample(NamedTuple):
    """One channel at one moment."""

    at: datetime
    """The workstation's time, UTC."""
    value: Decimal | None
    """``None`` unless the quality is ``good``."""
    quality: str
    """See `app.devices.machines.samples.Quality`."""


_Kept = tuple[datetime, Decimal | None, str]
"""A plain tuple of plain values: Python's collector of circles lets go of it, and never stops the window to walk a hundred thousand."""


class Live(Listener):
    """Hears a hub; asked from any thread, at no cost of a disk or a server."""

    def __init__(self, *, most_each: int = MOST_EACH) -> None:
        self._most_each = most_each
        self._lock = Lock()
        self._heard: dict[tuple[str, str], deque[_Kept]] = {}

    def samples(self, batch: SampleBatch) -> None:
        """Keep them; the oldest of a full channel go."""
        with self._lock:
            for sample in batch.samples:
                key = (batch.machine, sample.channel)
                if key not in self._heard:
                    self._heard[key] = deque(maxlen=self._most_each)
                self._heard[key].append((sample.at, sample.value, sample.quality.value))

    def latest(self, machine: str, channel: str, *, after: datetime | None) -> list[LiveSample]:
        """What one channel of one machine said, oldest first.

        Args:
            machine: Code of the asset, e.g. ``SL-03``.
            channel: Name in the machine's register map, e.g. ``temperature_actual``.
            after: Only what arrived later than this; ``None``: all that is kept.

        Returns:
            Empty while nothing came.
        """
        with self._lock:
            heard = self._heard.get((machine, channel), ())
            kept = list(heard) if after is None else list(takewhile(lambda one: one[0] > after, reversed(heard)))[::-1]
        return [LiveSample._make(one) for one in kept]
