"""What every map says of a value that a machine reports, whatever it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One value the machine reports. Where it stands, each transport says in its own way."""

    name: str
    """As samples carry it, e.g. ``temperature_actual``."""
    scale: Decimal
    """What one unit of the raw number is worth: raw 1374 with scale 0.1 is 137.4."""
    unit: str
    """Empty for codes and words of bits."""
    decimals: int
    """Digits after the point. A whole raw number is never rounded to them, a float is."""
    sensor_break: Decimal | None
    """The raw number, before scaling, that says the sensor is broken; NaN: any NaN of a float says so."""
    plausible: tuple[Decimal, Decimal]
    """Lowest and highest value that can be true, in ``unit``, both included. Not a limit of the process: outside it is no reading."""
    of_cycle: bool
    """Whether the value is the result of the last finished cycle; else it is of this moment."""
    dead_band: Decimal | None = None
    """In ``unit``: a good value nearer than this to the last one told is told once a second only; ``None``: every value is told."""
