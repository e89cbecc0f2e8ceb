"""Somebody who listens to devices and remembers what was said; and a clock that a test turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Condition

from app.base.measurement import Reading
from app.devices.events import DeviceState, Scan, Standing, Trouble
from app.devices.machines.samples import CycleSeen, Sample, SampleBatch

PATIENCE_S = 10.0
_STABLE = {True: "stable", False: "moving", None: "unknown"}


class Ear:
    """A sink that keeps everything, in order, as objects and in words."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.scans: list[Scan] = []
        self.batches: list[SampleBatch] = []
        self.cycles: list[CycleSeen] = []
        self.troubles: list[Trouble] = []
        self.states: list[DeviceState] = []
        self.words: list[str] = []
        self._news = Condition()

    def reading(self, reading: Reading) -> None:
        self._keep(self.readings, reading, f"reading {reading.quantity.value} {reading.quantity.unit} {_STABLE[reading.stable]}")

    def scan(self, scan: Scan) -> None:
        self._keep(self.scans, scan, f"scan {scan.text}")

    def repeated(self, scan: Scan) -> None:
        self._keep([], scan, f"repeated {scan.text}")

    def samples(self, batch: SampleBatch) -> None:
        self._keep(self.batches, batch, None)

    def cycle(self, seen: CycleSeen) -> None:
        self._keep(self.cycles, seen, None)

    def samples_of(self, channel: str) -> list[Sample]:
        return [sample for batch in self.batches for sample in batch.samples if sample.channel == channel]

    def trouble(self, trouble: Trouble) -> None:
        self._keep(self.troubles, trouble, f"trouble {trouble.error.code}")

    def state(self, state: DeviceState) -> None:
        self._keep(self.states, state, None)

    def until(self, heard: Callable[[Ear], bool]) -> Ear:
        """Wait until it was heard; the test fails after ten seconds."""
        with self._news:
            assert self._news.wait_for(lambda: heard(self), PATIENCE_S), f"heard only {self.words}, {[s.standing for s in self.states]}"
        return self

    def until_standing(self, standing: Standing) -> DeviceState:
        return self.until(lambda ear: bool(ear.states) and ear.states[-1].standing is standing).states[-1]

    def until_words(self, *words: str) -> None:
        """Wait for so many words after those already checked, and compare them."""
        self.until(lambda ear: len(ear.words) >= len(words))
        assert self.words[: len(words)] == list(words)
        del self.words[: len(words)]

    def _keep(self, kind: list, what: object, words: str | None) -> None:
        with self._news:
            kind.append(what)
            if words is not None:
                self.words.append(words)
            self._news.notify_all()


class TurnedClock:
    """Stands still until somebody turns it."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def turn(self, seconds: float) -> None:
        self._seconds += seconds

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 8, 0, tzinfo=UTC) + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds
