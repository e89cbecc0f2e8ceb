"""The keeper's own way into the database: it reads what is compared and calls five functions; it changes no record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row
from sqlalchemy.orm import Session

from app.base.errors import AppError, OutageError
from app.core import schema
from app.core.database import AllConnectionsTaken, Opened, Server, WrongNameOrPassword, connect
from app.core.keeper.found import LONGEST_KEY, Found
from app.core.refusals import explain
from app.core.work import read

LOGIN = "lineside_keeper"
COPIER = "lineside_backup"
Answer = TypeVar("Answer")


class KeeperRefused(OutageError):
    code = "KEP-01"
    text = "The keeper was not let in: the database does not accept its secret, or all of its connections are taken."
    next_step = "Let the administrator of the database give it a new one: python main.py db keeper"


class KeeperLink:
    """Opened when first needed and again after a loss; the version of the schema is compared every time. One thread uses it."""

    def __init__(self, server: Server, secret: str) -> None:
        self.server = server
        self._secret = secret
        self._connection: psycopg.Connection[Any] | None = None

    def turn(self) -> bool:
        """Whether this keeper keeps; of several the one whose session took the lock first. It is held until `close`."""
        return bool(self.ask("SELECT lineside.keeper_turn()")[0][0])

    def seal(self, why: str) -> int:
        """Seal the trail, or learn which seal stands."""
        return int(self.ask("SELECT lineside.seal_trail(%s)", why)[0][0])

    def official_time(self) -> datetime:
        """What time it is by the database's clock."""
        now: datetime = self.ask("SELECT clock_timestamp()")[0][0]
        return now

    def report(self, found: Found) -> bool:
        """Put a finding on record and call somebody; ``False``: this case is on record already."""
        arguments = (found.kind, found.key[:LONGEST_KEY], found.site, found.subject_kind, found.subject_id, json.dumps(found.facts))
        return bool(self.ask("SELECT lineside.report_finding(%s, %s, %s, %s, %s, %s)", *arguments)[0][0])

    def record_drill(self, number: UUID, backup: str, manifest: bytes, taken_at: datetime, facts: dict[str, Any]) -> bool:
        """Put a drill on record; whether it holds."""
        arguments = (number, backup, manifest, taken_at, json.dumps(facts))
        return bool(self.ask("SELECT lineside.record_drill(%s, %s, %s, %s, %s)", *arguments)[0][0])

    def ask(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        """One statement in a transaction of its own.

        Raises:
            DatabaseAway, KeeperRefused, SchemaTooOld, SchemaTooNew: nothing was done.
        """
        try:
            return self._open().execute(statement, arguments).fetchall()
        except psycopg.Error as trouble:
            raise self._told(trouble) from trouble

    def question(self, question: Callable[[Session], Answer]) -> Answer:
        """Answer a question in one read-only transaction on a connection of its own."""
        opened = Opened([self._new()])
        try:
            return read(opened.engine, question)
        finally:
            opened.close()

    @contextmanager
    def reader(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection in autocommit for one long look."""
        connection = self._new()
        try:
            connection.autocommit = True
            yield connection
        except psycopg.Error as trouble:
            raise self._told(trouble) from trouble
        finally:
            connection.close()

    def close(self) -> None:
        """End the connection: another keeper may have its turn."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _new(self) -> psycopg.Connection[Any]:
        try:
            return connect(self.server, login=LOGIN, password=self._secret, purpose="keeper", ticket=None)
        except (WrongNameOrPassword, AllConnectionsTaken) as refusal:
            raise KeeperRefused() from refusal

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            opened = self._new()
            opened.autocommit = True
            opened.row_factory = tuple_row
            try:
                schema.demand_head(schema.revision_of(opened))
            except BaseException:
                opened.close()
                raise
            self._connection = opened
        return self._connection

    def _told(self, trouble: psycopg.Error) -> AppError:
        told = explain(trouble)
        if self._connection is not None and self._connection.broken:
            self.close()
        if told is None:
            raise trouble
        return told
