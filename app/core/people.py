"""People: created, given jobs, stripped, disabled, each with an own secret. A person is a role of the database, never deleted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.core.command import Permission, command
from app.core.records import Scope
from app.core.refusals import Refused, explain_constraint
from app.core.work import Work

MIN_SECRET = 10
_UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class SecretTooShort(RuleViolation):
    code = "PER-08"
    text = "Not changed: a password needs at least {length} characters."
    next_step = "Choose a longer one; a short sentence is easy to remember."


_APART = (
    Phrase("who writes a document does not approve documents"),
    Phrase("who buys does not approve suppliers"),
    Phrase("who receives material does not release it"),
    Phrase("who measures does not release"),
    Phrase("who makes a batch does not release batches"),
    Phrase("production and quality decide apart"),
    Phrase("who gives rights does not use them on records"),
)
"""Why the pairs a plant begins with are kept apart (migrations/sql/job_rights.sql)."""


def why_words(why: str) -> Phrase | str:
    """Why a pair is kept apart, in both languages where it is one that every plant begins with; else as an administrator wrote it."""
    return next((words for words in _APART if words.text == why), why)


class BadgeTaken(RuleViolation):
    code = "PER-23"
    text = "Not stored: the badge {badge} is somebody else's."
    next_step = "Take another badge, or take it away from who has it first."


class PairMeets(Refused):
    code, sqlstate = "PER-24", "LS140"
    text = "Not done: {who} would hold two rights that may not meet in one person: {why}."
    next_step = "Give it to somebody else, or let an administrator end the pair with a reason."

    def __init__(self, **facts: object) -> None:
        super().__init__(**{**facts, "why": why_words(str(facts.get("why", "")))})


class NobodyLeft(Refused):
    code, sqlstate = "PER-25", "LS141"
    text = "Not taken away: nobody would be left who gives rights."
    next_step = "Give the right to another job first."


class NoSuchRight(Refused):
    code, sqlstate = "PER-26", "LS142"
    text = "Not done: there is no right {right}."
    next_step = "Choose one of those in the list."


class NoSuchLine(Refused):
    code, sqlstate = "PER-27", "LS143"
    text = "Not given: no station of this site stands at the line {line}. There are: {lines}."
    next_step = "Write the line as its stations have it, or give the job for the whole site."


class NoSignatureOfThis(Refused):
    code, sqlstate = "SIG-11", "LS144"
    text = "Not signed: this account is for emergencies and stands for nobody."
    next_step = "Let somebody with an account of their own sign."


def verifier_of(connection: psycopg.Connection, login: str, secret: str) -> str:
    """The SCRAM-SHA-256 verifier of a secret, made here so that no clear text reaches the server or its log (RFC 5802).

    Raises:
        SecretTooShort: fewer than 10 characters.
    """
    if len(secret) < MIN_SECRET:
        raise SecretTooShort(length=MIN_SECRET)
    made: bytes = connection.pgconn.encrypt_password(secret.encode(), login.encode(), b"scram-sha-256")
    return made.decode()


def first_password() -> str:
    """A first password to hand over: four groups of four signs nobody confuses, 79 bits; the program makes it, nobody thinks one up."""
    return "-".join("".join(secrets.choice(_UNMISTAKABLE) for _ in range(4)) for _ in range(4))


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
    """How the identity was checked (21 CFR 11.100(b)); who recorded it and when is the database's to say."""
    verifier: str = field(repr=False)
    break_glass: bool = False
    """For an emergency: it signs nothing, and every log-in calls quality and the administrators."""


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def create_person(order: CreatePerson, work: Work) -> None:
    """Make the account and its login role in one transaction."""
    work.ask("create_person", order.id, order.login, order.name_en, order.name_zh, order.badge, order.identity_check, order.verifier)
    if order.break_glass:
        work.ask("mark_break_glass", order.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetInAgain:
    """Somebody forgot their password, or comes back: who they are is checked anew, and a first password lets them in to set their own."""

    command_id: UUID
    person: UUID
    identity_check: str
    verifier: str = field(repr=False)


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def let_in_again(order: LetInAgain, work: Work) -> None:
    """Replace the secret, open the account, end its sessions. Jobs of somebody who was disabled are given again one by one."""
    work.ask("let_in_again", order.person, order.identity_check, order.verifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribePerson:
    """The name somebody goes by now, whom to phone, and the badge that names them; the login never changes."""

    command_id: UUID
    person: UUID
    name_en: str
    name_zh: str
    phone: str
    badge: str | None


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def describe_person(order: DescribePerson, work: Work) -> None:
    """Change them; what was signed keeps the name it was signed under.

    Raises:
        BadgeTaken: somebody else has this badge.
    """
    with explain_constraint("person_badge_key", BadgeTaken(badge=order.badge)):
        work.ask("describe_person", order.person, order.name_en, order.name_zh, order.phone, order.badge)


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
class TakePlace:
    """A person loses a job at one place, and the job with its last place."""

    command_id: UUID
    scope: UUID


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def take_place(order: TakePlace, work: Work) -> None:
    """Take the place; the right bites at the person's next statement."""
    work.get(Scope, id=order.scope)
    work.ask("take_place", order.scope)


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
