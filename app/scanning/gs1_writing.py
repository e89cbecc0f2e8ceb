"""GS1 elements on their way into a symbol: put together as a scanner will send them, and judged before anything is printed.

The rules are those of reading (`gs1`): what we print must be what we would take.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.scanning import gs1
from app.scanning.characters import GS
from app.scanning.gs1_structure import identifier_named
from app.scanning.refusals import Refused, refusal
from app.scanning.result import Refusal

Elements = Sequence[tuple[str, str]]
"""Pairs of application identifier and data in the order of the symbol, e.g. ``("01", "09501101530003")``."""


def element_string(elements: Elements) -> str:
    """The data of a symbol without its leading FNC1: GS after every element of no predefined length, unless it is the last.

    Raises:
        ValueError: an unknown identifier.

    Source:
        GS1 General Specifications, figure "Element strings with predefined length": 00-04, 11-20, 31-36, 41.
    """
    text = ""
    for number, (ai, raw) in enumerate(elements, start=1):
        known = identifier_named(ai)
        if known is None:
            raise ValueError(f"{ai} is no GS1 application identifier")
        text += ai + raw + (GS if known.predefined is None and number < len(elements) else "")
    return text


def broken_rule(elements: Elements, today: date) -> Refusal | None:
    """The first GS1 rule that these elements break, or ``None`` when a scan of them would be taken.

    Args:
        elements: What is to be printed; at least one element.
        today: The reader's day, for two-digit years.
    """
    try:
        message = gs1.read_pairs(elements, today, separators=0)
        if not message.elements:
            raise Refused("empty_value")
        message = gs1.read_scanned(element_string(elements), today)
    except Refused as refused:
        return refusal(refused.code, **refused.facts)
    if (lot := gs1.suspicious_lot(message)) is not None:
        return refusal("separator_lost", found=lot)
    return None
