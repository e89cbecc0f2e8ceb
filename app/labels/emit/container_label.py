"""What stands on the label of one container of received material."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from app.base.measurement import Quantity
from app.base.phrases import Name, Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLabel:
    """One physical copy. Facts only; captions and dates are written in the reader's language by the emitter."""

    code: str
    """The container's own code, e.g. ``C26-00017``; the bar code holds exactly this: printable ASCII, 1 to 24 characters."""
    item_code: str
    item_name: Name
    supplier_lot: str
    """As printed on the supplier's label, character by character."""
    our_lot: str
    expiry: date | None
    """``None``: the material has no expiry date, which the label says in words."""
    quantity: Quantity
    location: str
    status: Phrase
    """The word in the box, e.g. ``Phrase("Quarantine")``: the status at the moment of printing."""
    received_by: str
    received_at: datetime
    zone: tzinfo
    """The plant's zone; the label shows it as an offset."""
    copy_no: int
    """1 is the original; every reprint is a new copy and says so."""
    practice: bool
    """Printed in practice mode: the label says so across its whole width, and may never reach material."""

    def __post_init__(self) -> None:
        if not (1 <= len(self.code) <= 24 and self.code.isascii() and self.code.isprintable()):
            raise ValueError(f"{self.code!r} cannot stand in a Code 128 of a container label")
        if self.copy_no < 1:
            raise ValueError("copies are counted from 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelStock:
    """The roll in the printer."""

    width_mm: float
    height_mm: float


CONTAINER_STOCK = LabelStock(width_mm=100, height_mm=60)
"""The roll the layout was drawn for; others are scaled to their width and height."""
