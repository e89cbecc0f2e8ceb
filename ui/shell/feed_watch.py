"""Asks the feed every one to two seconds what others changed, and knows thereby whether the database is here and lets this station in."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.base import clock
from app.base.errors import AppError
from app.core.feed import Change, Feed
from app.core.logs import log
from app.core.session import Where
from app.core.station_health import NOT_COMPARED, ClockOffset
from app.core.stations import StationLink
from app.core.trust.schema_lines import SchemaDiffers, refusal_at
from app.core.trust.witness import TrailWitness

EVERY_S = (1.0, 2.0)
"""Spread, so that two hundred stations do not ask in step, nor come back in step after an outage."""
SCHEMA_EVERY_S = 1800.0
"""Between two comparisons of what the database is made of: some 20 ms of the server each."""
SEAL_EVERY_S = 60.0
"""Between two seals of a plant where something happens."""
COMPARE_EVERY_S = 60.0
"""Between two looks at clock and version of the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseHere:
    """How the database stands for this station."""

    away_since: datetime | None
    """By the workstation's clock; ``None``: it answers and lets this station in."""
    trouble: AppError | None
    """What is wrong since then: `DatabaseAway`, another version, a refused secret, no free connection, a trail that is not what this
    station saw; ``None`` when nothing is.
    """
    answer_ms: float | None
    """How long the last answer took; ``None`` before the first one."""
    clock: ClockOffset
    """How the workstation's clock stands to the database's, as it was compared last."""
    schema: SchemaDiffers | None
    """Why nobody may sign here although the database answers; as it was compared last."""
    where: Where | None
    """This station; ``None`` before it was let in for the first time."""


class FeedWatch:
    """One daemon thread from `start` to `stop`; its listeners are called on it."""

    def __init__(
        self,
        link: StationLink,
        witness: TrailWitness,
        *,
        every_s: tuple[float, float],
        compare_every_s: float,
        changes: Callable[[list[Change]], None],
        standing: Callable[[DatabaseHere], None],
    ) -> None:
        """Args:
        link: The station's own connection.
        witness: What this station has seen of the trail; compared before anything else is asked.
        every_s: Shortest and longest wait between two looks, also while the database is away.
        compare_every_s: Between two comparisons of clocks and versions.
        changes: Hears what was committed.
        standing: Hears how the database stands, at every look.
        """
        self._link, self._feed, self._every_s, self._compare_every_s = link, Feed(link), every_s, compare_every_s
        self._witness = witness
        self._changes, self._standing = changes, standing
        self._stopping, self._now = threading.Event(), threading.Event()
        self._away_since: datetime | None = None
        self._trouble: AppError | None = None
        self._where: Where | None = None
        self._clock = NOT_COMPARED
        self._schema: SchemaDiffers | None = None
        self._schema_at = float("-inf")
        self._compared_at = float("-inf")
        self._sealed_at, self._grown = time.monotonic(), False
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
        try:
            if self._where is None:
                self._where = self._link.where()
            self._witness.look(self._link)
            begun = time.monotonic()
            changes = self._feed.changes()
            took_ms = (time.monotonic() - begun) * 1000
            self._compare()
        except AppError as trouble:
            self._is_away(trouble)
            return
        if self._trouble is not None:
            log("database").info("here again", away_since=str(self._away_since))
        self._away_since = self._trouble = None
        self._say(took_ms)
        if changes:
            self._changes(changes)
        self._seal(grown=bool(changes))

    def _seal(self, *, grown: bool) -> None:
        """A minute of activity is sealed by whichever station comes first; the database gives the others the seal that stands."""
        self._grown = self._grown or grown
        if not self._grown or time.monotonic() - self._sealed_at < SEAL_EVERY_S:
            return
        self._sealed_at, self._grown = time.monotonic(), False
        try:
            self._link.seal("activity")
        except AppError as trouble:  # nothing hangs on this one: the next minute is sealed, or the shift's end
            log("database").warning("not sealed", code=trouble.code, told=str(trouble))

    def _is_away(self, trouble: AppError) -> None:
        """Whatever it is, it is asked again; another kind of trouble counts from now."""
        if type(trouble) is not type(self._trouble):
            self._away_since = clock.now()
            log("database").warning("away", code=trouble.code, told=str(trouble))
        self._trouble = trouble
        self._compared_at = float("-inf")
        self._say(None)

    def _compare(self) -> None:
        if time.monotonic() - self._compared_at < self._compare_every_s:
            return
        self._link.demand_head()
        asked_at, begun = clock.now(), time.monotonic()
        official = self._link.official_time()
        took = timedelta(seconds=time.monotonic() - begun)
        self._clock = ClockOffset.measured(official, asked_at=asked_at, took=took)
        self._compared_at = time.monotonic()
        if time.monotonic() - self._schema_at >= SCHEMA_EVERY_S or self._schema is not None:  # what was mended opens at the next look
            self._schema = refusal_at(self._link)
            self._schema_at = time.monotonic()

    def _say(self, took_ms: float | None) -> None:
        if not self._stopping.is_set():
            here = DatabaseHere(
                away_since=self._away_since,
                trouble=self._trouble,
                answer_ms=took_ms,
                clock=self._clock,
                schema=self._schema,
                where=self._where,
            )
            self._standing(here)
