"""What steps have in common that work piece by piece: serials are made once, then every piece is named by its own."""

from __future__ import annotations

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.commands import MakeUnits
from app.scanning.result import Scanned
from ui.batches.step_panels.panel import Act, StepPanel

MOST_AT_ONCE = 500


class UnitSteps(StepPanel):
    """Part of the panels of material that is bound to units, and of labels of units."""

    @property
    def units_to_make(self) -> int:
        """How many serials are offered now: as planned, and never again once they are all there."""
        batch = self.view.batch if self.view is not None else None
        if batch is None or batch.units % MOST_AT_ONCE:
            return 0
        return max(0, min(int(batch.planned.value) - batch.units, MOST_AT_ONCE))

    def make_act(self) -> Act:
        """The one thing to do while there are none."""
        return Act(words=Phrase("Make {n} units", n=self.units_to_make), act=self._make)

    def _make(self) -> None:
        if self.view is not None:
            order = MakeUnits(command_id=new_id(), batch=self.view.batch.id, count=self.units_to_make)
            self.screen.submit(order, done=lambda _: self.screen.look_again(), refused=self.screen.refused_and_read)


def serial_of(scanned: Scanned) -> str | None:
    """The serial on a unit's card or in its label; ``None``: it names no unit."""
    return scanned.code if scanned.what == "unit" else scanned.serial if scanned.kind == "gs1" else None
