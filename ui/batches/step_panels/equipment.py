"""Equipment: scanned, fit for use by its calibration, cleaned lately enough; the time of cleaning is entered by whoever saw it."""

from __future__ import annotations

from functools import partial

from app.base.phrases import Phrase
from app.batches.step_facts import AskedField
from app.batches.step_scans import Cleaning, last_cleaning
from app.scanning.result import Scanned
from ui.batches.step_clock import time_written
from ui.batches.step_panels.asked import AskedPanel
from ui.batches.step_panels.panel import Act, Awaited, Corner, key_of
from ui.batches.step_rules import NotATime
from ui.batches.step_words import kind_words, moment
from ui.kit import Field, Label, Type, Words


class EquipmentPanel(AskedPanel):
    """First the scan, then the time; what the record knows of both stands beside."""

    def build_hand(self) -> None:
        self._cleaning: Cleaning | None = None
        self._asset = ""
        self.awaited = Label("", Type.TITLE, wrap=True)
        self.time = Field(Phrase("Cleaned at, hours and minutes"))
        self.time.edited.connect(lambda _: self._written())
        self.means = Label("", ink="ink2", wrap=True)
        for part in (self.awaited, self.time, self.means):
            self.hand.addWidget(part)

    def begin(self) -> None:
        super().begin()
        self._cleaning, self._asset = None, ""
        self.time.set_text("")

    def title(self) -> Words:
        return Phrase("Equipment")

    @property
    def in_hand(self) -> AskedField | None:
        """One after the other: the time is asked for once the equipment stands on record."""
        return None if self.coming else super().in_hand

    @property
    def _kind(self) -> Words:
        return kind_words(str(self.step.spec["asset"]))

    def show_hand(self) -> None:
        asked = self.in_hand
        wants_time = asked is not None and asked.form == "cleaned"
        self.time.setVisible(wants_time)
        self.awaited.setVisible(not wants_time)
        self.awaited.tell(Phrase("Scan the code on the {kind}.", kind=self._kind))
        entry = self.step.current.get(("asset", 1))
        if wants_time and entry is not None and entry.said and entry.said != self._asset:
            self._asset = entry.said
            self.screen.ask(partial(last_cleaning, code=entry.said), self._cleaning_came)
            self.fill()
            self.take_hand()
        self._say_time()

    def _cleaning_came(self, found: Cleaning | None) -> None:
        self._cleaning = found
        self._say_time()

    def _say_time(self) -> None:
        """What the written time means, with its day; before that, what stands on record."""
        zone, hours = self.screen.shell.zone, self.step.spec.get("cleaned_within_h")
        at = time_written(self.time.text, now=self.screen.database_now(), zone=zone)
        if hours is None:
            self.means.tell(Phrase("No cleaning is asked for."))
        elif at is not None:
            self.means.tell(Phrase("{when}, at most {hours} h ago", when=moment(at, zone), hours=hours))
        elif self._cleaning is not None:
            self.means.tell(
                Phrase("last on record: {when}; at most {hours} h ago is right", when=moment(self._cleaning.at, zone), hours=hours)
            )
        else:
            self.means.tell(Phrase("within the last {hours} h", hours=hours))

    def take_hand(self) -> None:
        asked = self.in_hand
        if asked is not None and asked.form == "cleaned" and self.screen.may_write_here:
            self.time.setFocus()
        else:
            super().take_hand()

    @property
    def is_written_in(self) -> bool:
        return bool(self.time.text)

    def fill(self) -> None:
        kept = self.screen.draft().get(key_of(("cleaned", 1)))
        if kept is not None and kept.value is not None and not self.time.text:
            self.time.set_text(kept.value)

    def _written(self) -> None:
        self.time.accept()
        self.screen.keep_draft(**{key_of(("cleaned", 1)): self.time.text})
        self._say_time()
        self.touched.emit()

    # what is next -----------------------------------------------------------------------------------------------------------------

    def sentence(self) -> Words:
        asked = self.in_hand
        if asked is None:
            return Phrase("Finish the step.")
        return Phrase("Scan the {kind}.", kind=self._kind) if asked.form == "asset" else Phrase("When was it cleaned?")

    def corner(self) -> Corner:
        asked = self.in_hand
        if asked is None:
            return None
        if asked.form == "asset":
            return Awaited(words=Phrase("Scan the {kind}", kind=self._kind), suggestion=Phrase("the code on its plate"))
        why = None if self.time.text.strip() else Phrase("no time is written yet")
        return Act(words=Phrase("Enter the time"), act=partial(self._take_time, asked), why_not=why)

    def on_scan(self, scanned: Scanned) -> bool:
        asked = self.in_hand
        if asked is None or asked.form != "asset" or scanned.what != "asset" or scanned.code is None:
            return False
        self.store(asked, self.enter(asked, device=scanned.code, scanned=scanned.raw.encode("latin-1")))
        return True

    def _take_time(self, asked: AskedField) -> None:
        at = time_written(self.time.text, now=self.screen.database_now(), zone=self.screen.shell.zone)
        if at is None:
            self.time.refuse(NotATime(typed=self.time.text).next)
            return
        self.store(asked, self.enter(asked, done_at=at))
