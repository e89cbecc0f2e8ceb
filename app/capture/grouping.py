"""Samples wait here, machine by machine, for company: one entry of the spool, one wait for the disk."""

from __future__ import annotations

from threading import Lock

from app.capture.delivery import Taken, taken
from app.devices.machines.samples import SampleBatch
from app.devices.settings import Clock

HAND_OVER_S = 0.8
"""A sample waits no longer than this; with the recorder's own pace it is on the disk within a second."""
MOST_SAMPLES = 1_000
"""A group of so many waits no longer. The database takes 10 000 at once."""


class Grouping:
    """Filled by the machines' threads, emptied by one other."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self._groups: dict[str, list[Taken]] = {}
        self._begun: dict[str, float] = {}

    def add(self, batch: SampleBatch) -> bool:
        """Take samples in; whether their group is full now."""
        with self._lock:
            group = self._groups.setdefault(batch.machine, [])
            if not group:
                self._begun[batch.machine] = self._clock.monotonic()
            group += map(taken, batch.samples)
            return len(group) >= MOST_SAMPLES

    def due(self, *, everything: bool) -> list[tuple[str, list[Taken]]]:
        """Groups that have waited long enough or are full, none larger than `MOST_SAMPLES`; each is given once.

        Args:
            everything: Whether those go too that could wait longer.
        """
        ripe_since = self._clock.monotonic() - HAND_OVER_S
        with self._lock:
            ripe = [
                (machine, self._groups.pop(machine))
                for machine, group in list(self._groups.items())
                if group and (everything or len(group) >= MOST_SAMPLES or self._begun[machine] <= ripe_since)
            ]
        return [(machine, group[n : n + MOST_SAMPLES]) for machine, group in ripe for n in range(0, len(group), MOST_SAMPLES)]
