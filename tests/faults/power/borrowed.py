"""The part of Python's `sqlite3` that the spool uses, on `apsw`: same calls, same errors, another build of SQLite below."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import apsw

_OPERATIONAL = (
    apsw.BusyError,
    apsw.LockedError,
    apsw.FullError,
    apsw.IOError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.PermissionsError,
    apsw.SQLError,
)


class Cursor:
    """Rows of one statement."""

    def __init__(self, rows: list[tuple[Any, ...]], rowcount: int) -> None:
        self._rows, self.rowcount = iter(rows), rowcount

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def close(self) -> None:
        self._rows = iter(())


class Connection:
    """One open file."""

    text_factory: Any = str

    def __init__(self, where: str, *, vfs: str, checkpoint_pages: int, uri: bool, timeout: float, **_: Any) -> None:
        assert uri
        assert timeout == 0
        flags = apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        self._plain: apsw.Connection = _asked(lambda: apsw.Connection(where, flags=flags, vfs=vfs))
        _asked(lambda: self._plain.set_busy_timeout(0))
        self._plain.set_wal_hook(partial(_bring_in, least=checkpoint_pages))

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        rows = _asked(lambda: list(self._plain.execute(statement, values)))
        return Cursor(rows, self._plain.changes())

    def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> Cursor:
        before = self._plain.total_changes()
        _asked(lambda: list(self._plain.executemany(statement, many)))
        return Cursor([], self._plain.total_changes() - before)

    def serialize(self) -> bytes:
        return _asked(lambda: self._plain.serialize("main"))

    def close(self) -> None:
        """SQLite hides it when the disk refuses the last bringing in; the journal is left beside the file then."""
        with suppress(apsw.Error):
            self._plain.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if not self._plain.in_transaction:
            return
        try:
            _asked(lambda: self._plain.execute("COMMIT" if kind is None else "ROLLBACK"))
        except sqlite3.Error:
            if self._plain.in_transaction:
                self._plain.execute("ROLLBACK")
            raise


def _bring_in(connection: apsw.Connection, _: str, pages: int, *, least: int) -> int:
    """SQLite's own habit after a commit: bring a long journal into the file, and hide it when the disk refuses."""
    if pages >= least:
        with suppress(apsw.Error):
            connection.wal_checkpoint()
    return apsw.SQLITE_OK


def _asked(ask: Any) -> Any:
    try:
        return ask()
    except apsw.Error as trouble:
        raise _told(trouble) from trouble


def _told(trouble: apsw.Error) -> sqlite3.Error:
    kinds: tuple[tuple[type[apsw.Error] | tuple[type[apsw.Error], ...], type[sqlite3.Error]], ...] = (
        (apsw.ConstraintError, sqlite3.IntegrityError),
        (_OPERATIONAL, sqlite3.OperationalError),
        (apsw.Error, sqlite3.DatabaseError),
    )
    told = next(kind for of, kind in kinds if isinstance(trouble, of))(str(trouble))
    told.sqlite_errorcode = trouble.extendedresult
    return told
