"""GS1 element strings, scanned (FNC1 as GS) or typed with brackets, into elements, fields and facts.

biip 5.2 knows the identifiers; the rules of `gs1_rules` and the checks of `gs1_checks` do what it leaves open: every check digit,
date, time and code list, pairs that exclude each other, repeats, and a separator lost between lot and serial.
Source: GS1 General Specifications §3, §4.13, §4.14, §7.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.scanning.characters import GS
from app.scanning.gs1_dates import day_of, is_date, moment_of
from app.scanning.gs1_rules import EXCLUDES, MEANINGS, REQUIRES, SERIAL_BESIDE_SIGNATURE
from app.scanning.gs1_structure import by_pattern, check_value, identifier_at, identifier_named
from app.scanning.refusals import Refused
from app.scanning.result import Element, Missing, Value

_DATES = frozenset({"11", "12", "13", "15", "16", "17", "4324", "4325", "4326", "7003", "7006", "7007", "7011", "7250", "7251", "8008"})
_WITH_TIME = {"7003": "expires_at", "8008": "made_at"}
_SUSPICIOUS_LENGTH = 15
"""Characters: a lot at least this long, scanned without any separator, is searched for a swallowed serial or date."""
_DATE_INSIDE = re.compile(r"1[17](\d{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a GS1 message holds."""

    elements: tuple[Element, ...]
    fields: Mapping[str, Value]
    missing: tuple[Missing, ...]
    proven: bool
    """At least one element passed a check that chance data does not pass."""
    separators: int


Pairs = Iterable[tuple[str, str]]


def read_scanned(data: str, today: date) -> Message:
    """Read an element string as a scanner sends it, without the symbology identifier.

    Raises:
        Refused: a GS1 rule is broken; nothing of the message may be used.
    """
    if not data:
        raise Refused("empty_value")
    return read_pairs(_cut(data), today, separators=data.count(GS))


def read_typed(text: str, today: date) -> Message:
    r"""Read bracketed text, ``(01)09506000117843(10)A1``. Blanks beside brackets are dropped; ``\(`` is a bracket inside a value.

    Raises:
        Refused: brackets do not close, an AI is unknown, or a GS1 rule is broken.
    """
    pairs: list[tuple[str, str]] = []
    rest = text.strip()
    while rest:
        match = re.match(r"\(([^()]*)\)((?:\\\(|[^(])*)", rest)
        if match is None:
            raise Refused("bracket")
        pairs.append((match[1].strip(), match[2].strip().replace("\\(", "(")))
        rest = rest[match.end() :]
    if not pairs:
        raise Refused("bracket")
    return read_pairs(pairs, today, separators=len(pairs))


def read_pairs(pairs: Pairs, today: date, *, separators: int) -> Message:
    """Judge and explain AIs with their data, wherever they came from.

    Args:
        pairs: AI and raw data in the order of the carrier.
        today: The reader's day, for two-digit years.
        separators: How many separators kept the fields apart; brackets and addresses count as many as fields.

    Raises:
        Refused: a GS1 rule is broken.
    """
    elements: list[Element] = []
    fields: dict[str, Value] = {}
    values: dict[str, str] = {}
    proven = False
    for ai, raw in pairs:  # judged one by one: the first broken rule from the left is the one to name
        identifier = identifier_named(ai)
        if identifier is None:
            raise Refused("unknown_ai", found=ai or raw[:4])
        check_value(identifier, raw)
        proven = proven or identifier.proves
        element = Element(ai, raw, _value(ai, raw, today))
        elements.append(element)
        _add_field(fields, element, today)
        if values.setdefault(ai, raw) != raw:
            raise Refused("repeated_ai_conflict", ai=ai)
    _refuse_excluded(values)
    _refuse_missing_serial(values)
    return Message(
        elements=tuple(elements), fields=fields, missing=tuple(_missing(values)), proven=proven or separators > 0, separators=separators
    )


def suspicious_lot(message: Message) -> str | None:
    """A lot that seems to have swallowed the next field because no separator was sent; ``None`` when all is well.

    Long (≥ 15 characters), no separator in the whole message, and inside it ``17``/``11`` with a date of the calendar, or ``21`` with
    a serial behind it. A serial is searched for dates only: serials hold ``21`` far too often by chance.
    """
    if message.separators:
        return None
    for element in message.elements[-1:]:
        if element.ai in {"10", "21"} and len(element.raw) >= _SUSPICIOUS_LENGTH and _swallowed(element):
            return element.raw
    return None


def _swallowed(element: Element) -> bool:
    inside = element.raw[1:]
    if any(is_date(match[1], year_digits=2, may_lack_day=True) for match in _DATE_INSIDE.finditer(inside)):
        return True
    return element.ai == "10" and re.search(r"..21...", element.raw) is not None


def _cut(data: str) -> Iterator[tuple[str, str]]:
    """Cut at predefined lengths and separators; one separator is allowed behind every element, also the last."""
    rest = data
    while rest:
        identifier = identifier_at(rest[:4])
        if identifier is None:
            raise Refused("unknown_ai", found=rest[:4].replace(GS, "␝"))
        body = rest[len(identifier.ai) :]
        field, separator, behind = body.partition(GS)
        if identifier.predefined is not None and len(field) > identifier.predefined:
            yield identifier.ai, field[: identifier.predefined]
            rest = body[identifier.predefined :]
            continue
        if not field:
            raise Refused("empty_value")
        yield identifier.ai, field
        rest = behind if separator else ""


def _value(ai: str, raw: str, today: date) -> Value:
    if ai in _DATES:
        return day_of(raw[:8] if ai in {"7250", "7251"} else raw[:6], today)
    if ai in {"30", "37"}:
        return Decimal(raw)
    group = ai[:2]
    if len(ai) == 4 and (group in {"31", "32", "33", "34", "35", "36"} or "390" <= ai[:3] <= "395"):
        figures = raw[3:] if ai[:3] in {"391", "393"} else raw
        return Decimal(figures).scaleb(-int(ai[3]))
    return raw


def _add_field(fields: dict[str, Value], element: Element, today: date) -> None:
    name = by_pattern(MEANINGS, element.ai)
    if name is None:
        return
    fields.setdefault(name, element.value)
    if element.ai in _WITH_TIME and (moment := moment_of(element.raw, today)):
        fields.setdefault(_WITH_TIME[element.ai], moment)


def _matches(ai: str, pattern: str) -> bool:
    stem = pattern.rstrip("n")
    return len(ai) == len(pattern) and ai.startswith(stem)


def _refuse_excluded(values: Mapping[str, str]) -> None:
    for ai in values:
        for pattern in (by_pattern(EXCLUDES, ai) or "").split():
            for other in values:
                if other != ai and _matches(other, pattern):
                    raise Refused("invalid_ai_pair", ai=ai, other=other)


def _refuse_missing_serial(values: Mapping[str, str]) -> None:
    if "8030" not in values:
        return
    for ai, length in SERIAL_BESIDE_SIGNATURE.items():
        if ai in values and len(values[ai]) <= length:
            raise Refused("missing_serial", ai=ai)


def _missing(values: Mapping[str, str]) -> list[Missing]:
    missing = []
    for ai in values:
        for group in _required(ai):
            alternatives = tuple(group.split())
            if not any(all(any(_matches(have, need) for have in values) for need in each.split("+")) for each in alternatives):
                missing.append(Missing(ai=ai, needs=alternatives))
    return missing


def _required(ai: str) -> tuple[str, ...]:
    for pattern in (ai, ai[:-1] + "n", ai[:-2] + "nn"):
        if pattern in REQUIRES:
            return REQUIRES[pattern]
    return ()
