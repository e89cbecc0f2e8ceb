"""What the shell itself asks the database about the person in front of it. Asked through the bridge, never on the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.command import Permission
from app.core.drafts import own_draft
from app.core.people import verifier_of
from app.core.people_view import OwnSecret, own_secret
from app.core.records import Draft, Person, Scope
from app.core.session import SignedIn
from app.core.signature import Preview, preview
from app.core.stations import StationLink

SHELL = "shell"
"""The draft under this name is where a person left off: screen, context, language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody signed in, and what the window needs to know of them."""

    session: SignedIn
    rights: frozenset[Permission]
    """What the database lets them do at this site; it decides again at every command."""
    secret: OwnSecret
    """Their own password: none yet, or one past its age, comes before any work."""
    left_off: dict[str, Any]
    """Where they left off at this station; empty at the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody a refusal may name: who can be asked."""

    login: str
    name: Name
    job: str
    phone: str


def arrival(session: SignedIn) -> Arrival:
    """Ask everything the window needs at sign-in, in one transaction."""
    return session.ask(partial(arrived, here=session))


def arrived(session: Session, *, here: SignedIn) -> Arrival:
    """The same as a question: after a new password other rights count."""
    station = here.where.code if here.where is not None else "direct"
    return Arrival(
        session=here,
        rights=rights(session, here.where.site if here.where is not None else None),
        secret=own_secret(session),
        left_off=own_draft(session, person=here.who.login, station=station, screen=SHELL) or {},
    )


def still_here(session: Session) -> bool:
    """Whether this person's connection answers; one that is gone raises."""
    return bool(session.execute(text("SELECT 1")).scalar_one())


def rights(session: Session, site: UUID | None) -> frozenset[Permission]:
    """Which rights the person of this connection has at a site."""
    asked = [one for one in Permission if one is not Permission.EVERYBODY]
    answers = session.execute(select(*(func.lineside.may(one.value, site) for one in asked))).one()
    return frozenset(one for one, has in zip(asked, answers, strict=True) if has) | {Permission.EVERYBODY}


def who_may(session: Session, *, right: Permission, site: UUID) -> list[Colleague]:
    """Who has a right at a site, at this station's line, through one of their jobs, by name."""
    line = select(text("line")).select_from(text("lineside.this_station()")).scalar_subquery()
    through = func.pg_has_role("lineside_" + Scope.job, f"lineside_may_{right.value}", "USAGE")
    rows = session.execute(
        select(Person.login, Person.name_en, Person.name_zh, func.min(Scope.job).label("job"), Person.phone)
        .join(Scope, Scope.person == Person.id)
        .where(Scope.site == site, or_(Scope.line.is_(None), Scope.line == line), Person.enabled, ~Person.break_glass, through)
        .group_by(Person.login, Person.name_en, Person.name_zh, Person.phone)
        .order_by(Person.name_en)
    )
    return [Colleague(login=row.login, name=Name(row.name_en, row.name_zh), job=row.job, phone=row.phone) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """What the signing sheet shows: the database's content, who performed it, who may sign it."""

    preview: Preview
    names: dict[str, Name]
    may: dict[Permission, list[Colleague]]


def to_sign(session: Session, *, kind: str, subject: UUID, site: UUID, needed: frozenset[Permission]) -> ToSign:
    """All of it in one transaction."""
    seen = preview(session, kind=kind, subject=subject)
    may = {right: who_may(session, right=right, site=site) for right in needed}
    return ToSign(preview=seen, names=names_of(session, frozenset(seen.performers)), may=may)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A draft of one's own at this station."""

    screen: str
    context: dict[str, Any]
    saved_at: datetime


def begun(session: Session, *, person: str, station: str) -> list[Begun]:
    """What somebody began here and has not finished, newest first."""
    rows = session.scalars(
        select(Draft).filter_by(person=person, station=station).where(Draft.screen != SHELL).order_by(Draft.saved_at.desc())
    )
    return [Begun(screen=row.screen, context=row.content.get("context", {}), saved_at=row.saved_at) for row in rows]


def names_of(session: Session, logins: frozenset[str]) -> dict[str, Name]:
    """Printed names behind logins."""
    rows = session.scalars(select(Person).where(Person.login.in_(logins)))
    return {row.login: row.name for row in rows}


def people_named(link: StationLink, *, entered: str) -> tuple[str, ...]:
    """Logins of who has this badge, else of those at this site who have this name, written as at sign-in or in either language."""
    by_badge = link.person_of_badge(entered.upper())
    if by_badge is not None:
        return (by_badge,)
    name = entered.casefold()
    return tuple(one.login for one in link.people() if name in (one.login, one.name.en.casefold(), one.name.zh.casefold()))


def own_verifier(session: Session, login: str, secret: str) -> str:
    """The protected form of a new password, made with the person's own connection; nothing is written.

    Raises:
        SecretTooShort: see `verifier_of`.
    """
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, psycopg.Connection):
        raise TypeError("a person's connection is psycopg's")
    return verifier_of(connection, login, secret)
