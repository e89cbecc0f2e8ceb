"""Figures of a step: typed where a person reads them, sent by a device where the record wants one, counted for a yield."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.base.measurement import Reading
from app.base.phrases import Phrase, group_thousands
from app.batches.commands import TakeReading
from app.batches.step_facts import AskedField
from app.devices.events import DeviceState, Standing, Trouble
from app.inspection.rules import UnstableReading
from app.typed.queries import TypedRow
from ui.batches.step_panels.asked import AskedPanel
from ui.batches.step_panels.panel import Act, Corner, key_of
from ui.batches.step_panels.typing_in import TypingIn, ask_figure, have_typed_verified
from ui.batches.step_words import field_words, kind_words
from ui.inspection.readings import CannotBeAsked, NoGaugeHere, refusal_of
from ui.kit import Button, NumberEntry, Words


class FiguresPanel(AskedPanel):
    """Enter stores the figure in hand and the next one is asked for. What is typed in place of a device is verified by a second person."""

    def build_hand(self) -> None:
        self.reading: Reading | None = None
        self._asks: str | None = None
        self.entry = NumberEntry("", unit="", places=None, limits=None, soft=None)
        self.entry.edit.textEdited.connect(self._typed)
        self.entry.edit.textChanged.connect(lambda _: self.touched.emit())  # after the entry has read it; `textEdited` comes before
        self.hand.addWidget(self.entry)
        self.typing = TypingIn(self, self.type_it)

    def begin(self) -> None:
        super().begin()
        self.reading, self._asks = None, None

    # what is in hand --------------------------------------------------------------------------------------------------------------

    def device_kind(self, asked: AskedField) -> str | None:
        """The kind of device that sends it; ``None``: a person reads and types."""
        return str(asked.ask["device"]) if asked.form == "figure" and asked.ask.get("source") == "device" else None

    def show_hand(self) -> None:
        asked = self.in_hand
        if asked is None:
            return
        here = f"{self.step.id} {key_of(asked.place)}"
        if here != self._asks:
            self._asks, self.reading = here, None
            places = asked.decimals if asked.form == "figure" else 0
            self.entry.ask(field_words(asked), unit=asked.unit, places=places, limits=asked.limits, soft=asked.soft)
            self.fill()
            self.take_hand()

    def take_hand(self) -> None:
        if self.in_hand is not None and self.screen.may_write_here:
            self.entry.setFocus()
        elif self.in_hand is None:
            super().take_hand()

    @property
    def is_written_in(self) -> bool:
        return self.in_hand is not None and bool(self.entry.text)

    def fill(self) -> None:
        asked = self.in_hand
        kept = self.screen.draft().get(key_of(asked.place)) if asked is not None else None
        if kept is not None and kept.value is not None and not self.entry.text:
            self.entry.set_text(kept.value["figure"])

    def _typed(self, _: str) -> None:
        self.reading = None
        self._written()

    def _written(self) -> None:
        asked = self.in_hand
        if asked is not None:
            self.screen.keep_draft(**{key_of(asked.place): {"figure": self.entry.text}})
        self.touched.emit()

    # devices ----------------------------------------------------------------------------------------------------------------------

    def on_reading(self, reading: Reading) -> None:
        """Lands in the field in hand when its device may read it: kind, unit, calibration, range, resolution; the database judges again."""
        asked = self.in_hand
        kind = self.device_kind(asked) if asked is not None else None
        if asked is None or kind is None or self.view is None:
            return
        refusal = refusal_of(reading, kind, asked.limits, self.view.gauges) if asked.limits is not None else None
        if refusal is not None:
            self.screen.refuse(refusal)
        else:
            self.screen.clear_banner()
            self.reading = reading
            self.entry.set_text(str(reading.quantity.value))
        self.touched.emit()

    def on_trouble(self, trouble: Trouble) -> None:
        if self._is_awaited(trouble.device):
            self._forget()
            self.screen.refuse(trouble.error)

    def on_device(self, state: DeviceState) -> None:
        """A silent device's last value is never taken."""
        if self.reading is not None and state.device == self.reading.device and state.standing is not Standing.LIVE:
            self._forget()

    def _is_awaited(self, device: str) -> bool:
        asked = self.in_hand
        return asked is not None and self.view is not None and self.view.kinds.get(device) == self.device_kind(asked)

    def _forget(self) -> None:
        if self.reading is not None:
            self.reading = None
            self.entry.set_text("")
        self.touched.emit()

    def read_again(self) -> None:
        """F5: ask the device of the field in hand."""
        asked, hub = self.in_hand, self.screen.bridge.hub
        kind = self.device_kind(asked) if asked is not None else None
        if kind is None or self.view is None:
            return
        fitting = [one.code for one in self.screen.shell.devices if self.view.kinds.get(one.code) == kind]
        if hub is None or not fitting:
            self.screen.refuse(NoGaugeHere(kind=kind_words(kind)))
        elif not any(hub.ask(code) for code in fitting if code in hub.states()):
            self.screen.refuse(CannotBeAsked(gauge=fitting[0]))

    # what is next -----------------------------------------------------------------------------------------------------------------

    def sentence(self) -> Words:
        asked = self.in_hand
        if asked is None:
            return Phrase("Finish the step.")
        kind = self.device_kind(asked)
        if (typed := self.waits_in_hand) is not None:
            value = group_thousands(typed.quantity.value)
            return Phrase("{name}: {value} waits for a second person.", name=field_words(asked), value=f"{value} {typed.quantity.unit}")
        if kind is not None:
            return Phrase("Measure {name} with the {kind}.", name=field_words(asked), kind=kind_words(kind))
        if asked.form == "count":
            return Phrase("Count, then enter: {name}.", name=field_words(asked))
        return Phrase("Read and enter: {name}.", name=field_words(asked))

    def corner(self) -> Corner:
        asked = self.in_hand
        if asked is None:
            return None
        value, typed = self.entry.value, self.waits_in_hand
        if typed is not None:
            return Act(words=Phrase("Have it verified"), act=partial(have_typed_verified, self.screen, typed), icon="pen")
        if value is None:
            return Act(words=Phrase("Enter the value"), act=self._take, why_not=self._awaited(asked))
        shown = f"{group_thousands(value)} {asked.unit}".rstrip()
        if self.reading is None and self.device_kind(asked) is not None and self.entry.refusal is None:
            return Act(words=Phrase("Type {value}", value=shown), act=self.type_it, note=Phrase("a second person verifies it"), icon="pen")
        words = Phrase("Take {value}", value=shown) if self.reading is not None else Phrase("Enter {value}", value=shown)
        return Act(words=words, act=self._take, why_not=self._why_not())

    @property
    def waits_in_hand(self) -> TypedRow | None:
        """What was typed for the field in hand and is not verified; a value of the device goes before it."""
        asked = self.in_hand
        return self.step.waiting.get(asked.place) if asked is not None and self.reading is None and not self.entry.text else None

    def wanted_buttons(self) -> Sequence[Button]:
        asked = self.in_hand
        if self.waits_in_hand is not None:
            return (self.typing.withdraw,)
        waits = self.typing.first() is not None and asked is None
        types = asked is not None and self.device_kind(asked) is not None and self.reading is None and asked.place not in self.step.waiting
        return (*super().wanted_buttons(), *((self.typing.type_it,) if types else ()), *(self._of_waiting if waits else ()))

    @property
    def _of_waiting(self) -> tuple[Button, ...]:
        return self.typing.verify, self.typing.withdraw

    def type_it(self) -> None:
        """F11, or Enter after a figure was written where a device should send it."""
        asked = self.in_hand
        if asked is not None and self.device_kind(asked) is not None:
            ask_figure(self.screen, asked, value=self.entry.value, reason="", corrects=None)

    def _awaited(self, asked: AskedField) -> Words:
        if self.entry.refusal is not None:
            return Phrase("write digits with a point")
        return Phrase("nothing is entered yet") if self.device_kind(asked) is None else Phrase("press its key, or F5")

    def _why_not(self) -> Words | None:
        if self.entry.refusal is not None:
            return Phrase("write digits with a point")
        moves = self.reading is not None and self.reading.stable is False
        return Phrase("the value still moves") if moves else None

    def _take(self) -> None:
        asked, value = self.in_hand, self.entry.check()
        if asked is None or value is None:
            return
        reading = self.reading
        if reading is not None and reading.stable is False:
            self.screen.refuse(UnstableReading(gauge=reading.device))
            return
        if reading is not None:
            order = TakeReading(
                command_id=new_id(),
                id=new_id(),
                step=self.step.id,
                field=asked.field,
                sample_no=asked.sample_no,
                unit_serial=None,
                reading=reading,
                corrects=None,
                reason=None,
            )
            self.store(asked, order)
        else:
            self.store(asked, self.enter(asked, value=value, unit=asked.unit or None))

    def on_key(self, key: int) -> bool:
        if key == Qt.Key.Key_F5:
            self.read_again()
            return True
        return super().on_key(key)
