"""What a screen writes: everything that may happen to it, each with nothing to do unless the screen says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from app.base.measurement import Reading
from app.core.feed import Change
from app.core.session import Who
from app.core.tasks import TaskRow
from app.devices.events import DeviceState, Trouble
from app.labels.queue_events import LabelMoved
from app.scanning.result import Scanned
from ui.shell.evidence import Evidence
from ui.shell.registry import SCREENS
from ui.shell.task_words import TaskWords

Context = Mapping[str, Any]
"""What a screen needs to open at the same step again, after a crash too; JSON-able."""
NO_CONTEXT: Context = {}


class Hooks:
    """Every hook is called on the window's thread."""

    key: ClassVar[str] = ""
    """Set by the decorator."""
    can_go_back: ClassVar[bool] = True
    """Whether Back, Esc stands in the bar."""
    help: ClassVar[str] = ""
    """One or two sentences for F1: an English sentence of the catalogue."""

    def build(self) -> None:
        """Make the widgets and offer the buttons. Once."""

    def opened(self, context: Context) -> None:
        """The person came here; begin anew with this context."""

    def left(self) -> None:
        """The person went to another screen. Nothing entered is lost: it stands in the draft."""

    def on_scan(self, scanned: Scanned) -> bool:
        """A code was scanned while this screen is open, and its rules are kept (`Status.VALID`). Whether it was this screen's."""
        return False

    def on_bad_scan(self, scanned: Scanned) -> bool:
        """A code broke its rules or is not known here. ``False``: the shell says why in the banner; ``True``: this screen did."""
        return False

    def on_reading(self, reading: Reading) -> None:
        """A device sent a value."""

    def on_trouble(self, trouble: Trouble) -> None:
        """A device sent something that is no value."""

    def on_device(self, state: DeviceState) -> None:
        """A device's standing changed; a silent device's last value is never used again."""

    def on_label(self, moved: LabelMoved) -> None:
        """A label of this station was printed, refused, or nobody knows."""

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody, perhaps this person, committed changes."""

    def on_draft(self) -> None:
        """This person left something on this screen: fill it in from `draft`."""

    def on_person(self, who: Who) -> None:
        """Another person goes on with this open step; what stands here keeps its authors."""

    def on_key(self, key: int) -> bool:
        """A key that nobody else took: digits, arrows, F2, F5. Whether it was this screen's."""
        return False

    def evidence(self) -> Sequence[Evidence]:
        """F4: what proves the number in focus; empty when there is none."""
        return ()

    @classmethod
    def task_words(cls, task: TaskRow) -> TaskWords:
        """How a task of this screen reads on the home screen."""
        return TaskWords(title=SCREENS[cls.key].title, why="", context={})
