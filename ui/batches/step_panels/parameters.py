"""Parameters of a process: figures, machine channels as a trace whose figures the database enters by itself, and answers to choose from."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt

from app.base import clock
from app.base.phrases import Phrase
from app.batches.step_facts import AskedField, EntryRow
from app.batches.step_traces import TracedPoint
from app.devices.machines.samples import SampleBatch
from ui.batches.step_panels.asked import beside
from ui.batches.step_panels.channels import ChannelTrace
from ui.batches.step_panels.figures import FiguresPanel
from ui.batches.step_panels.panel import Act, Corner, key_of
from ui.batches.step_words import field_words
from ui.kit import ChoiceRows, Words

LOOK_EVERY = 5
"""Seconds between two looks at what the database has of the channels, while nothing is out of order."""


class ParameterPanel(FiguresPanel):
    """When a value left its limits and came back, or ten seconds passed, the figure goes on record, and with it its deviation."""

    stays_beside_deviation = True

    def build(self) -> None:
        super().build()
        self.channels: ChannelTrace | None = None
        for panel in (self.list_panel, self.hand_panel):
            self.rows.removeWidget(panel)
        self.below = beside(self.list_panel, self.hand_panel)
        self.rows.addWidget(self.below, 1)
        self._of: UUID | None = None
        self._entering: set[tuple[str, object]] = set()
        self._ticks = 0
        self.screen.bridge.ear.samples.connect(self._heard)

    def build_hand(self) -> None:
        super().build_hand()
        self.answers = ChoiceRows([], None)
        self.answers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.answers.chosen.connect(lambda _: self._chose())
        self.hand.addWidget(self.answers)

    def begin(self) -> None:
        super().begin()
        self._entering.clear()
        self._drop_trace()
        asked = [one for one in self.step.fields if one.form == "channel"]
        if asked and self.step.status in ("started", "done"):
            self._make_trace(asked)

    def set_compact(self, compact: bool) -> None:
        if self.channels is not None:
            self.channels.set_compact(compact)

    def _drop_trace(self) -> None:
        if self.channels is not None:
            self.rows.removeWidget(self.channels)
            self.channels.hide()
            self.channels.deleteLater()
            self.channels = None

    def _make_trace(self, asked: list[AskedField]) -> None:
        made = self.channels = ChannelTrace(self.step, asked, self.screen.shell.zone)
        self._of = self.step.id
        made.set_compact(self.screen.body.compact)
        self.rows.insertWidget(0, made, 3)
        for key, question in made.questions(self.step):
            self.screen.ask(question, partial(self._on_record, self.step.id, key))  # type: ignore[arg-type]

    def _on_record(self, step: UUID, key: str, points: list[TracedPoint]) -> None:
        if self.channels is not None and self._of == step:
            self.channels.on_record(key, points)

    def show_step(self) -> None:
        asked = [one for one in self.step.fields if one.form == "channel"]
        if asked and self.channels is None and self.step.status == "started":
            self._make_trace(asked)  # it was opened before it was begun
        if self.channels is not None:
            self.channels.show_figures(self.step.fields)
        super().show_step()
        self.entry.set_flat(self.channels is not None)
        held = self.channels is not None and self.screen.is_held
        if held:
            self.release(self.below)
        self.below.setVisible(not held)  # the hand that writes the deviation sees the curve
        self._enter_outside()

    def _heard(self, batch: SampleBatch) -> None:
        if self.channels is not None and self.screen.panel is self and self.channels.hear(batch):
            self._look_if_settled()

    # answers to choose from -------------------------------------------------------------------------------------------------------

    @property
    def choice(self) -> AskedField | None:
        """The field in hand, when it is one to choose for."""
        asked = self.in_hand
        return asked if asked is not None and asked.form == "choice" else None

    def show_hand(self) -> None:
        choice = self.choice
        self.answers.setVisible(choice is not None)
        self.entry.setVisible(choice is None)
        if choice is None:
            super().show_hand()
            return
        here = f"{self.step.id} {key_of(choice.place)}"
        if here != self._asks:
            self.release(self.entry)
            self._asks, self.reading = here, None
            self.entry.set_text("")
            self.why.set_text("")
            self.answers.offer([words for _, words in choice.answers], None)
            self.fill()
        self.why.setVisible(False)

    def take_hand(self) -> None:
        if self.choice is not None:
            self.screen.shell.setFocus()
        else:
            super().take_hand()

    def fill(self) -> None:
        choice = self.choice
        if choice is None:
            super().fill()
            return
        kept, keys = self.screen.draft().get(key_of(choice.place)), [key for key, _ in choice.answers]
        if kept is not None and kept.value in keys and self.answers.index is None:
            self.answers.choose(keys.index(kept.value))

    @property
    def is_written_in(self) -> bool:
        return super().is_written_in if self.choice is None else self.answers.index is not None

    def _chose(self) -> None:
        choice, index = self.choice, self.answers.index
        if choice is not None and index is not None:
            self.screen.keep_draft(**{key_of(choice.place): choice.answers[index][0]})
            self.touched.emit()

    def _answer(self) -> None:
        choice, index = self.choice, self.answers.index
        if choice is not None and index is not None:
            self.store(choice, self.enter(choice, said=choice.answers[index][0]))

    def sentence(self) -> Words:
        choice = self.choice
        return super().sentence() if choice is None else Phrase("Choose: {name}.", name=field_words(choice))

    def corner(self) -> Corner:
        choice, index = self.choice, self.answers.index
        if choice is None:
            return super().corner()
        if index is None:
            return Act(words=Phrase("Take the answer"), act=self._answer, why_not=Phrase("nothing is chosen yet"))
        return Act(words=Phrase("Take “{answer}”", answer=choice.answers[index][1]), act=self._answer)

    def on_key(self, key: int) -> bool:
        return (self.choice is not None and self.answers.press(key)) or super().on_key(key)

    # the record enters what lies outside ------------------------------------------------------------------------------------------

    def tick(self) -> None:
        if self.channels is None or not self.runs:
            return
        self.channels.tick()
        self._ticks += 1
        if self._ticks % LOOK_EVERY == 0 or any(watch.happened for watch in self.channels.watches.values()):
            self.screen.look_again()

    def _look_if_settled(self) -> None:
        """Back inside: the database is asked at once what it has of it."""
        watches = self.channels.watches.values() if self.channels is not None else ()
        if any(one.happened and not one.is_outside for one in watches):
            self.screen.look_again()

    def _enter_outside(self) -> None:
        if self.channels is None or not self.runs or not self.screen.may_run:
            return
        current = self.step.current
        for asked in self.step.fields:
            entry = current.get(asked.place)
            if asked.form == "channel" and self._is_due(asked, entry):
                self._entering.add((asked.field, asked.figure))
                self.channels.watches[asked.ask["key"]].settled()
                self.screen.enter_own(asked)

    def _is_due(self, asked: AskedField, entry: EntryRow | None) -> bool:
        """One figure for one excursion: not while it may still be back at once, and a figure on record is replaced only by a worse one
        that is over.
        """
        watch = self.channels.watches.get(asked.ask["key"]) if self.channels is not None else None
        if watch is None or not asked.is_to_enter(entry) or (asked.field, asked.figure) in self._entering:
            return False
        now = clock.now()
        if asked.field.endswith(".gap"):
            silent = watch.silent_s(now)
            return silent is not None and silent <= int(asked.ask["longest_gap_s"])
        return not watch.is_fresh(now) and not (entry is not None and watch.is_outside)
