"""AIM symbology identifiers (``]cm``): what kind of symbol the scanner read, and so by whose rules its data must be read.

Source: ISO/IEC 15424; GS1 General Specifications §5.1.3. Without the identifier a QR symbol that holds ``01…`` text cannot be told
from a GS1 symbol, so the scanner set-up sheet asks for it.
"""

from __future__ import annotations

from enum import Enum


class Family(Enum):
    """How the data behind an identifier must be read."""

    GS1 = "gs1"
    EAN = "ean"
    PLAIN = "plain"
    """Carriers GS1 uses in plain mode too (QR, DataMatrix, DotCode): any text is legitimate."""
    OTHER = "other"
    """Code 39, Code 128, Aztec …: only a code that somebody here knows."""
    REFUSED = "refused"
    """Symbols without a safe frame: a slanted scan line reads a shorter, valid-looking number."""


_FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("C1", "e0", "d2", "Q3", "J1"), Family.GS1),
    **dict.fromkeys(("E0", "E4"), Family.EAN),
    **dict.fromkeys(("d1", "Q1", "J0"), Family.PLAIN),
    **dict.fromkeys("ACFGLOPQRUXZdz", Family.OTHER),
}


def split(text: str) -> tuple[str | None, str]:
    """Take the identifier off: ``("]d2", "01…")``, or ``(None, text)`` when there is none."""
    if len(text) >= 3 and text[0] == "]" and text[1].isalpha() and text[2].isalnum():
        return text[:3], text[3:]
    return None, text


def family(identifier: str) -> Family:
    """By whose rules data behind this identifier is read. What is not listed is refused (ITF ``]I``, MSI ``]M``, Plessey …)."""
    return _FAMILIES.get(identifier[1:], _FAMILIES.get(identifier[1], Family.REFUSED))
