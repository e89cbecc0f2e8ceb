"""What must be seen over any screen: a missing reply, a station that is let in no more, a defect of this program, who waits elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.refusals import DatabaseAway
from app.core.tasks import MoveTask, TaskRow
from ui.bridge import Given
from ui.kit import State
from ui.shell.entry import no_entry
from ui.shell.face import Notice, WayOut
from ui.shell.feed_watch import DatabaseHere
from ui.shell.finding_words import finding_facts
from ui.shell.hooks import Context
from ui.shell.inbox import CALL
from ui.shell.job_words import call_words
from ui.shell.registry import of_task

if TYPE_CHECKING:
    from ui.shell.crash import ProgramFault
    from ui.shell.window import Window


class Alarms(QObject):
    """One at a time: the missing reply first, then what the station is refused, then a defect, then who waits elsewhere, oldest first;
    last the own drafts.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._fault: Notice | None = None
        self._refused: Notice | None = None
        self._rung: list[TaskRow] = []
        window.inbox.rang.connect(self._rang)
        window.inbox.changed.connect(self._list_changed)
        window.bridge.unknown.connect(self._again)
        window.bridge.settled.connect(self._settled)
        window.bridge.database.connect(self._database_stands)
        window.late.changed.connect(self._again)

    @property
    def notice(self) -> Notice | None:
        """What stands over the open screen now."""
        if self._window.bridge.waiting:
            return Notice(
                state=State.ATTENTION,
                heading=Phrase("Not known yet whether this was stored: the database went away."),
                line=Phrase("It is kept and asked again by itself. Do not enter it a second time."),
            )
        if self._refused is not None or self._fault is not None:
            return self._refused or self._fault
        return self._of_task(self._rung[0]) if self._rung else self._window.late.notice

    def _database_stands(self, here: DatabaseHere) -> None:
        """A database that is away is said by its chip, and the work goes on; one that answers and refuses needs a person."""
        refused = None if isinstance(here.trouble, DatabaseAway) else no_entry(here, self._window.zone)
        if refused != self._refused:
            self._refused = refused
            self._again()

    def fault(self, error: ProgramFault) -> None:
        """A defect was written down."""
        seen = WayOut(words=Phrase("Seen"), act=self._fault_seen)
        self._fault = Notice.of(error, way_out=seen)
        self._again()

    def _fault_seen(self) -> None:
        self._fault = None
        self._again()

    def _rang(self, task: TaskRow) -> None:
        self._rung.append(task)
        self._window.tones.call()
        self._again()

    def _list_changed(self) -> None:
        still_open = {task.id for task in self._window.inbox.waiting.tasks if task.status == "open"}
        self._keep([task for task in self._rung if task.id in still_open])

    def _keep(self, left: list[TaskRow]) -> None:
        if len(left) != len(self._rung):
            self._rung = left
            self._again()

    def _of_task(self, task: TaskRow) -> Notice:
        entry = of_task(task.kind)
        if task.kind == CALL or entry is None:
            return self._call_notice(task)
        words, at = entry.make.task_words(task), task.opened_at.astimezone(self._window.zone)
        line = Phrase("{station}, {at}: {why}.", station=task.station or "–", at=f"{at:%H:%M}", why=words.why)
        opens = WayOut(words=Phrase("Open it"), act=partial(self._open, task, entry.key, words.context))
        return Notice(state=State.ATTENTION, heading=words.title, line=line, way_out=opens)

    def _open(self, task: TaskRow, screen: str, context: Context) -> None:
        """Esc goes back to where this person was."""
        self._keep([one for one in self._rung if one.id != task.id])
        self._window.open(screen, context)

    def _call_notice(self, task: TaskRow) -> Notice:
        inbox, at = self._window.inbox, task.opened_at.astimezone(self._window.zone)
        heading = call_words(task)
        line = Phrase("{who} called at {at}.", who=inbox.waiting.name(task.opened_by), at=f"{at:%H:%M}")
        if "facts" in task.facts:
            found = finding_facts(task.facts["facts"])
            line = Phrase("Found at {at}: {found}", at=f"{at:%H:%M}", found=found)
        elif task.is_by_station:
            line = Phrase("Called at {at}; nobody is signed in there.", at=f"{at:%H:%M}")
        coming = WayOut(words=Phrase("I am coming"), act=partial(self.take, task), icon="call")
        return Notice(state=State.ATTENTION, heading=heading, line=line, way_out=coming)

    def take(self, task: TaskRow) -> None:
        """Somebody said that they are coming."""
        order = MoveTask(command_id=new_id(), task=task.id, status="taken")
        self._keep([one for one in self._rung if one.id != task.id])
        self._window.bridge.give(order, done=lambda _: self._window.inbox.fetch(), owner=self)

    def _settled(self, _: Given) -> None:
        self._again()

    def _again(self, _: object = None) -> None:
        self._window.show_alarm(self.notice)
