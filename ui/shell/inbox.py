"""What waits for this person: tasks of their jobs and calls for help, kept up to date by the feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal
from sqlalchemy.orm import Session

from app.base import clock
from app.base.errors import AppError
from app.base.phrases import Name
from app.core.feed import Change
from app.core.session import SignedIn
from app.core.tasks import TaskRow, waiting
from ui.bridge import Bridge
from ui.shell.questions import names_of
from ui.shell.registry import of_task

CALL = "call"
TOO_LONG = timedelta(hours=8)
"""A task older than a shift turns the count of its workbench amber."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Tasks, oldest first, with the names of the people in them."""

    tasks: tuple[TaskRow, ...]
    names: dict[str, Name]

    def name(self, login: str | None) -> Name | str:
        """Printed name behind a login; the login itself for people of other plants."""
        return self.names.get(login or "", login or "")


NOTHING = Waiting(tasks=(), names={})


class Inbox(QObject):
    """Asks again whenever a task changed; `changed` when the list is another one."""

    changed = Signal()
    rang = Signal(object)
    """`TaskRow`: another station calls, or cannot go on without this person (`registry.screen`, ``rings``), and did not before."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.waiting = NOTHING
        self._known: set[object] = set()
        self._known_of: str | None = None
        """Whose list it was; what waited before somebody signed in is found on their home screen and rings no more. Calls do."""
        bridge.changed.connect(self._look)

    def fetch(self) -> None:
        """Ask now."""
        session = self._bridge.session
        if session is None or session.where is None:
            self._came(None, NOTHING)
            return
        login = session.who.login
        self._bridge.ask(partial(_question, session=session), done=partial(self._came, login), refused=self._not_now, owner=self)

    def calls(self) -> list[TaskRow]:
        """Open and taken calls."""
        return [task for task in self.waiting.tasks if task.kind == CALL]

    def counts(self) -> dict[str, tuple[int, bool]]:
        """How many wait at each workbench, and whether one waits too long."""
        found: dict[str, tuple[int, bool]] = {}
        for task in self.waiting.tasks:
            entry = of_task(task.kind)
            bench = "home" if task.kind == CALL else entry.workbench if entry is not None else None
            if bench is not None:
                count, late = found.get(bench, (0, False))
                found[bench] = (count + 1, late or clock.now() - task.opened_at > TOO_LONG)
        return found

    def _look(self, changes: Sequence[Change]) -> None:
        if self._bridge.who is not None and any(change.table == "task" for change in changes):
            self.fetch()

    def _not_now(self, _: AppError) -> None:
        """The database is away: the chip says so, the list stays as it was; it is asked again with the next change."""

    def _came(self, login: str | None, found: Waiting) -> None:
        who = self._bridge.who
        if (who.login if who is not None else None) != login:
            return
        self.waiting = found
        here = self._bridge.session.where.code if self._bridge.session is not None and self._bridge.session.where is not None else None
        if login != self._known_of:
            self._known_of, self._known = login, {task.id for task in found.tasks if task.kind != CALL}
        for task in found.tasks:
            if task.id not in self._known and task.status == "open" and task.station != here and _rings(task):
                self.rang.emit(task)
        self._known = {task.id for task in found.tasks}
        self.changed.emit()


def _rings(task: TaskRow) -> bool:
    entry = of_task(task.kind)
    return task.kind == CALL or (entry is not None and task.kind in entry.rings)


def _question(asked: Session, *, session: SignedIn) -> Waiting:
    assert session.where is not None
    tasks = waiting(asked, site=session.where.site, jobs=session.who.jobs, own_station=session.where.code)
    people = frozenset(login for task in tasks for login in (task.opened_by, task.taken_by) if login)
    return Waiting(tasks=tuple(tasks), names=names_of(asked, people) if people else {})
