"""One account beside the list: what is on record of it, its jobs and where they hold, and what an administrator can do about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.people import DisablePerson, TakePlace
from app.core.people_view import PersonLine, Place
from ui.kit import Button, Destructive, Panel, ReasonSheet, Sheet, State, StateRow, StateRows, same_key, theme
from ui.kit.tokens import CONTROL_HEIGHT, GAP
from ui.people.account_sheets import DescribeSheet, LetInSheet
from ui.people.job_sheet import GiveJobSheet
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow
from ui.shell.job_words import job_words
from ui.shell.person_words import secret_words, where_words

if TYPE_CHECKING:
    from ui.people.people_screen import PeopleScreen


class PersonSheet(Sheet):
    """Its digits take a job away, each with a reason; everything else opens a sheet of its own and comes back here."""

    def __init__(self, screen: PeopleScreen, person: PersonLine) -> None:
        super().__init__(person.name, icon="person", primary=None, leave=Phrase("Back"))
        self._screen, self.person = screen, person
        self._facts = QWidget()
        self.jobs = StateRows(numbered=True)
        self.jobs.opened.connect(self._take)
        self._jobs_panel = Panel(Phrase("Jobs"), "", padding=0)
        self._jobs_panel.body.addWidget(self.jobs)
        self.give_job = Button(Phrase("Give a job"), icon="plus", key=Qt.Key.Key_F8, height=CONTROL_HEIGHT)
        self.describe = Button(Phrase("Name, badge, phone"), icon="pen", height=CONTROL_HEIGHT)
        self.let_in = Button(Phrase("New first password"), icon="key", height=CONTROL_HEIGHT)
        self.disable = Destructive(Phrase("Has left"), icon="leave", height=CONTROL_HEIGHT)
        self.give_job.clicked.connect(lambda: self._screen.open_sheet(GiveJobSheet(self._screen, self.person)))
        self.describe.clicked.connect(lambda: self._screen.open_sheet(DescribeSheet(self._screen, self.person)))
        self.let_in.clicked.connect(lambda: self._screen.open_sheet(LetInSheet(self._screen, self.person)))
        self.disable.clicked.connect(self._ask_why)
        acts = QGridLayout()
        acts.setSpacing(theme.px(GAP))
        for n, button in enumerate((self.give_job, self.describe, self.let_in, self.disable)):
            acts.addWidget(button, n // 2, n % 2)
        self._facts_panel = Panel(Phrase("On record"), "", padding=0)
        self.body.addWidget(self._facts_panel)
        self.body.addWidget(self._jobs_panel, 1)
        self.body.addSpacing(theme.px(GAP))
        self.body.addLayout(acts)
        self.show_person(person)

    @property
    def person_key(self) -> str:
        """Key of its row."""
        return str(self.person.id)

    def show_person(self, person: PersonLine) -> None:
        """The same account as it is now."""
        self.person = person
        self.title.tell(person.name)
        self._facts.hide()
        self._facts.deleteLater()
        self._facts = QWidget()
        rows = QVBoxLayout(self._facts)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for fact in self._told(person):
            rows.addWidget(FactRow(fact))
        self._facts_panel.body.addWidget(self._facts)
        nothing = Phrase("none: this account may read and nothing else") if person.enabled else Phrase("none: this account is closed")
        self._jobs_panel.tell(Phrase("Jobs"), Phrase("a figure takes one away") if person.places else nothing)
        self.jobs.show_rows(
            [StateRow(state=State.PASS, title=job_words(one.job), line=where_words(one), strong=True) for one in person.places]
        )
        for button in (self.give_job, self.describe, self.disable):
            button.setVisible(person.enabled)
        self.let_in.tell(Phrase("New first password") if person.enabled else Phrase("Let in again"))

    def _told(self, person: PersonLine) -> list[Fact]:
        zone = self._screen.shell.zone
        checked = Phrase(
            "{how} • {who}, {day}", how=person.identity_check, who=person.checked_by, day=f"{person.checked_at.astimezone(zone):%Y-%m-%d}"
        )
        facts = [
            Fact(name=Phrase("login"), value=person.login),
            Fact(name=Phrase("badge"), value=person.badge or "–"),
            Fact(name=Phrase("phone"), value=person.phone or "–"),
            Fact(name=Phrase("identity checked"), value=checked),
        ]
        if person.enabled:
            facts.append(Fact(name=Phrase("password"), value=secret_words(person, self._screen.shell.clock.now(), zone)))
        if person.break_glass:
            facts.append(Fact(name=Phrase("kind"), value=Phrase("for emergencies: calls quality at every use, signs nothing")))
        return facts

    def press(self, key: int) -> bool:
        """A digit takes a job away, F8 gives one."""
        if same_key(key, Qt.Key.Key_F8) and self.give_job.isVisible():
            self.give_job.click()
            return True
        return self.jobs.press(key) or super().press(key)

    def _take(self, n: int) -> None:
        if n >= len(self.person.places):
            return
        place: Place = self.person.places[n]
        line = Phrase("{job} of {name}, {where}", job=job_words(place.job), name=self.person.name, where=where_words(place))
        order = partial(self._taken, place)
        self._screen.open_sheet(ReasonSheet(Phrase("Take the job away"), line, Phrase("Take it away"), order, icon="minus"))

    def _taken(self, place: Place, reason: str) -> None:
        order = TakePlace(command_id=new_id(), scope=place.id)
        self._screen.give(order, reason=reason, done=partial(self._screen.back_to, self.person_key))

    def _ask_why(self) -> None:
        line = Phrase("{name} signs in no more; open sessions end, every job goes. The name stays taken for ever.", name=self.person.name)
        self._screen.open_sheet(ReasonSheet(Phrase("Close the account"), line, Phrase("Close it"), self._gone, icon="leave"))

    def _gone(self, reason: str) -> None:
        order = DisablePerson(command_id=new_id(), person=self.person.id)
        self._screen.give(order, reason=reason, done=partial(self._screen.back_to, self.person_key))
