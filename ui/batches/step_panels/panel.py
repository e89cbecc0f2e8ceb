"""What every kind of step has in common: it shows the step, says what is next, and names the one act that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Reading
from app.batches.commands import EnterValue
from app.batches.step_facts import AskedField, ConsumptionRow, EntryRow, OpenStep, Place, StepView
from app.core.command import Order
from app.devices.events import DeviceState, Trouble
from app.labels.queue_events import LabelMoved
from app.scanning.result import Scanned
from ui.batches.step_panels.draft import Draft, draft_in, draft_of
from ui.kit import Button, Number, Run, Type, Words, theme
from ui.shell.screen import BAR_HEIGHT

if TYPE_CHECKING:
    from ui.batches.step_screen import StepScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The one thing Enter does."""

    words: Words
    act: Callable[[], None]
    why_not: Words | None = None
    """Why it cannot be done yet."""
    note: Words = ""
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A scan is the next act."""

    words: Words
    suggestion: Words = ""


Corner = Act | Awaited | None


def key_of(place: Place) -> str:
    """How a field is named in rows and drafts."""
    return f"{place[0]}/{place[1]}"


class StepPanel(QWidget):
    """The work of one step. What is entered goes to the database at once; what is half entered is the person's draft."""

    has_room_above = False
    """Whether the instruction stands above it on a small window too."""
    only_read = False
    """Nothing is entered: the instruction has the room."""
    stays_beside_deviation = False
    """Whether it stands below a deviation on a small window: the hand that writes sees the curve."""
    touched = Signal()
    """A hand did something: the sentence and the corner may be others now."""

    def __init__(self, screen: StepScreen) -> None:
        super().__init__()
        self.screen = screen
        self.view: StepView | None = None
        self.buttons: list[Button] = []
        """What else this kind offers in the bar; `wanted_buttons` says which of them now."""
        self.coming: set[Place] = set()
        """Fields whose values are on their way to the database."""
        self._waiting: dict[Place, Draft] = {}
        """What waits for the database and has not been read from it yet."""
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(theme.px(16))
        self.build()

    # what a kind says of itself ---------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Make the widgets, once."""

    def begin(self) -> None:
        """Another step stands here: what was chosen or half entered is gone."""

    def show_step(self) -> None:
        """`view` is another one: draw it."""

    def entry_in_hand(self) -> EntryRow | ConsumptionRow | None:
        """What is on record whose evidence is asked for."""
        return self.step.entries[-1] if self.step.entries else None

    def numbers(self) -> tuple[Number, ...]:
        """What stands here and is on no record of its own, such as what a machine says now."""
        return ()

    def sentence(self) -> Words:
        """What is next, in one sentence."""
        raise NotImplementedError

    def corner(self) -> Corner:
        """What does it; ``None``: the step has everything, and ends."""
        return None

    def counter(self) -> tuple[Run, ...]:
        """A count that stands in the next band."""
        return ()

    @property
    def is_storing(self) -> bool:
        """Whether the last of what the step asks for is still on its way to the database."""
        return False

    def take_hand(self) -> None:
        """The next thing is focused."""
        self.screen.shell.setFocus()

    @property
    def is_written_in(self) -> bool:
        """Whether something half entered stands here."""
        return False

    def fill(self) -> None:
        """Put the draft back in."""

    def choose_row(self, key: str) -> None:
        """A row of the step was pressed."""

    def on_scan(self, scanned: Scanned) -> bool:
        """Whether the code was for this step."""
        return False

    def on_reading(self, reading: Reading) -> None:
        """A device sent a value."""

    def on_trouble(self, trouble: Trouble) -> None:
        """A device sent something that is no value."""

    def on_device(self, state: DeviceState) -> None:
        """A device's standing changed."""

    def on_label(self, moved: LabelMoved) -> None:
        """A label moved on."""

    def on_key(self, key: int) -> bool:
        """Whether the key was this step's."""
        return False

    def set_compact(self, compact: bool) -> None:
        """Whether the window follows the 1280 × 800 rules."""

    def tick(self) -> None:
        """A second went by."""

    def left(self) -> None:
        """Another step or another screen stands now."""

    def wanted_buttons(self) -> Sequence[Button]:
        """Those of `buttons` that stand in the bar now."""
        return ()

    # for the kinds ----------------------------------------------------------------------------------------------------------------

    def show_view(self, view: StepView) -> None:
        """Another look at the record; called by the screen."""
        other = self.view is None or self.view.step is None or view.step is None or self.view.step.id != view.step.id
        self.view = view
        self.coming = set() if other else self.coming - self.step.current.keys()
        known = {one.id for one in view.step.entries} | {one.record for one in view.late} if view.step is not None else set()
        self._waiting = {} if other else {place: one for place, one in self._waiting.items() if one.record not in known}
        if other:
            self.begin()
        self.show_step()

    @property
    def step(self) -> OpenStep:
        """The step that stands open."""
        if self.view is None or self.view.step is None:
            raise LookupError("no step stands open. A bug.")
        return self.view.step

    @property
    def drafts(self) -> dict[Place, Draft]:
        """Fields whose values wait for the database or for their author; none of them is an entry yet."""
        if self.view is None or self.view.step is None:
            return {}
        arrived = {(one.field or "", one.sample_no): draft_of(one, self.view.who(one.author)) for one in self.view.late}
        return {place: one for place, one in (self._waiting | arrived).items() if place not in self.step.current}

    @property
    def runs(self) -> bool:
        """Whether the step was begun and has not ended."""
        return self.step.status == "started"

    def offer(self, words: Words, act: Callable[[], None], *, icon: str | None = None, key: Qt.Key | None = None) -> Button:
        """Make a button of this kind for the bar."""
        made = Button(words, icon=icon, key=key, height=BAR_HEIGHT)
        self.screen.add_button(made, act)
        self.screen.show_button(made, False)
        self.buttons.append(made)
        return made

    def release(self, part: QWidget) -> None:
        """A part with the keyboard goes: the keys are the window's again, before Qt looks for another field."""
        focus = QApplication.focusWidget()
        if focus is not None and part.isAncestorOf(focus):
            self.screen.shell.setFocus()

    def store(self, asked: AskedField, order: Order) -> None:
        """Give an entry; the hand goes on to the next field meanwhile."""
        self.coming.add(asked.place)
        came = partial(self._stored, asked.place), partial(self._not_stored, self.step.id, asked.place)
        self.screen.submit(order, done=came[0], refused=came[1], waits=partial(self._waits, self.step.id, asked.place, order))
        self.show_step()
        self.touched.emit()

    def _waits(self, step: UUID, place: Place, order: Order) -> None:
        """The database went away: it is kept on this station, and the hand goes on."""
        if self.view is None or self.view.step is None or self.step.id != step:
            return
        self.coming.discard(place)
        who = self.screen.who
        self._waiting[place] = draft_in(order, who.name if who is not None else "")
        self.screen.forget_draft(key_of(place))
        self.show_step()
        self.touched.emit()

    def _stored(self, place: Place, verdict: str) -> None:
        self._waiting.pop(place, None)
        self.screen.forget_draft(key_of(place))
        self.screen.shell.tones.ok() if verdict == "conforms" else self.screen.shell.tones.stop()
        self.touched.emit()  # the button is free again: it names what it does now
        self.screen.look_again()

    def _not_stored(self, step: UUID, place: Place, error: AppError) -> None:
        """Said, and read again: somebody else may have entered it."""
        if self.view is not None and self.view.step is not None and self.step.id == step:
            self.coming.discard(place)
            self._waiting.pop(place, None)
        self.screen.refuse(error)
        self.screen.look_again()

    def enter(self, asked: AskedField, **value: Any) -> EnterValue:
        """The order that enters one field; `value` names what it says, the rest is nothing."""
        nothing: dict[str, Any] = {
            "value": None,
            "said": None,
            "device": None,
            "done_at": None,
            "unit_serial": None,
            "unit": None,
            "corrects": None,
            "reason": None,
        }
        return EnterValue(
            command_id=new_id(), id=new_id(), step=self.step.id, field=asked.field, sample_no=asked.sample_no, **{**nothing, **value}
        )


def count_runs(done: object, of: Words) -> tuple[Run, ...]:
    """``15 of 40 trays``, as it stands in the next band."""
    return (Run(str(done), kind=Type.VERDICT, bold=False), Run(" "), Run(of, ink="ink2"))
