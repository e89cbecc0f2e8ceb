"""One transaction by one person (or station): begun, committed and rolled back here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation
from app.core.database import Line
from app.core.records import Base
from app.core.refusals import DatabaseAway, OtherVersion, explain
from app.core.subject import Subject

Row = TypeVar("Row", bound=Base)
Answer = TypeVar("Answer")


class NotFound(RuleViolation):
    code = "REC-01"
    text = "Not done: there is no {record} {key}."
    next_step = "Scan or choose it again; it may have been typed wrongly."


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a signing person saw and means; the database computes and compares everything else."""

    signature: UUID
    seen: bytes
    """SHA-256 of the canonical content as the signing sheet showed it."""


class Work:
    """What a command may use: records, the next codes, the site's day, and one signature."""

    def __init__(
        self, session: Session, *, person: str, station: str | None, site: UUID | None, act: Act | None, reason: str | None
    ) -> None:
        self.session = session
        self.person = person
        """Login of who acts; for a signed command the signer."""
        self.station = station
        """Code of the proven station; ``None``: the connection came past the stations."""
        self.site = site
        self.reason = reason
        self._act = act

    def get(self, record: type[Row], **by: object) -> Row:
        """The one row with these column values.

        Raises:
            NotFound: there is none.
        """
        row = self.find(record, **by)
        if row is None:
            raise NotFound(record=record.__tablename__, key=next(iter(by.values()), ""))
        return row

    def find(self, record: type[Row], **by: object) -> Row | None:
        """The one row with these column values, or ``None``."""
        return self.session.scalars(select(record).filter_by(**by)).one_or_none()

    def add(self, *rows: Base) -> None:
        """Insert rows now, in this order, so that a refusal of the database names the row that caused it."""
        for row in rows:
            self.session.add(row)
            self.session.flush()

    def add_coded(self, record: type[Base], kind: str, **values: object) -> str:
        """Insert a row whose ``code`` is the next one of a kind, given by the database within the same statement; returns the code."""
        code = record.__table__.c.code
        statement = insert(record).values(code=func.lineside.next_code(kind), **values).returning(code)
        return str(self.session.execute(statement).scalar_one())

    def change(
        self, record: type[Base], row_id: UUID, *, version: int | None = None, stood: Mapping[str, object] | None = None, **values: object
    ) -> None:
        """Change columns of one row that is still at `version`, or, where rows have none, whose columns are still what `stood` there.

        Raises:
            OtherVersion: somebody changed it meanwhile; nothing was written.
        """
        statement = update(record).where(record.id == row_id).values(**values)
        if version is not None:
            statement = statement.where(record.__table__.c.version == version)
        for column, seen in (stood or {}).items():
            statement = statement.where(record.__table__.c[column].is_not_distinct_from(seen))
        if self.session.execute(statement.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
            raise OtherVersion()

    def ask(self, function: str, *arguments: object) -> Any:
        """The value of one of the database's functions, e.g. ``ask("next_code", "lot")``."""
        names = {f"a{n}": argument for n, argument in enumerate(arguments)}
        return self.session.execute(text(f"SELECT lineside.{function}({', '.join(':' + name for name in names)})"), names).scalar_one()

    def code(self, kind: str) -> str:
        """The next code of a kind: ``L26-0382`` for ``lot``."""
        return str(self.ask("next_code", kind))

    @property
    def today(self) -> date:
        """The calendar day at this station's site by the database's clock."""
        day: date = self.ask("today_at", self.site)
        return day

    def sign(self, subject: Subject, *, meaning: str) -> None:
        """Sign as the person of this connection; the database checks right, login, four eyes, version and content.

        Raises:
            RuntimeError: the command was not declared as signed. A bug.
        """
        if self._act is None:
            raise RuntimeError("this command declares no signature")
        self.ask("sign_record", self._act.signature, subject.kind, subject.id, subject.version, meaning, self._act.seen, self.reason)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the database refused into its sentence; a bug passes through unchanged.

    A server that dies in the middle of an answer leaves the driver without words of the server's ("got no result", "out of memory"): the
    lost connection says it.
    """
    try:
        yield
    except DBAPIError as trouble:
        told = explain(trouble.orig) if isinstance(trouble.orig, psycopg.Error) else None
        if told is None and trouble.connection_invalidated:
            told = DatabaseAway()
        if told is None:
            raise
        raise told from trouble


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction: committed when the block ends, rolled back when it raises.

    Raises:
        NotCopied: it was committed on one server, and the plant's second copy has not confirmed it.
    """
    with explained(), engine.connect() as connection:
        with connection.begin():
            yield connection
        line = connection.connection.driver_connection
        if not isinstance(line, Line):
            raise TypeError("an engine of a person or a station stands on lines")
        line.demand_copy()


def read(engine: Engine, question: Callable[[Session], Answer]) -> Answer:
    """Answer a question in one read-only transaction; nothing can be written by it."""
    with explained(), engine.connect() as connection:
        connection.execution_options(postgresql_readonly=True)
        with connection.begin(), Session(connection) as session:
            return question(session)
