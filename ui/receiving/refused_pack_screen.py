"""A pack was refused at the dock and somebody asked: what it was, which rule stopped it, and that it has been decided."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from app.base.errors import ALL
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.tasks import MoveTask, TaskRow
from ui.kit import Label, Panel, RawCode, Type
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow
from ui.shell.hooks import Context
from ui.shell.screen import Screen, TaskWords, screen


@screen(
    key="receiving.refused_pack",
    title="Refused pack",
    workbench="receive",
    permission=Permission.RELEASE_LOT,
    tasks=("decide_pack",),
    leads=False,
)
class RefusedPackScreen(Screen):
    """Nothing is released here: a new approval, a corrected order or a return is done where it belongs; this closes the question."""

    help: ClassVar[str] = "Decide where the rule belongs: approval, order or return to the supplier. Then say that it is decided."

    def build(self) -> None:
        """One panel of facts and the code as it was read."""
        self._task: UUID | None = None
        self.panel = Panel(Phrase("Refused pack"), "")
        self.why = Label("", Type.TITLE, wrap=True)
        self.raw = RawCode("")
        self.rows: list[FactRow] = []
        self.panel.body.addWidget(self.why)
        self.panel.body.addWidget(self.raw)
        self.panel.body.addStretch(1)
        self.lay_out(self.panel)
        self.decided = self.primary(Phrase("It is decided"), self._decided)

    def opened(self, context: Context) -> None:
        """The facts stand in the task; they are those of the moment when the pack was refused."""
        self._task = UUID(context["task"])
        rule = ALL.get(context["rule"])
        self.panel.tell(Phrase("Refused pack"), Phrase("PO {code}", code=str(context["order"]).removeprefix("PO")))
        self.why.tell(Phrase("Stopped by rule {rule}.", rule=context["rule"]))
        self.raw.show_raw(context["raw"])
        for old in self.rows:
            self.panel.body.removeWidget(old)
            old.hide()
            old.deleteLater()
        facts = [
            Fact(name=Phrase("order"), value=context["order"]),
            Fact(name=Phrase("item"), value=context["item"]),
            Fact(name=Phrase("supplier lot"), value=context["supplier_lot"]),
        ]
        if rule is not None and "{" not in rule.next_step:  # a step with facts of its moment was said at the dock
            facts.append(Fact(name=Phrase("next step"), value=Phrase(rule.next_step)))
        self.rows = [FactRow(fact) for fact in facts]
        for n, row in enumerate(self.rows):
            self.panel.body.insertWidget(1 + n, row)
        sentence = Phrase("Decide what becomes of the refused pack of lot {lot}.", lot=context["supplier_lot"])
        self.say_next(sentence, Phrase("Receiving"))
        self.decided.ready()

    @classmethod
    def task_words(cls, task: TaskRow) -> TaskWords:
        """On the home screen of quality."""
        facts = task.facts
        title = Phrase("Decide on the refused pack of lot {lot}", lot=facts["supplier_lot"])
        why = Phrase("order {order}, rule {rule}", order=facts["order"], rule=facts["rule"])
        return TaskWords(title=title, why=why, context={"task": str(task.id), **facts})

    def _decided(self) -> None:
        if self._task is not None:
            self.submit(MoveTask(command_id=new_id(), task=self._task, status="done"), done=self._closed)

    def _closed(self, _: None) -> None:
        self.decided.not_yet(Phrase("decided"))
        if self.is_shown:  # who has gone on already is not fetched back
            self.back()
