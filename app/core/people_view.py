"""People, jobs and rights as an administrator sees them, and oneself as everybody may. Frozen rows, read only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.records import JobRight, Person, PersonSeen, RightConflict, Scope, Site, Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A job of a person at a site, on one line or on all."""

    id: UUID
    job: str
    site: str
    """Code."""
    line: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One account with its jobs."""

    id: UUID
    login: str
    name: Name
    phone: str
    badge: str | None
    enabled: bool
    break_glass: bool
    identity_check: str
    checked_by: str
    checked_at: datetime
    secret_set_at: datetime | None
    secret_ends_at: datetime | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLines:
    """A site and the lines its stations stand at."""

    id: UUID
    code: str
    lines: tuple[str, ...]


def everybody(session: Session) -> list[PersonLine]:
    """All accounts by name, those who left last. Two statements, however many there are."""
    return _accounts(session)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Somebody came in under a name, or tried to with a wrong password at a station."""

    at: datetime
    station: str | None
    """``None``: past the stations."""
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Oneself:
    """One's own account and the last log-ins under one's name, newest first."""

    account: PersonLine
    logins: tuple[LogIn, ...]


def oneself(session: Session, login: str) -> Oneself:
    """Of the person of this connection."""
    rows = session.execute(text("SELECT at, station, failed FROM lineside.my_logins()"))
    logins = tuple(LogIn(at=row.at, station=row.station, failed=row.failed) for row in rows)
    return Oneself(account=_accounts(session, Person.login == login)[0], logins=logins)


def _accounts(session: Session, *which: ColumnElement[bool]) -> list[PersonLine]:
    places: dict[UUID, list[Place]] = defaultdict(list)
    held = select(Scope, Site.code).join(Site, Site.id == Scope.site).join(Person, Person.id == Scope.person).where(*which)
    for scope, site in session.execute(held.order_by(Scope.job, Site.code, Scope.line)):
        places[scope.person].append(Place(id=scope.id, job=scope.job, site=site, line=scope.line))
    ends = PersonSeen.secret_set_at + func.make_interval(0, 0, 0, func.lineside.secret_days())
    asked = select(PersonSeen, ends).join(Person, Person.id == PersonSeen.id).where(*which)
    rows = session.execute(asked.order_by(Person.enabled.desc(), Person.name_en, Person.login))
    return [_line(person, until, places[person.id]) for person, until in rows]


def _line(person: Person, until: datetime | None, places: list[Place]) -> PersonLine:
    return PersonLine(
        id=person.id,
        login=person.login,
        name=person.name,
        phone=person.phone,
        badge=person.badge,
        enabled=person.enabled,
        break_glass=person.break_glass,
        identity_check=person.enabled_check,
        checked_by=person.checked_by,
        checked_at=person.checked_at,
        secret_set_at=person.secret_set_at,
        secret_ends_at=until,
        places=tuple(places),
    )


def sites_and_lines(session: Session) -> list[SiteLines]:
    """Where a job can be given."""
    rows = session.execute(
        select(Site.id, Site.code, func.array_agg(Station.line.distinct()))
        .join(Station, Station.site == Site.id, isouter=True)
        .group_by(Site.id, Site.code)
        .order_by(Site.code)
    )
    return [SiteLines(id=site, code=code, lines=tuple(sorted(line for line in lines if line))) for site, code, lines in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two rights that may not meet."""

    id: UUID
    first: str
    second: str
    why: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Which job has which rights, which pairs stand, and how long a password lasts."""

    rights: frozenset[tuple[str, str]]
    """(job, right)"""
    holders: dict[str, int]
    """How many enabled people have a job."""
    pairs: tuple[Pair, ...]
    secret_days: int


def composition(session: Session) -> Composition:
    """As it is now."""
    given = frozenset((row.job, row.right_name) for row in session.execute(select(JobRight.job, JobRight.right_name)))
    held = select(Scope.job, func.count(Scope.person.distinct())).join(Person, Person.id == Scope.person)
    many = session.execute(held.where(Person.enabled).group_by(Scope.job))
    standing = select(RightConflict).where(~RightConflict.ended)
    pairs = session.scalars(standing.order_by(RightConflict.first_right, RightConflict.second_right))
    return Composition(
        rights=given,
        holders={str(job): int(count) for job, count in many},
        pairs=tuple(
            Pair(id=one.id, first=one.first_right, second=one.second_right, why=one.why, set_by=one.set_by, set_at=one.set_at)
            for one in pairs
        ),
        secret_days=session.execute(select(func.lineside.secret_days())).scalar_one(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSecret:
    """One's own password: since when, until when, and whether it opens anything today."""

    set_at: datetime | None
    ends_at: datetime | None
    is_good: bool


def own_secret(session: Session) -> OwnSecret:
    """Of the person of this connection."""
    row = session.execute(text("SELECT * FROM lineside.my_secret()")).one()
    return OwnSecret(set_at=row.set_at, ends_at=row.ends_at, is_good=row.is_good)
