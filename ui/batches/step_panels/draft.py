"""A value of a step that waits for the database or for its author, as its row shows it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.base.phrases import Phrase
from app.batches.commands import EnterValue, TakeReading
from app.core.command import Order
from app.core.late.queries import LateRow
from ui.kit import Words

_SAID = {"yes": Phrase("yes"), "no": Phrase("no")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """No entry yet."""

    record: UUID
    """The entry it will be."""
    value: Words
    author: Words
    row: LateRow | None
    """As it lies in the database; ``None``: only this station has it so far."""


def draft_of(row: LateRow, author: Words) -> Draft:
    """One that has arrived."""
    return Draft(record=row.record, value=_SAID.get(row.figure, row.figure), author=author, row=row)


def draft_in(order: Order, author: Words) -> Draft:
    """One that this station keeps."""
    value: Words = ""
    if isinstance(order, TakeReading):
        value = str(order.reading.quantity)
    elif isinstance(order, EnterValue):
        figure = f"{order.value} {order.unit or ''}".strip() if order.value is not None else ""
        value = figure or _SAID.get(order.said or "", order.said or "") or order.device or f"{order.done_at:%H:%M}"
    return Draft(record=order.id, value=value, author=author, row=None)  # type: ignore[attr-defined]
