"""Chinese UDI besides GS1: MA codes (IDcode) and the tracing codes of AHM, which stay opaque until a plant says what they mean.

Source: ISO/IEC 15459 issuing agency MA; IDcode rules for medical devices (DI of 25 characters, PI by separators); YY/T 1630.
How the check character of an MA code is computed is not published; it is kept, not judged.
"""

from __future__ import annotations

import re
from datetime import date

from app.scanning.gs1_dates import day_of, is_date
from app.scanning.refusals import Refused, refusal
from app.scanning.result import Element, Scanned, Status, Value

_FORM = re.compile(r"M[A-Z]\.[0-9]{3}\.")
_DI = re.compile(r"MA\.156\.M0\.[0-9]{6}\.[0-9A-Za-z]{8}")
_PI = {
    "M": "made_on",
    "P": "made_on",
    "V": "valid_until",
    "E": "expires_on",
    "L": "lot",
    "D": "sterilisation_lot",
    "S": "serial",
    "Y": "insurance_code",
    "C": "check",
}
_DATES = frozenset({"made_on", "valid_until", "expires_on"})


def looks_like(text: str) -> bool:
    """Whether text claims to be a code of the MA family (``MA.156.…``, also other letters and countries)."""
    return _FORM.match(text) is not None


def read(text: str, today: date) -> Scanned:
    """Read an MA code: DI, then production identifiers in any order.

    Raises:
        Refused: ``ma_form``, ``bad_date``, or ``ma_not_supported`` for another agency or country.
    """
    if not looks_like(text):
        raise Refused("ma_form")
    if not text.startswith("MA.156."):
        raise Refused("ma_not_supported", found=text[:6])
    match = _DI.match(text)
    if match is None or text[match.end() : match.end() + 1] not in {"", "."}:
        raise Refused("ma_form")
    fields: dict[str, Value] = {"di": match[0], "registrant": match[0].split(".")[3]}
    elements = [Element("DI", match[0], match[0])]
    if rest := text[match.end() + 1 :]:
        for segment in rest.split("."):
            element, name = _identifier(segment, today)
            if name in fields:
                raise Refused("ma_form")
            elements.append(element)
            fields[name] = element.value
    elif text.endswith("."):
        raise Refused("ma_form")
    return Scanned(status=Status.VALID, kind="ma", raw=text, elements=tuple(elements), fields=fields)


def _identifier(segment: str, today: date) -> tuple[Element, str]:
    mark, value = segment[:1], segment[1:]
    if mark not in _PI or not re.fullmatch(r"[0-9A-Za-z/_-]+", value):
        raise Refused("ma_form")
    name = _PI[mark]
    if name not in _DATES:
        return Element(mark, value, value), name
    if not re.fullmatch(r"\d{6}|\d{8}", value) or not is_date(value, year_digits=len(value) - 4, may_lack_day=False):
        raise Refused("bad_date", ai=mark, found=value)
    return Element(mark, value, day_of(value, today)), name


def looks_like_ahm(text: str) -> bool:
    """Tracing codes of the AHM platform: 20 figures that start with 8."""
    return re.fullmatch(r"8[0-9]{19}", text) is not None


def read_ahm(text: str) -> Scanned:
    """An AHM tracing code, opaque: kept whole, explained to nobody."""
    return Scanned(status=Status.UNKNOWN, kind="ahm", raw=text, fields={"code": text}, error=refusal("ahm_opaque"))
