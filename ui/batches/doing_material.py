"""Components of a batch: scanned, counted or weighed, taken and taken back; serial numbers of its units."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.commands import ConsumeMaterial, MakeUnits, UndoConsumption
from app.batches.components import Component
from ui.batches.reason_sheet import WhySheet

if TYPE_CHECKING:
    from ui.batches.step_screen import StepScreen


class MaterialHand:
    """Takes what was scanned, once the quantity stands."""

    def __init__(self, at: StepScreen) -> None:
        self.at = at

    def came(self, found: Component) -> None:
        """A container was scanned: it is shown, nothing is taken yet."""
        self.at.clear_banner()
        self.at.component = found
        self.at.settle()

    def consume(self) -> None:
        """Take it; a weight that a scale sent is taken as measured, with its frame."""
        at, quantity, one = self.at, self.at.entry.number.check(), self.at.component
        if quantity is None or one is None:
            return
        assert at.view is not None
        assert at.view.open is not None
        assert at.act is not None
        weighed = at.reading if at.reading is not None and at.reading.quantity.value == quantity else None
        order = ConsumeMaterial(
            command_id=new_id(),
            id=new_id(),
            step=at.view.open.row.id,
            lot=one.lot_id,
            container=one.container,
            unit_serial=at.act.piece.serial if at.act.piece is not None else None,
            quantity=quantity,
            origin="measured" if weighed is not None else "scanned",
            raw=weighed.raw if weighed is not None else one.raw,
            scale=weighed.device if weighed is not None else None,
            reason=None,
        )
        at.submit(order, done=at.stored, refused=at.not_taken)

    def take_back(self) -> None:
        """The chosen one, or the newest: with a reason."""
        view = self.at.view
        assert view is not None
        assert view.open is not None
        standing = [one for one in view.open.taken if not one.is_back]
        chosen = next((one for one in standing if str(one.id) == self.at.taken.table.chosen_key), standing[0])
        what = Phrase("{quantity} {unit} of lot {lot} go back.", quantity=chosen.quantity.value, unit=chosen.quantity.unit, lot=chosen.lot)
        self.at.open_sheet(WhySheet(Phrase("Take back"), what, Phrase("Take it back"), partial(self._back, chosen.id)))

    def _back(self, consumption: UUID, reason: str) -> None:
        self.at.close_sheet()
        self.at.submit(UndoConsumption(command_id=new_id(), consumption=consumption, reason=reason), done=self.at.stored)

    def make_units(self) -> None:
        """A serial number for every piece that is planned."""
        view = self.at.view
        assert view is not None
        self.at.submit(MakeUnits(command_id=new_id(), batch=view.batch.id, count=int(view.batch.planned.value)), done=self.at.stored)
