"""Values outside of the lot on the bench: their deviations open where they happen."""

from __future__ import annotations

from app.core.subject import Subject
from ui.deviations.raised import Outside, RaisedHere
from ui.inspection.bench import Bench


class Raised(RaisedHere):
    """What the measuring screen does with deviations of its lot."""

    def open_missing(self, bench: Bench) -> None:
        """One for every measurement outside that has none."""
        lot = bench.inspection.lot
        subject = Subject(kind="lot", id=lot.id, version=lot.version)
        self.open_all(Outside(subject=subject, cause_kind="measurement", cause_id=one.id) for one in bench.without_deviation())

    def show(self, bench: Bench) -> None:
        """The newest one nobody described yet."""
        self.show_one(bench.to_describe())
