"""Several stations that go on receiving through whatever happens to the server, each order with one identity to its end."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.database import SignInAgain
from app.core.refusals import DatabaseAway, RecordBusy
from app.core.session import SignedIn
from tests.faults.counting import Told, names
from tests.faults.load import STATIONS, Ground, at_station, receipt
from tests.faults.servers import moment, until
from tests.plant import Plant

AT_ONCE = 2
"""Orders under way at each station, one on each of its connections."""
REST_S = 0.01
VAIN = 3
"""Tries in a row."""


@dataclass
class Journal:
    """What the writers asked and heard, safe for every thread."""

    asked: set[UUID] = field(default_factory=set)
    acknowledged: dict[UUID, float] = field(default_factory=dict)
    """When each answer came, by the monotonic clock."""
    unknown: set[UUID] = field(default_factory=set)
    vain: list[float] = field(default_factory=list)
    """When a try failed."""
    defects: list[BaseException] = field(default_factory=list)

    def told(self) -> Told:
        """As names."""
        return Told(asked=names(self.asked), acknowledged=names(self.acknowledged), unknown=names(self.unknown))


class Station:
    """A receiver at one station: when the connections are gone the password is typed again, and the same order goes on.

    Whoever else is in the middle of an order is let out of it first: no connection is closed under somebody's hands.
    """

    def __init__(self, plant: Plant, code: str) -> None:
        self._plant, self._code = plant, code
        self._session: SignedIn | None = at_station(plant, code)
        self._at_work: Counter[SignedIn] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def session(self) -> Iterator[SignedIn]:
        """Signed in, as soon as the database lets anybody in; who finds the connections lost leaves by `DatabaseAway` or `SignInAgain`."""
        with self._lock:
            if self._session is None:
                self._session = at_station(self._plant, self._code)
            session = self._session
            self._at_work[session] += 1
        try:
            yield session
        except (DatabaseAway, SignInAgain):
            with self._lock:
                if self._session is session:
                    self._session = None
            raise
        finally:
            with self._lock:
                self._at_work[session] -= 1
                if self._session is not session and self._at_work[session] == 0:
                    session.close()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()


class Writers:
    """At work between `start` and `finish`."""

    def __init__(self, plant: Plant, ground: Ground, *, stations: Sequence[str] = STATIONS) -> None:
        self._ground = ground
        self.journal = Journal()
        self._done, self._halted = threading.Event(), False
        self._stations = [Station(plant, code) for code in stations]
        self._threads = [threading.Thread(target=self._work, args=(one,), daemon=True) for one in self._stations for _ in range(AT_ONCE)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def until_more(self, many: int) -> None:
        """Wait for so many answers more, so that the next fault finds everybody at work again."""
        wanted = len(self.journal.acknowledged) + many
        until(lambda: len(self.journal.acknowledged) >= wanted or self.journal.defects, f"{many} answers", every_s=0.005)
        self._raise()

    def silence_since(self, since: float) -> float:
        """Wait until as many answers came after this moment as there are writers; the longest time nobody was answered, in seconds."""
        answers = self.journal.acknowledged
        until(lambda: sum(at > since for at in list(answers.values())) >= len(self._threads) or self.journal.defects, "writing again")
        self._raise()
        heard = [since, *sorted(at for at in list(answers.values()) if at > since)]
        return max(later - earlier for earlier, later in itertools.pairwise(heard))

    def until_nobody_is_answered(self) -> float:
        """Wait until everybody tried in vain several times, and nobody was answered meanwhile; returns when that began."""
        while True:
            answered, began, vain = len(self.journal.acknowledged), time.monotonic(), len(self.journal.vain)
            enough = vain + VAIN * len(self._threads)
            until(lambda enough=enough: len(self.journal.vain) >= enough or self.journal.defects, "tries in vain")
            self._raise()
            if len(self.journal.acknowledged) == answered:
                return began

    def halt(self) -> None:
        """Everybody stops; an order without an answer is not given again."""
        self._halted = True
        self._done.set()
        for thread in self._threads:
            thread.join(60)
        for station in self._stations:
            station.close()

    def finish(self) -> Told:
        """Every order on its way is brought to its end; what they were told."""
        self._done.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "an order never came to its end"
        for station in self._stations:
            station.close()
        self._raise()
        return self.journal.told()

    def _raise(self) -> None:
        if self.journal.defects:
            raise self.journal.defects[0]

    def _work(self, station: Station) -> None:
        try:
            while not self._done.is_set():
                self._bring_to_its_end(station, new_id())
        except BaseException as defect:
            self.journal.defects.append(defect)
            raise

    def _bring_to_its_end(self, station: Station, one: UUID) -> None:
        self.journal.asked.add(one)
        while not self._given(station, one) and not self._halted:
            self.journal.vain.append(time.monotonic())
            moment.wait(REST_S)

    def _given(self, station: Station, one: UUID) -> bool:
        begun = False
        try:
            with station.session() as session:
                begun = True
                session.give(receipt(self._ground, one))
        except RecordBusy:
            return False
        except (DatabaseAway, SignInAgain):
            if begun:
                self.journal.unknown.add(one)
            return False
        except AppError:
            if begun:
                raise
            return False  # nobody is let in at the moment
        self.journal.acknowledged[one] = time.monotonic()
        return True


@contextmanager
def writing(plant: Plant, ground: Ground, *, stations: Sequence[str] = STATIONS) -> Iterator[Writers]:
    """Writers at work; a fault that fails leaves none of them behind."""
    writers = Writers(plant, ground, stations=stations)
    writers.start()
    try:
        yield writers
    finally:
        writers._done.set()
