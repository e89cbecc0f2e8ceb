"""Walks the chain of a file: every entry as it was kept, every one bound to the one before, none missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.core.spool.outbox_file import COLUMNS, Head, OutboxFile
from app.core.spool.rows import Stored
from app.core.spool.sqlite import explained

AT_ONCE = 1_000
"""Entries per step, so that whoever puts waits for milliseconds only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFindings:
    """What a walk found; sound when both lists are empty."""

    entries: int
    rotten: tuple[int, ...] = ()
    """`seq` of entries whose content is not what was hashed."""
    breaks: tuple[int, ...] = ()
    """`seq` of entries that do not follow the one before: something was taken out, put in or cut off there."""

    @property
    def sound(self) -> bool:
        """Nothing was found."""
        return not self.rotten and not self.breaks

    def and_then(self, more: ChainFindings) -> ChainFindings:
        """Both findings, one after the other."""
        return ChainFindings(entries=self.entries + more.entries, rotten=self.rotten + more.rotten, breaks=self.breaks + more.breaks)


def beginning(file: OutboxFile) -> Head:
    """Where a walk over everything begins."""
    return Head(chain=file.chain, seq=0, hash=file.genesis)


def before_the_waiting(file: OutboxFile) -> Head:
    """Where a walk begins that sees only what still has to be forwarded, and what came after it."""
    with explained(file.path.parent):
        (first,) = file.connection.execute("SELECT min(seq) FROM outbox INDEXED BY outbox_waiting WHERE state = 'waiting'").fetchone()
        seq = file.head.seq if first is None else first - 1
        found = file.connection.execute("SELECT hash FROM outbox WHERE seq = ? UNION SELECT hash FROM gone WHERE last = ?", (seq, seq))
        row = found.fetchone()
    return beginning(file) if row is None else Head(chain=file.chain, seq=seq, hash=row[0])


def step(file: OutboxFile, place: Head) -> tuple[Head, ChainFindings]:
    """Walk on for up to a thousand entries; at the end the place stays where it is and the findings are empty.

    Args:
        file: Purging between two steps does no harm.
        place: The last entry that was walked over; one of another chain begins anew.
    """
    if place.chain != file.chain:
        place = beginning(file)
    with explained(file.path.parent):
        rows = file.connection.execute(f"SELECT {COLUMNS} FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?", (place.seq, AT_ONCE))
        entries = [Stored._make(row) for row in rows]
    rotten: list[int] = []
    breaks: list[int] = []
    for entry in entries:
        place = _leap(file, place, upto=entry.seq)
        if (entry.seq, entry.prev) != (place.seq + 1, place.hash):
            breaks.append(entry.seq)
        if not entry.sound:
            rotten.append(entry.seq)
        place = Head(chain=file.chain, seq=entry.seq, hash=entry.hash)
    if not entries:
        place = _leap(file, place, upto=None)
        with explained(file.path.parent):
            given = file.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        if given is not None and given[0] > place.seq:
            breaks.append(place.seq + 1)
    return place, ChainFindings(entries=len(entries), rotten=tuple(rotten), breaks=tuple(breaks))


def walk(file: OutboxFile, place: Head) -> ChainFindings:
    """Everything after `place` in one go."""
    found = ChainFindings(entries=0)
    while True:
        place, more = step(file, place)
        found = found.and_then(more)
        if not more.entries:
            return found


def _leap(file: OutboxFile, place: Head, *, upto: int | None) -> Head:
    """Leap over the stretch of purged entries that begins here, if there is one and it binds to this place."""
    next_seq = place.seq + 1
    if next_seq == upto:
        return place
    with explained(file.path.parent):
        statement = "SELECT first, last, prev, hash FROM gone WHERE first <= ? AND last >= ?"
        row = file.connection.execute(statement, (next_seq, next_seq)).fetchone()
    if row is None or (row[0] == next_seq and row[2] != place.hash):
        return place
    return replace(place, seq=row[1], hash=row[3])
