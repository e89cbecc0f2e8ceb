"""Parameters of a process: figures, machine channels as a trace whose figures the database enters by itself, answers, times, pictures."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from app.base import clock
from app.batches.step_facts import AskedField, EntryRow
from app.batches.step_traces import TracedPoint
from app.devices.machines.samples import SampleBatch
from ui.batches.step_panels.asked import beside
from ui.batches.step_panels.channels import ChannelTrace
from ui.batches.step_panels.figures import FiguresPanel
from ui.batches.step_panels.hands import ChoiceHand, Hand, PhotoHand, TimeHand
from ui.batches.step_panels.panel import Corner, key_of
from ui.kit import Number, Words

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
        self.hands: dict[str, Hand] = {"choice": ChoiceHand(self), "time": TimeHand(self), "photo": PhotoHand(self)}
        for hand in self.hands.values():
            hand.hide()
            self.hand.addWidget(hand)

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

    def numbers(self) -> tuple[Number, ...]:
        now = self.channels.number() if self.channels is not None else None
        return (now,) if now is not None else ()

    # what is no figure ------------------------------------------------------------------------------------------------------------

    @property
    def other(self) -> Hand | None:
        """What enters the field in hand, when it is no figure."""
        asked = self.in_hand
        return self.hands.get(asked.form) if asked is not None else None

    def show_hand(self) -> None:
        other = self._show_only(self.other)
        if other is None:
            super().show_hand()
            return
        asked = self.in_hand
        assert asked is not None
        here = f"{self.step.id} {key_of(asked.place)}"
        if here != self._asks:
            self.release(self.entry)
            self._asks, self.reading = here, None
            self.entry.set_text("")
            other.begin(asked)
            self.fill()
            self.take_hand()
        other.go_on()

    def _show_only(self, wanted: Hand | None) -> Hand | None:
        for hand in self.hands.values():
            hand.setVisible(hand is wanted)
        self.entry.setVisible(wanted is None)
        return wanted

    def take_hand(self) -> None:
        self.other.take_hand() if self.other is not None else super().take_hand()

    def fill(self) -> None:
        other, asked = self.other, self.in_hand
        if other is None or asked is None:
            super().fill()
            return
        kept = self.screen.draft().get(key_of(asked.place))
        if kept is not None and isinstance(kept.value, str):
            other.fill(kept.value)

    @property
    def is_written_in(self) -> bool:
        return self.other.is_written_in if self.other is not None else super().is_written_in

    def sentence(self) -> Words:
        return self.other.sentence() if self.other is not None else super().sentence()

    def corner(self) -> Corner:
        return self.other.corner() if self.other is not None else super().corner()

    def on_key(self, key: int) -> bool:
        return (self.other is not None and self.other.press(key)) or super().on_key(key)

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
