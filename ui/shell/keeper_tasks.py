"""What waits because of the keeper and has no screen of its own: a finding is looked into, a drill's report is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.backup.recording import SUBJECT, SignDrill
from app.core.command import Order
from app.core.signature import Preview
from app.core.tasks import MoveTask, TaskRow
from ui.kit import Words
from ui.shell.evidence import Fact
from ui.shell.finding_words import finding_facts, finding_title
from ui.shell.signing import SignAs

if TYPE_CHECKING:
    from ui.shell.screen import Screen


class KeeperTask:
    """One such task on the home screen."""

    def __init__(self, screen: Screen, task: TaskRow) -> None:
        self._screen, self._task = screen, task
        self.is_drill = task.kind == "sign_drill"

    @property
    def title(self) -> Words:
        """What is to be done."""
        if self.is_drill:
            return Phrase("Sign the restore report of {backup}", backup=self._task.facts["backup"])
        return finding_title(self._task.facts["found"])

    @property
    def why(self) -> Words:
        """What came of it so far."""
        if self.is_drill:
            return self._result
        return finding_facts(self._task.facts["facts"])

    @property
    def button(self) -> Words:
        """What opens it."""
        return Phrase("Sign") if self.is_drill else Phrase("Looked into")

    def open(self) -> None:
        """The signing sheet, or the end of the task."""
        if not self.is_drill:
            self._screen.submit(MoveTask(command_id=new_id(), task=self._task.id, status="done"))
            return
        self._screen.sign(
            kind=SUBJECT,
            subject=self._task.subject_id,
            title=Phrase("Restore report of {backup}", backup=self._task.facts["backup"]),
            what=[Fact(name=Phrase("Result"), value=self._result)],
            choices=[SignAs(words=Phrase("Report reviewed"), order=SignDrill, make=self._order)],
            done=lambda *_: None,
        )

    @property
    def _result(self) -> Phrase:
        if self._task.facts["holds"]:
            return Phrase("This backup was restored, and everything holds.")
        return Phrase("This backup does not hold.")

    def _order(self, seen: Preview) -> Order:
        drill: UUID = self._task.subject_id
        return SignDrill(command_id=new_id(), drill=drill)
