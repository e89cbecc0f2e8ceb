"""GS1 Digital Link: a web address that carries GS1 elements in its path and query.

Read strictly: upper- or lower-case scheme, the right-most primary key of the path wins, qualifiers in their order, attributes in the
query only where they do not belong into the path. biip's reader is laxer in each of these.
Source: GS1 Digital Link Standard: URI Syntax, §4.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

from app.scanning.gs1 import Message, read_pairs
from app.scanning.gs1_rules import ALPHAS, KEY_QUALIFIERS, NEVER_ATTRIBUTES
from app.scanning.gs1_structure import identifier_named
from app.scanning.refusals import Refused

_ADDRESS = re.compile(
    r"(?:https?|HTTPS?)://(?P<domain>[A-Za-z0-9.:\-\[\]]+)(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
)
_LEGAL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")


def looks_like_address(text: str) -> bool:
    """Whether text claims to be a web address."""
    return text[:8].lower().startswith(("http://", "https://"))


def read(uri: str, today: date, *, convenience_alphas: bool = False, zero_suppressed_gtin: bool = False) -> Message:
    """Read the elements of a Digital Link; path first, then query.

    Args:
        uri: The whole address.
        today: The reader's day, for two-digit years.
        convenience_alphas: Also read the deprecated words (``gtin``, ``lot``, ``ser`` …) for AIs.
        zero_suppressed_gtin: Also read GTIN-8, -12 and -13 under (01), filled up with zeros.

    Raises:
        Refused: ``digital_link``, ``digital_link_order`` or the GS1 rule that the data breaks.
    """
    match = _ADDRESS.fullmatch(uri) if _LEGAL.fullmatch(uri) else None
    if match is None:
        raise Refused("digital_link")
    path = _path_pairs(match["path"], convenience_alphas)
    key, *qualifiers = [ai for ai, _ in path]
    if not any(_in_order(qualifiers, allowed) for allowed in KEY_QUALIFIERS[key]):
        raise Refused("digital_link_order", ai=qualifiers[0])
    query = _query_pairs(match["query"] or "")
    _refuse_misplaced(key, qualifiers, [ai for ai, _ in query])
    pairs = [*path, *query]
    if zero_suppressed_gtin:
        pairs = [(ai, value.zfill(14) if ai == "01" and len(value) in {8, 12, 13} else value) for ai, value in pairs]
    return read_pairs(pairs, today, separators=len(pairs))


def _in_order(qualifiers: list[str], allowed: tuple[str, ...]) -> bool:
    """Whether the qualifiers stand in the allowed order, each at most once; any of them may be left out."""
    remaining = iter(allowed)
    return all(qualifier in remaining for qualifier in qualifiers)


def _path_pairs(path: str, alphas: bool) -> list[tuple[str, str]]:
    """From the end of the path back to the right-most primary key."""
    segments = path.split("/")[1:]
    pairs: list[tuple[str, str]] = []
    while len(segments) >= 2:
        value = segments.pop()
        name = segments.pop()
        ai = ALPHAS.get(name, name) if alphas else name
        if identifier_named(ai) is None:
            break
        pairs.insert(0, (ai, _unescaped(ai, value)))
        if ai in KEY_QUALIFIERS:
            return pairs
    raise Refused("digital_link")


def _query_pairs(query: str) -> list[tuple[str, str]]:
    """AIs of the query; other parameters are the web site's own, except figures that look like an AI and are none."""
    pairs: list[tuple[str, str]] = []
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if not equals or not name.isdecimal():
            continue
        if identifier_named(name) is None:
            raise Refused("unknown_ai", found=name)
        pairs.append((name, _unescaped(name, value.replace("+", " "))))
    return pairs


def _unescaped(ai: str, value: str) -> str:
    plain = unquote(value, encoding="latin-1")
    if not plain:
        raise Refused("bad_length", ai=ai, found=value)
    if "\0" in plain:
        raise Refused("bad_character", ai=ai, found=value)
    return plain


def _refuse_misplaced(key: str, qualifiers: list[str], attributes: list[str]) -> None:
    seen = {key, *qualifiers}
    for ai in attributes:
        if ai in seen or ai in NEVER_ATTRIBUTES or _fits_into_path(ai, key, qualifiers):
            raise Refused("digital_link_order", ai=ai)
        seen.add(ai)


def _fits_into_path(ai: str, key: str, qualifiers: list[str]) -> bool:
    return any(
        _in_order([*qualifiers[:position], ai, *qualifiers[position:]], allowed)
        for position in range(len(qualifiers) + 1)
        for allowed in KEY_QUALIFIERS[key]
    )
