"""A hold time: how long it has been, how long it must and may be; it ends by the database's clock."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from app.base.phrases import Phrase
from ui.batches.step_panels.panel import Act, Corner, StepPanel
from ui.kit import Label, Panel, ProgressBar, Run, Runs, Type, Words


class HoldPanel(StepPanel):
    """Counts on every second from the database's time at the last look."""

    has_room_above = True

    def build(self) -> None:
        self.panel = Panel(Phrase("Time passed"), "")
        self.passed = Runs()
        self.bar = ProgressBar(height=28)
        self.wanted = Label("", ink="ink2", wrap=True)
        for part in (self.passed, self.bar, self.wanted):
            self.panel.body.addWidget(part)
        self.panel.body.addStretch(1)
        self.rows.addWidget(self.panel, 1)

    @property
    def _waited(self) -> timedelta | None:
        """Until now, or until it ended."""
        since = self.step.waited_since
        if since is None:
            return None
        entry = self.step.current.get(("minutes", 1))
        if entry is not None and entry.value is not None:
            return timedelta(minutes=float(entry.value))
        return self.screen.database_now() - since

    @property
    def _minutes(self) -> int:
        waited = self._waited
        return 0 if waited is None else int(waited.total_seconds() // 60)

    @property
    def _least(self) -> int:
        return int(self.step.spec["min_minutes"])

    @property
    def _most(self) -> int | None:
        most = self.step.spec["max_minutes"]
        return None if most is None else int(most)

    def show_step(self) -> None:
        most, whole = self._most, self._most or self._least
        over = most is not None and self._minutes > most
        clock = Phrase("{minutes} min", minutes=self._minutes)
        self.passed.tell(Run(clock, kind=Type.VERDICT, bold=False, ink="stop" if over else "ink"))
        self.bar.show_parts(Fraction(self._minutes, whole) if whole else Fraction(1))
        self.wanted.tell(self._limits_words())

    def _limits_words(self) -> Words:
        if self._most is None:
            return Phrase("at least {least} min", least=self._least)
        if self._least == 0:
            return Phrase("at most {most} min; longer needs a deviation", most=self._most)
        return Phrase("at least {least} min, at most {most} min; longer needs a deviation", least=self._least, most=self._most)

    @property
    def _rest(self) -> int:
        """Whole minutes that still must pass; never zero while the time is not over."""
        waited = self._waited
        if waited is None:
            return self._least
        return max(0, -int(-(self._least * 60 - waited.total_seconds()) // 60))

    def sentence(self) -> Words:
        if self._rest:
            return Phrase("Wait: {rest} min are still to pass.", rest=self._rest)
        is_decided = ("minutes", 1) in self.step.current  # it is on record, and while its deviation is open the screen says so instead
        if self._most is not None and self._minutes > self._most and not is_decided:
            return Phrase("It took longer than {most} min: end it, and have the deviation signed.", most=self._most)
        return Phrase("Finish the step.")

    def corner(self) -> Corner:
        if self._rest == 0 or not self.runs:
            return None
        why = Phrase("{rest} min to go", rest=self._rest)
        return Act(words=Phrase("Finish step {no}", no=self.step.no), act=self.screen.finish, why_not=why)

    def tick(self) -> None:
        if self.runs:
            self.show_step()
            self.touched.emit()
