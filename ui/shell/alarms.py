"""What must be seen over any screen: a missing reply, a station that is let in no more, a defect of this program, a call for help."""

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
from ui.shell.job_words import TOPICS

if TYPE_CHECKING:
    from ui.shell.crash import ProgramFault
    from ui.shell.window import Window


class Alarms(QObject):
    """One at a time: the missing reply first, then what the station is refused, then a defect, then calls, oldest first."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._fault: Notice | None = None
        self._refused: Notice | None = None
        self._calls: list[TaskRow] = []
        window.inbox.called.connect(self._called)
        window.inbox.changed.connect(self._calls_changed)
        window.bridge.unknown.connect(self._again)
        window.bridge.settled.connect(self._settled)
        window.bridge.database.connect(self._database_stands)

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
        return self._call_notice(self._calls[0]) if self._calls else None

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

    def _called(self, task: TaskRow) -> None:
        self._calls.append(task)
        self._window.tones.call()
        self._again()

    def _calls_changed(self) -> None:
        still_open = {task.id for task in self._window.inbox.calls() if task.status == "open"}
        left = [task for task in self._calls if task.id in still_open]
        if len(left) != len(self._calls):
            self._calls = left
            self._again()

    def _call_notice(self, task: TaskRow) -> Notice:
        inbox, at = self._window.inbox, task.opened_at.astimezone(self._window.zone)
        heading = Phrase("{station} calls: {topic}", station=task.station or "", topic=TOPICS[task.facts["topic"]])
        line = Phrase("{who} called at {at}.", who=inbox.waiting.name(task.opened_by), at=f"{at:%H:%M}")
        if task.is_by_station:
            line = Phrase("Called at {at}; nobody is signed in there.", at=f"{at:%H:%M}")
        coming = WayOut(words=Phrase("I am coming"), act=partial(self.take, task), icon="call")
        return Notice(state=State.ATTENTION, heading=heading, line=line, way_out=coming)

    def take(self, task: TaskRow) -> None:
        """Somebody said that they are coming."""
        order = MoveTask(command_id=new_id(), task=task.id, status="taken")
        self._calls = [one for one in self._calls if one.id != task.id]
        self._window.bridge.give(order, done=lambda _: self._window.inbox.fetch(), owner=self)
        self._again()

    def _settled(self, _: Given) -> None:
        self._again()

    def _again(self, _: object = None) -> None:
        self._window.show_alarm(self.notice)
