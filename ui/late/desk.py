"""What a person made while the database was away and must stand for now: told after the sign-in, kept up to date by the feed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.base.errors import AppError, RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.feed import Change
from app.core.late.commands import DropLate
from app.core.late.queries import LateRow, waiting_of
from app.core.late.rules import LateIsSettled, LateUnreadable
from app.core.late.written import order_in
from ui.kit import ReasonSheet, State, Words
from ui.late.second import SecondSheet, set_aside, stand_for
from ui.late.sheet import LateSheet, OneLateSheet
from ui.shell.face import Notice, WayOut

if TYPE_CHECKING:
    from ui.shell.screen import Screen
    from ui.shell.window import Window

_CONCERNS = {"late_entry", "late_settlement"}


class LateDesk(QObject):
    """One per window. The sheet opens by itself when something new waits for who is here, and again from the banner."""

    changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.rows: tuple[LateRow, ...] = ()
        """What waits for the person who is here, in the order in which it was made."""
        self.refused: dict[UUID, AppError] = {}
        """Why one could not be confirmed; it waits until somebody settles it with a reason."""
        self._under_way: set[UUID] = set()
        self._shown: set[UUID] = set()
        self._whose = ""
        window.bridge.changed.connect(self._changes)

    def look(self) -> None:
        """Ask what waits for who is here."""
        who = self._window.bridge.who
        if who is None:
            return
        if who.login != self._whose:
            self._whose, self.rows, self.refused, self._shown = who.login, (), {}, set()
        self._window.bridge.ask(partial(waiting_of, author=who.login), done=self._found, refused=lambda _: None, owner=self)

    def _changes(self, changes: Sequence[Change]) -> None:
        if {change.table for change in changes} & _CONCERNS:
            self.look()

    def _found(self, rows: tuple[LateRow, ...]) -> None:
        self.rows = rows
        here = {row.id for row in rows}
        self.refused = {entry: why for entry, why in self.refused.items() if entry in here}
        sheet = self._window.frame.sheet
        if isinstance(sheet, OneLateSheet) and sheet.row.id not in here:
            self.open() if rows else self._window.close_sheet()
        elif isinstance(sheet, OneLateSheet):
            if self.refused.get(sheet.row.id) is not sheet.refused:
                self._open_one(sheet.row)
        elif isinstance(sheet, LateSheet):
            sheet.show_rows(rows, self.refused) if rows else self._window.close_sheet()
        elif here - self._shown and sheet is None and self._window.gate is None:
            self.open()
        self.changed.emit()

    @property
    def notice(self) -> Notice | None:
        """Over any screen, while something waits and its sheet is not open."""
        if not self.rows or isinstance(self._window.frame.sheet, LateSheet | OneLateSheet):
            return None
        return Notice(
            state=State.ATTENTION,
            heading=Phrase("Made while the database was away, waiting for you: {n}.", n=len(self.rows)),
            line=Phrase("They are drafts and count nowhere until you confirm them."),
            way_out=WayOut(words=Phrase("Open them"), act=self.open),
        )

    # the sheets -------------------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """The list; Enter confirms all of it."""
        self._shown |= {row.id for row in self.rows}
        sheet = LateSheet(self._window.zone, confirm=lambda: self.confirm(self.rows), choose=self._choose)
        sheet.show_rows(self.rows, self.refused)
        self._window.open_sheet(sheet)
        sheet.left.connect(self.changed)  # after the window has closed it
        self.changed.emit()

    def _choose(self, n: int) -> None:
        if n < len(self.rows):
            self._open_one(self.rows[n])

    def _open_one(self, row: LateRow) -> None:
        """Beside the work; Esc leaves it, and what waits is told by the banner."""
        drop = partial(self._ask_why, row)
        sheet = OneLateSheet(row, self.refused.get(row.id), self._window.zone, confirm=lambda: self.confirm((row,)), drop=drop)
        self._window.open_sheet(sheet)
        sheet.left.connect(self.changed)
        self.changed.emit()

    def settle(self, screen: Screen, row: LateRow, author: Words) -> None:
        """A draft was pressed where it belongs: its author confirms or drops it, anybody else signs."""
        if row.author == self._whose:
            self._open_one(row)
            return
        sign, aside = partial(stand_for, screen, row, author), partial(set_aside, screen, row, author)
        second = SecondSheet(row, author, self._window.zone, sign=sign, set_aside=aside)
        self._window.open_sheet(second)

    def _ask_why(self, row: LateRow) -> None:
        line = Phrase("{value} is no value on record. The draft stays visible with your reason.", value=row.figure)
        self._window.open_sheet(ReasonSheet(Phrase("Drop it"), line, Phrase("Drop it"), partial(self.drop, row), icon="waste"))

    # acts -------------------------------------------------------------------------------------------------------------------------

    def confirm(self, rows: Sequence[LateRow]) -> None:
        """Give them as the orders they are, in the order in which they were made; each is refused by itself."""
        for row in rows:
            if row.id in self._under_way:
                continue
            try:
                order = order_in(row.content)
            except LateUnreadable as refusal:
                self._not_done(row, refusal)
                continue
            self._under_way.add(row.id)
            self._window.bridge.give(order, confirms=True, done=partial(self._done, row), refused=partial(self._not_done, row), owner=self)

    def drop(self, row: LateRow, reason: str) -> None:
        """It does not count; the draft and the reason stay."""
        self._window.close_sheet()
        order = DropLate(command_id=new_id(), entry=row.id, reason=reason)
        self._window.bridge.give(order, done=partial(self._done, row), refused=partial(self._not_done, row), owner=self)

    def _done(self, row: LateRow, _: object) -> None:
        self._under_way.discard(row.id)
        self.refused.pop(row.id, None)
        if not self._under_way:
            self.look()

    def _not_done(self, row: LateRow, refusal: AppError) -> None:
        self._under_way.discard(row.id)
        if not isinstance(refusal, RuleViolation):
            self._window.bridge.refused.emit(refusal)  # it is asked again as soon as it can be
        elif not isinstance(refusal, LateIsSettled):
            self.refused[row.id] = refusal
        self._window.tones.stop()
        if not self._under_way:
            self.look()
