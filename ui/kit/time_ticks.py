"""Times under a picture: full minutes or hours of the plant's own clock, as many as have room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import ceil

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


@dataclass(frozen=True, slots=True)
class Tick:
    """One instant and how it is written: ``10:25``, with seconds only where the steps are shorter than a minute."""

    at_s: float
    text: str


def time_ticks(start_s: float, end_s: float, *, least_s: float, zone: tzinfo) -> list[Tick]:
    """Round times of the clock on the wall between two instants (seconds since 1970), no nearer to each other than `least_s`."""
    step = next((one for one in _STEPS_S if one >= least_s), _STEPS_S[-1])
    offset = datetime.fromtimestamp(end_s, tz=zone).utcoffset()
    shift = offset.total_seconds() if offset is not None else 0.0
    ticks = []
    at = ceil((start_s + shift) / step) * step - shift
    while at <= end_s:
        ticks.append(Tick(at, f"{datetime.fromtimestamp(at, tz=zone):{'%H:%M' if step >= 60 else '%H:%M:%S'}}"))
        at += step
    return ticks
