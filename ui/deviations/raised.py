"""Deviations raised where they happen: opened by the record for every value outside, described in place, drafts kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Name, Phrase
from app.core.subject import Subject
from app.deviations.commands import DescribeDeviation, OpenDeviation
from app.deviations.queries import DeviationRow
from ui.deviations.deviation_form import Entered
from ui.deviations.deviation_panel import DeviationPanel
from ui.deviations.words import STRICTEST
from ui.shell.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """One value on record that stands outside."""

    subject: Subject
    cause_kind: str
    cause_id: UUID


class RaisedHere:
    """What a screen does with the deviations of its own work; the panel is shared with the deviations' own screen."""

    def __init__(self, screen: Screen, panel: DeviationPanel, *, stored: Callable[[], None], changed: Callable[[], None]) -> None:
        """Args:
        screen: Gives the orders and keeps the drafts.
        panel: Where a deviation is described.
        stored: Called when a description is on record.
        changed: Called when a deviation was opened.
        """
        self._screen, self._panel, self._stored, self._changed = screen, panel, stored, changed
        self._opening: set[UUID] = set()

    def begin(self) -> None:
        """The screen was opened anew."""
        self._opening.clear()
        self._panel.clear()

    @property
    def has_hand(self) -> bool:
        """Whether somebody writes in the description now."""
        return self._panel.is_editing and self._panel.form.has_hand

    @property
    def now(self) -> Entered:
        """What stands in the description."""
        return self._panel.form.now

    def open_all(self, outside: Iterable[Outside]) -> None:
        """Open a deviation for every value outside that has none: also one that was taken just before a loss of power."""
        for one in outside:
            if one.cause_id not in self._opening:
                self._opening.add(one.cause_id)
                refused = partial(self._not_opened, one.cause_id)
                self._screen.submit(self._order(one), done=lambda _: self._changed(), refused=refused)

    @staticmethod
    def _order(outside: Outside) -> OpenDeviation:
        """Under the strictest class until a person has classed it; the facts are the database's. A second one finds the first."""
        return OpenDeviation(
            command_id=new_id(),
            id=new_id(),
            subject=outside.subject,
            cause_kind=outside.cause_kind,
            cause_id=outside.cause_id,
            kind="out of limits",
            facts={},
            class_=STRICTEST,
            what_happened="",
        )

    def _not_opened(self, outside: UUID, error: AppError) -> None:
        """Said now and tried again at the next look; until then nothing can be released over it."""
        self._opening.discard(outside)
        self._screen.refuse(error)

    def show_one(
        self,
        waiting: Sequence[DeviationRow],
        *,
        opened_by: Name | str = "",
        described_by: Name | str = "",
        editing: Callable[[DeviationRow], bool] | None = None,
    ) -> None:
        """The newest of those that wait; it stays while a person writes in it.

        Args:
            waiting: Oldest first.
            opened_by: Who opened it by hand; left out: the record did, over a value.
            described_by: Who described the one that will stand, for reading.
            editing: Whether a person may write in it; left out: always.
        """
        before = self._panel.row.id if self._panel.row is not None else None
        kept = next((one for one in waiting if one.id == before), None)
        row = kept or (waiting[-1] if waiting else None)
        if row is None:
            self._panel.clear()
            return
        at = f"{row.opened_at.astimezone(self._screen.shell.zone):%H:%M:%S}"
        opened = Phrase("opened by the record, {time}", time=at)
        if opened_by:
            opened = Phrase("opened by {who}, {time}", who=opened_by, time=at)
        elif len(waiting) > 1:
            opened = Phrase("one of {n} to describe, opened by the record, {time}", n=len(waiting), time=at)
        writes = editing is None or editing(row)
        self._panel.show_deviation(row, opened=opened, described_by=described_by, editing=writes)
        if kept is None:
            self.fill()

    def fill(self) -> None:
        """What somebody began to write about the deviation that stands here, with its author when it was another person."""
        row = self._panel.row
        kept = self._screen.draft().get(str(row.id)) if row is not None else None
        self._panel.form.mark_author(None)
        if kept is not None and kept.value is not None:
            self._panel.form.fill(Entered(**kept.value))
            who = self._screen.who
            self._panel.form.mark_author(None if who is not None and kept.by == who.login else kept.by)

    def keep(self) -> None:
        """Something was entered: it is this person's draft until it is stored."""
        row, now = self._panel.row, self.now
        if row is not None:
            written = {"what_happened": now.what_happened, "class_": now.class_, "disposition": now.disposition}
            self._screen.keep_draft(**{str(row.id): written})

    def store(self) -> None:
        """Put the description on record; a new version, so that older signatures no longer count."""
        row, now = self._panel.row, self.now
        if row is None or now.class_ is None or now.disposition is None:
            return
        order = DescribeDeviation(
            command_id=new_id(),
            deviation=row.id,
            version=row.version,
            what_happened=now.what_happened.strip(),
            class_=now.class_,
            disposition=now.disposition,
        )
        self._screen.submit(order, done=lambda _: self._stored())
