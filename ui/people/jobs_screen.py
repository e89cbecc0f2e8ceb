"""Jobs and rights: which rights make up a job. One press gives or takes one; what may not meet in one person is said and refused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Order, Permission
from app.core.feed import Change
from app.core.job_words import JOBS as JOB_WORDS
from app.core.jobs import GiveRight, WithdrawRight
from app.core.people_view import Composition, composition
from ui.kit import Cell, Column, FittingTable, Number, ReasonSheet, Row, State, Words, theme
from ui.people.giving import give_from_sheet
from ui.people.pair_sheets import DaysSheet, PairSheet, PairsSheet
from ui.people.right_words import RIGHTS, right_words
from ui.shell.hooks import Context
from ui.shell.job_words import job_words
from ui.shell.screen import Screen, screen

JOBS = tuple(JOB_WORDS)
_JOBS_WIDE, _NARROW = 330, 900
"""Width of the list of jobs, and of the screen below which it gives way: the sentence names the chosen one."""
_JOB_COLUMNS = ((Column(title=Phrase("Job")), 0), (Column(title=Phrase("People"), width=110, number=True), 0))
_COLUMNS = (
    (Column(title=Phrase("Right"), width=360), 0),
    (Column(title=Phrase("This job"), width=170), 0),
    (Column(title=Phrase("May not meet")), 1100),
    (Column(title=Phrase("Jobs that have it"), width=430), 1400),
)


@screen(key="people.jobs", title="Jobs and rights", workbench="plant", permission=Permission.MANAGE_PEOPLE, leads=False)
class JobsScreen(Screen):
    """Left and right choose the job, up and down the right, Enter gives or takes it."""

    help = "Left and right choose a job, up and down a right. Enter gives it to the job or takes it away, at once for all who have it."

    def build(self) -> None:
        """Jobs above, all rights below."""
        self.now: Composition | None = None
        self.job = JOBS[0]
        self.jobs = FittingTable(Phrase("Jobs"), _JOB_COLUMNS, nothing="")
        self.jobs.chosen.connect(self._job_pressed)
        self.table = FittingTable(Phrase("Rights"), _COLUMNS, nothing=Phrase("Nothing is known yet."))
        self.table.chosen.connect(self._settle)
        self.lay_out(self.table, self.jobs)
        self.pairs_button = self.button(Phrase("Pairs"), self._show_pairs, key=Qt.Key.Key_F6)
        self.part_button = self.button(Phrase("Keep apart"), self._part, key=Qt.Key.Key_F7)
        self.days_button = self.button(Phrase("Passwords"), self._ask_days, key=Qt.Key.Key_F8)
        self.act_button = self.primary(Phrase("Give"), self._act, icon="key")

    def opened(self, context: Context) -> None:
        """Ask how jobs are composed now."""
        self._settle()
        self.look()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Another administrator changed it."""
        if any(change.table in ("job_right", "right_conflict", "scope", "setting") for change in changes):
            self.look()

    def on_key(self, key: int) -> bool:
        """Left and right go through the jobs; the table has the rest."""
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._choose_job((JOBS.index(self.job) + step) % len(JOBS))
            return True
        return self.table.press(key)

    def look(self) -> None:
        """Ask again."""
        self.ask(composition, self._show)

    @property
    def right(self) -> str | None:
        """The chosen right."""
        return self.table.chosen_key

    @property
    def has_it(self) -> bool:
        """Whether the chosen job has the chosen right."""
        return self.now is not None and (self.job, self.right) in self.now.rights

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list of jobs gives way to a sheet."""
        super().resizeEvent(event)
        self.jobs.setFixedWidth(theme.px(_JOBS_WIDE))
        self.jobs.setVisible(self.width() >= theme.px(_NARROW))

    def _job_pressed(self) -> None:
        self._choose_job(JOBS.index(self.jobs.chosen_key or self.job))

    def _choose_job(self, index: int) -> None:
        self.job = JOBS[index]
        self._show_rows()

    def _show(self, now: Composition) -> None:
        self.now = now
        self._show_rows()
        sheet = self.shell.frame.sheet
        if isinstance(sheet, PairsSheet):
            sheet.show_pairs(now.pairs)

    def _show_rows(self) -> None:
        now = self.now
        if now is None:
            return
        jobs = [_job_row(job, now.holders.get(job, 0)) for job in JOBS]
        self.jobs.show_rows(jobs, "", chosen=self.job)
        rows = [self._row(right, words, now) for right, words in RIGHTS.items()]
        self.table.show_rows(rows, job_words(self.job))
        self._settle()

    def _row(self, right: str, words: Words, now: Composition) -> Row:
        apart = [pair.second if pair.first == right else pair.first for pair in now.pairs if right in (pair.first, pair.second)]
        having = [job for job in JOBS if (job, right) in now.rights]
        mine = self.job in having
        return Row(
            key=str(right),
            cells=(
                Cell(words=words, bold=mine),
                Cell(state=State.PASS, words=Phrase("has it")) if mine else Cell(words="–", quiet=True),
                Cell(words=_list_of([right_words(one) for one in apart]), quiet=True),
                Cell(words=_list_of([job_words(job) for job in having]), quiet=True),
            ),
        )

    def _settle(self) -> None:
        right = self.right
        place: Words = Phrase("Jobs and rights")
        if right is not None:
            place = Phrase("Jobs and rights • {right}", right=right_words(right))
        self.say_next(Phrase("What may the {job} do?", job=job_words(self.job)), place)
        if right is None:
            self.act_button.not_yet(Phrase("choose a right"))
            return
        self.act_button.tell(Phrase("Take it away") if self.has_it else Phrase("Give"))
        self.act_button.ready()

    # what is done -------------------------------------------------------------------------------------------------------------------

    def _act(self) -> None:
        right, job = self.right, self.job
        if right is None:
            return
        if not self.has_it:
            self.give(GiveRight(command_id=new_id(), id=new_id(), job=job, right=right))
            return
        words = {"job": job_words(job), "right": right_words(right)}
        line = Phrase("The {job} can no longer {right}, at once, wherever they are signed in.", **words)
        go_on = partial(self._withdraw, job, right)
        self.open_sheet(ReasonSheet(Phrase("Take the right away"), line, Phrase("Take it away"), go_on, icon="minus"))

    def _withdraw(self, job: str, right: str, reason: str) -> None:
        self.give(WithdrawRight(command_id=new_id(), job=job, right=right), reason=reason)

    def _show_pairs(self) -> None:
        if self.now is not None:
            self.open_sheet(PairsSheet(self, self.now.pairs))

    def _part(self) -> None:
        if self.right is not None:
            self.open_sheet(PairSheet(self, self.right))

    def _ask_days(self) -> None:
        if self.now is not None:
            self.open_sheet(DaysSheet(self, self.now.secret_days))

    def give(self, order: Order, *, reason: str | None = None) -> None:
        """An order of this screen or its sheets; the sheet goes when it is done and stands as it was when it was refused."""
        give_from_sheet(self, order, reason=reason, done=self._done)

    def _done(self) -> None:
        self.close_sheet()
        self.look()


def _list_of(words: Sequence[Words]) -> Words:
    told: Words = ""
    for one in words:
        told = Phrase("{before}; {one}", before=told, one=one) if told else one
    return told or "–"


def _job_row(job: str, holders: int) -> Row:
    count = Number(
        name=Phrase("People who have the job {job}", job=job_words(job)),
        value=str(holders),
        how=Phrase("counted by the database: accounts that are open, each once"),
    )
    return Row(key=job, cells=(job_words(job), str(holders)), numbers=(count,))
