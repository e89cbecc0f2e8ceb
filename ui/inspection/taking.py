"""Enter takes the value of now; the hand goes on while it is being stored. What the network does changes nothing of what goes where."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.base.errors import AppError
from app.base.measurement import Verdict
from app.base.phrases import Phrase
from app.inspection.rules import CellIsTaken
from app.plant.rules import GaugeOverdue
from ui.inspection.bench import Bench, bench
from ui.inspection.readings import MeasureAgain, overdue
from ui.inspection.sending import Cell, Sending, Taken, cells_words
from ui.kit import State
from ui.shell.crew import Given
from ui.shell.screen import Notice
from ui.shell.series import NotInTurn

if TYPE_CHECKING:
    from ui.inspection.measure_body import MeasureBody
    from ui.inspection.measuring import Measuring


class Taking:
    """Part of the measuring screen. Values are stored one after the other; a refused one stops those that were taken after it."""

    body: MeasureBody
    hand: Measuring
    sending: Sending

    def _take(self) -> None:
        taken = self.hand.take()
        if taken is None:
            return
        done, refused = partial(self._taken, taken), partial(self._not_taken, taken)
        unknown, drafted = partial(self._is_unknown, taken), partial(self._is_drafted, taken)
        self.bridge.give(taken.order, done=done, refused=refused, unknown=unknown, drafted=drafted, series=taken.series)
        self._draw()

    def _is_unknown(self, taken: Taken, _: Given) -> None:
        """It is kept on this station's disk: the hand goes on, its cell says that it waits."""
        self.sending.is_unknown(taken)
        self._draw()

    def _is_drafted(self, taken: Taken, _: Given) -> None:
        """Its author confirms it after the next sign-in."""
        self.sending.is_drafted(taken)
        self._draw()

    def _taken(self, taken: Taken, verdict: Verdict) -> None:
        self.sending.is_stored(taken)
        if self._stands(taken):
            self.body.grid.flash(taken.place)
            self._look_again()
        self.shell.tones.ok() if verdict is Verdict.CONFORMS else self.shell.tones.stop()

    def _not_taken(self, taken: Taken, error: AppError) -> None:
        """The database refused it; a gauge that fell due since the screen opened is named with those that are allowed."""
        if isinstance(error, NotInTurn):
            return  # said together with the one that was refused
        again = self.hand.refused(taken)
        if isinstance(error, CellIsTaken):
            again = [cell for cell in again if cell.place != taken.place]
        if isinstance(error, GaugeOverdue) and self._stands(taken):
            question = partial(bench, inspection=taken.order.inspection, site=self.where.site)
            self.ask(question, partial(self._overdue, taken, again), refused=partial(self._say_again, taken, again))
            return
        self._say_again(taken, again, error)
        if self._stands(taken):
            self._look_again()

    def _overdue(self, taken: Taken, again: Sequence[Cell], found: Bench | None) -> None:
        self._show(found)
        if found is not None:
            one = taken.characteristic
            self._say_again(taken, again, overdue(taken.order.reading.device, one.gauge_kind, one.limits, found.gauges))

    def _say_again(self, taken: Taken, again: Sequence[Cell], error: AppError) -> None:
        """Why it was not stored and, when others waited behind it, which samples must be measured again."""
        cells = cells_words(again)
        if not self._stands(taken):
            self.bridge.refused.emit(MeasureAgain(inspection=taken.inspection, cells=cells, why=error.what))
            return
        others = [cell for cell in again if cell.place != taken.place]
        line = Phrase("Measure again: {cells}. {next}", cells=cells, next=error.next) if others else error.next
        self.notify(Notice(state=State.FAIL, heading=error.what, line=line))
        self.shell.tones.stop()

    def _stands(self, taken: Taken) -> bool:
        """Whether its inspection is the open one."""
        here = self.hand.bench
        return self.shell.current is self and here is not None and here.inspection.id == taken.order.inspection
