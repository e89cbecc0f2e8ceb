"""The UDI of one unit or one box: which product, which lot, until when, made when, which piece (GS1).

``(01)`` product, then the dates of fixed length ``(11)`` ``(17)``, then the variable ``(10)`` lot and ``(21)`` serial, so that one
FNC1 at most is needed. A box carries the GTIN of its own packing level.
Source: GS1 General Specifications §3, §4.14.1 (order), §7.8 (separators); 21 CFR 801.18 and IMDRF UDI guide (dates in words: YYYY-MM-DD).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from biip.gtin import Gtin
from biip.rcn import Rcn

from app.base import clock
from app.base.errors import RuleViolation
from app.labels.gs1_symbol import CARRIER, ElementsRefused, LabelNotProven, ProvenSymbol, prove
from app.labels.udi_refusals import (
    CharactersNotInGs1,
    DateOutOfReach,
    GtinCheckDigitWrong,
    GtinForInHouseUse,
    GtinNotFourteenFigures,
    LotLooksLikeTwoFields,
    MadeAfterExpiry,
    NoGtin,
    WrongLength,
)
from app.scanning.gs1_dates import full_year
from app.scanning.gs1_writing import broken_rule
from app.scanning.interpret import interpret
from app.scanning.result import Refusal

FIELDS = {"gtin": "01", "made_on": "11", "expires_on": "17", "lot": "10", "serial": "21"}
"""What we call each element, in the order of the symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Udi:
    """A device identifier with its production identifiers and the symbol that carries them; made by `compose`."""

    gtin: str
    """14 figures."""
    lot: str
    expires_on: date
    made_on: date | None
    serial: str | None
    symbol: ProvenSymbol

    def __post_init__(self) -> None:
        scanned = interpret(CARRIER + self.element_string)
        for name in FIELDS:
            asked, found = getattr(self, name), scanned.usable(name)
            if asked != found:
                raise LabelNotProven(asked=str(asked or "–"), found=str(found or "–"))

    @property
    def element_string(self) -> str:
        """What a scanner reads behind its symbology identifier; GS where FNC1 separates."""
        return self.symbol.decoded.decode("ascii")

    @property
    def hri(self) -> tuple[str, ...]:
        """``(01)09501101530003``, … one text per element, to be printed beside the symbol."""
        return self.symbol.hri

    @property
    def digest(self) -> str:
        """SHA-256 of the decoded symbol, hexadecimal: two labels with the same digest scan alike."""
        return sha256(self.symbol.decoded).hexdigest()


def compose(*, gtin: str | None, lot: str, expires_on: date, made_on: date | None, serial: str | None) -> Udi:
    """Check every part, write the symbol, read it back.

    Args:
        gtin: 14 figures, of the unit or of the box; ``None`` where master data holds none.
        lot: 1 to 20 characters of GS1 set 82.
        expires_on: The last day of use.
        made_on: ``None`` leaves (11) away.
        serial: 1 to 20 characters of GS1 set 82; ``None`` where units of a lot are not told apart.

    Raises:
        NoGtin, GtinNotFourteenFigures, GtinCheckDigitWrong, GtinForInHouseUse, WrongLength, CharactersNotInGs1, MadeAfterExpiry,
            DateOutOfReach, LotLooksLikeTwoFields: a part cannot stand in a UDI; nothing was encoded.
        LabelNotProven: the symbol is not what was asked for.
    """
    if not gtin:
        raise NoGtin
    today = clock.now().date()
    _check_days(expires_on, made_on, today)
    made = None if made_on is None else f"{made_on:%y%m%d}"
    raws = (gtin, made, f"{expires_on:%y%m%d}", lot, serial)
    elements = [(ai, raw) for ai, raw in zip(FIELDS.values(), raws, strict=True) if raw is not None]
    if (broken := broken_rule(elements, today)) is not None:
        raise _named(broken, dict(elements))
    if isinstance(Gtin.parse(gtin), Rcn):
        raise GtinForInHouseUse(gtin=gtin)
    return Udi(gtin=gtin, lot=lot, expires_on=expires_on, made_on=made_on, serial=serial, symbol=prove(elements))


def _check_days(expires_on: date, made_on: date | None, today: date) -> None:
    """A symbol writes the year in two figures, which a reader takes for the year nearest to its own day (GS1 §7.12)."""
    for day in filter(None, (made_on, expires_on)):
        if full_year(day.year % 100, today) != day.year:
            raise DateOutOfReach(day=day.isoformat())
    if made_on is not None and made_on > expires_on:
        raise MadeAfterExpiry(made_on=made_on.isoformat(), expires_on=expires_on.isoformat())


def _named(broken: Refusal, raw: dict[str, str]) -> RuleViolation:
    """The rule that reading would break, in the words of the one who has the label printed."""
    ai = str(broken.text.facts.get("ai", ""))
    match broken.code, ai:
        case "check_digit", "01":
            return GtinCheckDigitWrong(gtin=raw["01"])
        case _, "01":
            return GtinNotFourteenFigures(gtin=raw["01"])
        case "bad_length", "10" | "21":
            return WrongLength(ai=ai, value=raw[ai])
        case "bad_character", "10" | "21":
            return CharactersNotInGs1(ai=ai, value=raw[ai])
        case "separator_lost", _:
            return LotLooksLikeTwoFields(lot=raw["10"])
        case _:
            return ElementsRefused(reason=broken.text)
