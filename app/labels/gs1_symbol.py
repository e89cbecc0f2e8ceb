"""A GS1 DataMatrix that was read back before anybody may print it.

Symbol libraries write wrong check digits, month 13, a bracket in a lot as a second element, and leave out a separator (zxing-cpp 3.1:
behind (235)) without complaint. So elements are judged by biip and by our own rules, written, read from their own picture, and compared
with what was asked for. There is no other way to a `ProvenSymbol`, and printers' emitters take nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import biip
import numpy as np
import zxingcpp

from app.base import clock
from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.scanning.characters import GS
from app.scanning.gs1_writing import Elements, broken_rule, element_string

CARRIER = "]d2"
"""AIM identifier of a GS1 DataMatrix: ECC 200 with FNC1 in first place (ISO/IEC 15424)."""
_CAPACITY = {10: 3, 12: 5, 14: 8, 16: 12, 18: 18, 20: 22, 22: 30, 24: 36, 26: 44, 32: 62, 36: 86, 40: 114, 44: 144, 48: 174}
"""Side of a square symbol in modules → data code words (ISO/IEC 16022, table 7), as far as ``^BX`` lets a size be asked for."""
_PIXELS, _QUIET = 4, 2
"""Per module, and modules around the symbol, in the picture that is read back."""

Modules = tuple[tuple[bool, ...], ...]
"""Rows of a square symbol without quiet zone; ``True`` is dark."""


class ElementsRefused(RuleViolation):
    """A symbol of these elements would break GS1's rules, whoever asks for it."""

    code = "label.elements_refused"
    text = "The label was not made: no scanner here would take its code. {reason}"
    next_step = "Correct the product's or the batch's own facts, then print again."


class LabelNotProven(RuleViolation):
    """The symbol, read back, is not what was asked for. A defect of ours or of a library: it must never reach a product."""

    code = "label.not_proven"
    text = "The label was not made: its symbol was read back as {found}, not as {asked}."
    next_step = "Tell the administrator. Nothing was printed."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenSymbol:
    """Elements with their GS1 DataMatrix. Making one is the proof: it reads its own modules, so that none exists unproven."""

    elements: tuple[tuple[str, str], ...]
    modules: Modules
    decoded: bytes = field(init=False)
    """What a scanner reads, without symbology identifier; GS stands for FNC1 between elements. Kept with the print record."""

    def __post_init__(self) -> None:
        _demand_legal(self.elements)
        symbology, decoded = _read_back(self.modules)
        told = _told_by_biip(decoded.decode("ascii", "replace"))
        asked = element_string(self.elements)
        if symbology != CARRIER or told != self.elements or decoded != asked.encode("ascii"):
            raise LabelNotProven(asked=shown(CARRIER + asked), found=shown(symbology + decoded.decode("ascii", "replace")))
        object.__setattr__(self, "decoded", decoded)

    @property
    def side(self) -> int:
        """Modules per side."""
        return len(self.modules)

    @property
    def hri(self) -> tuple[str, ...]:
        """Human-readable interpretation, one text per element, in the symbol's order; brackets are never encoded."""
        return tuple(f"({ai}){raw}" for ai, raw in self.elements)


def prove(elements: Elements) -> ProvenSymbol:
    """Judge, write and read back.

    Raises:
        ElementsRefused: a GS1 rule is broken, or the content is more than a label's symbol holds; nothing was encoded.
        LabelNotProven: what was written is not what was asked for.
    """
    asked = tuple(elements)
    _demand_legal(asked)
    if _told_by_biip(element_string(asked)) != asked:
        raise ElementsRefused(reason=Phrase("Not every reader cuts it into the same elements."))
    return ProvenSymbol(elements=asked, modules=_written(asked, smallest_side(element_string(asked))))


def smallest_side(data: str) -> int:
    """Modules per side that every encoder gets by with, because it counts the plainest encoding: figures in pairs, all else one by one.

    A printer packs by its own scheme. Told this size, it prints the symbol in the room that the layout kept for it.

    Raises:
        ElementsRefused: more than 48 × 48 modules hold.
    """
    words = 1 + len(re.findall("[0-9]{2}|.", data, re.DOTALL))  # FNC1 comes first
    for side, capacity in _CAPACITY.items():
        if words <= capacity:
            return side
    raise ElementsRefused(reason=Phrase("It holds more than a symbol of 48 × 48 modules."))


def _demand_legal(elements: Elements) -> None:
    if (broken := broken_rule(elements, clock.now().date())) is not None:
        raise ElementsRefused(reason=broken.text)


def _written(elements: Elements, side: int) -> Modules:
    """Square brackets around the identifiers: no GS1 data may hold one, whereas a lot may hold round ones."""
    text = "".join(f"[{ai}]{raw}" for ai, raw in elements)
    size = list(_CAPACITY).index(side) + 1  # the writer counts square sizes from 1
    try:
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True, version=size)
    except ValueError as trouble:
        raise LabelNotProven(asked=shown(element_string(elements)), found=str(trouble)) from trouble
    picture = np.asarray(symbol.to_image(scale=1, add_quiet_zones=False))
    return tuple(tuple(bool(dot < 128) for dot in row) for row in picture)


def _read_back(modules: Sequence[Sequence[bool]]) -> tuple[str, bytes]:
    """Symbology identifier and bytes of the one symbol in the picture of these modules; empty when there is none, or not one."""
    light = np.where(np.pad(np.array(modules, dtype=bool), _QUIET), 0, 255).astype(np.uint8)
    found = zxingcpp.read_barcodes(light.repeat(_PIXELS, axis=0).repeat(_PIXELS, axis=1))
    return (found[0].symbology_identifier, found[0].bytes) if len(found) == 1 else ("", b"")


def _told_by_biip(data: str) -> tuple[tuple[str, str], ...]:
    """The elements as biip cuts them; none when it refuses one of them."""
    try:
        message = biip.parse(CARRIER + data).gs1_message
    except biip.ParseError:
        return ()
    found = message.element_strings if message else []
    if any(one.gtin_error or one.gln_error or one.sscc_error for one in found):
        return ()
    return tuple((one.ai.ai, one.value) for one in found)


def shown(data: str) -> str:
    """What a symbol holds, as a person reads it in a refusal."""
    return data.replace(GS, "␝") or "–"
