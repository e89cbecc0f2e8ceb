"""Connections: as a person to work, as a person to sign once, as a station. Nothing here begins or ends a transaction.

A password is used while a connection opens and kept nowhere. A work pool holds the two connections opened at sign-in; a lost one
is not opened again silently: the person is asked.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import psycopg
from sqlalchemy import Engine, create_engine, event

from app.base.errors import AppError, OutageError, RuleViolation
from app.core.refusals import explain

CONNECT_TIMEOUT_S = 5
WORK_CONNECTIONS = 2


class WrongNameOrPassword(RuleViolation):
    code = "PER-06"
    text = "Not signed in: name and password do not belong together."
    next_step = "Type the password again, or ask an administrator for a new one."


class AllConnectionsTaken(RuleViolation):
    code = "PER-12"
    text = "Not signed in: this account has as many connections to the database as it may have."
    next_step = "Sign out at other stations, or close programs that are open twice, then sign in here again."


class SignInAgain(OutageError):
    code = "PER-07"
    text = "Not done: your connection to the database was lost."
    next_step = "Enter your password again; what you entered is kept."


class WrongThread(RuntimeError):
    """SQL on the thread that draws the window: a bug, found in tests and development."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the database is met; no user, no password."""

    host: str
    port: int
    dbname: str
    sslmode: str = "prefer"
    """Never lowered by a person: a plant's own URL says ``verify-full``."""

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read ``postgresql://host:port/database?sslmode=verify-full``; a socket folder stands in ``?host=``."""
        parts, options = urlsplit(url), parse_qs(urlsplit(url).query)
        return cls(
            host=options.get("host", [parts.hostname or ""])[0],
            port=int(options.get("port", [str(parts.port or 5432)])[0]),
            dbname=parts.path.strip("/"),
            sslmode=options.get("sslmode", ["prefer"])[0],
        )

    def database(self, name: str) -> Server:
        """Another database of the same server."""
        return replace(self, dbname=name)


def connect(server: Server, *, login: str, password: str, purpose: str, ticket: str | None) -> psycopg.Connection:
    """Open one connection.

    Args:
        server: Where.
        login: Role name of the person or station.
        password: Used here and nowhere kept.
        purpose: ``work``, ``sign`` or ``station``; the login trigger records it, a later SET does not alter the record.
        ticket: One-time proof of the station at which a person's connection is opened; ``None``: none is proven.

    Raises:
        WrongNameOrPassword: the server does not know this name with this password.
        AccountLocked: the right password of a locked account.
        ClosedHere: too many wrong passwords of this person at the station of the ticket, whatever the password is now.
        AllConnectionsTaken: the right password, and no connection left for this account.
        DatabaseAway: no answer in 5 s.
    """
    options = f"-c lineside.purpose={purpose}" + (f" -c lineside.ticket={ticket}" if ticket else "")
    try:
        return psycopg.connect(
            host=server.host,
            port=server.port,
            dbname=server.dbname,
            user=login,
            password=password,
            sslmode=server.sslmode,
            options=options,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name=f"lineside {purpose}",
            tcp_user_timeout=3000,
            keepalives_idle=5,
        )
    except psycopg.Error as trouble:
        raise _why_not_connected(trouble) from None  # the chained error may repeat connection details


_CLOSED = re.compile(r"LS121 closed here for (\d+) min")


def _why_not_connected(trouble: psycopg.Error) -> AppError:
    said = str(trouble)
    if "LS101" in said or "is locked" in said or "is not permitted to log in" in said:
        from app.core.refusals import AccountLocked

        return AccountLocked()
    closed = _CLOSED.search(said)
    if closed is not None:
        from app.core.refusals import ClosedHere

        return ClosedHere(minutes=closed[1])
    if "password authentication failed" in said or "no password supplied" in said:
        return WrongNameOrPassword()
    if "too many connections for role" in said:
        return AllConnectionsTaken()
    return explain(trouble) or OutageError()


_closed_threads: set[int] = set()


def keep_sql_off(thread: threading.Thread) -> None:
    """From now on SQL on this thread is refused with `WrongThread`; the window's thread is closed at start-up."""
    if thread.ident is not None:
        _closed_threads.add(thread.ident)


def open_to_sql(thread: threading.Thread) -> None:
    """End what `keep_sql_off` began."""
    _closed_threads.discard(thread.ident or 0)


class Opened:
    """An engine over connections that are open already. When they are used up it says `SignInAgain`; it never opens one itself."""

    def __init__(self, connections: list[psycopg.Connection]) -> None:
        self._connections = tuple(connections)
        take, size = _taker(list(connections)), len(connections)
        # No pre-ping: BEGIN finds a dead line as well, with nothing on its way yet, and every order and question saves a round trip.
        # An error says which statement, never with which values: they would stand in the log and the crash report.
        self.engine: Engine = create_engine(
            "postgresql+psycopg://", creator=take, pool_size=size, max_overflow=0, pool_timeout=10, hide_parameters=True
        )
        event.listen(self.engine, "before_cursor_execute", refuse_closed_thread)

    def close(self) -> None:
        """Close every connection, used or not."""
        self.engine.dispose()
        for connection in self._connections:
            connection.close()


def _taker(ready: list[psycopg.Connection]) -> Callable[[], psycopg.Connection]:
    def take() -> psycopg.Connection:
        if not ready:
            raise SignInAgain()
        return ready.pop()

    return take


def refuse_closed_thread(*_: object) -> None:
    """Raise `WrongThread` on a thread that was closed; for whatever else waits for a disk or a server."""
    if threading.get_ident() in _closed_threads:
        raise WrongThread("SQL on the window's thread: hand it to the bridge")
