"""Samples are handed over in batches: few enough for the listener, soon enough for the eye."""

from __future__ import annotations

from collections.abc import Sequence

from app.devices.machines.samples import Sample, SampleBatch
from app.devices.settings import Clock

_HAND_OVER_S = 0.1
"""A sample waits no longer than this for company, and not at all where the next look is later."""
_ROUNDING_S = 1e-6


class Batching:
    """Collects the looks at one machine."""

    def __init__(self, machine: str, looks_per_s: float, clock: Clock) -> None:
        self._machine, self._every_s, self._clock = machine, 1 / looks_per_s, clock
        self._number = self._looks = self._skipped = 0
        self._samples: list[Sample] = []
        self._begun = 0.0

    def add(self, samples: Sequence[Sample]) -> None:
        """One look's samples."""
        if not self._looks:
            self._begun = self._clock.monotonic()
        self._looks += 1
        self._samples += samples

    def skip(self, looks: int) -> None:
        """So many looks were due and not made."""
        self._skipped += looks

    @property
    def is_due(self) -> bool:
        """Whether what was collected should be handed over now: with the next look it would come too late."""
        return self._looks > 0 and self._clock.monotonic() + self._every_s - self._begun >= _HAND_OVER_S - _ROUNDING_S

    def take(self) -> SampleBatch | None:
        """What was collected, and forget it; ``None`` when nothing was. Whoever fails to take it in loses it, and the number shows."""
        if not self._looks:
            return None
        self._number += 1
        batch = SampleBatch(
            machine=self._machine,
            number=self._number,
            looks=self._looks,
            skipped=self._skipped,
            samples=tuple(self._samples),
        )
        self._looks = self._skipped = 0
        self._samples.clear()
        return batch
