"""A station's program in a process of its own, to be killed: `python -m tests.core.spool_child FOLDER WHAT [MORE]`.

``hold``: opens the spool, says ``here``, ends with its input. ``write``: puts for ever and prints each identity once it is
acknowledged. ``forward CENTRAL``: the same while it forwards into the SQLite file CENTRAL. ``fill BYTES``: puts until no file may
grow beyond so many bytes, says the refusal, then how it goes on when there is room again.
"""

import itertools
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from app.base.errors import AppError
from app.core.spool.rows import Row
from app.core.spool.spool import Spool
from app.core.spool.standing import Room
from tests.core.spool_station import AT_ONCE, ROOMY


class CentralFile:
    """A central database that outlives the station: one transaction per batch, by id, digests compared."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous = off")  # the machine stays up; only the station dies
        self._connection.execute("CREATE TABLE IF NOT EXISTS entry (n INTEGER PRIMARY KEY, id TEXT UNIQUE, payload BLOB, digest BLOB)")

    def deliver(self, rows: Sequence[Row]) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for row in rows:
                known = self._connection.execute("SELECT digest FROM entry WHERE id = ?", (str(row.id),)).fetchone()
                assert known is None or known[0] == row.digest
                insert = "INSERT OR IGNORE INTO entry (id, payload, digest) VALUES (?, ?, ?)"
                self._connection.execute(insert, (str(row.id), row.payload, row.digest))

    def entries(self) -> list[tuple[str, bytes]]:
        return self._connection.execute("SELECT id, payload FROM entry ORDER BY n").fetchall()

    def close(self) -> None:
        self._connection.close()


def write(spool: Spool) -> None:
    for n in itertools.count():
        for one in spool.put("sample", [f"{n}/{k}".encode() for k in range(1 + n % 3)]):
            print(one, flush=True)


def fill(spool: Spool, most: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    kept = 0
    try:
        while True:
            spool.put("sample", [b"x" * 1_000])
            kept += 1
    except AppError as refused:
        print(refused.code, kept, spool.can_start(), spool.state().fill.value, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    spool.put("sample", [b"the one in the hand"])
    print(spool.state().waiting, spool.check().sound, flush=True)
    sys.stdin.readline()


def main(folder: Path, what: str, *more: str) -> None:
    spool = Spool(folder, room=Room(most_bytes=ROOMY.most_bytes, ballast_bytes=ROOMY.ballast_bytes))
    try:
        spool.open()
    except AppError as refused:
        print(refused.code, flush=True)
        return
    if what == "hold":
        print("here", flush=True)
        sys.stdin.read()
    elif what == "fill":
        fill(spool, int(more[0]))
    else:
        if what == "forward":
            spool.forward(CentralFile(Path(more[0])).deliver, backoff=AT_ONCE)
        write(spool)
    spool.close(10)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
