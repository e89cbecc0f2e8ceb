"""Values outside of the step in work: their deviations open by themselves, are described where the instruction stood, and signed here."""

from __future__ import annotations

from uuid import UUID

from app.batches.step_facts import StepView
from app.core.subject import Subject
from app.deviations.queries import DeviationRow
from ui.deviations.raised import Outside, RaisedHere


class StepRaised(RaisedHere):
    """What the step screen does with deviations of its step."""

    again: UUID | None = None
    """A described one that somebody describes again."""

    def open_missing(self, view: StepView) -> None:
        """One for every entry outside that has none."""
        subject = Subject(kind="batch", id=view.batch.id, version=view.batch.version)
        self.open_all(Outside(subject=subject, cause_kind="step_entry", cause_id=one.id) for one in view.without_deviation())

    def show(self, view: StepView) -> None:
        """The one that waits for its words, else the one that waits for its signature; none when the step is not held."""
        file = view.file
        if file is None:
            self.show_one([])
            return
        undescribed = [one for one in view.of_step if one.status == "open" and one.disposition is None]
        held_by = file.name(file.deviation.opened_by) if file.deviation.holds_batch else ""
        described_by = file.name(file.deviation.described_by)
        self.show_one(undescribed or [file.deviation], opened_by=held_by, described_by=described_by, editing=self._writes)

    def _writes(self, row: DeviationRow) -> bool:
        return row.disposition is None or row.id == self.again
