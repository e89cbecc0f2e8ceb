"""A job is given: which one, at which site, on every line or on one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.job_words import JOBS
from app.core.people import GiveJob
from app.core.people_view import PersonLine, SiteLines
from ui.kit import Choices, Column, Label, PrimaryButton, Row, Sheet, Table, Words
from ui.shell.job_words import job_words

if TYPE_CHECKING:
    from ui.people.people_screen import PeopleScreen

_MOST_LINES, _PAGE = 5, 6


class GiveJobSheet(Sheet):
    """Arrows choose the job; site and line are asked only where there are several."""

    def __init__(self, screen: PeopleScreen, person: PersonLine) -> None:
        self.act = PrimaryButton(Phrase("Give the job"), icon="plus")
        super().__init__(Phrase("A job for {name}", name=person.name), icon="plus", primary=self.act)
        self._screen, self._person = screen, person
        self._sites: list[SiteLines] = screen.sites
        self.table = Table([Column(title=Phrase("Job"))], page=_PAGE)
        self.table.show_rows([Row(key=job, cells=(job_words(job),)) for job in JOBS])
        self.table.chosen.connect(lambda _: self.settle())
        self.site = Choices([one.code for one in self._sites], 0 if len(self._sites) == 1 else None)
        self.line = Choices([Phrase("every line")], 0)
        self._at, self._on = Label(Phrase("Site"), ink="ink2"), Label(Phrase("Line"), ink="ink2")
        for part in (self.table, self._at, self.site, self._on, self.line):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.site.chosen.connect(lambda _: self._site_chosen())
        self.act.clicked.connect(self._give)
        for part in (self._at, self.site):
            part.setVisible(len(self._sites) > 1)
        self._site_chosen()

    def press(self, key: int) -> bool:
        """Arrows choose the job."""
        return self.table.press(key) or super().press(key)

    def _lines(self) -> tuple[str, ...]:
        return self._sites[self.site.index].lines[:_MOST_LINES] if self.site.index is not None else ()

    def _site_chosen(self) -> None:
        lines = self._lines()
        every: Words = Phrase("every line")
        self.line.offer([every, *lines], 0)
        for part in (self._on, self.line):
            part.setVisible(bool(lines))
        self.settle()

    def settle(self) -> None:
        if self.table.chosen_key is None:
            self.act.not_yet(Phrase("choose the job"))
        elif self.site.index is None:
            self.act.not_yet(Phrase("choose the site"))
        else:
            self.act.ready()

    def _give(self) -> None:
        job, site = self.table.chosen_key, self.site.index
        if job is None or site is None or self.act.is_busy:
            return
        line = self._lines()[self.line.index - 1] if self.line.index else None
        order = GiveJob(command_id=new_id(), id=new_id(), person=self._person.id, job=job, site=self._sites[site].id, line=line)
        self.act.begin_busy(Phrase("Storing"))
        self._screen.give(order, done=partial(self._screen.back_to, str(self._person.id)))
