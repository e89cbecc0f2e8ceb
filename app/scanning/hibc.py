"""HIBC codes of suppliers: primary (who and what), secondary (lot, serial, dates, quantity), or both in one symbol.

Source: ANSI/HIBC 2.6 Supplier Labeling Standard §2 (structures, date flags, quantity), appendix B (modulo 43).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.scanning.gs1_dates import full_year
from app.scanning.refusals import Refused, refusal
from app.scanning.result import Element, Scanned, Status, Value

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_WEIGHT = {character: weight for weight, character in enumerate(ALPHABET)}
_PRIMARY = re.compile(r"(?P<lic>[A-Z][0-9A-Z]{3})(?P<pcn>[0-9A-Z]{1,18})(?P<unit>[0-9])")
_SECONDARY = re.compile(
    r"(?:(?P<flags>\$\$\+?)(?P<flagged>.*)|(?P<bare>\$\+?)(?P<unflagged>.+)|(?P<julian>\d{5})(?P<lot>.*))",
)
_QUANTITY = re.compile(r"8(\d\d)|9(\d{5})")
_EXTRA = {"S": "serial", "16D": "made_on", "14D": "expires_on"}
_DATE_FLAGS = {"2": "MMDDYY", "3": "YYMMDD", "4": "YYMMDDHH", "5": "YYJJJ", "6": "YYJJJHH", "7": ""}


def looks_like(text: str) -> bool:
    """Whether text claims to be HIBC: ``+`` (Code 39 may add asterisks), then a labeler code, a secondary mark or a Julian date."""
    return re.match(r"\*?\+(?:[A-Z][0-9A-Z]{3}[0-9A-Z]{2}|\$.|\d{5}.)", text) is not None


def check_character(data: str) -> str:
    """The modulo 43 character of everything before it, ``+`` included.

    Raises:
        Refused: ``bad_character`` when a character is outside the alphabet.
    """
    if any(character not in _WEIGHT for character in data):
        raise Refused("bad_character", ai="HIBC")
    return ALPHABET[sum(_WEIGHT[character] for character in data) % 43]


def read(text: str, today: date) -> Scanned:
    """Read one HIBC symbol.

    A wrong check character makes the scan invalid; its fields still say what was printed, so that a screen can show it.

    Raises:
        Refused: ``bad_character``, ``hibc_form`` or ``bad_date``: nothing can be said of the content.
    """
    data = text.removeprefix("*").removesuffix("*")
    if len(data) < 3 or not data.startswith("+"):
        raise Refused("hibc_form")
    body, check = data[:-1], data[-1]
    expected = check_character(body)
    fields = _fields(body[1:], today)
    elements = tuple(Element(name, str(value), value) for name, value in fields.items())
    scanned = Scanned(status=Status.VALID, kind="hibc", raw=text, elements=elements, fields={**fields, "check_char": check})
    if check == expected:
        return scanned
    return replace(scanned, status=Status.INVALID, error=refusal("check_character", found=check, expected=expected))


def linked(primary: Scanned, secondary: Scanned) -> bool:
    """Whether a secondary symbol belongs to a primary one: its link character is the primary's check character."""
    return "link_char" in secondary.fields and primary.fields.get("check_char") == secondary.fields["link_char"]


def join(primary: Scanned, secondary: Scanned) -> Scanned:
    """One result from two symbols of the same pack.

    Raises:
        Refused: ``not_linked``: the second symbol is of another pack, or the order is wrong.
    """
    if "lic" not in primary.fields or not linked(primary, secondary):
        raise Refused("not_linked", found=secondary.fields.get("link_char", ""), expected=primary.fields.get("check_char", ""))
    worse = next((part for part in (primary, secondary) if part.status is not Status.VALID), primary)
    return Scanned(
        status=worse.status,
        kind="hibc",
        raw=primary.raw + secondary.raw,
        symbology=primary.symbology,
        elements=primary.elements + secondary.elements,
        fields={**secondary.fields, **primary.fields},
        error=worse.error,
    )


def _fields(body: str, today: date) -> dict[str, Value]:
    if body[:1].isalpha():
        head, slash, rest = body.partition("/")
        match = _PRIMARY.fullmatch(head)
        if match is None or (slash and not rest):
            raise Refused("hibc_form")
        fields: dict[str, Value] = {"lic": match["lic"], "pcn": match["pcn"], "unit_of_measure": Decimal(match["unit"])}
        return fields | _secondary(rest, today) if rest else fields
    return {**_secondary(body[:-1], today), "link_char": body[-1]}


def _secondary(text: str, today: date) -> dict[str, Value]:
    first, *extras = text.split("/")
    fields = dict(_first(first, today)) if not _is_extra(first) else _extra(first)
    for segment in extras:
        fields.update(_extra(segment))
    return fields


def _is_extra(segment: str) -> bool:
    return segment.startswith(("S", "16D", "14D"))


def _first(segment: str, today: date) -> Mapping[str, Value]:
    match = _SECONDARY.fullmatch(segment)
    if match is None:
        raise Refused("hibc_form")
    if match["julian"]:
        return _named({"expires_on": _julian(match["julian"], today)}, "lot", match["lot"])
    if match["bare"]:
        return _named({}, "serial" if match["bare"].endswith("+") else "lot", match["unflagged"])
    fields: dict[str, Value] = {}
    rest = match["flagged"]
    if quantity := _QUANTITY.match(rest):
        fields["quantity"] = Decimal(quantity[1] or quantity[2])
        rest = rest[quantity.end() :]
        if not rest:
            return fields
    rest = _dated(fields, rest, today)
    return _named(fields, "serial" if match["flags"].endswith("+") else "lot", rest)


def _named(fields: dict[str, Value], name: str, value: str) -> dict[str, Value]:
    return {**fields, name: value} if value else fields


def _dated(fields: dict[str, Value], rest: str, today: date) -> str:
    """Read the date behind its flag; without flag ``MMYY`` stands there. Returns what follows."""
    if rest[:1] in {"0", "1"}:
        fields["expires_month"] = _month(rest[:4], today)
        return rest[4:]
    form = _DATE_FLAGS.get(rest[:1])
    if form is None:
        raise Refused("hibc_form")
    figures, behind = rest[1 : 1 + len(form)], rest[1 + len(form) :]
    if len(figures) < len(form) or (form and not figures.isdecimal()):
        raise Refused("bad_date", ai="HIBC", found=figures)
    if form.endswith("HH"):
        if int(figures[-2:]) > 23:
            raise Refused("bad_time", ai="HIBC", found=figures[-2:])
        fields["expires_hour"] = Decimal(figures[-2:])
    if "JJJ" in form:
        fields["expires_on"] = _julian(figures[:5], today)
    elif form:
        year, month, day = (int(figures[form.index(part) :][:2]) for part in ("YY", "MM", "DD"))
        fields["expires_on"] = _day(full_year(year, today), month, day, figures)
    return behind


def _month(figures: str, today: date) -> str:
    """``MMYY`` → ``YYYY-MM``; the symbol names no day, so none is invented."""
    if not re.fullmatch(r"[0-9]{4}", figures) or not 1 <= int(figures[:2]) <= 12:
        raise Refused("bad_date", ai="HIBC", found=figures)
    return f"{full_year(int(figures[2:]), today)}-{figures[:2]}"


def _extra(segment: str) -> dict[str, Value]:
    """Serial and dates behind the first part; these dates carry all four figures of the year."""
    for mark, name in _EXTRA.items():
        if not segment.startswith(mark):
            continue
        value = segment[len(mark) :]
        if name == "serial":
            if not value:
                raise Refused("hibc_form")
            return {name: value}
        if not re.fullmatch(r"\d{8}", value):
            raise Refused("bad_date", ai="HIBC", found=value)
        return {name: _day(int(value[:4]), int(value[4:6]), int(value[6:]), value)}
    raise Refused("hibc_form")


def _julian(figures: str, today: date) -> date:
    """``YYJJJ``: year and day of the year, 1 … 366."""
    year, day = full_year(int(figures[:2]), today), int(figures[2:])
    found = date(year, 1, 1) + timedelta(days=day - 1)
    if day < 1 or found.year != year:
        raise Refused("bad_date", ai="HIBC", found=figures)
    return found


def _day(year: int, month: int, day: int, figures: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("bad_date", ai="HIBC", found=figures) from None
