"""What a field is entered with that is no figure: an answer chosen, a time written, a picture taken. One hand for each form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.photos import TakePhoto
from app.batches.step_facts import AskedField
from ui.batches.step_clock import time_written
from ui.batches.step_panels.panel import Act, Corner, key_of
from ui.batches.step_rules import NotATime
from ui.batches.step_words import field_words, moment
from ui.kit import ChoiceRows, Field, Label, Words, theme
from ui.shell.photo_picker import PhotoPicker

if TYPE_CHECKING:
    from ui.batches.step_panels.asked import AskedPanel


class Hand(QWidget):
    """Shown while a field of its form is in hand. What is half entered is the person's draft; the panel stores it."""

    def __init__(self, panel: AskedPanel) -> None:
        super().__init__()
        self.panel, self.screen = panel, panel.screen
        self.asked: AskedField | None = None
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(theme.px(8))
        self.build()

    def build(self) -> None:
        """Make the widgets, once."""

    def begin(self, asked: AskedField) -> None:
        """Another field is in hand: nothing is entered yet."""
        self.asked = asked

    def go_on(self) -> None:
        """The same field is in hand at another look."""

    def fill(self, kept: str) -> None:
        """Put the draft back in."""

    @property
    def is_written_in(self) -> bool:
        """Whether something half entered stands here."""
        return False

    def take_hand(self) -> None:
        """Focus what is written in; else the keys are the window's."""
        self.screen.shell.setFocus()

    def sentence(self) -> Words:
        """What is next, in one sentence."""
        raise NotImplementedError

    def corner(self) -> Corner:
        """What Enter does."""
        raise NotImplementedError

    def press(self, key: int) -> bool:
        """Whether the key was one of ours."""
        return False

    def keep(self, half: str) -> None:
        """It is this person's draft until it is stored."""
        if self.asked is not None:
            self.screen.keep_draft(**{key_of(self.asked.place): half})
        self.panel.touched.emit()

    @property
    def name(self) -> Words:
        """What the field is called."""
        return field_words(self.asked) if self.asked is not None else ""


class ChoiceHand(Hand):
    """A digit chooses, Enter takes."""

    def build(self) -> None:
        self.answers = ChoiceRows([], None)
        self.answers.chosen.connect(lambda _: self._chose())
        self.rows.addWidget(self.answers)

    def begin(self, asked: AskedField) -> None:
        super().begin(asked)
        self.answers.offer([words for _, words in asked.answers], None)

    def fill(self, kept: str) -> None:
        keys = [key for key, _ in self.asked.answers] if self.asked is not None else []
        if kept in keys and self.answers.index is None:
            self.answers.choose(keys.index(kept))

    @property
    def is_written_in(self) -> bool:
        return self.answers.index is not None

    def _chose(self) -> None:
        index = self.answers.index
        if self.asked is not None and index is not None:
            self.keep(self.asked.answers[index][0])

    def sentence(self) -> Words:
        return Phrase("Choose: {name}.", name=self.name)

    def corner(self) -> Corner:
        index = self.answers.index
        if index is None or self.asked is None:
            return Act(words=Phrase("Take the answer"), act=self._take, why_not=Phrase("nothing is chosen yet"))
        return Act(words=Phrase("Take “{answer}”", answer=self.asked.answers[index][1]), act=self._take)

    def _take(self) -> None:
        asked, index = self.asked, self.answers.index
        if asked is not None and index is not None:
            self.panel.store(asked, self.panel.enter(asked, said=asked.answers[index][0]))

    def press(self, key: int) -> bool:
        return self.answers.press(key)


class TimeHand(Hand):
    """Hours and minutes as somebody saw them; what they mean, with the day, stands below."""

    def build(self) -> None:
        self.time = Field(Phrase("Hours and minutes"))
        self.time.edited.connect(lambda _: self._written())
        self.means = Label("", ink="ink2", wrap=True)
        self.rows.addWidget(self.time)
        self.rows.addWidget(self.means)

    def begin(self, asked: AskedField) -> None:
        super().begin(asked)
        self.time.accept()
        self.time.set_text("")
        self.go_on()

    def go_on(self) -> None:
        zone = self.screen.shell.zone
        at = time_written(self.time.text, now=self.screen.database_now(), zone=zone)
        self.means.tell(moment(at, zone) if at is not None else Phrase("as you saw it on the clock"))

    def fill(self, kept: str) -> None:
        if not self.time.text:
            self.time.set_text(kept)
            self.go_on()

    @property
    def is_written_in(self) -> bool:
        return bool(self.time.text)

    def take_hand(self) -> None:
        if self.screen.may_write_here:
            self.time.setFocus()

    def _written(self) -> None:
        self.time.accept()
        self.go_on()
        self.keep(self.time.text)

    def sentence(self) -> Words:
        return Phrase("When was it: {name}?", name=self.name)

    def corner(self) -> Corner:
        why = None if self.time.text.strip() else Phrase("no time is written yet")
        return Act(words=Phrase("Enter the time"), act=self._take, why_not=why)

    def _take(self) -> None:
        at = time_written(self.time.text, now=self.screen.database_now(), zone=self.screen.shell.zone)
        if at is None:
            self.time.refuse(NotATime(typed=self.time.text).next)
        elif self.asked is not None:
            self.panel.store(self.asked, self.panel.enter(self.asked, done_at=at))


class PhotoHand(Hand):
    """The newest picture since the step began stands there by itself; Enter takes it."""

    def build(self) -> None:
        self.picker = PhotoPicker(self.screen.bridge, self.screen.shell.picture_folder, self.screen.shell.zone)
        self.picker.changed.connect(self.panel.touched)
        self.picker.turned.connect(self.keep)
        self.rows.addWidget(self.picker)

    def begin(self, asked: AskedField) -> None:
        super().begin(asked)
        used = frozenset(one.said for one in self.panel.step.current.values() if one.origin == "imported" and one.said is not None)
        self.picker.begin(self.panel.step.started_at, used=used)

    def fill(self, kept: str) -> None:
        self.picker.choose(kept)

    def sentence(self) -> Words:
        return Phrase("Take a picture: {name}.", name=self.name)

    def corner(self) -> Corner:
        why = Phrase("no picture stands here yet") if self.picker.photo is None else None
        return Act(words=Phrase("Take this picture"), act=self._take, why_not=why)

    def _take(self) -> None:
        asked, photo = self.asked, self.picker.photo
        if asked is not None and photo is not None:
            taken = {"file_name": photo.file_name, "content": photo.content, "taken_at": photo.taken_at}
            self.panel.store(asked, TakePhoto(command_id=new_id(), id=new_id(), step=self.panel.step.id, field=asked.field, **taken))

    def press(self, key: int) -> bool:
        return self.picker.press(key)
