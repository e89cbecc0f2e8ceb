"""The station's spool: one reading put beside a bare fsync, also while a backlog drains; the drain beside a bare SQLite file."""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from threading import Event

from app.core.spool.rows import Row
from app.core.spool.spool import BATCH, Spool
from app.core.spool.standing import Room
from tests.bench.measuring import Figure, percentiles, timed

PUTS = 3_000
BACKLOG = 200_000
HOURS_72 = 72 * 3_600
READING = b"x" * 150
ROOM = Room(most_bytes=2 * 2**30, ballast_bytes=0)


def run() -> list[Figure]:
    """All on one disk, the one that temporary files lie on."""
    with tempfile.TemporaryDirectory(prefix="ls-bench-") as name:
        folder = Path(name)
        with _spool(folder / "put") as spool:
            puts, bare = _puts_beside_bare(spool, folder / "bare")
            figures = [_put_figure("spool: put of one reading", puts, bare)]
        with _spool(folder / "drain") as spool:
            for _ in range(BACKLOG // BATCH):
                spool.put("reading", [READING] * BATCH)
            size = sum(file.stat().st_size for file in (folder / "drain").glob("*.sqlite"))
            rates, busy_puts, busy_bare = _drain(spool, folder / "bare")
            figures += [
                _put_figure("spool: put of one reading while a backlog drains", busy_puts, busy_bare),
                _drain_figure(rates, _bare_drain(folder / "bare.sqlite")),
                _size_figure(size / BACKLOG),
            ]
    return figures


@contextmanager
def _spool(folder: Path) -> Iterator[Spool]:
    spool = Spool(folder, room=ROOM)
    spool.open()
    try:
        yield spool
    finally:
        spool.close(60)


def _puts_beside_bare(spool: Spool, file: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of each put, and of 4 kB appended to a file and brought to the disk, in turn."""
    puts, bare = [], []
    with file.open("wb", buffering=0) as out:
        for _ in range(PUTS):
            puts.append(timed(lambda: spool.put("reading", [READING])))
            bare.append(timed(lambda: _to_disk(out)))
    return puts, bare


def _to_disk(out: FileIO) -> None:
    out.write(b"x" * 4_096)
    os.fsync(out.fileno())


def _drain(spool: Spool, file: Path) -> tuple[list[float], list[float], list[float]]:
    """Entries a second, batch by batch, with a database that takes no time; what a put and a bare fsync take meanwhile, in ms."""
    marks: list[float] = []
    sizes: list[int] = []
    through = Event()

    def deliver(rows: Sequence[Row]) -> None:
        marks.append(time.perf_counter())
        sizes.append(len(rows))
        if sum(sizes) >= BACKLOG:
            through.set()

    spool.forward(deliver)
    puts, bare = [], []
    with file.open("wb", buffering=0) as out:
        while not through.is_set():
            puts.append(timed(lambda: spool.put("reading", [READING])))
            bare.append(timed(lambda: _to_disk(out)))
            through.wait(0.005)  # a machine that speaks 200 times a second
    full = [n for n in range(len(marks) - 1) if sizes[n] == BATCH]
    return [BATCH / (marks[n + 1] - marks[n]) for n in full], puts, bare


def _bare_drain(file: Path) -> list[float]:
    """Entries a second that SQLite alone reads and marks, as safely and as many at once."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("locking_mode = exclusive", "journal_mode = wal", "synchronous = full"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE outbox (seq INTEGER PRIMARY KEY, payload BLOB, state TEXT)")
    with connection:
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO outbox VALUES (?, ?, 'waiting')", [(n, b"x" * 400) for n in range(BACKLOG)])
    rates = []
    for first in range(0, BACKLOG, BATCH):
        begun = time.perf_counter()
        rows = connection.execute("SELECT * FROM outbox WHERE seq >= ? ORDER BY seq LIMIT ?", (first, BATCH)).fetchall()
        with connection:
            connection.execute("BEGIN")
            connection.executemany("UPDATE outbox SET state = 'done' WHERE seq = ?", [row[:1] for row in rows])
        rates.append(BATCH / (time.perf_counter() - begun))
    connection.close()
    return rates


def _put_figure(name: str, puts: list[float], bare: list[float]) -> Figure:
    (median, p95), p99 = percentiles(puts), _p99(puts)
    return Figure(
        name=name,
        unit="ms",
        median=median,
        p95=p95,
        goal="p99 <= 30 ms",
        holds=p99 <= 30,
        limit=f"p99 {p99:.2f} ms; 4 kB and fsync {statistics.median(bare):.2f} ms, p99 {_p99(bare):.2f} ms",
    )


def _drain_figure(rates: list[float], bare: list[float]) -> Figure:
    median = statistics.median(rates)
    return Figure(
        name="spool: drain with a database that takes no time",
        unit="rows/s",
        median=median,
        p95=statistics.quantiles(rates, n=20)[0],
        goal=">= 15 000 rows/s",
        holds=median >= 15_000,
        limit=f"bare SQLite, read and marked {statistics.median(bare):.0f} rows/s",
    )


def _size_figure(bytes_each: float) -> Figure:
    megabytes = bytes_each * HOURS_72 / 1e6
    return Figure(
        name="spool: 72 h at one reading of 150 bytes a second",
        unit="MB",
        median=megabytes,
        p95=megabytes,
        goal="<= 400 MB",
        holds=megabytes <= 400,
        limit=f"{bytes_each:.0f} bytes an entry; the payload alone {150 * HOURS_72 / 1e6:.0f} MB",
    )


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]
