"""What a hand wrote, read as an exact decimal or refused in a sentence. Nothing is rounded, completed or guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

from app.base.phrases import Phrase

LONGEST = 20
"""Characters a number may have."""
_BEGUN = re.compile(r"[+-]?\.?", re.ASCII)
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_COMMA = re.compile(r"[+-]?[\d,]*,[\d,.]*", re.ASCII)
_SAME_SIGN = str.maketrans({"−": "-", "–": "-", "。": "."})
"""What an input method writes for the same key."""


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """Either a value, or why it is none; neither while nothing but a sign or a point is written."""

    value: Decimal | None
    refusal: Phrase | None


def read_number(text: str, *, places: int | None) -> TypedNumber:
    """Read what is written as a plain decimal: digits, one point, a sign in front.

    Args:
        text: As it was typed; full-width digits and signs of an input method count as the plain ones.
        places: Most digits after the point that this value takes; ``None``: as many as are written.

    Returns:
        The value with exactly the digits that were written: 12.50 stays 12.50, and minus zero is zero.
    """
    plain = normalize("NFKC", text).translate(_SAME_SIGN).strip()
    if _BEGUN.fullmatch(plain):
        return TypedNumber(None, None)
    if _COMMA.fullmatch(plain):
        return TypedNumber(None, Phrase("Not taken: {typed} has a comma. Write the decimals behind a point.", typed=text))
    if not _PLAIN.fullmatch(plain) or len(plain) > LONGEST:
        return TypedNumber(None, Phrase("Not taken: {typed} is not a number. Write digits with a point, such as 12.50.", typed=text))
    written = len(plain.partition(".")[2])
    if places is not None and written > places:
        return TypedNumber(None, _too_fine(text, written, places))
    value = Decimal(plain)
    return TypedNumber(value if value else abs(value), None)


def _too_fine(text: str, written: int, places: int) -> Phrase:
    if not places:
        return Phrase("Not taken: {typed} is not whole, and this value is. It is not rounded: read it again.", typed=text)
    return Phrase(
        "Not taken: {typed} has {written} digits behind the point, this value takes {places}. It is not rounded: read it again.",
        typed=text,
        written=written,
        places=places,
    )
