"""How a label's state and its history read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from app.base.phrases import Phrase
from app.labels.queries import StationLabel
from app.labels.queue_events import words_of
from app.scanning.characters import GS
from ui.kit import Number, State, Words
from ui.shell.evidence import Fact

STATES: dict[str, tuple[State, Phrase]] = {
    "requested": (State.WAITING, Phrase("waits for the printer")),
    "validated": (State.WAITING, Phrase("waits for the printer")),
    "sent": (State.WAITING, Phrase("sent to the printer")),
    "printing": (State.WAITING, Phrase("being printed")),
    "printed": (State.HERE, Phrase("printed, to be scanned")),
    "unknown": (State.ATTENTION, Phrase("nobody knows")),
    "refused": (State.FAIL, Phrase("did not come out")),
    "verified": (State.PASS, Phrase("scanned back")),
    "applied": (State.PASS, Phrase("on its unit")),
    "destroyed": (State.TO_DO, Phrase("destroyed")),
}
KINDS = {"container": Phrase("Containers"), "unit": Phrase("Units")}


def history_of(one: StationLabel, zone: tzinfo) -> list[Fact]:
    """What became of a label, state by state, in the order in which it happened; only what is on record."""
    told = [(at, Fact(name=name, value=value)) for at, name, value in _states(one, zone) if at is not None]
    return [fact for _, fact in sorted(told, key=lambda entry: entry[0])]


def _states(one: StationLabel, zone: tzinfo) -> Iterator[tuple[datetime | None, Words, Words]]:
    asked: Words = _by(one.requested_at, one.requested_by, zone)
    if one.replaces_copy is not None:
        asked = Phrase("{asked}, in place of copy {copy}: {reason}", asked=asked, copy=one.replaces_copy, reason=one.reason or "–")
    yield one.requested_at, Phrase("asked for"), asked
    read = Phrase("{at} as {code}", at=_at(one.validated_at, zone), code=(one.read_back or "–").replace(GS, "<GS>"))
    yield one.validated_at, Phrase("read back before printing"), read
    yield one.sent_at, Phrase("sent to {printer}", printer=one.printer), _at(one.sent_at, zone)
    yield one.printing_at, Phrase("being printed"), _at(one.printing_at, zone)
    if one.doubt is not None:
        doubt = words_of(one.doubt, printer=one.printer)
        yield one.doubted_at, Phrase("nobody knows"), Phrase("{at}: {reason}", at=_at(one.doubted_at, zone), reason=doubt)
    if one.status != "unknown":
        yield one.settled_at, Phrase("did not come out") if one.status == "refused" else Phrase("printed"), _settled(one, zone)
    yield one.verified_at, Phrase("scanned back"), _by(one.verified_at, one.verified_by, zone)
    if one.status == "destroyed":
        destroyed = _by(one.ended_at, one.ended_by, zone)
        yield one.ended_at, Phrase("destroyed"), Phrase("{by}: {reason}", by=destroyed, reason=one.detail)
    elif one.status == "applied":
        yield one.ended_at, Phrase("on its unit"), _by(one.ended_at, one.ended_by, zone)


def _settled(one: StationLabel, zone: tzinfo) -> Words:
    """Who said so: the printer, or a person and what was seen."""
    at = _at(one.settled_at, zone)
    if one.settled_by is None:
        said = words_of(one.detail, printer=one.printer) if one.status == "refused" else Phrase("by the printer's own word")
        return Phrase("{at}: {reason}", at=at, reason=said)
    if one.status == "refused":
        return Phrase("{by}: {reason}", by=_by(one.settled_at, one.settled_by, zone), reason=one.detail)
    return _by(one.settled_at, one.settled_by, zone)


def _at(at: datetime | None, zone: tzinfo) -> str:
    return "–" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _by(at: datetime | None, who: str | None, zone: tzinfo) -> Phrase:
    return Phrase("{at} by {who}", at=_at(at, zone), who=who or "–")


def numbers_of(one: StationLabel, zone: tzinfo) -> tuple[Number, ...]:
    """Which copy it is and when it was asked for."""
    return (
        Number(
            name=Phrase("Copy of the label of {what}", what=one.what),
            value=str(one.copy_no),
            how=Phrase("counted by the database: every label of this thing has the next number"),
            row=one.id,
            column="copy_no",
        ),
        Number(
            name=Phrase("Label of {what} asked for", what=one.what),
            value=_at(one.requested_at, zone),
            how=Phrase("written by the database, by its own clock"),
            row=one.id,
            column="requested_at",
        ),
    )
