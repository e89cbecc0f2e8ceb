"""From the facts on record to the label itself, on a printer's roll or as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from app.base.errors import RuleViolation
from app.base.measurement import Quantity
from app.base.phrases import Language, Name, Phrase
from app.labels.emit.container_label import CONTAINER_STOCK, ContainerLabel
from app.labels.emit.drawn import Drawn
from app.labels.emit.print_head import PrintHead


class LabelUnreadable(RuleViolation):
    """The row was not written by this program, or by a newer one."""

    code = "label.unreadable"
    text = "The label was not made: its record lacks {fact} or holds something else there."
    next_step = "Tell the administrator. The record itself is kept; nothing was printed."


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFacts:
    """What one copy of a label needs: the content on record, and what the row itself knows."""

    content: Mapping[str, Any]
    """``label.content`` as the receipt wrote it."""
    copy_no: int
    requested_at: datetime
    zone: ZoneInfo
    """The plant's zone."""


def container_label(facts: LabelFacts, *, practice: bool) -> ContainerLabel:
    """The label of a container in quarantine.

    Args:
        facts: The content is as the receipt wrote it.
        practice: Whether this plant is one for practice; every label it prints says so.

    Raises:
        LabelUnreadable: a fact is missing or is not what it should be; nothing is guessed.
    """
    told = facts.content
    fact = ""
    try:
        texts = {}
        for fact in ("container", "item", "name_en", "name_zh", "supplier_lot", "lot", "unit", "location", "received_by"):
            texts[fact] = _text(told[fact])
        fact = "expires_on"
        expiry = date.fromisoformat(_text(told[fact])) if told[fact] is not None else None
        fact = "quantity"
        quantity = Quantity(Decimal(_text(told[fact])), texts["unit"])
        fact = "container"
        return ContainerLabel(
            code=texts["container"],
            item_code=texts["item"],
            item_name=Name(texts["name_en"], texts["name_zh"]),
            supplier_lot=texts["supplier_lot"],
            our_lot=texts["lot"],
            expiry=expiry,
            quantity=quantity,
            location=texts["location"],
            status=Phrase("Quarantine"),
            received_by=texts["received_by"],
            received_at=facts.requested_at,
            zone=facts.zone,
            copy_no=facts.copy_no,
            practice=practice,
        )
    except (KeyError, ValueError, InvalidOperation) as trouble:
        raise LabelUnreadable(fact=fact) from trouble


def label_drawn(facts: LabelFacts, language: Language, *, practice: bool) -> Drawn:
    """Every piece of the label at its place, for the 100 mm × 60 mm roll.

    Raises:
        LabelUnreadable, DoesNotFitLabel, CharacterNotInFont: nothing is made.
    """
    from app.labels.emit.layout import lay_out  # drawing fonts is not waited for at the start of a client

    label = container_label(facts, practice=practice)
    return Drawn(pieces=lay_out(label, CONTAINER_STOCK, language), stock=CONTAINER_STOCK, title=label.code)


def label_job(facts: LabelFacts, language: Language, *, head: PrintHead, practice: bool) -> bytes:
    """The label as one job of one copy, for the 100 mm × 60 mm roll.

    Raises:
        LabelUnreadable, DoesNotFitLabel, CharacterNotInFont, LabelNotProven: nothing is made.
    """
    from app.labels.emit.jobs import job  # as above

    drawn = label_drawn(facts, language, practice=practice)
    return job(drawn.pieces, drawn.stock, head)


def label_pdf(facts: LabelFacts, language: Language, *, practice: bool) -> bytes:
    """The same label as a page, where no label printer is or for the record; the same facts give the same bytes.

    Raises:
        LabelUnreadable, DoesNotFitLabel, CharacterNotInFont: nothing is made.
    """
    from app.labels.emit.pdf_form import pdf_page  # as above

    drawn = label_drawn(facts, language, practice=practice)
    return pdf_page(drawn.pieces, drawn.stock, title=drawn.title)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value
