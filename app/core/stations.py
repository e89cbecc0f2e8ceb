"""Sites and stations: where the work is, and the narrow link of a station that no person needs to be signed in for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from app.base.errors import AppError
from app.base.phrases import Name
from app.core import schema
from app.core.command import Permission, command
from app.core.database import CONNECT_TIMEOUT_S, Line, Server, connect
from app.core.records import Site
from app.core.refusals import DatabaseAway, explain
from app.core.session import Where
from app.core.station_refusals import StationUnknown, of_station
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolStation:
    """A workstation becomes a station of the plant, with a login of its own that can sign or change nothing."""

    command_id: UUID
    id: UUID
    code: str
    name_en: str
    name_zh: str
    site: UUID
    line: str | None
    workbench: str
    verifier: str = field(repr=False)


@command(permission=Permission.MANAGE_STATIONS, signature=None)
def enrol_station(order: EnrolStation, work: Work) -> str:
    """Make the station and its login role; returns the role's name."""
    arguments = (order.id, order.code, order.name_en, order.name_zh, order.site, order.line, order.workbench, order.verifier)
    return str(work.ask("enrol_station", *arguments))


def station_role(code: str) -> str:
    """Name of a station's login role: ``REC-01`` → ``lineside_station_rec_01``."""
    return "lineside_station_" + code.lower().replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHere:
    """Somebody who may sign in at this station, as the sign-in screen lists them."""

    login: str
    name: Name
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHere:
    """A call for help of this station that nobody has ended yet."""

    id: UUID
    topic: str
    called_at: datetime
    coming: Name | None
    """Who said that they are coming; ``None``: nobody yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What came of a call from a station."""

    topic: str
    called_at: datetime
    is_new: bool
    """``False``: this station had called for the same before, and nobody has answered yet."""


class StationLink:
    """The station's own connection: badge look-up, tickets, failed sign-ins, calls for help, label queue, feed.

    Opened when first needed, and again after a loss; the version of the schema is compared every time.
    Safe to use from several threads; each call is one short transaction. Every call may raise `DatabaseAway`, a refusal of
    `app.core.station_refusals`, `SchemaTooOld` and `SchemaTooNew`.
    """

    def __init__(self, server: Server, code: str, secret: str) -> None:
        self._server, self._code, self._secret = server, code, secret
        self._connection: Line | None = None
        self._lock = threading.Lock()

    def where(self) -> Where:
        """This station and its site.

        Raises:
            StationUnknown: the server knows the station's login, its database no such station.
        """
        rows = self.ask(
            "SELECT s.code, s.name_en, s.name_zh, s.site, s.workbench, p.code AS site_code, p.zone, lineside.is_practice() AS practice "
            "FROM lineside.this_station() s JOIN lineside.site p ON p.id = s.site"
        )
        if not rows:
            raise StationUnknown(station=self._code)
        row = rows[0]
        name = Name(row["name_en"], row["name_zh"])
        told = {fact: row[fact] for fact in ("code", "site", "site_code", "zone", "workbench", "practice")}
        return Where(name=name, **told)

    def people(self) -> list[PersonHere]:
        """Who may sign in here, by name."""
        rows = self.ask("SELECT * FROM lineside.people_here()")
        return [PersonHere(login=row["login"], name=Name(row["name_en"], row["name_zh"]), job=row["job"]) for row in rows]

    def person_of_badge(self, badge: str) -> str | None:
        """Login behind a badge; a badge identifies, it proves nothing."""
        found = self.ask("SELECT lineside.person_of_badge(%s) AS login", badge)[0]["login"]
        return None if found is None else str(found)

    def ticket(self) -> str:
        """A one-time proof, good for 60 s, that a person's connection is opened at this station."""
        return str(self.ask("SELECT lineside.take_ticket() AS ticket")[0]["ticket"])

    def report_failed_sign_in(self, login: str) -> int:
        """Put a wrong password on record; returns how many there were here in 15 minutes."""
        return int(self.ask("SELECT lineside.report_failed_sign_in(%s) AS n", login)[0]["n"])

    def call_for_help(self, command_id: UUID, topic: str) -> Called:
        """Call somebody while nobody is signed in.

        Args:
            command_id: Asking again with the same one, after a lost reply, calls nobody twice.
            topic: One of `app.core.tasks.CALL_TOPICS`.

        Raises:
            NoSuchTopic: nobody was called.
        """
        row = self.ask("SELECT * FROM lineside.call_from_station(%s, %s)", command_id, topic)[0]
        return Called(topic=topic, called_at=row["called_at"], is_new=row["is_new"])

    def calls(self) -> list[CallHere]:
        """Calls of this station that nobody has ended, oldest first."""
        return [
            CallHere(
                id=row["id"],
                topic=row["topic"],
                called_at=row["opened_at"],
                coming=Name(row["taken_by_en"], row["taken_by_zh"]) if row["taken_by_en"] is not None else None,
            )
            for row in self.ask("SELECT * FROM lineside.calls_here()")
        ]

    def official_time(self) -> datetime:
        """What time it is by the database's clock."""
        now: datetime = self.ask("SELECT clock_timestamp() AS now")[0]["now"]
        return now

    def seal(self, why: str) -> int:
        """Seal the trail, or learn which seal stands; returns its number. ``why``: ``activity`` or ``shift end``."""
        return int(self.ask("SELECT lineside.seal_trail(%s) AS no", why)[0]["no"])

    def demand_head(self) -> None:
        """Compare the versions again: a database may be upgraded under an open connection, which ends then.

        Raises:
            SchemaTooOld, SchemaTooNew: with both revisions.
        """
        with self._lock:
            try:
                self._compare_versions(self._open())
            except psycopg.Error as trouble:
                raise self._told(trouble) from trouble

    def ask(self, statement: str, *arguments: object) -> list[dict[str, Any]]:
        """Call one of the station's functions in a transaction of its own.

        Raises:
            DatabaseAway: no answer; the next call tries a new connection.
            NotCopied: committed, and the plant's second copy has not confirmed it.
        """
        with self._lock:
            try:
                connection = self._open()
                with connection.transaction():
                    found: list[dict[str, Any]] = connection.execute(statement, arguments).fetchall()  # type: ignore[assignment]
                connection.demand_copy()
            except psycopg.Error as trouble:
                raise self._told(trouble) from trouble
        return found

    def ask_all(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Call one of the station's functions once for each row of arguments, all in one transaction: all of it happens or nothing.

        Raises:
            DatabaseAway: no answer; the next call tries a new connection.
            NotCopied: committed, and the plant's second copy has not confirmed it.
        """
        with self._lock:
            try:
                connection = self._open()
                with connection.transaction(), connection.cursor() as cursor:
                    cursor.executemany(statement, rows)
                connection.demand_copy()
            except psycopg.Error as trouble:
                raise self._told(trouble) from trouble

    def alive(self) -> bool:
        """Whether the database answers just now."""
        try:
            self.ask("SELECT 1 AS here")
        except DatabaseAway:
            return False
        return True

    def close(self) -> None:
        """End the connection; a later call opens it again. One that is being opened just now ends with the program."""
        if not self._lock.acquire(timeout=CONNECT_TIMEOUT_S):
            return
        try:
            self._drop()
        finally:
            self._lock.release()

    def _open(self) -> Line:
        if self._connection is None or self._connection.closed:
            try:
                opened = connect(self._server, login=station_role(self._code), password=self._secret, purpose="station", ticket=None)
            except AppError as refusal:
                raise of_station(refusal, self._code) from None
            opened.row_factory = dict_row  # type: ignore[assignment]
            self._connection = opened
            self._compare_versions(opened)
        return self._connection

    def _compare_versions(self, connection: psycopg.Connection) -> None:
        try:
            schema.demand_head(schema.revision_of(connection))
        except (AppError, psycopg.Error):
            self._drop()  # one that was not compared serves nobody
            raise

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _told(self, trouble: psycopg.Error) -> AppError:
        told = explain(trouble)
        if self._connection is not None and self._connection.broken:
            told = told or DatabaseAway()
            self._drop()
        if told is None:
            raise trouble
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSite:
    """A plant with its zone."""

    command_id: UUID
    id: UUID
    code: str
    name_en: str
    name_zh: str
    zone: str


@command(permission=Permission.MANAGE_STATIONS, signature=None)
def open_site(order: OpenSite, work: Work) -> None:
    """Add a site; the first one is made by the installer."""
    work.add(Site(id=order.id, code=order.code, name_en=order.name_en, name_zh=order.name_zh, zone=order.zone))
