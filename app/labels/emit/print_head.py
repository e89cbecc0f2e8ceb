"""Print heads and what a bar code needs on them."""

from __future__ import annotations

from dataclasses import dataclass

MM_PER_INCH = 25.4
HEADS_DPI = (203, 300, 600)
NARROWEST_MODULE_MM = 0.24
"""Below this an ordinary hand scanner fails on thermal print; 2 dots at 203 dpi are 0.25 mm."""
WIDEST_MODULE_MM = 0.51
QUIET_MODULES = 10
"""On either side of a Code 128, ISO/IEC 15417 §4.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintHead:
    """A printer as an emitter sees it."""

    speaks: str
    """Its language: ``zpl``, ``tspl`` or ``sbpl``."""
    dpi: int
    """One of `HEADS_DPI`."""


def dots_of(mm: float, dpi: int) -> int:
    """A length in whole dots."""
    return round(mm * dpi / MM_PER_INCH)
