"""Who sees which fields: jobs by classes, each with its rule; one is changed with a line why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.job_words import JOBS
from app.core.masking import CLASSES, RULES, MaskRuleRow, SetMaskRule, mask_rules
from ui.kit import ANY, Cell, Choices, Column, Field, FittingTable, Label, Panel, Row, theme
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

_CLASSES, _RULES = tuple(CLASSES), tuple(RULES)
_SIDE = 420
_COLUMNS = ((Column(title=Phrase("Job")), ANY), *((Column(title=words, width=130), ANY) for words in CLASSES.values()))


@screen(key="people.masking", title="Who sees what", workbench="plant", permission=Permission.MANAGE_PEOPLE, leads=False)
class MaskingScreen(Screen):
    """Arrows choose a job; class, rule and reason stand beside the table; Enter puts the rule on record."""

    help = "Choose a job with the arrows, then the class of fields and what the job sees of it. Say why, then press Enter."

    def build(self) -> None:
        """The table takes what is left of the width."""
        self._rules: dict[tuple[str, str], str] = {}
        self.table = FittingTable(Phrase("What each job sees"), _COLUMNS, nothing=Phrase("Nothing is known yet."))
        self.table.chosen.connect(self._settle)
        self.lay_out(self.table, self._side())
        self.set_button = self.primary(Phrase("Set the rule"), self._set, icon="eye")

    def _side(self) -> QWidget:
        side = Panel(Phrase("Rule"), "")
        self.of_class = Choices(list(CLASSES.values()), 0)
        self.rule = Choices(list(RULES.values()), None)
        self.reason = Field(Phrase("Why, in one line"))
        side.body.addWidget(Label(Phrase("Class of fields"), ink="ink2"))
        side.body.addWidget(self.of_class)
        side.body.addWidget(Label(Phrase("The job sees it"), ink="ink2"))
        side.body.addWidget(self.rule)
        side.body.addSpacing(theme.px(12))
        side.body.addWidget(self.reason)
        side.body.addSpacing(theme.px(12))
        meaning = Phrase("Masked: the first sign of a text stays, of a figure nothing. A job keeps what its work needs.")
        side.body.addWidget(Label(meaning, ink="ink2", wrap=True))
        side.body.addStretch(1)
        side.setFixedWidth(theme.px(_SIDE))
        self.of_class.chosen.connect(lambda _: self._settle())
        self.rule.chosen.connect(lambda _: self._judge())
        self.reason.edited.connect(lambda _: self._judge())
        return side

    def opened(self, context: Context) -> None:
        """Ask for the rules as they stand."""
        self._settle()
        self.say_next(Phrase("Choose a job and what it may see."), Phrase("Plant"))
        self._ask()

    def _ask(self) -> None:
        self.ask(mask_rules, self._show)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody else set one."""
        if any(change.table == "mask_rule" for change in changes):
            self._ask()

    def on_key(self, key: int) -> bool:
        """Arrows choose the job, wherever the focus is."""
        return self.table.press(key)

    def _show(self, rules: Sequence[MaskRuleRow]) -> None:
        self._rules = {(one.field_class, one.job): one.rule for one in rules}
        self.table.show_rows([self._row(job) for job in JOBS], "")
        self._settle()

    def _row(self, job: str) -> Row:
        rules = [self._rules[one, job] for one in _CLASSES]
        return Row(key=job, cells=(JOBS[job], *(Cell(words=RULES[rule], bold=rule == "clear", quiet=rule == "hidden") for rule in rules)))

    @property
    def _place(self) -> tuple[str, str] | None:
        """Class and job that are chosen."""
        if self.table.chosen_key is None or self.of_class.index is None:
            return None
        return _CLASSES[self.of_class.index], self.table.chosen_key

    def _settle(self) -> None:
        """Another job or class: its rule as it stands."""
        stands = self._rules.get(self._place) if self._place is not None else None
        self.rule.choose(_RULES.index(stands) if stands is not None else None)
        self._judge()

    def _judge(self) -> None:
        if self._place is None or self.rule.index is None:
            self.set_button.not_yet(Phrase("Choose a job"))
        elif self._rules.get(self._place) == _RULES[self.rule.index]:
            self.set_button.not_yet(Phrase("This rule stands"))
        elif not self.reason.text.strip():
            self.set_button.not_yet(Phrase("write the reason"))
        else:
            self.set_button.ready()

    def _set(self) -> None:
        if self._place is None or self.rule.index is None:
            return
        field_class, job = self._place
        order = SetMaskRule(command_id=new_id(), field_class=field_class, job=job, rule=_RULES[self.rule.index])
        self.submit(order, done=lambda _: self._done(), reason=self.reason.text.strip())

    def _done(self) -> None:
        self.reason.set_text("")
        self._ask()
