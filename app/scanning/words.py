"""A scan in plain words, for the strip at the bottom and the list of the last five. Never shows what a badge holds."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.scanning.result import Scanned, Status

_HOUSE = {
    "lot": Phrase("lot {code}"),
    "container": Phrase("container {code}"),
    "batch": Phrase("batch {code}"),
    "unit": Phrase("unit {code}"),
    "sublot": Phrase("sub-lot {code}"),
    "purchase_order": Phrase("purchase order {code}"),
    "location": Phrase("location {code}"),
    "asset": Phrase("equipment {code}"),
}
_FIELDS = {
    "gtin": Phrase("product {value}"),
    "lic": Phrase("labeler {value}"),
    "pcn": Phrase("article {value}"),
    "di": Phrase("product {value}"),
    "sscc": Phrase("logistic unit {value}"),
    "lot": Phrase("lot {value}"),
    "serial": Phrase("serial number {value}"),
    "expires_on": Phrase("expires {value}"),
    "quantity": Phrase("quantity {value}"),
}


def in_plain_words(scanned: Scanned) -> Phrase:
    """One short phrase: what was read, or why it was not taken."""
    if scanned.error is not None:
        return scanned.error.text
    if scanned.kind == "badge":
        return Phrase("a badge")
    if scanned.what is not None:
        form = _HOUSE.get(scanned.what, Phrase("code {code}"))
        return Phrase(form.text, code=scanned.code)
    parts = [Phrase(form.text, value=scanned.fields[name]) for name, form in _FIELDS.items() if name in scanned.fields]
    if scanned.status is not Status.VALID or not parts:
        return Phrase("code {code}", code=str(scanned.fields.get("text", scanned.raw)).replace("\x1d", "␝"))
    words = parts.pop()
    while parts:
        words = Phrase("{first}, {rest}", first=parts.pop(), rest=words)
    return words
