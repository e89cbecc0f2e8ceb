"""Machine channels of a step: the trace of each with its limits and gaps, live from this station, and the figures the database has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base import clock
from app.base.phrases import Phrase
from app.batches.step_facts import AskedField, OpenStep
from app.batches.step_traces import TracedPoint, channel_points
from app.devices.machines.samples import SampleBatch
from ui.batches.step_excursion import ExcursionWatch
from ui.batches.step_words import field_words
from ui.kit import Choices, NowValue, Number, Panel, ParameterTrace, TracedParameter, TracePoints, Words, theme

WINDOW = timedelta(minutes=20)
_FIGURES = (".low", ".high", ".gap")


class ChannelTrace(QWidget):
    """One trace at a time; the other channels are one press away. Hears the machine that was scanned for this batch and no other."""

    def __init__(self, step: OpenStep, asked: Sequence[AskedField], zone: object) -> None:
        super().__init__()
        self.asked = {one.ask["key"]: one for one in asked if one.field.endswith(".low")}
        self.watches = {key: ExcursionWatch(one.limits) for key, one in self.asked.items() if one.limits is not None}
        self._key = next(iter(self.watches))
        self.machine = step.machines.get(self.asked[self._key].ask["machine"], "")
        parameters = [
            TracedParameter(key=key, name=_name(one), limits=one.limits, silent_after_s=float(one.ask["longest_gap_s"]))  # type: ignore[arg-type]
            for key, one in self.asked.items()
            if key in self.watches
        ]
        self.trace = ParameterTrace(parameters, zone=zone, window_s=WINDOW.total_seconds())  # type: ignore[arg-type]
        self.trace.show_now(clock.now())  # limits and hours stand before the first value comes
        name, limits = _name(self.asked[self._key]), self.watches[self._key].limits
        self.now, self.flat = NowValue(name, limits, flat=False), NowValue(name, limits, flat=True)
        self.panel = Panel(name, self.machine, padding=12)
        self.choices = Choices([_name(self.asked[key]) for key in self.watches], 0, height=40)
        self.choices.chosen.connect(lambda n: self.show_key(list(self.watches)[n]))
        if len(self.watches) > 1:
            self.panel.add_right(self.choices)
        self._lay()

    def _lay(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(theme.px(12))
        beside.addWidget(self.now)
        beside.addWidget(self.flat)
        beside.addStretch(1)
        room = QWidget()
        self._beside = room
        room.setLayout(beside)
        beside.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(theme.px(16))
        row.addWidget(self.trace, 1)
        row.addWidget(room)
        self.panel.body.addLayout(row, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.panel)

    def set_compact(self, compact: bool) -> None:
        """On a small window the value of now carries the name, and the panel has no heading of its own."""
        self.now.setVisible(not compact)
        self.flat.setVisible(compact)
        self._beside.setFixedWidth(theme.px(380 if compact else 240))
        if self.panel.header is not None:
            self.panel.header.setVisible(not compact)

    def show_key(self, key: str) -> None:
        """Another channel stands in the trace."""
        self._key = key
        self.trace.show_parameter(key)
        self.panel.title.tell(_name(self.asked[key]))
        self.tick()

    # feeding ----------------------------------------------------------------------------------------------------------------------

    def questions(self, step: OpenStep) -> list[tuple[str, object]]:
        """What stands on record of each channel, to be asked once."""
        since = max(step.started_at or clock.now(), clock.now() - WINDOW)
        return [
            (key, partial(channel_points, machine=self.machine, channel=one.ask["channel"], since=since)) for key, one in self.asked.items()
        ]

    def on_record(self, key: str, points: Sequence[TracedPoint]) -> None:
        """What was on record when the step was opened here."""
        if points:
            self.trace.append(_points(key, [(one.at.timestamp(), float(one.value)) for one in points]))

    def hear(self, batch: SampleBatch) -> bool:
        """Samples of a machine of this station; whether they were ours."""
        if batch.machine != self.machine:
            return False
        for key, one in self.asked.items():
            told = [(s.at, s.value) for s in batch.samples if s.channel == one.ask["channel"] and s.value is not None]
            watch = self.watches.get(key)
            if told and watch is not None:
                for at, value in told:
                    watch.hear(at, value)
                self.trace.append(_points(key, [(at.timestamp(), float(value)) for at, value in told]))
        self._show_now()
        return True

    def tick(self) -> None:
        """A second went by: silence grows."""
        self.trace.show_now(clock.now())
        self._show_now()

    def _show_now(self) -> None:
        watch, longest = self.watches[self._key], int(self.asked[self._key].ask["longest_gap_s"])
        silent = watch.silent_s(clock.now())
        if watch.value is not None and silent is not None and silent <= longest:
            for now in (self.now, self.flat):
                now.show_value(watch.value)
        else:
            for now in (self.now, self.flat):
                now.show_silent(silent)

    def number(self) -> Number | None:
        """The value that stands at the trace now; ``None`` while the machine is silent."""
        one, watch = self.asked[self._key], self.watches[self._key]
        silent = watch.silent_s(clock.now())
        if watch.value is None or silent is None or silent > int(one.ask["longest_gap_s"]):
            return None
        facts = {"machine": self.machine, "channel": one.ask["channel"], "seconds": silent}
        how = Phrase("told by {machine} {seconds} s ago, channel {channel}; every sample of it goes on record with its step", **facts)
        return Number(name=_name(one), value=f"{watch.value:f} {watch.limits.unit}".rstrip(), how=how)

    def show_figures(self, asked: Sequence[AskedField]) -> None:
        """What the database has of the channel that stands, as it would enter it now."""
        figures = {one.field: one.figure for one in asked if one.ask.get("key") == self._key and one.form == "channel"}
        low, high, gap = (figures.get(f"{self._key}{end}") for end in _FIGURES)
        if low is None or high is None:
            told: Words = Phrase("{machine} • no good value on record yet", machine=self.machine)
        elif gap is None:
            told = Phrase("{machine} • on record {low} to {high}", machine=self.machine, low=low, high=high)
        else:
            facts = {"machine": self.machine, "low": low, "high": high, "gap": gap}
            told = Phrase("{machine} • on record {low} to {high}, longest silence {gap} s", **facts)
        self.panel.right.tell(told)


def _name(asked: AskedField) -> Words:
    return asked.name or field_words(asked)


def _points(key: str, points: Sequence[tuple[float, float]]) -> TracePoints:
    at, values = zip(*points, strict=True)
    import numpy as np  # with the first trace, not with the start of a client: 50 ms

    return TracePoints(key=key, at_s=np.array(at), values=np.array(values))
