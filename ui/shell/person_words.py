"""An account in words: where its jobs hold, how its password stands, what state it is in."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.base.phrases import Phrase
from app.core.people_view import PersonLine, Place
from ui.kit import State, Words
from ui.shell.job_words import job_words


def where_words(place: Place) -> Words:
    """At which site, on which line."""
    if place.line is None:
        return Phrase("{site}, every line", site=place.site)
    return Phrase("{site}, line {line}", site=place.site, line=place.line)


def jobs_words(person: PersonLine) -> Words:
    """The first two jobs, and how many more."""
    jobs = list(dict.fromkeys(place.job for place in person.places))
    match jobs:
        case []:
            return Phrase("no job")
        case [one]:
            return job_words(one)
        case [one, two]:
            return Phrase("{first}, {second}", first=job_words(one), second=job_words(two))
        case [one, two, *rest]:
            return Phrase("{first}, {second} and {count} more", first=job_words(one), second=job_words(two), count=len(rest))
    raise AssertionError("unreachable")


def secret_words(person: PersonLine, now: datetime, zone: tzinfo) -> Words:
    """Whether the password is theirs, and until when."""
    if person.secret_ends_at is None:
        return Phrase("first password, not replaced yet")
    until = person.secret_ends_at.astimezone(zone)
    return Phrase("too old since {day}", day=f"{until:%Y-%m-%d}") if until <= now else Phrase("good until {day}", day=f"{until:%Y-%m-%d}")


def state_of(person: PersonLine, now: datetime) -> tuple[State, Words]:
    """One word for the list."""
    if not person.enabled:
        return State.WAITING, Phrase("left")
    if person.break_glass:
        return State.HOLD, Phrase("for emergencies")
    if not person.places:
        return State.ATTENTION, Phrase("no job yet")
    if person.secret_ends_at is None or person.secret_ends_at <= now:
        return State.ATTENTION, Phrase("sets a password next")
    return State.PASS, Phrase("works here")
