"""Whether a float is read with its halves in the right order.

The plausible span alone cannot tell: read the wrong way round, half of all floats are next to zero, and some fall into the span by
chance (3.5 % of them into 0.001 … 300). A row of different ones does not. So a float channel is believed once it gave ten different
plausible values, not next to zero, without one implausible number between; then for the whole session, because a word order does not
change. A set point never changes: it is believed when it stood for ten seconds. One that is plausible both ways cannot be told apart
by anybody but the person who compares the map with the machine's display.
"""

from __future__ import annotations

from dataclasses import replace

from app.devices.machines.register_map import Channel, NumberType
from app.devices.machines.samples import Quality, Sample
from app.devices.settings import Clock

_ENOUGH = 10
_STOOD_S = 10.0


class _Row:
    """What one channel has shown without an implausible number between."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.is_believed = False
        self._different, self._since_s = 0, 0.0
        self._last: tuple[int, ...] = ()

    def forget(self) -> None:
        self._different, self._last = 0, ()

    def add(self, raw: tuple[int, ...]) -> None:
        moment = self._clock.monotonic()
        if raw != self._last:
            self._different, self._last, self._since_s = self._different + 1, raw, moment
        self.is_believed = self._different >= _ENOUGH or moment - self._since_s >= _STOOD_S


class Belief:
    """What the float channels of one machine have shown so far."""

    def __init__(self, channels: tuple[Channel, ...], clock: Clock) -> None:
        self._rows = {one.name: _Row(clock) for one in channels if one.place.type is NumberType.F32}

    def weigh(self, sample: Sample) -> Sample:
        """The same sample, without its value while its channel has proven nothing yet."""
        row = self._rows.get(sample.channel)
        if row is None or row.is_believed:
            return sample
        if sample.quality is Quality.IMPLAUSIBLE:
            row.forget()
        if sample.value is None or sample.raw[0] == sample.raw[1]:  # two equal halves, zero above all, say the same both ways
            return sample
        if sample.value != 0:  # what is next to zero and shows as zero proves nothing
            row.add(sample.raw)
        return sample if row.is_believed else replace(sample, value=None, quality=Quality.UNPROVEN)
