"""Where a number comes from: asked by F4, supplied by the screen that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from app.base.phrases import Phrase
from app.core.behind import Kept
from ui.kit import Number, Words


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
    kept: Kept | None = None
    """Where the number stands on record: who put it there is asked when the sheet opens."""


def evidence_of_number(number: Number) -> Evidence:
    """Of a number in a row, a panel or a picture."""
    kept = Kept(row=number.row, column=number.column) if number.row is not None else None
    title = Phrase("{name}: {value}", name=number.name, value=number.value)
    return Evidence(title=title, origin=number.how, facts=(), kept=kept)
