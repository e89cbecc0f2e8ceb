"""From the facts on record to the label of a unit or a box, on a printer's roll or as a page."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from app.base.phrases import Language, Name
from app.labels.container_form import LabelFacts, LabelUnreadable
from app.labels.emit.container_label import LabelStock
from app.labels.emit.drawn import Drawn
from app.labels.emit.print_head import MM_PER_INCH, PrintHead
from app.labels.emit.unit_label import UnitLabel
from app.labels.udi import Udi, compose

Kind = TypeVar("Kind", str, int)
_THOUSANDTHS_PER_MODULE = 15
"""Thousandths of an inch (0.381 mm): GS1 aims at 0.380 mm and allows 0.254 to 0.495 mm (General Specifications, table 6)."""
PAGE_MODULE_MM = 25.4 / 75
"""On paper: 8 dots at 600 dpi, 4 at 300."""


def unit_content(udi: Udi, *, ref: str, name: Name, holds: int) -> dict[str, Any]:
    """The facts of a unit's label for ``label.content``: plain JSON, with what the symbol was read back as.

    Args:
        udi: Proven.
        ref: Catalogue number.
        name: Of the product.
        holds: Units inside, 1 for the unit itself.
    """
    return {
        "gtin": udi.gtin,
        "lot": udi.lot,
        "expires_on": udi.expires_on.isoformat(),
        "made_on": udi.made_on and udi.made_on.isoformat(),
        "serial": udi.serial,
        "ref": ref,
        "name_en": name.en,
        "name_zh": name.zh,
        "holds": holds,
        "decoded": udi.element_string,
        "digest": udi.digest,
    }


def unit_label(facts: LabelFacts, *, practice: bool) -> UnitLabel:
    """The label, with its symbol written and read back anew.

    Args:
        facts: The content is as `unit_content` wrote it.
        practice: Whether this plant is one for practice; every label it prints says so.

    Raises:
        LabelUnreadable: a fact is missing, is not what it should be, or contradicts the symbol on record; nothing is guessed.
        RuleViolation: what `app.labels.udi.compose` refuses.
    """
    told = facts.content
    fact = ""
    try:
        texts = {}
        for fact in ("gtin", "lot", "ref", "name_en", "name_zh", "decoded", "digest"):
            texts[fact] = _is(str, told[fact])
            if not texts[fact].strip() and fact in ("ref", "name_en"):
                raise ValueError("a product has a catalogue number and a name")
        fact = "serial"
        serial = None if told[fact] is None else _is(str, told[fact])
        fact = "expires_on"
        expires_on = date.fromisoformat(_is(str, told[fact]))
        fact = "made_on"
        made_on = None if told[fact] is None else date.fromisoformat(_is(str, told[fact]))
        fact = "holds"
        holds = _is(int, told[fact])
        if holds < 1:
            raise ValueError(f"{holds} units")
    except (KeyError, ValueError) as trouble:
        raise LabelUnreadable(fact=fact) from trouble
    udi = compose(gtin=texts["gtin"], lot=texts["lot"], expires_on=expires_on, made_on=made_on, serial=serial)
    if (udi.element_string, udi.digest) != (texts["decoded"], texts["digest"]):
        raise LabelUnreadable(fact="digest")
    name = Name(texts["name_en"], texts["name_zh"])
    return UnitLabel(udi=udi, ref=texts["ref"], name=name, holds=holds, copy_no=facts.copy_no, practice=practice)


def unit_drawn(label: UnitLabel, language: Language, *, stock: LabelStock, dpi: int | None) -> Drawn:
    """Every piece of the label at its place.

    Args:
        label: What to print.
        language: Of name and words.
        stock: The roll.
        dpi: Of the print head whose dots make up a module: at 203, 300 and 600 dpi 3, 4 and 9 (0.375, 0.339, 0.381 mm); ``None``: a page.

    Raises:
        DoesNotFitLabel, CharacterNotInFont, FontsNotBuilt: nothing is made.
    """
    from app.labels.emit.unit_layout import lay_out_unit  # drawing fonts is not waited for at the start of a client

    module_mm = PAGE_MODULE_MM if dpi is None else dpi * _THOUSANDTHS_PER_MODULE // 1000 * MM_PER_INCH / dpi
    return Drawn(pieces=lay_out_unit(label, stock, language, module_mm=module_mm), stock=stock, title=" ".join(label.udi.hri))


def unit_job(label: UnitLabel, language: Language, *, head: PrintHead, stock: LabelStock) -> bytes:
    """The label as one job of one copy.

    Args:
        label: What to print.
        language: Of name and words.
        head: Of the printer; see `unit_drawn`.
        stock: The roll in the printer.

    Raises:
        DoesNotFitLabel, CharacterNotInFont, FontsNotBuilt, LabelNotProven: nothing is made.
    """
    from app.labels.emit.jobs import job  # as above

    return job(unit_drawn(label, language, stock=stock, dpi=head.dpi).pieces, stock, head)


def unit_zpl(label: UnitLabel, language: Language, *, dpi: int, stock: LabelStock) -> bytes:
    """The label as one ZPL job; see `unit_job`."""
    return unit_job(label, language, head=PrintHead(speaks="zpl", dpi=dpi), stock=stock)


def unit_pdf(label: UnitLabel, language: Language, *, stock: LabelStock) -> bytes:
    """The same label as a page, where no label printer is or for the record; the same label gives the same bytes.

    Raises:
        DoesNotFitLabel, CharacterNotInFont, FontsNotBuilt: nothing is made.
    """
    from app.labels.emit.pdf_form import pdf_page  # as above

    drawn = unit_drawn(label, language, stock=stock, dpi=None)
    return pdf_page(drawn.pieces, stock, title=drawn.title)


def _is(kind: type[Kind], value: object) -> Kind:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value
