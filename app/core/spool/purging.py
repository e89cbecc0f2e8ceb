"""Forwarded entries leave the file some days later; the chain keeps what it needs to leap over them."""

from __future__ import annotations

import sqlite3
from itertools import pairwise

from app.core.spool.outbox_file import OutboxFile
from app.core.spool.sqlite import explained, transaction

AT_ONCE = 1_000
"""Entries per transaction, so that whoever puts waits for milliseconds only."""

Forwarded = tuple[int, bytes, bytes]
"""seq, prev, hash"""


def purge(file: OutboxFile, *, settled_before: str | None) -> int:
    """Take out up to a thousand of the oldest forwarded entries.

    Args:
        file: Where.
        settled_before: Only those forwarded before this workstation time (ISO 8601, UTC); ``None``: whatever their age.

    Returns:
        How many went; less than a thousand: there are no more of them.
    """
    statement = "SELECT seq, prev, hash, settled FROM outbox WHERE state = 'done' ORDER BY seq LIMIT ?"
    with explained(file.path.parent):
        oldest = file.connection.execute(statement, (AT_ONCE,)).fetchall()
        due: list[Forwarded] = [
            (seq, prev, last) for seq, prev, last, settled in oldest if settled_before is None or settled < settled_before
        ]
        if due:
            with transaction(file.connection):
                for stretch in stretches(due):
                    _take_out(file.connection, stretch)
    return len(due)


def stretches(entries: list[Forwarded]) -> list[list[Forwarded]]:
    """Entries in order, cut where the numbers leap."""
    found = [entries[:1]]
    for before, entry in pairwise(entries):
        if entry[0] == before[0] + 1:
            found[-1].append(entry)
        else:
            found.append([entry])
    return found


def _take_out(connection: sqlite3.Connection, stretch: list[Forwarded]) -> None:
    """Delete one stretch and note it, grown together with the stretches at its two ends."""
    (first, prev, _), (last, _, end) = stretch[0], stretch[-1]
    connection.execute("DELETE FROM outbox WHERE seq BETWEEN ? AND ?", (first, last))
    left = connection.execute("DELETE FROM gone WHERE last = ? RETURNING first, prev", (first - 1,)).fetchone()
    right = connection.execute("DELETE FROM gone WHERE first = ? RETURNING last, hash", (last + 1,)).fetchone()
    first, prev = left or (first, prev)
    last, end = right or (last, end)
    connection.execute("INSERT INTO gone VALUES (?, ?, ?, ?)", (first, last, prev, end))
