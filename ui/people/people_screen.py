"""People of the plant, for administrators: who has an account, which jobs, how the password stands. Enter opens one; F8 makes one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt

from app.base.phrases import Phrase
from app.core.command import Order, Permission
from app.core.feed import Change
from app.core.people_view import PersonLine, SiteLines, everybody, sites_and_lines
from app.scanning.result import Scanned
from ui.kit import ANY, MIDDLE, WIDE, Cell, Column, FittingTable, Row, State
from ui.people.account_sheets import NewPersonSheet
from ui.people.giving import give_from_sheet
from ui.people.person_sheet import PersonSheet
from ui.people.rules import NoPersonChosen
from ui.shell.hooks import Context
from ui.shell.person_words import jobs_words, secret_words, state_of
from ui.shell.screen import Screen, screen

JOBS, MASKS = "people.jobs", "people.masking"
_CONCERNS = {"person", "scope"}
_COLUMNS = (
    (Column(title=Phrase("Name"), width=240), ANY),
    (Column(title=Phrase("Login"), width=170), MIDDLE),
    (Column(title=Phrase("Jobs")), ANY),
    (Column(title=Phrase("Badge"), width=130), WIDE),
    (Column(title=Phrase("Password"), width=300), WIDE),
    (Column(title=Phrase("State"), width=290), MIDDLE),
)


@screen(key="people.list", title="People", workbench="plant", permission=Permission.MANAGE_PEOPLE)
class PeopleScreen(Screen):
    """Arrows choose, Enter opens the account; a badge opens it too."""

    help = "Choose a person with the arrows and press Enter: jobs, password, badge. F8 makes an account. Nobody is ever deleted."

    def build(self) -> None:
        """One table over the whole width."""
        self.people: dict[str, PersonLine] = {}
        self.sites: list[SiteLines] = []
        self._wanted: str | None = None
        self._opens: str | None = None
        self.table = FittingTable(Phrase("People"), _COLUMNS, nothing=Phrase("Nobody has an account yet."))
        self.table.chosen.connect(self._settle)
        self.table.opened.connect(self._open)
        self.lay_out(self.table)
        self.jobs_button = self.button(Phrase("Rights"), partial(self.go, JOBS), key=Qt.Key.Key_F6)
        self.masks_button = self.button(Phrase("Masks"), partial(self.go, MASKS), key=Qt.Key.Key_F7)
        self.trail_button = self.button(Phrase("Audit trail"), partial(self.go, "tracing.trail"))
        self.new_button = self.button(Phrase("New person"), self._new, key=Qt.Key.Key_F8)
        self.open_button = self.primary(Phrase("Open"), self._open, icon="person")

    @property
    def chosen(self) -> PersonLine | None:
        """The person the arrows stand on."""
        return self.people.get(self.table.chosen_key or "")

    def opened(self, context: Context) -> None:
        """Ask who is there."""
        self.show_button(self.trail_button, Permission.READ_TRAIL in self.shell.rights)
        self._settle()
        self.look()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Another administrator changed an account."""
        if any(change.table in _CONCERNS for change in changes):
            self.look()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is."""
        return self.table.press(key)

    def on_scan(self, scanned: Scanned) -> bool:
        """A badge names whose account is meant: here it hands nothing over."""
        if scanned.kind != "badge" or scanned.code is None:
            return False
        found = next((one for one in self.people.values() if one.badge == scanned.code), None)
        if found is None:
            self.refuse(NoPersonChosen(badge=scanned.code))
        else:
            self.clear_banner()
            self._wanted = str(found.id)
            self._show_rows()
            self._open()
        return True

    def look(self) -> None:
        """Ask again; an open account follows."""
        self.ask(sites_and_lines, self._know_sites)
        self.ask(everybody, self._show)

    def _know_sites(self, sites: list[SiteLines]) -> None:
        self.sites = sites

    def _show(self, people: list[PersonLine]) -> None:
        self.people = {str(one.id): one for one in people}
        self._show_rows()
        opens, self._opens = self._opens, None
        sheet = self.shell.frame.sheet
        if opens in self.people:
            self.open_sheet(PersonSheet(self, self.people[opens]))
        elif isinstance(sheet, PersonSheet) and sheet.person_key in self.people:
            sheet.show_person(self.people[sheet.person_key])

    def _show_rows(self) -> None:
        wanted, self._wanted = self._wanted, None
        working = sum(one.enabled for one in self.people.values())
        count = Phrase("{some} of {all} work here", some=working, all=len(self.people)) if self.people else ""
        self.table.show_rows([self._row(one) for one in self.people.values()], count, chosen=wanted)
        self._settle()

    def _row(self, one: PersonLine) -> Row:
        now = self.shell.clock.now()
        state, word = state_of(one, now)
        cells = (
            Cell(words=one.name, bold=one.enabled, quiet=not one.enabled),
            Cell(words=one.login, quiet=True),
            jobs_words(one),
            one.badge or "–",
            secret_words(one, now, self.shell.zone) if one.enabled else "–",
            Cell(state=state, words=word),
        )
        return Row(key=str(one.id), cells=cells, trouble=State.HOLD if state is State.HOLD else None)

    def _settle(self) -> None:
        one = self.chosen
        self.say_next(Phrase("Choose a person, or scan a badge."), Phrase("People"))
        if one is None:
            self.open_button.not_yet(Phrase("nobody is chosen"))
            return
        self.open_button.tell(Phrase("Open {name}", name=one.name))
        self.open_button.ready()

    def _open(self) -> None:
        one = self.chosen
        if one is not None:
            self.open_sheet(PersonSheet(self, one))

    def _new(self) -> None:
        self.open_sheet(NewPersonSheet(self))

    # orders of the sheets -----------------------------------------------------------------------------------------------------------

    def give(self, order: Order, *, reason: str | None = None, done: Callable[[], None]) -> None:
        """An order of a sheet: refused, the sheet stands as it was filled in."""
        give_from_sheet(self, order, reason=reason, done=done)

    def back_to(self, person: str) -> None:
        """The account stands again, with what changed: asked for first, as the list may not know it yet."""
        self._wanted = self._opens = person
        self.look()
