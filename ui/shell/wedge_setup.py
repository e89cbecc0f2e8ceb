"""How this station's keyboard scanner types, and what a trial scan says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from PySide6.QtCore import Qt

from app.core.settings import Settings

FIRST_F_KEY, LAST_F_KEY = 13, 24
"""Function keys no keyboard of a person has; the others are the window's own."""
PREFIXES: Mapping[str, tuple[Qt.Key, bool]] = MappingProxyType(
    {"stx": (Qt.Key.Key_B, True), **{f"f{n}": (Qt.Key(Qt.Key.Key_F1 + n - 1), False) for n in range(FIRST_F_KEY, LAST_F_KEY + 1)}}
)
"""The key a scanner may send in front of every scan, and whether Ctrl is held with it: STX is Ctrl+B."""
SLOWEST_MS = 50
"""A scanner without a prefix key that is slower cannot be told from a fast hand, which writes a key in some 60 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WedgeSetup:
    """What the filter goes by; ranges as in `Settings`."""

    prefix: str | None = None
    """Key in `PREFIXES`; ``None``: a scan is told by its speed."""
    suffix: str = "both"
    """``enter``, ``tab`` or ``both``."""
    gap_ms: int = 35
    idle_ms: int = 70
    fewest: int = 4

    @classmethod
    def of(cls, settings: Settings) -> WedgeSetup:
        """As the station's settings have it."""
        return cls(
            prefix=None if settings.wedge_prefix == "none" else settings.wedge_prefix,
            suffix=settings.wedge_suffix,
            gap_ms=settings.wedge_gap_ms,
            idle_ms=settings.wedge_idle_ms,
            fewest=settings.wedge_fewest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialScan:
    """What came while a trial scan was waited for."""

    text: str = ""
    gaps_ms: tuple[float, ...] = ()
    """Between each key and the one before it, prefix and end included."""
    ended_by: str | None = None
    """``enter`` or ``tab``; ``None``: silence, the scanner sends no end."""
    prefix: str | None = None

    @property
    def longest_ms(self) -> float:
        """The longest wait between two keys."""
        return max(self.gaps_ms, default=0.0)


def proposed(trial: TrialScan, before: WedgeSetup) -> WedgeSetup | None:
    """The setup by which this scan is told from a hand, with room for one twice as slow.

    Returns:
        ``None`` where there is none: no end was sent, too few characters came, or it was as slow as a hand and has no prefix key.
    """
    if trial.ended_by is None or len(trial.text) < before.fewest:
        return None
    if trial.prefix is None and trial.longest_ms > SLOWEST_MS:
        return None
    gap = min(100, max(15, 5 * ceil(trial.longest_ms * 2 / 5)))
    return WedgeSetup(prefix=trial.prefix, suffix=trial.ended_by, gap_ms=gap, idle_ms=min(300, max(50, 2 * gap)), fewest=before.fewest)
