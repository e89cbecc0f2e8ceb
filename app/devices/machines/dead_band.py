"""Which good values are worth telling: those that moved, and one a second of those that did not. Pure.

A channel without a dead band is told every time. What is not told was read all the same: faults and cycles see every value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.devices.machines.reported import Reported
from app.devices.machines.samples import Quality, Sample

AGAIN = timedelta(seconds=1)
"""A value that stays is told again after this: a channel of which nothing is told has fallen silent."""


class DeadBand:
    """What was last told of each channel with a dead band."""

    def __init__(self, channels: Sequence[Reported]) -> None:
        self._bands = {one.name: one.dead_band for one in channels if one.dead_band is not None}
        self._told: dict[str, Sample] = {}

    def worth_telling(self, samples: Iterable[Sample]) -> list[Sample]:
        """Those of these samples, in their order, that are told. A change exactly as large as the band is told."""
        return [sample for sample in samples if self._is_worth(sample)]

    def _is_worth(self, sample: Sample) -> bool:
        band, last = self._bands.get(sample.channel), self._told.get(sample.channel)
        if band is None:
            return True
        if last is not None and last.value is not None and sample.value is not None and sample.quality is Quality.GOOD:
            near = abs(sample.value - last.value) < band
            if near and sample.cycle == last.cycle and _soon(last.at, sample.at):
                return False
        self._told[sample.channel] = sample
        return True


def _soon(last: datetime, now: datetime) -> bool:
    """A clock that was set back makes a sample worth telling."""
    return timedelta(0) <= now - last < AGAIN
