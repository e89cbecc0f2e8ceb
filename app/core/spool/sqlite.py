"""The connection to the spool's file: settings that keep what was acknowledged, and what SQLite's errors mean here.

One connection per file, guarded by its owner: SQLite's WAL-reset fault (before 3.51.3) needs two.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.spool.refusals import StoreDiskRefuses, StoreTaken, StoreUnsafe

_SAFE: tuple[tuple[str, str, object], ...] = (
    ("locking_mode", "exclusive", "exclusive"),  # before WAL: no -shm file, and no other program gets in
    ("journal_mode", "wal", "wal"),
    ("synchronous", "full", 2),  # an acknowledged entry outlives a power cut; NORMAL lost 6 % of them in our tests
    ("fullfsync", "on", 1),  # macOS: through the drive's cache, too; without meaning elsewhere
    ("trusted_schema", "off", 0),
)
_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class FileDamaged(Exception):
    """The file cannot be trusted any more; caught inside this room, where a new file is begun."""

    def __init__(self, reason: Phrase | str) -> None:
        super().__init__(str(reason))
        self.reason = reason


class FileOfAnother(FileDamaged):
    """The file is whole, but it is not the one in which this station kept its entries; how many are missing nobody can say."""


def connect(file: Path, *, new: bool) -> sqlite3.Connection:
    """Open the one connection, safe and exclusive; every setting is read back.

    Raises:
        StoreTaken, StoreUnsafe, StoreDiskRefuses: see their next step.
        FileDamaged: it is no SQLite file any more.
    """
    with explained(file.parent):
        where = f"{file.absolute().as_uri()}?mode={'rwc' if new else 'rw'}"
        connection = sqlite3.connect(where, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.text_factory = _readable
            make_safe(connection, file.parent)
            with transaction(connection):
                connection.execute("SELECT count(*) FROM sqlite_master")
        except BaseException:
            connection.close()
            raise
    return connection


def make_safe(connection: sqlite3.Connection, folder: Path) -> None:
    """Apply the settings and read each one back: what was asked for is not always what one gets.

    Raises:
        StoreUnsafe: one was not taken.
    """
    for setting, asked, wanted in _SAFE:
        connection.execute(f"PRAGMA {setting} = {asked}").close()
        (found,) = connection.execute(f"PRAGMA {setting}").fetchone()
        if found != wanted:
            raise StoreUnsafe(folder=folder, setting=setting, found=found)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block or nothing of it; on return it is on the disk."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what SQLite or the operating system refused into its sentence; a bug passes through unchanged."""
    try:
        yield
    except UnicodeDecodeError as trouble:  # SQLite quotes what it found where a table should be described
        raise FileDamaged(Phrase("its tables cannot be read")) from trouble
    except (sqlite3.Error, OSError) as trouble:
        told = _told(trouble, folder)
        if told is None:
            raise
        raise told from trouble


def _told(trouble: sqlite3.Error | OSError, folder: Path) -> AppError | FileDamaged | None:
    if isinstance(trouble, OSError):
        return StoreDiskRefuses(folder=folder, reason=trouble.strerror or errno.errorcode.get(trouble.errno or 0, str(trouble)))
    kind = getattr(trouble, "sqlite_errorcode", 0) & 0xFF
    if kind in _DAMAGED:
        return FileDamaged(str(trouble))
    if kind in _TAKEN:
        return StoreTaken(folder=folder)
    return StoreDiskRefuses(folder=folder, reason=str(trouble)) if kind in _DISK else None


def _readable(text: bytes) -> str:
    """Rotten text must not keep its row from being read; its hash shows that it is rotten."""
    return text.decode("utf-8", "replace")
