"""The house's own codes: Code 128 labels on lots, containers, orders, places, badges and equipment. A table, so that a slice adds its own.

A code that anybody could also type on a pack (``L26-0382``) is recognised by its whole form; everything else carries a printed prefix
(``LOC:Q-A-03``), so that no supplier code can be taken for it. A ``T`` before it stands for practice (``TL26-0382``): no plant holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.scanning.result import Element, Scanned, Status, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseCode:
    """One kind of label the house prints."""

    what: str
    """``lot``, ``location`` …: the screens and the router know it by this word."""
    form: re.Pattern[str]
    """Matches the whole scan; the named group ``code`` is the identity in the records. ASCII only, no blanks inside ``code``."""
    kind: str = "internal"
    spell: str = "{code}"
    """How the identity is written in the records, from the groups of `form`."""


_TABLE: dict[str, HouseCode] = {}


def register(code: HouseCode) -> HouseCode:
    """Add a kind of house label.

    Raises:
        ValueError: The word is taken, or the form lacks the group ``code``: a mistake of the slice that registers.
    """
    if code.what in _TABLE:
        raise ValueError(f"house code {code.what} is registered already")
    if "code" not in code.form.groupindex:
        raise ValueError(f"the form of house code {code.what} names no group 'code'")
    _TABLE[code.what] = code
    return code


def registered() -> tuple[HouseCode, ...]:
    """All kinds of house labels, in the order of registration."""
    return tuple(_TABLE.values())


def read(text: str) -> Scanned | None:
    """The house code that `text` is, or ``None``."""
    for house in _TABLE.values():
        if match := house.form.fullmatch(text):
            code = house.spell.format(**match.groupdict())
            fields: dict[str, Value] = {"what": house.what, "code": code}
            if house.what == "lot":
                fields["lot"] = code
            return Scanned(status=Status.VALID, kind=house.kind, raw=text, elements=(Element(house.what, code, code),), fields=fields)
    return None


register(HouseCode(what="lot", form=re.compile(r"(?P<code>T?L[0-9]{2}-[0-9]{4,6})")))
register(HouseCode(what="container", form=re.compile(r"(?P<code>T?C[0-9]{2}-[0-9]{5,7})")))
register(HouseCode(what="batch", form=re.compile(r"(?P<code>T?B[0-9]{2}-[0-9]{4,9})")))
register(HouseCode(what="unit", form=re.compile(r"(?P<code>T?B[0-9]{2}-[0-9]{4,9}-[0-9]{5,7})")))
register(HouseCode(what="sublot", form=re.compile(r"(?P<code>T?B[0-9]{2}-[0-9]{4,9}-S[0-9]{2,4})")))
register(HouseCode(what="purchase_order", form=re.compile(r"PO ?(?P<code>[0-9]{2}-[0-9]{4,6})"), spell="PO{code}"))
register(HouseCode(what="location", form=re.compile(r"LOC:(?P<code>[A-Z0-9]+(?:-[A-Z0-9]+)*)")))
register(HouseCode(what="asset", form=re.compile(r"AST:(?P<code>[A-Z0-9]+(?:-[A-Z0-9]+)*)")))
register(HouseCode(what="badge", kind="badge", form=re.compile(r"BDG:(?P<code>[A-Za-z0-9_-]{4,64})")))
