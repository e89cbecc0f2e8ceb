"""Asks the feed every one to two seconds what others changed, and knows thereby whether the database is here."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.base import clock
from app.base.errors import AppError, OutageError
from app.core.feed import Change, Feed
from app.core.stations import StationLink

EVERY_S = (1.0, 2.0)
"""Spread, so that two hundred stations do not ask in step."""
CLOCK_EVERY_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseHere:
    """How the database stands for this station."""

    away_since: datetime | None
    """By the workstation's clock; ``None``: it answers."""
    answer_ms: float | None
    """How long the last answer took; ``None`` before the first one."""
    clock_ahead: timedelta
    """How far the database's clock is ahead of the workstation's: what the top bar shows is the official time."""


class FeedWatch:
    """One daemon thread from `start` to `stop`; its listeners are called on it."""

    def __init__(
        self,
        link: StationLink,
        *,
        every_s: tuple[float, float],
        changes: Callable[[list[Change]], None],
        standing: Callable[[DatabaseHere], None],
    ) -> None:
        self._link, self._feed, self._every_s = link, Feed(link), every_s
        self._changes, self._standing = changes, standing
        self._stopping, self._now = threading.Event(), threading.Event()
        self._away_since: datetime | None = None
        self._clock_ahead = timedelta(0)
        self._clock_read = float("-inf")
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """Begin; the first answer comes at once."""
        self._thread.start()

    def look_now(self) -> None:
        """Do not wait for the next turn: somebody saw the database go."""
        self._now.set()

    def stop(self, within_s: float) -> bool:
        """End; whether it did in time."""
        self._stopping.set()
        self._now.set()
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._look()
            self._now.wait(random.uniform(*self._every_s))
            self._now.clear()

    def _look(self) -> None:
        begun = time.monotonic()
        try:
            changes = self._feed.changes()
            took_ms = (time.monotonic() - begun) * 1000
            self._read_clock()
        except OutageError:
            self._away_since = self._away_since or clock.now()
            self._say(None)
            return
        except AppError as refusal:
            raise RuntimeError(f"the station's own link was refused: {refusal}") from refusal
        self._away_since = None
        self._say(took_ms)
        if changes:
            self._changes(changes)

    def _read_clock(self) -> None:
        if time.monotonic() - self._clock_read < CLOCK_EVERY_S:
            return
        official: datetime = self._link.ask("SELECT clock_timestamp() AS now")[0]["now"]
        self._clock_ahead = official - clock.now()
        self._clock_read = time.monotonic()

    def _say(self, took_ms: float | None) -> None:
        if not self._stopping.is_set():
            self._standing(DatabaseHere(away_since=self._away_since, answer_ms=took_ms, clock_ahead=self._clock_ahead))
