"""F9: call somebody. One key for each topic; the call is a task for the job that helps, and stands at their stations at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.tasks import CALL_TOPICS, CallForHelp, MoveTask, TaskRow
from ui.kit import Button, ChoiceRows, Label, Sheet, Words
from ui.kit.keys import same_key
from ui.shell.job_words import TOPICS

if TYPE_CHECKING:
    from ui.shell.window import Window


class Calling(Sheet):
    """Four topics, and below them the calls of this station that are still open. Who calls, a person or the station, is the subclass's."""

    def __init__(self, window: Window) -> None:
        super().__init__(Phrase("Call for help"), icon="call", primary=None)
        self._window = window
        self._label = Label(Phrase("What is needed?"), ink="ink2")
        self.topics = ChoiceRows([TOPICS[topic] for topic in CALL_TOPICS], None)
        self.topics.chosen.connect(self._chosen)
        self._said = Label("", wrap=True)
        self._open = Label(Phrase("Open calls of this station"), ink="ink2")
        for widget in (self._label, self.topics, self._said, self._open):
            self.body.addWidget(widget)
        self._rows: Sequence[QWidget] = ()
        self.body.addStretch(1)

    @property
    def told(self) -> str:
        """What came of the last call, as read."""
        return self._said.text

    def press(self, key: int) -> bool:
        """1–4 call at once; Enter does nothing here, so that a scan's own return calls nobody."""
        if self.topics.press(key):
            return True
        return same_key(key, Qt.Key.Key_Return) or super().press(key)

    def _chosen(self, index: int) -> None:
        self.topics.setEnabled(False)
        self._call(CALL_TOPICS[index])

    def _call(self, topic: str) -> None:
        """Call; `_is_called` or `_refused` follows."""
        raise NotImplementedError

    def _is_called(self, words: Words) -> None:
        self._said.tell(words)
        self._window.tones.ok()
        self._offer_again()

    def _refused(self, error: AppError) -> None:
        self._said.tell(Phrase("{what} {next}", what=error.what, next=error.next))
        self._window.tones.stop()
        self._offer_again()

    def _offer_again(self) -> None:
        self.topics.setEnabled(True)
        self.topics.offer([TOPICS[topic] for topic in CALL_TOPICS], None)

    def _show_rows(self, rows: Sequence[QWidget]) -> None:
        for row in self._rows:
            self.body.removeWidget(row)
            row.deleteLater()
        self._rows = rows
        self._open.setVisible(bool(rows))
        for n, row in enumerate(rows):
            self.body.insertWidget(4 + n, row)


class CallSheet(Calling):
    """Whoever is signed in calls, and says when help is here."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        window.inbox.changed.connect(self._show_calls)
        self._show_calls()

    def _call(self, topic: str) -> None:
        order = CallForHelp(command_id=new_id(), id=new_id(), topic=topic)
        self._window.bridge.give(order, done=partial(self._called, topic), refused=self._refused, owner=self)

    def _called(self, topic: str, _: None) -> None:
        self._window.inbox.fetch()
        self._is_called(Phrase("Called: {topic}. It stands at the other stations now.", topic=TOPICS[topic]))

    def _show_calls(self) -> None:
        self._show_rows([self._row(task) for task in self._window.inbox.calls() if task.station in (self._window.station, None)])

    def _row(self, task: TaskRow) -> Button:
        at = f"{task.opened_at.astimezone(self._window.zone):%H:%M}"
        topic = TOPICS[task.facts["topic"]]
        words = Phrase("{topic}, called at {at}. Help is here", topic=topic, at=at)
        if task.taken_by is not None:
            words = Phrase("{topic}: {who} is coming. Help is here", topic=topic, who=self._window.inbox.waiting.name(task.taken_by))
        row = Button(words)
        row.clicked.connect(partial(self._is_here, task))
        return row

    def _is_here(self, task: TaskRow) -> None:
        order = MoveTask(command_id=new_id(), task=task.id, status="done")
        self._window.bridge.give(order, done=lambda _: self._window.inbox.fetch(), refused=self._refused, owner=self)
