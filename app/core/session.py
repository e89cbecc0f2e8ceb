"""Somebody signed in at a station: two work connections, no password, and the way to one signature by another person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.base.phrases import Name
from app.core import command
from app.core.command import Order
from app.core.database import WORK_CONNECTIONS, Opened, Server, connect
from app.core.practice import is_practice
from app.core.records import Person, Scope, Site, Station
from app.core.work import Act, read, transaction

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A person as screens show them."""

    login: str
    name: Name
    jobs: frozenset[str]
    """Those that hold at this station, by its site and line; past the stations all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A station as screens show it."""

    code: str
    name: Name
    site: UUID
    site_code: str
    zone: str
    workbench: str
    practice: bool
    """Whether the plant is one for practice, as its database says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs, once: the password lives as long as this object."""

    login: str
    password: str
    seen: bytes
    """Digest of what the signing sheet showed."""

    def __repr__(self) -> str:
        return f"Signer({self.login})"


class SignedIn:
    """One person's work connections. `give` and `ask` block: never call them on the window's thread."""

    def __init__(self, server: Server, opened: Opened, tickets: Callable[[], str | None], who: Who, where: Where | None) -> None:
        self.who = who
        self.where = where
        self.server = server
        self._opened = opened
        self._engine = opened.engine
        self._tickets = tickets

    def give(self, order: Order, *, reason: str | None = None, signer: Signer | None = None) -> Any:
        """Give an order; with a `signer`, on a login of its own that is closed afterwards, while this session stays open.

        Raises:
            AppError: see `app.core.command.run`; WrongNameOrPassword for the signer.
        """
        station = self.where.code if self.where else None
        site = self.where.site if self.where else None
        if signer is None:
            return command.run(order, self._engine, person=self.who.login, station=station, site=site, reason=reason)
        signing = signing_engine(self.server, signer, self._tickets())
        try:
            act = Act(signature=new_id(), seen=signer.seen)
            return command.run(order, signing.engine, person=signer.login, station=station, site=site, reason=reason, act=act)
        finally:
            signing.close()

    def ask(self, question: Callable[[Session], Answer]) -> Answer:
        """Answer a question from ``queries.py`` in a read-only transaction."""
        return read(self._engine, question)

    def outcome(self, command_id: UUID) -> Any:
        """After a lost reply: the stored answer of a command, or ``None`` when there is no trace of it."""
        with transaction(self._engine) as connection:
            return connection.execute(text("SELECT lineside.outcome(:id)"), {"id": command_id}).scalar_one()

    def close(self) -> None:
        """Sign out: every connection is closed."""
        self._opened.close()


def sign_in(server: Server, *, login: str, password: str, tickets: Callable[[], str | None]) -> SignedIn:
    """Open a person's work connections and drop the password.

    Args:
        server: Where.
        login: Who.
        password: Used here, kept nowhere.
        tickets: One one-time proof of the station per call; ``None`` where no station is enrolled.

    Raises:
        WrongNameOrPassword, AccountLocked, ClosedHere, DatabaseAway: not signed in.
    """
    ready = []
    try:
        for _ in range(WORK_CONNECTIONS):
            ready.append(connect(server, login=login, password=password, purpose="work", ticket=tickets()))
    except BaseException:
        for connection in ready:
            connection.close()
        raise
    opened = Opened(ready)
    try:
        who, where = read(opened.engine, lambda session: _who_and_where(session, login))
    except BaseException:
        opened.close()
        raise
    return SignedIn(server, opened, tickets, who, where)


def signing_engine(server: Server, signer: Signer, ticket: str | None) -> Opened:
    """One login for one signature, recorded as such by the login trigger. Only this function opens purpose ``sign``.

    The connection is opened at once: a wrong password is known before anything is written.
    """
    return Opened([connect(server, login=signer.login, password=signer.password, purpose="sign", ticket=ticket)])


def _who_and_where(session: Session, login: str) -> tuple[Who, Where | None]:
    person = session.scalars(select(Person).filter_by(login=login)).one()
    here = session.scalars(select(Station).from_statement(text("SELECT * FROM lineside.this_station()"))).one_or_none()
    site = session.get(Site, here.site) if here else None
    where = None
    if here is not None and site is not None:
        where = Where(
            code=here.code,
            name=here.name,
            site=here.site,
            site_code=site.code,
            zone=site.zone,
            workbench=here.workbench,
            practice=is_practice(session),
        )
    held = select(Scope.job).filter_by(person=person.id)
    if here is not None:
        held = held.where(Scope.site == here.site, or_(Scope.line.is_(None), Scope.line == here.line))
    return Who(login=login, name=person.name, jobs=frozenset(session.scalars(held))), where
