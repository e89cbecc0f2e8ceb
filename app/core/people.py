"""People: created, given jobs, stripped, disabled, each with an own secret. A person is a role of the database, never deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from app.base.errors import RuleViolation
from app.core.command import Permission, command
from app.core.work import Work

MIN_SECRET = 10


class SecretTooShort(RuleViolation):
    code = "PER-08"
    text = "Not changed: a password needs at least {length} characters."
    next_step = "Choose a longer one; a short sentence is easy to remember."


def verifier_of(connection: psycopg.Connection, login: str, secret: str) -> str:
    """The SCRAM-SHA-256 verifier of a secret, made here so that no clear text reaches the server or its log (RFC 5802).

    Raises:
        SecretTooShort: fewer than 10 characters.
    """
    if len(secret) < MIN_SECRET:
        raise SecretTooShort(length=MIN_SECRET)
    made: bytes = connection.pgconn.encrypt_password(secret.encode(), login.encode(), b"scram-sha-256")
    return made.decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePerson:
    """An administrator checked somebody's identity and opens an account; the first secret only lets them in to set their own."""

    command_id: UUID
    id: UUID
    login: str
    name_en: str
    name_zh: str
    badge: str | None
    identity_check: str
    """Who checked the identity and how (21 CFR 11.100(b))."""
    verifier: str = field(repr=False)


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def create_person(order: CreatePerson, work: Work) -> None:
    """Make the account and its login role in one transaction."""
    work.ask("create_person", order.id, order.login, order.name_en, order.name_zh, order.badge, order.identity_check, order.verifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveJob:
    """A person gets a job at a site, on one line or (``None``) on all."""

    command_id: UUID
    id: UUID
    person: UUID
    job: str
    site: UUID
    line: str | None


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def give_job(order: GiveJob, work: Work) -> None:
    """Grant the job's role and its scope together."""
    work.ask("give_job", order.id, order.person, order.job, order.site, order.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeJob:
    """A person loses a job everywhere."""

    command_id: UUID
    person: UUID
    job: str


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def take_job(order: TakeJob, work: Work) -> None:
    """Revoke the role and the scope; it bites at the person's next statement.

    Raises:
        JobRemains: somebody else than this program granted it too.
    """
    work.ask("take_job", order.person, order.job)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisablePerson:
    """Somebody left or is locked out: no log-in any more, open sessions end, the name stays taken for ever."""

    command_id: UUID
    person: UUID


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def disable_person(order: DisablePerson, work: Work) -> None:
    """Strip every job, forbid the log-in, end the sessions."""
    work.ask("disable_person", order.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOwnSecret:
    """A person sets a secret nobody else knows; without it nothing can be signed (21 CFR 11.200(a)(2))."""

    command_id: UUID
    verifier: str = field(repr=False)


@command(permission=Permission.EVERYBODY, signature=None)
def change_own_secret(order: ChangeOwnSecret, work: Work) -> None:
    """Store the verifier and remember that it is the person's own."""
    work.ask("set_own_secret", order.verifier)
