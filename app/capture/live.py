"""What machines said in the last minutes, for the eye: in memory, without any database. What counts is what was recorded."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from itertools import takewhile
from threading import Lock

from app.devices.events import Listener
from app.devices.machines.samples import Sample, SampleBatch

MOST_EACH = 12_000
"""Samples of one channel: 20 minutes at ten looks a second. What is older is asked of the database, `queries.trace`."""


class Live(Listener):
    """Hears a hub; asked from any thread, at no cost of a disk or a server."""

    def __init__(self, *, most_each: int = MOST_EACH) -> None:
        self._most_each = most_each
        self._lock = Lock()
        self._heard: dict[tuple[str, str], deque[Sample]] = {}

    def samples(self, batch: SampleBatch) -> None:
        """Keep them; the oldest of a full channel go."""
        with self._lock:
            for sample in batch.samples:
                key = (batch.machine, sample.channel)
                if key not in self._heard:
                    self._heard[key] = deque(maxlen=self._most_each)
                self._heard[key].append(sample)

    def latest(self, machine: str, channel: str, *, after: datetime | None) -> list[Sample]:
        """What one channel of one machine said, oldest first, with moment, value and quality; a bad sample has no value.

        Args:
            machine: Code of the asset, e.g. ``SL-03``.
            channel: Name in the machine's register map, e.g. ``temperature_actual``.
            after: Only what arrived later than this; ``None``: all that is kept.

        Returns:
            Empty while nothing came.
        """
        with self._lock:
            heard = self._heard.get((machine, channel), ())
            if after is None:
                return list(heard)
            return list(takewhile(lambda sample: sample.at > after, reversed(heard)))[::-1]
