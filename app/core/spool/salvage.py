"""What is done with a damaged file: it is not deleted, mended or moved, and everything sound in it is carried into the next one.

The new file has a chain of its own that names the damaged one and its SHA-256. A power cut meanwhile leaves the damaged file in charge;
the salvage is done again.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import Any

from app.base.phrases import Phrase
from app.core.spool.numbered_files import begin, finish, next_name
from app.core.spool.outbox_file import COLUMNS, Former, Head, OutboxFile, head_is_ours, open_file
from app.core.spool.refusals import StoreDamaged
from app.core.spool.rows import State, Stored
from app.core.spool.sqlite import FileDamaged, FileOfAnother, connect, explained, transaction

AT_ONCE = 500
LEAST_BYTES = 150
"""No entry takes less of the file: a number that was damaged cannot make the search endless."""
_IN_STRETCH = "SELECT seq FROM outbox WHERE seq BETWEEN ? AND ? ORDER BY seq"


def go_on_in_a_new_file(damaged: Path, why: FileDamaged, *, acknowledged: Head | None, opened: str) -> tuple[OutboxFile, StoreDamaged]:
    """Carry every entry that is still what was kept into the next file; undelivered ones and forwarded ones alike.

    Args:
        damaged: Closed by now.
        why: What was found.
        acknowledged: What the witness knows.
        opened: Workstation time, ISO 8601.

    Returns:
        The new file, open, and what to tell about it.

    Raises:
        StoreDiskRefuses: the damaged file is as it was; the next start tries again.
    """
    folder = damaged.parent
    with explained(folder), damaged.open("rb") as bytes_of:
        digest = file_digest(bytes_of, "sha256").digest()
    new = begin(folder, Former(file=damaged.name, digest=digest, reason=str(why)), opened)
    try:
        salvaged, left = _carry_over(damaged, acknowledged, new)
        left = None if isinstance(why, FileOfAnother) else left
        with explained(folder), transaction(new.connection):
            new.connection.execute("UPDATE chain SET salvaged = ?, left_behind = ?", (salvaged, left))
    except BaseException:
        new.close()
        raise
    path = finish(new, next_name(damaged))
    with suppress(OSError):
        damaged.chmod(0o400)
    lost = Phrase("an unknown number") if left is None else left
    return open_file(path), StoreDamaged(reason=why.reason, salvaged=salvaged, left=lost, file=damaged.name)


def _carry_over(damaged: Path, acknowledged: Head | None, new: OutboxFile) -> tuple[int, int | None]:
    """How many entries came over, and how many did not; ``None``: the file tells nothing at all."""
    salvaged = left = 0
    batch: list[Stored] = []
    with _readable(damaged, new) as connection:
        if connection is None:
            return 0, None
        for seq in _numbers(connection, acknowledged, most=damaged.stat().st_size // LEAST_BYTES):
            # Each is looked up by itself, so that a broken page costs its own entries only.
            rows = _ask(connection, f"SELECT {COLUMNS} FROM outbox WHERE seq = ?", seq)
            entry = Stored._make(rows[0]) if rows else None
            if entry is None or not entry.sound:
                left += 1
                continue
            batch.append(_fit(entry))
            salvaged += 1
            if len(batch) == AT_ONCE:
                new.append(batch)
                batch.clear()
        new.append(batch)
    if not salvaged and not head_is_ours(damaged):
        return 0, None  # never ours, or nothing of it is left: what was counted in it means nothing
    return salvaged, left


def _fit(entry: Stored) -> Stored:
    """A sound entry whose standing, which no hash covers, may have rotted: in doubt it waits and is sent again."""
    state = entry.state if entry.state in set(State) else State.WAITING.value
    error, settled = (text if isinstance(text, str) else "" for text in (entry.error, entry.settled))
    return entry._replace(state=state, error=error, settled=settled)


@contextmanager
def _readable(damaged: Path, new: OutboxFile) -> Iterator[sqlite3.Connection | None]:
    """The damaged file, or a copy with a whole first page, or ``None`` when neither can be read.

    The first page holds no entries, only the head of the file and what its tables are; in every file of ours it is the same. Without
    it nothing could be read, so the copy borrows it from the new file.
    """
    copy = damaged.with_name("outbox.mended")
    journals = [Path(f"{file}-wal") for file in (damaged, copy)]
    try:
        connection = _open_to_read(damaged) if head_is_ours(damaged) else None
        if connection is None:
            with explained(damaged.parent):
                shutil.copyfile(damaged, copy)
                if journals[0].exists():
                    shutil.copyfile(*journals)
                with copy.open("r+b") as out:
                    out.write(new.first_page())
            connection = _open_to_read(copy)
        try:
            yield connection
        finally:
            if connection is not None:
                connection.close()
    finally:
        with explained(damaged.parent):
            for file in (copy, journals[1]):
                file.unlink(missing_ok=True)


def _open_to_read(file: Path) -> sqlite3.Connection | None:
    try:
        connection = connect(file, new=False)
    except FileDamaged:
        return None
    if _ask(connection, "SELECT seq FROM outbox LIMIT 0") is None:
        connection.close()
        return None
    return connection


def _numbers(connection: sqlite3.Connection, acknowledged: Head | None, *, most: int) -> Iterator[int]:
    """All numbers that were given and not purged, as far as the file and the witness still tell.

    Args:
        connection: To the damaged file.
        acknowledged: What the witness knows; counts if the file does not name another chain.
        most: More entries than this cannot be in the file.
    """
    chain = _ask(connection, "SELECT id FROM chain")
    known = acknowledged.seq if acknowledged and (not chain or chain[0][0] == acknowledged.chain) else 0
    said = _ask(connection, "SELECT first, last FROM gone WHERE typeof(prev) || typeof(hash) = 'blobblob' ORDER BY first")
    seq: int = 1 if said is not None else (_ask(connection, "SELECT min(seq) FROM outbox") or [(1,)])[0][0] or 1
    gone = [stretch for stretch in said or () if stretch[0] <= stretch[1]]
    most += seq + sum(last - first + 1 for first, last in gone)
    ends = (_ask(connection, "SELECT max(seq) FROM outbox") or []) + (_ask(connection, "SELECT max(seq) FROM sqlite_sequence") or [])
    last = max((end for (end,) in ends if isinstance(end, int) and end <= most), default=0)
    last = max(last, known)
    for first_gone, last_gone in gone:
        yield from range(seq, min(first_gone, last + 1))
        yield from (here for (here,) in _ask(connection, _IN_STRETCH, first_gone, last_gone) or ())  # the stretch may be what is rotten
        seq = max(seq, last_gone + 1)
    yield from range(seq, last + 1)


def _ask(connection: sqlite3.Connection, question: str, *values: object) -> list[Any] | None:
    """What can still be read; ``None`` where the file is broken."""
    try:
        return connection.execute(question, values).fetchall()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None
