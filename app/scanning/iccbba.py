"""ICCBBA (ISBT 128) codes of tissue, cell and blood containers: data structures one behind the other, each with its own mark.

Source: "UDI formats by FDA-accredited issuing agency" (FDA), ISBT 128 Standard Technical Specification, data structures 001–034.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from app.scanning.refusals import Refused
from app.scanning.result import Element, Scanned, Status, Value

_STRUCTURES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("&,1", "lot", re.compile(r"[0-9A-Z]{18}")),
    ("=/", "di", re.compile(r"[0-9A-Z]{16}")),
    ("=,", "serial", re.compile(r"[0-9A-Z]{6}")),
    ("=>", "expires_on", re.compile(r"[0-9]{6}")),
    ("=}", "made_on", re.compile(r"[0-9]{6}")),
    ("=)", "container_manufacturer_and_catalog", re.compile(r"[0-9A-Z]{10}")),
    ("&)", "container_lot", re.compile(r"[0-9A-Z]{10}")),
    ("=", "donation", re.compile(r"[A-NP-Z1-9][0-9]{4}[0-9]{2}[0-9]{6}[0-9A-Z]{2}")),
)


def looks_like(text: str) -> bool:
    """Whether text starts with the mark of an ICCBBA data structure and is long enough for one."""
    return len(text) >= 8 and text.startswith(tuple(mark for mark, _, _ in _STRUCTURES))


def read(text: str) -> Scanned:
    """Read the data structures from the left.

    Raises:
        Refused: ``iccbba_form`` or ``bad_date``.
    """
    fields: dict[str, Value] = {}
    elements: list[Element] = []
    rest = text
    while rest:
        mark, name, raw = _next(rest)
        if name in fields:
            raise Refused("iccbba_form")
        fields[name] = _day(raw) if name in {"expires_on", "made_on"} else raw
        elements.append(Element(mark, raw, fields[name]))
        rest = rest[len(mark) + len(raw) :]
    return Scanned(status=Status.VALID, kind="iccbba", raw=text, elements=tuple(elements), fields=fields)


def _next(rest: str) -> tuple[str, str, str]:
    for mark, name, form in _STRUCTURES:
        if rest.startswith(mark) and (match := form.match(rest, len(mark))):
            return mark, name, match[0]
    raise Refused("iccbba_form")


def _day(figures: str) -> date:
    """``cYYJJJ``: c 0 means 20YY, 9 means 19YY; JJJ the day of the year."""
    year = {"0": 2000, "9": 1900}.get(figures[0], 2000 + 100 * int(figures[0])) + int(figures[1:3])
    day = int(figures[3:])
    found = date(year, 1, 1) + timedelta(days=day - 1)
    if day < 1 or found.year != year:
        raise Refused("bad_date", ai="ICCBBA", found=figures)
    return found
