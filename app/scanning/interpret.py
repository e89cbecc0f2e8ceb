"""What is it? One entry for everything that a scanner sends or a person types where a scan is expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from biip.checksums import gs1_standard_check_digit

from app.base import clock
from app.scanning import digital_link, gs1, hibc, house_codes, iccbba, ma
from app.scanning.characters import GS, refuse_hostile
from app.scanning.gs1_structure import identifier_at
from app.scanning.refusals import Refused, refusal
from app.scanning.result import NO_FIELDS, Scanned, Status, Value
from app.scanning.symbologies import Family, family, split

_DATE_AI = re.compile(r"1[1-3567][0-9]{6}")
_CHINESE_ADDRESS = re.compile(r"https?://[^/]+/(?:[^/?#]+/)*?(?P<gtin>69[0-9]{11})/(?P<item>[!-~]{1,20})")
_COMPOSITE = "|]e0"


def interpret(text: str, *, today: date | None = None) -> Scanned:
    """Say what a scan is. Never raises, whatever arrives.

    Args:
        text: As the scanner sent it, with or without AIM identifier; FNC1 as GS. A terminator (CR, LF) at the end is dropped.
        today: The day that two-digit years are counted from; the workstation's own when absent.
    """
    raw = text.rstrip("\r\n")
    day = today or clock.now().date()
    symbology, data = split(raw)
    try:
        refuse_hostile(raw)
        if not data:
            raise Refused("empty_value")
        found = _by_symbology(symbology, data, day) if symbology else _without_symbology(data, day)
    except Refused as refused:
        found = _refused(refused, _claimed_kind(symbology, data))
    return replace(found, raw=raw, symbology=symbology)


def _by_symbology(symbology: str, data: str, day: date) -> Scanned:
    match family(symbology):
        case Family.GS1:
            return _from_message("gs1", data, gs1.read_scanned(data, day))
        case Family.EAN:
            return _ean_symbol(symbology, data, day)
        case Family.PLAIN:
            return _issuer_code(data, day) or Scanned(status=Status.VALID, kind="text", raw=data, fields={"text": data})
        case Family.OTHER:
            return _issuer_code(data, day) or _unknown(data)
        case Family.REFUSED:
            raise Refused("unsupported_symbology_identifier", symbology=symbology)


def _issuer_code(data: str, day: date) -> Scanned | None:
    """Codes that say themselves what they are, in any carrier."""
    if house := house_codes.read(data):
        return house
    if digital_link.looks_like_address(data):
        return _address(data, day)
    if hibc.looks_like(data):
        return hibc.read(data, day)
    if ma.looks_like(data):
        return _chinese(data, day)
    if iccbba.looks_like(data):
        return iccbba.read(data)
    return None


def _without_symbology(data: str, day: date) -> Scanned:
    if found := _issuer_code(data, day):
        return found
    if data.startswith("(") or re.match(r"[0-9]+\([0-9]", data):
        return _from_message("gs1", data, gs1.read_typed(data, day))
    return _bare_figures(data, day)


def _bare_figures(data: str, day: date) -> Scanned:
    """GS1 data and article numbers look alike without a symbology identifier: only what proves itself is taken.

    Eight figures that start with a date AI are read as that date: EAN-8 numbers 11… to 17… belong to US retail and do not come here.
    """
    article = _is_article_number(data) and not _DATE_AI.fullmatch(data)
    try:
        message = gs1.read_scanned(data.removeprefix(GS), day)
    except Refused as refused:
        if article:
            return _ean(data)
        if ma.looks_like_ahm(data):
            return ma.read_ahm(data)
        if _claims_gs1(data) or re.fullmatch(r"[0-9]{12,14}", data):
            raise _as_article(refused, data) from None
        return _unknown(data)
    if article and message.proven:
        return _unknown(data, "ambiguous")
    if article:
        return _ean(data)
    return _from_message("gs1", data, message) if message.proven else _unknown(data)


def _as_article(refused: Refused, data: str) -> Refused:
    """A figure typed wrong in an article number is a check digit fault, not an unknown AI."""
    if refused.code == "unknown_ai" and re.fullmatch(r"[0-9]{12,14}", data):
        return Refused("check_digit", ai="GTIN", found=data)
    return refused


def _claims_gs1(data: str) -> bool:
    """Whether text that broke a GS1 rule was meant as GS1 data: a separator in it, or a predefined-length AI in front and no blanks."""
    if GS in data:
        return True
    first = identifier_at(data[:4])
    return first is not None and " " not in data and (first.predefined is not None or data.isdecimal())


def _is_article_number(data: str) -> bool:
    if len(data) not in {8, 12, 13, 14} or not data.isdecimal():
        return False
    return gs1_standard_check_digit(data[:-1]) == int(data[-1])


def _ean(data: str, fields: Mapping[str, Value] = NO_FIELDS) -> Scanned:
    return Scanned(status=Status.VALID, kind="ean", raw=data, fields={"gtin": data.zfill(14), **fields})


def _ean_symbol(symbology: str, data: str, day: date) -> Scanned:
    """EAN-13 and UPC (``]E0``, 13 figures), EAN-8 (``]E4``), with or without a composite component behind ``|]e0``."""
    number, composite, behind = data.partition(_COMPOSITE)
    if not number.isdecimal():
        raise Refused("bad_character", ai="EAN", found=number)
    if len(number) != (8 if symbology == "]E4" else 13):
        raise Refused("bad_length", ai="EAN", found=number)
    if not _is_article_number(number):
        raise Refused("check_digit", ai="EAN", found=number)
    if not composite:
        return _ean(number)
    message = gs1.read_scanned(behind, day)
    return replace(_ean(number, message.fields), elements=message.elements, missing=message.missing)


def _address(data: str, day: date) -> Scanned:
    """A Digital Link, or the web address form of a Chinese article code (GB/T 33993)."""
    try:
        return _from_message("digital_link", data, digital_link.read(data, day))
    except Refused:
        match = _CHINESE_ADDRESS.fullmatch(data)
        if match is None or not _is_article_number(match["gtin"]):
            raise
        fields: dict[str, Value] = {"gtin": match["gtin"].zfill(14), "serial_or_batch": match["item"]}
        return Scanned(status=Status.VALID, kind="gbt33993", raw=data, fields=fields)


def _chinese(data: str, day: date) -> Scanned:
    try:
        return ma.read(data, day)
    except Refused as refused:
        if refused.code != "ma_not_supported":
            raise
        return replace(_refused(refused, "ma"), status=Status.UNKNOWN)


def _from_message(kind: str, data: str, message: gs1.Message) -> Scanned:
    scanned = Scanned(status=Status.VALID, kind=kind, raw=data, elements=message.elements, fields=message.fields, missing=message.missing)
    if (lot := gs1.suspicious_lot(message)) is not None:
        return replace(scanned, status=Status.UNKNOWN, error=refusal("separator_lost", found=lot))
    return scanned


def _unknown(data: str, code: str = "not_recognised") -> Scanned:
    return Scanned(status=Status.UNKNOWN, kind="unknown", raw=data, error=refusal(code))


def _refused(refused: Refused, kind: str) -> Scanned:
    return Scanned(status=Status.INVALID, kind=kind, raw="", error=refusal(refused.code, **refused.facts))


def _claimed_kind(symbology: str | None, data: str) -> str:
    """Whose rules a refused scan broke, for the report."""
    if symbology and family(symbology) in {Family.GS1, Family.EAN}:
        return "gs1" if family(symbology) is Family.GS1 else "ean"
    for kind, claims in (("digital_link", digital_link.looks_like_address), ("hibc", hibc.looks_like), ("ma", ma.looks_like)):
        if claims(data):
            return kind
    if iccbba.looks_like(data):
        return "iccbba"
    return "gs1" if data.startswith("(") or _claims_gs1(data) else "unknown"
