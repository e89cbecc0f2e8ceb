"""Sentences that are said in the reader's language at the moment they are read.

Records store codes and facts; a `Phrase` holds the English sentence with its facts and becomes text only when a screen, a
paper or a log asks for it in one language. One catalogue serves all three: ``resources/translations/zh_CN/*.toml``,
English sentence → Chinese sentence (decision 0001).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
THIN_SPACE = "\u2009"


class Language(StrEnum):
    """The languages every screen and paper speaks."""

    EN = "en"
    ZH = "zh_CN"


@dataclass(frozen=True, slots=True)
class Name:
    """What a thing is called in both languages; data, not catalogue."""

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """The name in one language; the English one stands where no Chinese one was given."""
        return self.zh if language is Language.ZH and self.zh else self.en

    def __str__(self) -> str:
        return self.en


class Phrase:
    """An English sentence with named facts, e.g. ``Phrase("Gauge {gauge} is due.", gauge="DC-014")``.

    Facts may be text, numbers, `Decimal`, dates, times, `Name`, or another `Phrase`; each is written the way the language
    writes it. The sentence must stand in the catalogue; a test compares both.
    """

    __slots__ = ("facts", "text")

    def __init__(self, text: str, /, **facts: object) -> None:
        self.text = text
        self.facts = facts

    def in_language(self, language: Language) -> str:
        """Say the sentence in one language. A sentence missing from the catalogue is said in English (the test names it)."""
        template = self.text if language is Language.EN else catalogue(language).get(self.text, self.text)
        return _Writer(language).vformat(template, (), self.facts)

    def __str__(self) -> str:
        return self.in_language(Language.EN)

    def __repr__(self) -> str:
        return f"Phrase({self.text!r}, {self.facts!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.text, self.facts) == (other.text, other.facts)

    def __hash__(self) -> int:
        return hash(self.text)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All sentences of one language, English → translated. English itself needs none."""
    rows: dict[str, str] = {}
    if language is Language.EN:
        return rows
    for file in sorted((RESOURCES / "translations" / language.value).glob("*.toml")):
        rows.update(tomllib.loads(file.read_text(encoding="utf-8")))
    return rows


def write(fact: object, language: Language, zone: tzinfo = UTC) -> str:
    """Write one fact the way `language` writes it: 30 Sep 2029 / 2029-09-30, 4 000, 12.50.

    Args:
        fact: Anything a record or a screen may hold; numbers keep their own decimals.
        language: Who reads.
        zone: For times with zone; the caller's plant zone, always printed with its offset elsewhere.
    """
    match fact:
        case Phrase() | Name():
            return fact.in_language(language)
        case bool():
            return str(fact)
        case datetime():
            return f"{write(fact.astimezone(zone).date(), language)} {fact.astimezone(zone):%H:%M}"
        case date():
            return fact.isoformat() if language is Language.ZH else f"{fact.day} {fact:%b} {fact.year}"
        case int() | Decimal():
            return group_thousands(fact)
        case _:
            in_language = getattr(fact, "in_language", None)
            return str(in_language(language)) if callable(in_language) else str(fact)


def group_thousands(number: int | Decimal) -> str:
    """``12000`` → ``12 000`` with thin spaces; a decimal keeps its own digits after the point and is never rounded."""
    whole, point, rest = (f"{number:f}" if isinstance(number, Decimal) else str(number)).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + (f"{int(digits):,}".replace(",", THIN_SPACE) if digits else "") + point + rest


class _Writer(Formatter):
    def __init__(self, language: Language) -> None:
        self._language = language

    def get_value(self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        """A fact nobody gave is shown as a dash, never as a second failure on top of the first."""
        return kwargs.get(str(key), "–")

    def format_field(self, value: object, format_spec: str) -> str:
        return format(value, format_spec) if format_spec and value != "–" else write(value, self._language)
