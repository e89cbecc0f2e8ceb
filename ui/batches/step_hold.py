"""Somebody stops the whole batch: a button in the bar, one line why; from then on the database lets nothing go on until it is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.step_facts import StepView
from app.core.command import Permission
from app.core.subject import Subject
from app.deviations.commands import OpenDeviation
from ui.deviations.words import STRICTEST
from ui.kit import Destructive, ReasonSheet
from ui.shell.screen import BAR_HEIGHT

if TYPE_CHECKING:
    from ui.batches.step_screen import StepScreen


class StepHold:
    """Its class is the strictest until a person has classed it, as of every deviation that is opened in haste."""

    def __init__(self, screen: StepScreen) -> None:
        self._screen = screen
        self.button = Destructive(Phrase("Hold the whole batch"), height=BAR_HEIGHT)
        screen.add_button(self.button, self._ask)

    def is_offered(self, view: StepView | None, *, deviates: bool, compact: bool) -> bool:
        """While the batch is made, to everybody who may raise a deviation; on small glass only where something is out of order."""
        self.button.tell(Phrase("Hold batch") if compact else Phrase("Hold the whole batch"))
        if view is None or view.batch.status != "open" or view.batch_is_held or Permission.RAISE_DEVIATION not in self._screen.shell.rights:
            return False
        return deviates or not compact

    def _ask(self) -> None:
        view = self._screen.view
        if view is not None:
            line = Phrase("Nothing goes on in batch {batch} until the hold is decided and signed.", batch=view.batch.code)
            words = Phrase("Hold {batch}", batch=view.batch.code)
            self._screen.open_sheet(ReasonSheet(Phrase("Hold the whole batch"), line, words, self._hold, icon="deviate"))

    def _hold(self, reason: str) -> None:
        screen = self._screen
        screen.close_sheet()
        if screen.view is None:
            return
        batch = screen.view.batch
        order = OpenDeviation(
            command_id=new_id(),
            id=new_id(),
            subject=Subject(kind="batch", id=batch.id, version=batch.version),
            cause_kind="hold",
            cause_id=new_id(),
            kind="discrepancy",
            facts={},
            class_=STRICTEST,
            what_happened=reason,
        )
        screen.submit(order, done=lambda _: screen.look_again(), refused=screen.refused_and_read)
