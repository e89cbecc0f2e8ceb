"""A number that stands somewhere, and where it comes from: what F4 answers with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ui.kit.language import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a row, a panel or a picture."""

    name: Words
    """What it measures or counts, of what: "Balance of RM-0001"."""
    value: Words
    """As it stands on the screen, with its unit."""
    how: Words
    """How it came to be: read from a device, scanned, typed, counted by the database and from what."""
    row: UUID | None = None
    """Of the record it stands in; ``None``: it is counted anew each time somebody looks."""
    column: str = ""
    """Where it stands in that record."""

    def __post_init__(self) -> None:
        if (self.row is None) != (not self.column):
            raise ValueError("a number on record has a row and a column")
