"""The spool's file: appends entries to their chain, gives them out in order, notes what became of them. Not for two threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.spool.refusals import StoreDiskRefuses, StoreNewer
from app.core.spool.rows import Row, State, Stored, hash_of
from app.core.spool.schema import FORMAT, OURS, STATEMENTS
from app.core.spool.sqlite import FileDamaged, connect, explained, transaction

COLUMNS = ", ".join(Stored._fields)
_HEAD_BYTES = 100
_CHAIN = b"lineside spool chain 1\0"
_APPEND = f"INSERT INTO outbox ({COLUMNS}) VALUES ({', '.join('?' * len(Stored._fields))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of a chain; of an empty one its beginning."""

    chain: bytes
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """Of which damaged file a chain goes on."""

    file: str
    digest: bytes
    reason: str


NO_FORMER = Former(file="", digest=b"", reason="")


class OutboxFile:
    """One open file. Every method that writes has written to the disk when it returns.

    Any method may raise `FileDamaged` and `StoreDiskRefuses`; then nothing of it was written.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.connection = path, connection
        with explained(path.parent):
            row = connection.execute("SELECT id, opened, former, former_digest, reason FROM chain").fetchone()
            if row is None:
                raise FileDamaged(Phrase("its chain has no beginning"))
            self.chain: bytes = row[0]
            self.former: str = row[2]
            self.genesis = _genesis(*row)
            last = connection.execute("SELECT seq, hash FROM outbox ORDER BY seq DESC LIMIT 1").fetchone()
            gone = connection.execute("SELECT last, hash FROM gone ORDER BY last DESC LIMIT 1").fetchone()
        seq, found = max([row for row in (last, gone) if row is not None], default=(0, self.genesis))
        if not isinstance(found, bytes) or len(found) != sha256().digest_size:
            raise FileDamaged(Phrase("its last entry cannot be read"))
        self.head = Head(chain=self.chain, seq=seq, hash=found)

    def append(self, entries: Sequence[Stored]) -> None:
        """Keep entries, all or none, at the end of the chain; their `seq`, `prev` and `hash` are made here."""
        seq, prev, linked = self.head.seq, self.head.hash, []
        for entry in entries:
            seq += 1
            found = hash_of(entry, seq=seq, prev=prev)
            linked.append(entry._replace(seq=seq, prev=prev, hash=found))
            prev = found
        with explained(self.path.parent), transaction(self.connection):
            self.connection.executemany(_APPEND, linked)
        self.head = Head(chain=self.chain, seq=seq, hash=prev)

    def waiting(self, limit: int) -> list[Stored]:
        """The oldest entries that wait, in their order."""
        found = self._rows("INDEXED BY outbox_waiting WHERE state = 'waiting' ORDER BY seq LIMIT ?", limit)
        if any(entry.state != State.WAITING for entry in found):
            raise FileDamaged(Phrase("index and table differ"))
        return found

    def quarantined(self) -> list[Stored]:
        """All entries that were set aside, in their order."""
        return self._rows("INDEXED BY outbox_quarantined WHERE state = 'quarantined' ORDER BY seq")

    def settle(self, rows: Sequence[Row], at: str) -> int:
        """Note that entries are in the database; returns how many of them still waited here."""
        if self._are_a_stretch(rows):
            stretch = [(at, rows[0].seq, rows[-1].seq)]
            return self._change("UPDATE outbox SET state = 'done', settled = ? WHERE seq BETWEEN ? AND ? AND state = 'waiting'", stretch)
        changes = [(at, row.seq, row.id.bytes) for row in rows]
        settled = self._change("UPDATE outbox SET state = 'done', settled = ? WHERE seq = ? AND id = ? AND state = 'waiting'", changes)
        if settled < len(rows):  # they came from a file that was left meanwhile: here they have other places
            others = [(at, row.id.bytes) for row in rows]
            settled += self._change("UPDATE outbox SET state = 'done', settled = ? WHERE id = ? AND state = 'waiting'", others)
        return settled

    def settle_named(self, ids: Iterable[bytes], note: str, at: str) -> int:
        """Note that entries came to their end on another way than ours, with what was said of them; returns how many waited."""
        changes = [(note, at, one) for one in ids]
        return self._change("UPDATE outbox SET state = 'done', error = ?, settled = ? WHERE id = ? AND state = 'waiting'", changes)

    def set_aside(self, seqs: Iterable[int], reason: str, at: str) -> int:
        """Note that entries of this file cannot be forwarded; returns how many waited."""
        changes = [(reason, at, seq) for seq in seqs]
        statement = "UPDATE outbox SET state = 'quarantined', error = ?, settled = ? WHERE seq = ? AND state = 'waiting'"
        return self._change(statement, changes)

    def send_again(self, ids: Iterable[bytes]) -> int:
        """Let entries wait again that were set aside; returns how many."""
        changes = [(one,) for one in ids]
        statement = "UPDATE outbox SET state = 'waiting', error = '', settled = '' WHERE id = ? AND state = 'quarantined'"
        return self._change(statement, changes)

    def find(self, row: Row) -> Stored | None:
        """An entry that was given out, at its place or, in a file begun since, at its new one."""
        found = self._rows("WHERE seq = ? AND id = ?", row.seq, row.id.bytes) or self._rows("WHERE id = ?", row.id.bytes)
        return found[0] if found else None

    def count(self, state: State) -> int:
        """How many entries stand so; reads an index, or for forwarded ones the smallest of them."""
        with explained(self.path.parent):
            counted = "SELECT count(*) FROM outbox"
            if state is not State.DONE:
                return int(self.connection.execute(f"{counted} WHERE state = '{state.value}'").fetchone()[0])
            everything = int(self.connection.execute(counted).fetchone()[0])
        return everything - self.count(State.WAITING) - self.count(State.QUARANTINED)

    def used_bytes(self) -> int:
        """Bytes of the file that hold something; asks no disk."""
        with explained(self.path.parent):
            pages, free, size = (
                self.connection.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "freelist_count", "page_size")
            )
        return (int(pages) - int(free)) * int(size)

    def first_page(self) -> bytes:
        """The head of the file and the description of its tables, as they are in every file of ours; fits one of any length.

        Source:
            SQLite, Database File Format §1.3: the length in the head counts only while the numbers at 24 and 92 agree.
        """
        with explained(self.path.parent):
            (size,) = self.connection.execute("PRAGMA page_size").fetchone()
            page = bytearray(self.connection.serialize()[:size])
        page[92:96] = bytes(byte ^ 0xFF for byte in page[24:28])
        return bytes(page)

    def bring_in(self) -> None:
        """Bring everything into the one file.

        Raises:
            StoreDiskRefuses: the disk took the journal but not this. Closing alone would leave the journal behind and say nothing.
        """
        with explained(self.path.parent):
            busy, pages, brought = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy or pages != brought:
            raise StoreDiskRefuses(folder=self.path.parent, reason=Phrase("its journal could not be brought in"))

    def close(self) -> None:
        """Bring everything into the one file as far as the disk takes it, and let go of it; what it does not take stays in the journal."""
        with explained(self.path.parent):
            self.connection.close()

    def _are_a_stretch(self, rows: Sequence[Row]) -> bool:
        """Whether these are all the entries between two places of this very chain: its hash at the last one vouches for those before."""
        if not rows or rows[-1].seq - rows[0].seq != len(rows) - 1:
            return False
        with explained(self.path.parent):
            last = self.connection.execute("SELECT hash FROM outbox WHERE seq = ?", (rows[-1].seq,)).fetchone()
        return last is not None and bool(last[0] == rows[-1].hash)

    def _rows(self, where: str, *values: object) -> list[Stored]:
        with explained(self.path.parent):
            return [Stored._make(row) for row in self.connection.execute(f"SELECT {COLUMNS} FROM outbox {where}", values)]

    def _change(self, statement: str, changes: Sequence[tuple[object, ...]]) -> int:
        if not changes:
            return 0
        with explained(self.path.parent), transaction(self.connection):
            return self.connection.executemany(statement, changes).rowcount


def create_file(path: Path, *, former: Former, opened: str) -> OutboxFile:
    """Make an empty file with a chain of its own.

    Args:
        path: Where; must not exist.
        former: The damaged file it goes on from, or `NO_FORMER`.
        opened: Workstation time, ISO 8601.
    """
    connection = connect(path, new=True)
    try:
        with explained(path.parent), transaction(connection):
            for statement in STATEMENTS:
                connection.execute(statement)
            beginning = (new_id().bytes, opened, former.file, former.digest, former.reason)
            connection.execute("INSERT INTO chain VALUES (?, ?, ?, ?, ?, 0, 0)", beginning)
            connection.execute(f"PRAGMA application_id = {OURS}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        return OutboxFile(path, connection)
    except BaseException:
        connection.close()
        raise


def head_is_ours(path: Path) -> bool:
    """Whether a file says of itself that we wrote it; read past SQLite, which changes a file of another program by opening it our way.

    Source:
        SQLite, Database File Format §1.3: the name of the format at 0, the application's number at 68.
    """
    with explained(path.parent), path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return head.startswith(b"SQLite format 3\0") and head[68:72] == OURS.to_bytes(4, "big")


def open_file(path: Path) -> OutboxFile:
    """Open a file that is there; its pages are checked, its chain is not.

    Raises:
        StoreNewer: a newer program wrote it; nothing was changed.
        FileDamaged: it is not what we wrote.
        StoreTaken, StoreUnsafe, StoreDiskRefuses: see their next step.
    """
    if not head_is_ours(path):
        raise FileDamaged(Phrase("its head is not ours"))
    connection = connect(path, new=False)
    try:
        with explained(path.parent):
            (ours,) = connection.execute("PRAGMA application_id").fetchone()
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if ours == OURS and found > FORMAT:
                raise StoreNewer(file=path.name)
            if ours != OURS or found != FORMAT:
                raise FileDamaged(Phrase("its head is not ours"))
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise FileDamaged(str(said).splitlines()[-1])
        return OutboxFile(path, connection)
    except sqlite3.OperationalError as trouble:  # a table or a column is not there
        connection.close()
        raise FileDamaged(str(trouble)) from trouble
    except BaseException:
        connection.close()
        raise


def _genesis(chain: bytes, opened: str, former: str, former_digest: bytes, reason: str) -> bytes:
    """What the first entry of a chain names as the one before it."""
    parts = (chain, opened.encode(), former.encode(), former_digest, reason.encode())
    return sha256(_CHAIN + b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
