"""A backlog of a station drains into the real database: machine samples a second, stored, digested and in the trail; beside a bare COPY."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event

from app.capture.delivery import KIND, Taken, spooled
from app.capture.forwarding import Forwarding
from app.capture.turned_away import TurnedAway
from app.core.spool.rows import Row
from app.core.spool.spool import Spool
from app.core.spool.standing import Room
from tests.bench.measuring import Figure, Plant
from tests.capture.recording_station import enter_channels, register_machine

CODE, CHANNELS = "TC-01", 10
ROOM = Room(most_bytes=2 * 2**30, ballast_bytes=0)
GOAL = 15_000
_COPY = "COPY bench_sample (channel, at, value, quality, raw, batch) FROM STDIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits after an outage."""

    name: str
    entries: int
    looks: int
    """Looks at the machine in one entry; each gives a sample of every channel."""


FAST = Backlog(name="1 000 values a second", entries=300, looks=100)
SLOW = Backlog(name="20 values a second", entries=4_000, looks=2)


def run(plant: Plant) -> list[Figure]:
    """Two outages: of a machine that says much in one entry of the spool, and of one that says little in each of many."""
    enter_channels(plant, register_machine(plant, CODE), [f"channel_{n}" for n in range(CHANNELS)])
    with plant.superuser() as superuser:
        superuser.execute("CREATE TABLE bench_sample (LIKE lineside.sample)")
    begin = datetime.now(UTC) - timedelta(hours=2)
    figures = []
    for backlog in (FAST, SLOW):
        figures.append(_drained(plant, backlog, begin))
        begin += timedelta(hours=1)
    return figures


def _drained(plant: Plant, backlog: Backlog, begin: datetime) -> Figure:
    each = backlog.looks * CHANNELS
    entries = [_entry(backlog, n, begin) for n in range(backlog.entries)]
    link = plant.link()
    with tempfile.TemporaryDirectory(prefix="ls-bench-") as name:
        spool = Spool(Path(name) / "spool", room=ROOM)
        spool.open()
        try:
            for payload in entries:
                spool.put(KIND, [payload])
            seconds = _seconds(spool, Forwarding(link, TurnedAway(), lambda _: None), backlog.entries)
        finally:
            spool.close(60)
            link.close()
    stored = plant.rows("SELECT count(*) FROM lineside.sample s WHERE s.at >= %s AND s.at < %s", begin, begin + timedelta(hours=1))[0][0]
    assert stored == backlog.entries * each, f"{stored} of {backlog.entries * each} are stored"
    rate, bare = backlog.entries * each / seconds, _bare(plant, backlog, begin)
    return Figure(
        name=f"spool: drain into the database, {backlog.name}",
        unit="values/s",
        median=rate,
        p95=rate,
        goal=f">= {GOAL} values/s",
        holds=rate >= GOAL,
        limit=f"{backlog.entries / seconds:.0f} entries/s of {each} values; the same rows by a bare COPY {bare:.0f}/s",
    )


def _entry(backlog: Backlog, no: int, begin: datetime) -> bytes:
    looks = range(no * backlog.looks, (no + 1) * backlog.looks)
    told = [
        Taken(
            channel=f"channel_{channel}",
            at=begin + timedelta(milliseconds=10 * look),
            value=Decimal(look % 60_000),
            quality="good",
            cycle=None,
            raw=(look % 60_000,),
        )
        for look in looks
        for channel in range(CHANNELS)
    ]
    return spooled(CODE, told)


def _seconds(spool: Spool, forwarding: Forwarding, entries: int) -> float:
    """From the first batch's beginning to the last one's end."""
    left, through, begun = entries, Event(), time.perf_counter()

    def deliver(rows: Sequence[Row]) -> None:
        nonlocal left
        forwarding(rows)
        left -= len(rows)
        if left <= 0:
            through.set()

    spool.forward(deliver)
    assert through.wait(600)
    return time.perf_counter() - begun


def _bare(plant: Plant, backlog: Backlog, begin: datetime) -> float:
    """Rows a second that COPY brings into a table without index, trail or digest, one transaction an entry, each on the disk."""
    channel, batch = plant.rows("SELECT channel, batch FROM lineside.sample LIMIT 1")[0]
    rates = []
    with plant.superuser() as connection, connection.cursor() as cursor:
        for no in range(min(backlog.entries, 300)):
            begun = time.perf_counter()
            with cursor.copy(_COPY) as copy:
                for n in range(backlog.looks * CHANNELS):
                    copy.write_row((channel, begin + timedelta(seconds=no, milliseconds=n), n, "good", "0000", batch))
            rates.append(backlog.looks * CHANNELS / (time.perf_counter() - begun))
    return statistics.median(rates)
