"""What the shell itself asks the database about the person in front of it. Asked through the bridge, never on the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.command import Permission
from app.core.drafts import own_draft
from app.core.people import verifier_of
from app.core.records import Person, Scope
from app.core.session import SignedIn

SHELL = "shell"
"""The draft under this name is where a person left off: screen, context, language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody signed in, and what the window needs to know of them."""

    session: SignedIn
    rights: frozenset[Permission]
    """What the database lets them do at this site; it decides again at every command."""
    has_own_secret: bool
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
    station = session.where.code if session.where is not None else "direct"

    def question(asked: Session) -> Arrival:
        own = asked.scalars(select(Person.secret_set_at).filter_by(login=session.who.login)).one()
        return Arrival(
            session=session,
            rights=rights(asked, session.where.site if session.where is not None else None),
            has_own_secret=own is not None,
            left_off=own_draft(asked, person=session.who.login, station=station, screen=SHELL) or {},
        )

    return session.ask(question)


def still_here(session: Session) -> bool:
    """Whether this person's connection answers; one that is gone raises."""
    return bool(session.execute(text("SELECT 1")).scalar_one())


def rights(session: Session, site: UUID | None) -> frozenset[Permission]:
    """Which rights the person of this connection has at a site."""
    asked = [one for one in Permission if one is not Permission.EVERYBODY]
    answers = session.execute(select(*(func.lineside.may(one.value, site) for one in asked))).one()
    return frozenset(one for one, has in zip(asked, answers, strict=True) if has) | {Permission.EVERYBODY}


def colleagues(session: Session, *, site: UUID, jobs: frozenset[str]) -> list[Colleague]:
    """Who has one of these jobs at a site, by name."""
    rows = session.execute(
        select(Person.login, Person.name_en, Person.name_zh, Scope.job, Person.phone)
        .join(Scope, Scope.person == Person.id)
        .where(Scope.site == site, Scope.job.in_(jobs), Person.enabled)
        .order_by(Person.name_en)
    )
    return [Colleague(login=row.login, name=Name(row.name_en, row.name_zh), job=row.job, phone=row.phone) for row in rows]


def names_of(session: Session, logins: frozenset[str]) -> dict[str, Name]:
    """Printed names behind logins."""
    rows = session.scalars(select(Person).where(Person.login.in_(logins)))
    return {row.login: row.name for row in rows}


def own_verifier(session: Session, login: str, secret: str) -> str:
    """The protected form of a new password, made with the person's own connection; nothing is written.

    Raises:
        SecretTooShort: see `verifier_of`.
    """
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, psycopg.Connection):
        raise TypeError("a person's connection is psycopg's")
    return verifier_of(connection, login, secret)
