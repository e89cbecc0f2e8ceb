"""What a paper may say, and how it is said in the reader's language, in the plant's zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import Enum

from app.base.phrases import Language, Phrase, write
from app.reports import fonts
from app.reports.fonts import Weight
from app.reports.wrapping import INK, INK_2, Run

NOTHING = "–"
"""Stands where a record holds nothing, so that no cell is empty by accident."""


@dataclass(frozen=True, slots=True)
class Strong:
    """A value that needs a person's eye, in bold: a fail, a hold, a deviation."""

    value: object


@dataclass(frozen=True, slots=True)
class ToTheSecond:
    """A moment whose seconds matter."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A value that replaced another: the first stays readable, struck through, before the new one."""

    before: Sequence[object]
    """Oldest first."""
    now: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature as 21 CFR 11.50 wants it shown: printed name, date and time with zone, meaning."""

    meaning: Phrase
    name: str | None
    """As it stood at the time of signing; ``None``: not signed yet."""
    at: datetime | None
    remark: Phrase | str | None
    """Role, reason or station, as the record holds them."""


_SAID_HERE = (datetime, ToTheSecond, Phrase)
"""Facts inside a sentence that need the plant's zone."""


class Unprintable(Enum):
    """What to do with a character the font does not know."""

    REFUSE = "refuse"
    SPELL_OUT = "spell out"
    """Print its code in brackets, ``[U+20BB7]``: a finished record must come out, and nothing of it may vanish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Turns facts into runs of text, for one reader."""

    language: Language
    zone: tzinfo
    unprintable: Unprintable

    def say(self, fact: object) -> str:
        """One fact as plain text. Times carry their offset; nothing is a dash.

        Raises:
            ValueError: a time without zone. A bug in the caller.
        """
        match fact:
            case None | "":
                return NOTHING
            case datetime():
                return self.moment(fact, seconds=False)
            case ToTheSecond():
                return self.moment(fact.at, seconds=True)
            case Phrase():
                facts = {name: self.say(inner) if isinstance(inner, _SAID_HERE) else inner for name, inner in fact.facts.items()}
                return Phrase(fact.text, **facts).in_language(self.language)
            case _:
                return write(fact, self.language, self.zone)

    def moment(self, at: datetime, *, seconds: bool) -> str:
        """``30 Sep 2026 14:05 +08:00``: in the plant's zone, always with its offset."""
        if at.tzinfo is None:
            raise ValueError(f"{at} has no zone")
        local = at.astimezone(self.zone)
        offset = f"{local:%z}"
        return f"{write(at, self.language, self.zone)}{local.strftime(':%S') if seconds else ''} {offset[:3]}:{offset[3:5]}"

    def runs(self, fact: object, weight: Weight = Weight.REGULAR, ink: int = INK) -> tuple[Run, ...]:
        """One fact as runs that can be printed.

        Raises:
            CharacterNotInFont: under `Unprintable.REFUSE`, naming the characters.
        """
        match fact:
            case Strong():
                return self.runs(fact.value, Weight.BOLD, ink)
            case Corrected():
                old = [run for before in fact.before for run in (*self._struck(before), Run("  ", weight))]
                return (*old, *self.runs(fact.now, weight, ink))
            case _:
                return (Run(self._printable(self.say(fact), weight), weight, ink),)

    def _struck(self, fact: object) -> tuple[Run, ...]:
        return tuple(replace(run, struck=True, ink=INK_2) for run in self.runs(fact))

    def _printable(self, text: str, weight: Weight) -> str:
        if self.unprintable is Unprintable.SPELL_OUT:
            return fonts.spelled_out(text, weight)
        fonts.require([text], weight)
        return text
