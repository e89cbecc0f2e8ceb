"""Labels of units at the station: printed, decided on when nobody knows, put on by a scan, destroyed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from app.base.errors import RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.labelling import ApplyLabel, ConfirmUnitLabel, DestroyLabel, PrintUnitLabel
from app.batches.step_view import Piece
from app.core.devices_here import PRINTER
from ui.batches.reason_sheet import WhySheet

if TYPE_CHECKING:
    from ui.batches.step_screen import StepScreen


class NoPrinterHere(RuleViolation):
    code = "BAT-41"
    text = "Not printed: no label printer is connected to this station."
    next_step = "Label the batch at a station with a printer, or have one connected here."


class LabelHand:
    """One unit after the other, in their order."""

    def __init__(self, at: StepScreen) -> None:
        self.at = at

    @property
    def _piece(self) -> Piece:
        act = self.at.act
        assert act is not None
        assert act.piece is not None
        return act.piece

    def print(self) -> None:
        """Ask the queue for the label; from the second copy on the reason is what became of the one before."""
        piece = self._piece
        printer = next((device.code for device in self.at.shell.devices if device.protocol == PRINTER), None)
        if printer is None:
            self.at.refuse(NoPrinterHere())
            return
        reason = None if piece.label is None else (piece.label.detail or piece.label.status)
        self.at.submit(PrintUnitLabel(command_id=new_id(), unit=piece.id, printer=printer, reason=reason), done=self.at.stored)

    def confirm(self, *, came_out: bool) -> None:
        """A person looked at the printer."""
        label = self._piece.label
        assert label is not None
        remark = "" if came_out else "looked: nothing came out"
        order = ConfirmUnitLabel(command_id=new_id(), label=label.id, came_out=came_out, remark=remark)
        self.at.submit(order, done=self.at.stored)

    def apply(self, scanned: str) -> None:
        """The label was scanned on its unit."""
        self.at.submit(ApplyLabel(command_id=new_id(), unit=self._piece.id, scanned=scanned), done=self.at.stored)

    def destroy(self) -> None:
        """The label of the unit in hand is torn or wrong."""
        label = self._piece.label
        if label is not None:
            line = Phrase("The label of unit {unit} is destroyed and counted as such.", unit=self._piece.serial)
            self.at.open_sheet(WhySheet(Phrase("Destroy the label"), line, Phrase("It is destroyed"), partial(self._gone, label.id)))

    def _gone(self, label: UUID, reason: str) -> None:
        self.at.close_sheet()
        self.at.submit(DestroyLabel(command_id=new_id(), label=label, reason=reason), done=self.at.stored)
