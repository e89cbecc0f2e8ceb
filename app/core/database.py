"""Connections: as a person to work, as a person to sign once, as a station. Nothing here begins or ends a transaction.

A password is used while a connection opens and kept nowhere. A work pool holds the two connections opened at sign-in; a lost one
is not opened again silently: the person is asked.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
from sqlalchemy import Engine, create_engine, event

from app.base.errors import AppError, OutageError, RuleViolation
from app.core.refusals import DatabaseAway, explain

CONNECT_TIMEOUT_S = 5
CERTIFICATES = ("sslrootcert", "sslcert", "sslkey")
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


class ServerNotTrusted(OutageError):
    """The answering server did not prove that it is the plant's: no password was sent to it."""

    code = "DB-06"
    text = "Not connected: what answers at {host} does not prove that it is the plant's database ({reason})."
    next_step = "Call IT: the server's certificate, its name in this station's settings, or the file sslrootcert is wrong."


class StationNotTrusted(OutageError):
    code = "DB-07"
    text = "Not connected: the database at {host} takes no connection from this station ({reason})."
    next_step = "Call IT: the station's own certificate (sslcert, sslkey) is missing, too old, or not for this server."


class NotCopied(DatabaseAway):
    """Committed on one server, and nobody knows whether the second has it: asked again with the same id, it waits for the copy again."""

    code = "DB-08"
    text = "Stored on one server only: the second copy has not confirmed it."
    next_step = "Go on looking and preparing; it is asked again by itself until the second copy has it. If it lasts, call IT."


class WrongThread(RuntimeError):
    """SQL on the thread that draws the window: a bug, found in tests and development."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the database is met; no user, no password."""

    host: str
    """One host, a socket's folder, or several hosts with commas between them: a primary and its standbys, all on `port`."""
    port: int
    dbname: str
    sslmode: str = "prefer"
    """Never lowered by a person: a plant's own URL says ``verify-full``."""
    certificates: tuple[tuple[str, str], ...] = ()
    """Files of TLS by libpq's names: ``sslrootcert`` (whom this station trusts), ``sslcert`` and ``sslkey`` (what it shows)."""

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read ``postgresql://host,standby:port/database?sslmode=verify-full&sslrootcert=…``; a socket folder stands in ``?host=``."""
        parts, options = urlsplit(url), parse_qs(urlsplit(url).query)
        return cls(
            host=options.get("host", [parts.hostname or ""])[0],
            port=int(options.get("port", [str(parts.port or 5432)])[0]),
            dbname=parts.path.strip("/"),
            sslmode=options.get("sslmode", ["prefer"])[0],
            certificates=tuple((name, options[name][0]) for name in CERTIFICATES if name in options),
        )

    @property
    def tls(self) -> dict[str, Any]:
        """What libpq is told about encryption."""
        return {"sslmode": self.sslmode, **dict(self.certificates)}

    def database(self, name: str) -> Server:
        """Another database of the same server."""
        return replace(self, dbname=name)


class Line(psycopg.Connection[tuple[Any, ...]]):
    """A connection that hears when a commit came back without the second copy the plant asked for."""

    _uncopied = False

    def hear(self, said: psycopg.errors.Diagnostic) -> None:
        """Remember a notice of the server's; the place in its source is the same in every language of its messages."""
        if said.source_function == _WAITS_FOR_COPY:
            self._uncopied = True

    def demand_copy(self) -> None:
        """To be asked after every commit.

        Raises:
            NotCopied: somebody ended the wait for the second copy; what was committed stands on one server.
        """
        uncopied, self._uncopied = self._uncopied, False
        if uncopied:
            raise NotCopied()


_WAITS_FOR_COPY = "SyncRepWaitForLSN"
"""src/backend/replication/syncrep.c: a cancelled wait is told as a warning, and the commit goes well."""


def connect(server: Server, *, login: str, password: str, purpose: str, ticket: str | None) -> Line:
    """Open one connection, to the first of the hosts that leads; a standby follows until it is promoted.

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
        ServerNotTrusted, StationNotTrusted: TLS was wanted, and one side did not prove who it is.
        DatabaseAway: no answer in 5 s.
    """
    options = f"-c lineside.purpose={purpose}" + (f" -c lineside.ticket={ticket}" if ticket else "")
    try:
        line = Line.connect(
            host=server.host,
            port=server.port,
            dbname=server.dbname,
            user=login,
            password=password,
            **server.tls,
            options=options,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name=f"lineside {purpose}",
            tcp_user_timeout=3000,
            keepalives_idle=5,
            target_session_attrs="primary",
        )
    except psycopg.Error as trouble:
        raise _why_not_connected(trouble, server.host) from None  # the chained error may repeat connection details
    line.add_notice_handler(line.hear)
    return line


_SERVER_UNPROVEN = ("certificate verify failed", "does not match host name", "does not support SSL", "root certificate file")
_STATION_UNPROVEN = (
    "valid client certificate",
    "certificate required",
    "alert unknown ca",
    "alert certificate",
    "no pg_hba.conf entry",
    "certificate file",
    "private key",
)
"""Words of libpq, OpenSSL and the server (PostgreSQL 18, "SSL Support" and "pg_hba.conf"); the first list is looked at first."""
_CLOSED = re.compile(r"LS121 closed here for (\d+) min")


def _why_not_connected(trouble: psycopg.Error, host: str) -> AppError:
    said = str(trouble)
    unproven = _unproven(said, host)
    if unproven is not None:
        return unproven
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


def _unproven(said: str, host: str) -> AppError | None:
    for words, told in ((_SERVER_UNPROVEN, ServerNotTrusted), (_STATION_UNPROVEN, StationNotTrusted)):
        line = next((line for line in said.splitlines() if any(word in line for word in words)), None)
        if line is not None:
            return told(host=host, reason=line.split(": ")[-1].strip())
    return None


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

    def __init__(self, connections: Sequence[psycopg.Connection]) -> None:
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
