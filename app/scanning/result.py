"""What a scan turned out to be: one frozen answer for every kind of code.

``status`` says whether it may be used, ``kind`` whose rules it was read by, ``elements`` what stands in the symbol in its order,
``fields`` what it means in our words. A scan that is not `VALID` shows its fields, but hands none of them out by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from app.base.phrases import Phrase

Value = str | date | datetime | Decimal
NO_FIELDS: Mapping[str, Value] = MappingProxyType({})


class Status(StrEnum):
    """May the scan be used?"""

    VALID = "valid"
    INVALID = "invalid"
    """It claims to be a code of a known kind and breaks that kind's rules."""
    UNKNOWN = "unknown"
    """Readable, but nothing here knows what it is, or it may be read in two ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a scan cannot be used, and what the person does now."""

    code: str
    text: Phrase
    next_step: Phrase


@dataclass(frozen=True, slots=True)
class Element:
    """One data element: its identifier (GS1: the AI), its characters as printed, its meaning (date, exact decimal, or the characters)."""

    ai: str
    raw: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """GS1 asks for a companion that this symbol does not carry. A fact, no refusal: another symbol of the same pack may carry it.

    Source: GS1 General Specifications, §4.14 (mandatory association of element strings).
    """

    ai: str
    needs: tuple[str, ...]
    """Any one of these is enough; ``01+21`` means both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One scan, read. `raw` is what arrived, without the scanner's terminator."""

    status: Status
    kind: str
    raw: str
    symbology: str | None = None
    """AIM identifier, e.g. ``]d2``; ``None`` when the scanner sends none."""
    elements: tuple[Element, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=lambda: NO_FIELDS)
    missing: tuple[Missing, ...] = ()
    error: Refusal | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))  # frozen all through: a scan is evidence

    def usable(self, name: str) -> Value | None:
        """One field of a scan that may be used; ``None`` when it is absent or the scan is not valid."""
        return self.fields.get(name) if self.status is Status.VALID else None

    def _text(self, name: str) -> str | None:
        value = self.usable(name)
        return value if isinstance(value, str) else None

    def _date(self, name: str) -> date | None:
        value = self.usable(name)
        return value if isinstance(value, date) else None

    @property
    def gtin(self) -> str | None:
        """Always 14 digits."""
        return self._text("gtin")

    @property
    def lot(self) -> str | None:
        return self._text("lot")

    @property
    def serial(self) -> str | None:
        return self._text("serial")

    @property
    def expires_on(self) -> date | None:
        """The last day of use; day 00 in the symbol means the last day of the month."""
        return self._date("expires_on")

    @property
    def made_on(self) -> date | None:
        return self._date("made_on")

    @property
    def quantity(self) -> Decimal | None:
        """A count of pieces (AI 30 or 37, HIBC quantity)."""
        value = self.usable("quantity")
        return value if isinstance(value, Decimal) else None

    @property
    def what(self) -> str | None:
        """Which of the house's own things a label names: ``lot``, ``container``, ``location`` …"""
        return self._text("what")

    @property
    def code(self) -> str | None:
        """The house code without its printed prefix, e.g. ``Q-A-03``."""
        return self._text("code")
