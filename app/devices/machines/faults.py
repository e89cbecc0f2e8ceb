"""Which channels give no value, and why, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack

from app.base.errors import DeviceError
from app.devices.machines.cycles import Cycles
from app.devices.machines.decoding import number_of
from app.devices.machines.errors import Implausible, SensorBroken
from app.devices.machines.look import Look
from app.devices.machines.register_map import RegisterMap
from app.devices.machines.samples import Quality, Sample
from app.devices.settings import Clock

_HEALED_S = 1.0
"""A channel is well again when it was good for so long: a loose wire is one fault, not fifty a second."""

COUNTER = "cycle_counter"
"""Its name where channels are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One channel, or the counter, that cannot be used now."""

    channel: str
    error: DeviceError
    raw: bytes
    """What came instead; empty for a counter."""


def faults_in(map: RegisterMap, samples: list[Sample], look: Look, cycles: Cycles) -> Iterator[Fault]:
    """Every channel of one look that gives no value, and the counter when it cannot be true.

    Args:
        map: The machine's.
        samples: One for each channel of the map, in its order.
        look: Where they came from.
        cycles: Knows what the counter can be.
    """
    for channel, sample in zip(map.channels, samples, strict=True):
        if sample.quality is Quality.SENSOR_BREAK:
            yield Fault(channel=channel.name, error=SensorBroken(channel=channel.name), raw=_bytes(sample))
        elif sample.quality is Quality.IMPLAUSIBLE:
            low, high = channel.plausible
            value = f"{number_of(sample.raw, channel.place) * channel.scale:.6g}"
            error = Implausible(channel=channel.name, value=value, unit=channel.unit, low=low, high=high)
            yield Fault(channel=channel.name, error=error, raw=_bytes(sample))
    if map.cycle_counter is not None and look.after is not None and not cycles.is_plausible(look.after):
        low_count, high_count = map.cycle_counter.plausible
        error = Implausible(channel=COUNTER, value=str(look.after), unit="", low=low_count, high=high_count)
        yield Fault(channel=COUNTER, error=error, raw=b"")


def _bytes(sample: Sample) -> bytes:
    """Its registers, as they went over the wire."""
    return pack(f">{len(sample.raw)}H", *sample.raw)


class Faulty:
    """The channels that are at fault now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_bad: dict[str, float] = {}

    @property
    def channels(self) -> tuple[str, ...]:
        """Their names, in the order they fell ill."""
        return tuple(self._last_bad)

    def note(self, faults: list[Fault]) -> list[Fault]:
        """What one look found; returns what is news."""
        moment = self._clock.monotonic()
        news = [fault for fault in faults if fault.channel not in self._last_bad]
        self._last_bad.update({fault.channel: moment for fault in faults})
        self._last_bad = {name: last for name, last in self._last_bad.items() if moment - last < _HEALED_S}
        return news
