"""What stands on the label of one finished unit, or of one box of them."""

from __future__ import annotations

from dataclasses import dataclass

from app.base.phrases import Name
from app.labels.emit.container_label import LabelStock
from app.labels.udi import Udi


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLabel:
    """One physical copy. A `Udi` is proven by its type, so no label can carry a symbol that was not read back."""

    udi: Udi
    ref: str
    """Catalogue number."""
    name: Name
    holds: int
    """Units inside; 1 is the unit itself."""
    copy_no: int
    """1 is the original; every reprint is a new copy and says so."""
    practice: bool
    """Printed in practice mode: the label says so in letters that cannot be overlooked, and may never reach a product."""

    def __post_init__(self) -> None:
        if self.copy_no < 1 or self.holds < 1:
            raise ValueError("copies and contents are counted from 1")
        if not (self.ref.strip() and self.name.en.strip()):
            raise ValueError("a product has a catalogue number and a name")


UNIT_STOCK = LabelStock(width_mm=50, height_mm=30)
"""The roll the layout was drawn for; on a larger one the type grows with the label."""
