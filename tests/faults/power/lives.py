"""What a station's program does while it is recorded: puts, forwards, purges, ends and begins again, salvages a damaged file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import psycopg

from app.core.spool import sqlite
from app.core.spool.refusals import StoreDamaged, StoreDiskRefuses
from app.core.spool.rows import Row
from app.core.spool.standing import Room
from tests.core.spool_station import Central, Station
from tests.devices.ear import TurnedClock
from tests.faults.power.known import KILLED, MAY_BE_PURGED, Acknowledged, Given, Known, Stored
from tests.faults.power.recorder import Recorder

SPOOL = "spool/REC-01"
"""Below the disk's top, so that names of folders can be lost, too."""
ROOM = Room(most_bytes=64 * 2**20, ballast_bytes=0)
EIGHT_DAYS_S = timedelta(days=8).total_seconds()
POISON = b"poison "
"""What the central database will never take begins so."""


class TapedCentral(Central):
    """The central database of a life: says what it committed."""

    def __init__(self, recorder: Recorder, before: Central) -> None:
        super().__init__()
        self._recorder = recorder
        self.taken.update(before.taken)

    def deliver(self, rows: Sequence[Row]) -> None:
        refuse_poison(rows)
        super().deliver(rows)
        self._recorder.say(Stored(tuple((row.id, row.payload, row.digest) for row in rows)))


def refuse_poison(rows: Sequence[Row]) -> None:
    if any(row.payload.startswith(POISON) for row in rows):
        raise psycopg.errors.CheckViolation()


@dataclass(kw_only=True)
class Life:
    """One program of the station, recorded."""

    recorder: Recorder
    central: Central
    chance: Random
    first: int
    """Number of its first entry: no payload is given twice."""
    clock: TurnedClock = field(default_factory=TurnedClock)

    def __post_init__(self) -> None:
        self.station = Station(self.recorder.root / SPOOL)
        self.next = self.first

    def start(self) -> None:
        self.station.start(room=ROOM, clock=self.clock)

    def put(self, many: int = 1, *, size: int = 0, poison: bool = False) -> None:
        """One put; its payloads are new."""
        payloads = []
        for _ in range(many):
            payloads.append((POISON if poison else b"") + b"%06d " % self.next + self.chance.randbytes(size))
            self.next += 1
        self.recorder.say(Given(tuple(payloads)))
        self.recorder.say(Acknowledged(self.station.spool.put("sample", payloads)))

    def try_to_put(self, many: int = 1, *, size: int = 0) -> None:
        """One put that may be refused; then it is not put again."""
        with suppress(StoreDiskRefuses):
            self.put(many, size=size)

    def drain(self, batch: int) -> None:
        self.station.drain(self.central, batch=batch)

    def restart(self) -> None:
        self.station.stop()
        self.start()


def a_workday(life: Life) -> None:
    """The first start of a station, a morning without the database, an afternoon with it, the next week."""
    life.start()
    for n in range(12):
        life.put(1 + n % 3, size=life.chance.choice((0, 30, 600)))
    life.put(size=9_000)
    life.put(poison=True)
    life.drain(batch=5)
    for _ in range(6):
        life.put(size=100)
    life.station.until_nothing_waits()
    life.restart()
    life.put(3)
    life.recorder.say(MAY_BE_PURGED)
    life.clock.turn(EIGHT_DAYS_S)
    life.drain(batch=50)
    life.station.until_nothing_waits()
    life.restart()
    life.drain(batch=50)
    for _ in range(4):
        life.put(2, size=50)
    life.station.until_nothing_waits()
    life.station.stop()


def a_long_morning(life: Life) -> None:
    """Puts alone, as fast as they come, with all sizes."""
    life.start()
    for _ in range(60):
        life.put(life.chance.randint(1, 4), size=int(life.chance.expovariate(1 / 400)))
    life.station.stop()


def a_day_of_large_ones(life: Life) -> None:
    """Pictures of 80 kB, so that a journal as long as SQLite lets it grow is brought in, and begun anew."""
    life.start()
    for _ in range(70):
        life.put(size=80_000)
    life.drain(batch=20)
    life.station.stop()


def a_morning_with_refusals(life: Life) -> None:
    """Puts, and some forwarding, on a disk that may refuse now and then; what was refused is not put again. Ends killed."""
    for _ in range(2):
        with suppress(StoreDiskRefuses):
            life.start()
            break
    for n in range(10):
        life.try_to_put(1 + n % 2, size=life.chance.choice((0, 700)))
    life.drain(batch=4)
    for _ in range(5):
        life.try_to_put(size=100)
    life.station.until_nothing_waits()
    life.recorder.say(KILLED)
    life.station.stop()


def a_day_after_a_cut(life: Life) -> None:
    """Begins with whatever a power cut left, forwards, goes on."""
    life.start()
    for _ in range(4):
        life.put(2, size=200)
    life.drain(batch=4)
    for _ in range(4):
        life.put(size=200)
    life.station.until_nothing_waits()
    life.station.stop()


def a_salvage(life: Life) -> None:
    """Begins with a damaged file, goes on in the next one; a disk that refused once may be asked again."""
    try:
        life.start()
    except StoreDiskRefuses:
        life.start()
    assert life.station.ear.codes == [StoreDamaged.code]
    life.try_to_put(2)
    life.try_to_put(size=500)
    life.drain(batch=8)
    life.try_to_put()
    life.station.until_nothing_waits()
    life.station.stop()


@contextmanager
def settings(**changed: tuple[str, object]) -> Iterator[None]:
    """The spool with weaker settings than its own, which it does not offer: for the trial of the harness alone."""
    weak = tuple((name, *changed[name]) if name in changed else (name, asked, wanted) for name, asked, wanted in sqlite._SAFE)
    assert weak != sqlite._SAFE
    with patch.object(sqlite, "_SAFE", weak):
        yield


Plot = Callable[[Life], None]
FILE = f"{SPOOL}/outbox-0001.sqlite"


def damaged(folder: Path, *, entries: int) -> tuple[dict[str, bytes], Known]:
    """A spool whose file has lost the head of its first page, which costs no entry; and what it had acknowledged."""
    station, known = Station(folder / SPOOL), Known()
    spool = station.start(room=ROOM)
    for n in range(entries):
        payload = b"%06d " % n + b"x" * (n % 7 * 100)
        known.hear(Given((payload,)))
        known.hear(Acknowledged(spool.put("sample", [payload])))
    station.stop()
    held = kept_on(folder)
    held[FILE] = bytes(byte ^ 0x55 for byte in held[FILE][:60]) + held[FILE][60:]
    return held, known


PLOTS: Mapping[str, Plot] = {"put, forward, purge": a_workday, "put": a_long_morning}


def kept_on(disk: Path) -> dict[str, Any]:
    """Every file below a folder, by its path."""
    return {file.relative_to(disk).as_posix(): file.read_bytes() for file in disk.rglob("*") if file.is_file()}
