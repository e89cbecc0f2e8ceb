"""What a value says that was made while the database was away: who made it and when, when it arrived, who stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from app.base.phrases import Name, Phrase
from app.core.late.queries import CameLate, LateRow
from ui.deviations.words import instant
from ui.kit import Words
from ui.shell.evidence import Fact
from ui.shell.moments import short_moment_words


def made_facts(
    author: str, station: str, made_at: datetime, received_at: datetime, names: Mapping[str, Name], zone: tzinfo
) -> tuple[Fact, ...]:
    """Who made it and the two times."""
    who = Phrase("{who}, as {station} says", who=names.get(author, author), station=station)
    return (
        Fact(name=Phrase("made by"), value=who),
        Fact(name=Phrase("made at, by the station"), value=instant(made_at, zone)),
        Fact(name=Phrase("received, by the database"), value=instant(received_at, zone)),
    )


def late_facts(late: CameLate, names: Mapping[str, Name], zone: tzinfo) -> tuple[Fact, ...]:
    """Of a record that came late."""
    by = Phrase("{who}, {at}", who=names.get(late.by, late.by), at=instant(late.at, zone))
    return (
        Fact(name=Phrase("late"), value=Phrase("made while the database was away")),
        *made_facts(late.author, late.station, late.made_at, late.received_at, names, zone),
        Fact(name=Phrase("confirmed by its author") if late.how == "confirmed" else Phrase("signed for by"), value=by),
    )


def place_words(row: LateRow) -> Words:
    """Where a draft belongs: inspection, characteristic and sample, or batch, step and field."""
    facts = {"code": row.subject_code, "no": row.no, "sample": row.sample_no}
    if row.name is not None:
        return Phrase("{code} • ({no}) {name}, sample {sample}", name=row.name, **facts)
    return Phrase("{code} • step {no}, {field} {sample}", field=row.field or "–", **facts)


def times_words(row: LateRow, zone: tzinfo) -> tuple[Words, Words]:
    """When it was made by the station's clock, and when it arrived by the database's."""
    made, received = row.made_at.astimezone(zone), row.received_at.astimezone(zone)
    return (
        Phrase("made {day} {time} at {station}", day=made.date(), time=f"{made:%H:%M:%S}", station=row.station),
        Phrase("received {day} {time}", day=received.date(), time=f"{received:%H:%M:%S}"),
    )


def short_place_words(row: LateRow) -> Words:
    """The same for a narrow row: what tells one from the next comes first."""
    if row.name is not None:
        return Phrase("({no}) sample {sample} • {code}", no=row.no, sample=row.sample_no, code=row.subject_code)
    return Phrase("step {no}, {field} • {code}", no=row.no, field=row.field or "–", code=row.subject_code)


def short_times_words(row: LateRow, zone: tzinfo) -> Words:
    """Both times to the minute; the second one without its day where that is the same."""
    made, received = row.made_at.astimezone(zone), row.received_at.astimezone(zone)
    arrived: Words = f"{received:%H:%M}" if received.date() == made.date() else short_moment_words(row.received_at, zone)
    return Phrase("made {day} {time} • received {received}", day=made.date(), time=f"{made:%H:%M}", received=arrived)
