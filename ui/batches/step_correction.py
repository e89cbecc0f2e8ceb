"""An entry is corrected beside the work: the old value stays struck through, the reason is part of it, and what falls is said before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.batches.field_words import ANSWERS
from app.batches.step_facts import AskedField, EntryRow, StepView
from app.scanning.result import Scanned
from ui.batches.step_clock import time_written
from ui.batches.step_words import field_words, value_words
from ui.kit import ChoiceRows, Choices, Field, Label, NumberEntry, PrimaryButton, Recorded, Sheet, StruckValue, Words
from ui.shell.kept_picture import KeptPicture
from ui.shell.photo_picker import PhotoPicker, TakenPhoto

if TYPE_CHECKING:
    from ui.shell.window import Window

SHORTEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What the entry shall say instead, and why; one of them."""

    value: Decimal | None = None
    said: str | None = None
    device: str | None = None
    scanned: bytes | None = None
    """The scan that names the device."""
    done_at: datetime | None = None
    reading: Reading | None = None
    """Measured again: then `value` is its."""
    photo: TakenPhoto | None = None
    reason: str


class CorrectionSheet(Sheet):
    """Takes a typed value, an answer, a scan of other equipment, a new reading of a device, or another picture."""

    def __init__(
        self,
        view: StepView,
        asked: AskedField,
        entry: EntryRow,
        *,
        shell: Window,
        now: datetime,
        take: Callable[[Corrected], None],
    ) -> None:
        primary = PrimaryButton(Phrase("Correct the entry"), icon="pen")
        super().__init__(Phrase("Correct an entry"), icon="pen", primary=primary)
        self._asked, self._entry, self._zone, self._now, self._take = asked, entry, shell.zone, now, take
        self._shell = shell
        self._act = primary
        self._reading: Reading | None = None
        self._device: tuple[str, bytes] | None = None
        self.body.addWidget(Label(field_words(asked), bold=True, wrap=True))
        self.shown = StruckValue(Recorded(now=value_words(entry, shell.zone, asked)))
        self.body.addWidget(self.shown)
        self._build_value()
        self.reason = Field(Phrase("Why, in one line"))
        self.reason.edited.connect(lambda _: self._look())
        self.body.addWidget(self.reason)
        self.body.addWidget(Label(_falls(view), ink="ink2", wrap=True))
        self.body.addStretch(1)
        primary.clicked.connect(self._pressed)
        self._look()

    def _build_value(self) -> None:
        asked = self._asked
        self._answers: tuple[tuple[str, Words], ...] = asked.answers if asked.form == "choice" else tuple(ANSWERS.items())
        words = [said for _, said in self._answers]
        self.answer = ChoiceRows(words, None) if asked.form == "choice" else Choices(words, None)
        places = asked.decimals if asked.form == "figure" else 0
        self.figure = NumberEntry(field_words(asked), unit=asked.unit, places=places, limits=asked.limits, soft=asked.soft)
        self.figure.set_flat(True)
        self.time = Field(Phrase("Cleaned at, hours and minutes") if asked.form == "cleaned" else Phrase("Hours and minutes"))
        self.scan = Label(Phrase("Scan the other equipment."), ink="ink2", wrap=True)
        wanted = {"check": self.answer, "choice": self.answer, "asset": self.scan, "cleaned": self.time, "time": self.time}
        self.picker = self._other_picture() if asked.form == "photo" else None
        for part in (self.answer, self.figure, self.time, self.scan):
            part.setVisible(self.picker is None and part is wanted.get(asked.form, self.figure))
            self.body.addWidget(part)
        self.answer.chosen.connect(lambda _: self._look())
        self.figure.changed.connect(lambda _: self._look())
        self.figure.edit.textEdited.connect(self._typed)
        self.time.edited.connect(lambda _: self._look())

    def _other_picture(self) -> PhotoPicker:
        """What stands on record, and below it what was taken since."""
        stands = KeptPicture()
        stands.ask(self._shell.bridge, self._entry.said, field_words(self._asked))
        picker = PhotoPicker(self._shell.bridge, self._shell.picture_folder, self._zone)
        picker.changed.connect(self._look)
        for part in (stands, picker):
            self.body.addWidget(part, 4)
        picker.begin(self._entry.at)
        return picker

    def press(self, key: int) -> bool:
        return (self.picker is not None and self.picker.press(key)) or super().press(key)

    # what comes in ----------------------------------------------------------------------------------------------------------------

    def _typed(self, _: str) -> None:
        self._reading = None

    def on_scan(self, scanned: Scanned) -> bool:
        """Other equipment, when that is what is corrected."""
        if self._asked.form != "asset" or scanned.what != "asset" or scanned.code is None:
            return False
        self._device = scanned.code, scanned.raw.encode("latin-1")
        self._look()
        return True

    def hear(self, reading: Reading) -> None:
        """The device of the field was read again."""
        if self._asked.form == "figure" and self._asked.ask.get("source") == "device" and reading.quantity.unit == self._asked.unit:
            self._reading = reading if reading.stable is not False else None
            self.figure.set_text(str(reading.quantity.value))
            self._look()

    # what stands ------------------------------------------------------------------------------------------------------------------

    def _corrected(self) -> Corrected | None:
        reason, form = self.reason.text.strip(), self._asked.form
        if form in ("check", "choice"):
            index = self.answer.index
            return None if index is None else Corrected(said=self._answers[index][0], reason=reason)
        if form == "asset":
            return None if self._device is None else Corrected(device=self._device[0], scanned=self._device[1], reason=reason)
        if self.picker is not None:
            return None if self.picker.photo is None else Corrected(photo=self.picker.photo, reason=reason)
        if form in ("cleaned", "time"):
            at = time_written(self.time.text, now=self._now, zone=self._zone)
            return None if at is None else Corrected(done_at=at, reason=reason)
        if self.figure.value is None or self.figure.refusal is not None:
            return None
        return Corrected(value=self.figure.value, reading=self._reading, reason=reason)

    def _look(self) -> None:
        corrected, old = self._corrected(), value_words(self._entry, self._zone, self._asked)
        self.shown.show_value(Recorded(now=self._words(corrected), before=(old,)) if corrected is not None else Recorded(now=old))
        if corrected is None:
            self._act.not_yet(Phrase("enter the right value") if self.picker is None else Phrase("take another picture"))
        elif len(corrected.reason) < SHORTEST:
            self._act.not_yet(Phrase("write the reason"))
        else:
            self._act.ready()

    def _words(self, corrected: Corrected) -> Words:
        if corrected.said is not None:
            return dict(self._answers)[corrected.said]
        if corrected.photo is not None:
            return corrected.photo.file_name
        if corrected.value is not None:
            return f"{corrected.value} {self._asked.unit}".rstrip()
        if corrected.done_at is not None:
            return f"{corrected.done_at.astimezone(self._zone):%H:%M}"
        return corrected.device or ""

    def _pressed(self) -> None:
        corrected = self._corrected()
        if corrected is not None:
            self._take(corrected)


def _falls(view: StepView) -> Words:
    """What the correction takes with it."""
    step = view.step
    falling = view.signs_over(step.key) if step is not None and step.status == "done" else ()
    if not falling:
        return Phrase("The first value stays visible, struck through. No signature stands on it.")
    steps = ", ".join(str(one.no) for one in falling)
    return Phrase("The first value stays visible, struck through. The signatures of steps {steps} fall and are given again.", steps=steps)
