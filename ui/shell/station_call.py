"""F9 in front of the sign-in: who cannot sign in needs help most. The station's own role calls, and can do nothing else with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.base.errors import AppError, OutageError
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.feed import Change
from app.core.stations import Called, CallHere, StationLink
from ui.kit import Label
from ui.shell.call import Calling
from ui.shell.job_words import TOPICS

if TYPE_CHECKING:
    from ui.shell.window import Window


class CallUncertain(OutageError):
    code = "TSK-03"
    text = "The call may not have gone out: the database does not take calls now."
    next_step = "Fetch somebody, or use the telephone."


class StationCallSheet(Calling):
    """What is open is only shown here: that help came is said by somebody who is signed in."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._open.hide()
        window.bridge.changed.connect(self._look)
        self._ask()

    def _call(self, topic: str) -> None:
        ask, command_id = self._window.bridge.ask_station, new_id()
        ask(lambda link: link.call_for_help(command_id, topic), done=self._called, refused=self._not_called, owner=self)

    def _called(self, called: Called) -> None:
        self._ask()
        topic = TOPICS[called.topic]
        if called.is_new:
            self._is_called(Phrase("Called: {topic}. It stands at the other stations now.", topic=topic))
            return
        at = f"{called.called_at.astimezone(self._window.zone):%H:%M}"
        self._is_called(
            Phrase("{topic}: called since {at}, and nobody has answered yet. Fetch somebody, or use the telephone.", topic=topic, at=at)
        )

    def _not_called(self, error: AppError) -> None:
        self._refused(CallUncertain() if isinstance(error, OutageError) else error)

    def _look(self, changes: Sequence[Change]) -> None:
        if any(change.table == "task" for change in changes):
            self._ask()

    def _ask(self) -> None:
        self._window.bridge.ask_station(StationLink.calls, done=self._show, refused=self._not_shown, owner=self)

    def _not_shown(self, _: AppError) -> None:
        """The strip says how the database stands; what is shown stays."""

    def _show(self, calls: list[CallHere]) -> None:
        self._show_rows([self._row(call) for call in calls])

    def _row(self, call: CallHere) -> Label:
        at = f"{call.called_at.astimezone(self._window.zone):%H:%M}"
        if call.coming is not None:
            return Label(Phrase("{topic}: {who} is coming.", topic=TOPICS[call.topic], who=call.coming), wrap=True)
        return Label(Phrase("{topic}, called at {at}", topic=TOPICS[call.topic], at=at), wrap=True)
