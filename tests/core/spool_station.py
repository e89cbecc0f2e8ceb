"""A station with a spool, somebody who listens to it, and a believable central database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, get_ident
from time import monotonic
from uuid import UUID

from app.base.errors import AppError
from app.core.refusals import DatabaseAway
from app.core.spool.refusals import OtherContent
from app.core.spool.rows import Row
from app.core.spool.spool import Spool
from app.core.spool.standing import Quarantined, Room, SpoolState
from app.devices.settings import Backoff, Clock

PATIENCE_S = 20.0
AT_ONCE = Backoff(first_s=0.001, longest_s=0.002)
ROOMY = Room(most_bytes=64 * 2**20, ballast_bytes=64 * 1024)


def _until(so: Callable[[], bool], news: Condition, otherwise: Callable[[], str]) -> None:
    until = monotonic() + PATIENCE_S
    with news:
        while not so():
            assert monotonic() < until, otherwise()
            news.wait(0.01)


class SpoolEar:
    """Keeps what the spool tells."""

    def __init__(self) -> None:
        self.states: list[SpoolState] = []
        self.set_aside: list[Quarantined] = []
        self.troubles: list[AppError] = []
        self.news = Condition()

    def state(self, state: SpoolState) -> None:
        self._keep(self.states, state)

    def quarantined(self, entry: Quarantined) -> None:
        self._keep(self.set_aside, entry)

    def trouble(self, trouble: AppError) -> None:
        self._keep(self.troubles, trouble)

    @property
    def codes(self) -> list[str]:
        return [trouble.code for trouble in self.troubles]

    def until(self, heard: Callable[[], bool]) -> None:
        """Wait until it is so; looked at when something is told, and now and then: not every number is told."""
        _until(heard, self.news, lambda: f"heard only {self.states[-3:]}, {self.codes}")

    def _keep(self, kind: list, what: object) -> None:
        with self.news:
            kind.append(what)
            self.news.notify_all()


class Central:
    """The central database: commits a batch whole or not at all, knows what it has by id, and breaks off as the test wishes."""

    def __init__(self) -> None:
        self.taken: dict[UUID, Row] = {}
        self.asked: list[list[UUID]] = []
        self.threads: set[int] = set()
        self.troubles: list[Exception] = []
        """Raised instead of taking anything, one per try."""
        self.lost_replies = 0
        """So many next batches are committed, and the reply is lost."""
        self.away = False
        self.refused: dict[bytes, Exception] = {}
        """What is raised for a batch that holds this payload."""
        self.news = Condition()
        self._held = self._inside = False

    def deliver(self, rows: Sequence[Row]) -> None:
        self.threads.add(get_ident())
        with self.news:
            self._inside = True
            self.news.notify_all()
            assert self.news.wait_for(lambda: not self._held, PATIENCE_S)
            self._inside = False
        self.asked.append([row.id for row in rows])
        if self.away:
            raise DatabaseAway()
        if self.troubles:
            raise self.troubles.pop(0)
        for row in rows:
            if row.payload in self.refused:
                raise self.refused[row.payload]
            known = self.taken.get(row.id)
            if known is not None and known.digest != row.digest:
                raise OtherContent(id=row.id)
        self.taken.update({row.id: row for row in rows if row.id not in self.taken})
        if self.lost_replies:
            self.lost_replies -= 1
            raise DatabaseAway()

    @property
    def payloads(self) -> list[bytes]:
        """What was taken, in the order it came first."""
        return [row.payload for row in self.taken.values()]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whoever delivers waits inside; on leaving, it goes on."""
        with self.news:
            self._held = True
        try:
            yield
        finally:
            with self.news:
                self._held = False
                self.news.notify_all()

    def until_somebody_waits_inside(self, or_else: Callable[[], bool] = lambda: False) -> None:
        _until(lambda: self._inside or or_else(), self.news, lambda: "nobody delivers")


class Station:
    """One station's folder and the program that works with it, started and ended as the test wishes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ear = SpoolEar()
        self._open: Spool | None = None

    @property
    def spool(self) -> Spool:
        assert self._open is not None
        return self._open

    def start(self, *, room: Room = ROOMY, clock: Clock | None = None) -> Spool:
        self.ear = SpoolEar()
        spool = Spool(self.folder, room=room, clock=clock)
        spool.subscribe(self.ear)
        spool.open()
        self._open = spool
        return spool

    def stop(self) -> None:
        spool, self._open = self._open, None
        if spool is not None:
            assert spool.close(PATIENCE_S)

    def restart(self, *, room: Room = ROOMY, clock: Clock | None = None) -> Spool:
        self.stop()
        return self.start(room=room, clock=clock)

    def forward(self, central: Central, *, batch: int = 500) -> None:
        self.spool.forward(central.deliver, backoff=AT_ONCE, batch=batch)

    def drain(self, central: Central, *, batch: int = 500) -> Central:
        """Forward until nothing waits."""
        self.forward(central, batch=batch)
        self.until_nothing_waits()
        return central

    def until_nothing_waits(self) -> None:
        self.ear.until(lambda: self.spool.state().waiting == 0)

    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir() if file.suffix == ".sqlite")

    def file(self, number: int = 1) -> Path:
        return self.folder / f"outbox-{number:04}.sqlite"

    def ask(self, question: str, *values: object, number: int = 1) -> list[tuple]:
        """Ask the file itself, as somebody with a plain SQL tool does; only while no program has it."""
        connection = sqlite3.connect(self.file(number), isolation_level=None)
        try:
            return connection.execute(question, values).fetchall()
        finally:
            connection.close()

    def crashed_copy(self, to: Path) -> Station:
        """The folder as a killed program leaves it at this moment. Nobody may be writing."""
        to.mkdir()
        for file in self.folder.iterdir():
            if file.name.startswith(("outbox-", "acknowledged")):
                shutil.copyfile(file, to / file.name)
        return Station(to)
