"""A count that must add up: what was issued or made, where it went, and what nobody can account for.

Exact: the unknown part is the difference and is never typed in. Source: design/face.md §7 (7 Trace): made = shipped + in house + scrap
and tests + unknown, always adding up on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from ui.kit.language import Words

Count = int | Decimal
TENTHS = 1000
"""A whole in tenths of a percent."""


class Fill(Enum):
    """How a part is drawn: ground and border (token names). What asks for a person has a border of its own."""

    FIRST = ("band", None)
    SECOND = ("edge", None)
    THIRD = ("ink2", None)
    TELL = ("attwash", "attfill")
    HOLD = ("holdwash", "holdfill")
    SURPLUS = ("stopfill", None)
    UNKNOWN = ("entry", "ink")

    def __init__(self, ground: str, border: str | None) -> None:
        self.ground, self.border = ground, border

    @property
    def is_loud(self) -> bool:
        """Whether the count does not add up here."""
        return self in (Fill.UNKNOWN, Fill.SURPLUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One place the count went to."""

    name: Words
    count: Count
    fill: Fill

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"{self.count} cannot be a part of a count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A whole and its known parts; what is missing or too many follows from them."""

    name: Words
    """What the whole is: issued, made."""
    whole: Count
    parts: tuple[Part, ...]
    missing: Words
    """What the part is called that nobody can account for."""
    surplus: Words
    """What it is called when the parts are more than the whole."""

    @property
    def difference(self) -> Count:
        """Whole less known parts: above zero are missing, below zero are too many."""
        return self.whole - sum((part.count for part in self.parts), start=0)

    @property
    def adds_up(self) -> bool:
        """Whether everything is accounted for."""
        return self.difference == 0

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """The known parts and, last, the one that makes them add up; too many is a part of its own beside the whole."""
        if self.difference > 0:
            return (*self.parts, Part(name=self.missing, count=self.difference, fill=Fill.UNKNOWN))
        if self.difference < 0:
            return (*self.parts, Part(name=self.surplus, count=-self.difference, fill=Fill.SURPLUS))
        return self.parts

    def shares(self) -> tuple[int, ...] | None:
        """Share of every part in tenths of a percent of the whole, as they are written; ``None`` when there are too many or nothing.

        They sum to exactly 1000 (largest remainder), and what is there is never written as 0.0 %.
        """
        if self.difference < 0 or not self.whole:
            return None
        exact = [Fraction(part.count) / Fraction(self.whole) * TENTHS for part in self.all_parts]
        shares = [max(int(one), 1 if one else 0) for one in exact]
        order = sorted(range(len(exact)), key=lambda n: exact[n] - shares[n])
        while sum(shares) < TENTHS:
            shares[order.pop()] += 1
        while sum(shares) > TENTHS:  # tiny parts were lifted to 0.1: the largest gives way
            shares[shares.index(max(shares))] -= 1
        return tuple(shares)
