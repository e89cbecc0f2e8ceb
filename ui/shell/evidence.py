"""Where a number comes from: asked by F4, supplied by the screen that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from ui.kit import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of evidence or of what is signed: its name and what stands on record."""

    name: Words
    value: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One number and everything that proves it."""

    title: Words
    """The number itself with what it measures: "Effective length, sample 13: 25.04 mm"."""
    origin: Words
    """Read from a device, scanned, counted by the database, typed by a person."""
    facts: tuple[Fact, ...]
    """Device, calibration, person, station, times: in this order where they exist."""
    raw: bytes | None = None
    """The frame as it came, control characters included."""
    picture: str | None = None
    """The picture that is the proof, by the SHA-256 of its bytes in hex."""
