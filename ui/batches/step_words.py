"""How a step reads: its fields, its values, what it lacks, where it stands in the rail."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal

from app.base.measurement import Quantity
from app.base.phrases import Phrase, group_thousands
from app.batches.field_words import OWN_FIELDS, figure_words, said_words
from app.batches.step_facts import AskedField, EntryRow, OpenStep, RailStep, StepView
from ui.kit import Recorded, State, StepLine, Words

KIND_WORDS = {
    "sealer": Phrase("pouch sealer"),
    "scale": Phrase("scale"),
    "caliper": Phrase("caliper"),
    "micrometer": Phrase("micrometer"),
    "printer": Phrase("label printer"),
    "scanner": Phrase("scanner"),
}


def field_words(asked: AskedField) -> Words:
    """What a field is called: as the record names it, or by the kind of its step."""
    name = asked.name
    if name is None:
        return OWN_FIELDS.get(asked.field, asked.field)
    if asked.form != "channel":
        return Phrase("{name}, sample {sample}", name=name, sample=asked.sample_no) if _has_samples(asked) else name
    return figure_words(name, asked.field)


def _has_samples(asked: AskedField) -> bool:
    return asked.form == "figure" and (asked.sample_no > 1 or int(asked.ask.get("readings", 2)) > 1)


def kind_words(kind: str) -> Words:
    """A kind of asset in words; one that the plant named itself as it is written."""
    return KIND_WORDS.get(kind, kind)


def value_words(entry: EntryRow, zone: tzinfo, asked: AskedField | None) -> Words:
    """What an entry says; `asked`: the field, whose record names its answers."""
    if entry.value is not None:
        return Quantity(entry.value, entry.unit) if entry.unit else group_thousands(entry.value)  # type: ignore[return-value]
    if entry.read_at is not None and (entry.field == "cleaned" or (asked is not None and asked.form == "time")):
        return moment(entry.read_at, zone)
    return said_words(entry.said or "", asked.ask if asked is not None else None)


def recorded(step: OpenStep, entry: EntryRow, zone: tzinfo) -> Recorded:
    """The entry with everything it replaced; typed where a device should have sent it."""
    asked = step.asks(entry)
    old = tuple(value_words(one, zone, asked) for one in step.before(entry))
    return Recorded(now=value_words(entry, zone, asked), before=old, typed=_was_typed(entry, corrected=bool(old)))


def _was_typed(entry: EntryRow, *, corrected: bool) -> bool:
    """In place of a device: verified by a second person, or with a reason alone as it was before there was one."""
    return entry.typed is not None or (entry.origin == "typed" and entry.reason is not None and not corrected)


def entry_state(entry: EntryRow | None) -> State:
    """What the database says of it."""
    if entry is None:
        return State.TO_DO
    if entry.verdict != "conforms":
        return State.FAIL
    return State.ATTENTION if entry.near_limit else State.PASS


def missing_words(step: OpenStep) -> Words:
    """The first thing the step still needs."""
    what = step.missing or ""
    place = what.split("/")
    asked = next((one for one in step.fields if one.field == place[0] and str(one.sample_no) == (place[1] if place[1:] else "1")), None)
    return Phrase("still needs {what}", what=field_words(asked) if asked is not None else what)


def moment(at: datetime, zone: tzinfo) -> Words:
    """Date and time of the day."""
    local = at.astimezone(zone)
    return Phrase("{day} {time}", day=local.date(), time=f"{local:%H:%M}")


def clock_of(at: datetime | None, zone: tzinfo) -> str:
    """Time of the day; empty for none."""
    return f"{at.astimezone(zone):%H:%M}" if at is not None else ""


def figure(value: Decimal) -> str:
    """A bare figure with its own digits."""
    return group_thousands(value)


def rail_lines(view: StepView, zone: tzinfo) -> list[StepLine]:
    """The steps as the rail shows them."""
    here = view.step.key if view.step is not None else None
    return [_line(one, is_here=one.key == here, zone=zone) for one in view.rail]


def _line(step: RailStep, *, is_here: bool, zone: tzinfo) -> StepLine:
    state, second = _standing(step, is_here=is_here, zone=zone)
    return StepLine(
        key=step.key,
        number=str(step.no),
        name=step.name,
        state=state,
        ended=clock_of(step.done_at, zone) if not is_here else "",
        second=second,
    )


def _standing(step: RailStep, *, is_here: bool, zone: tzinfo) -> tuple[State, Words]:
    if step.held_by is not None:
        return State.HOLD, Phrase("held by {deviation}", deviation=step.held_by)
    if step.fell:
        return State.ATTENTION, Phrase("its signature fell")
    if step.status == "void":
        return State.PASS, Phrase("left out by a deviation")
    if step.status == "done":
        return State.PASS, Phrase("done {time}", time=clock_of(step.done_at, zone)) if is_here else ""
    if step.status == "started":
        return State.HERE if is_here else State.WAITING, Phrase("since {time}", time=clock_of(step.started_at, zone))
    if step.status == "ready":
        return (State.HERE, Phrase("ready")) if is_here else (State.TO_DO, "")
    return State.TO_DO, Phrase("waits for step {step}", step=step.waits) if is_here else ""
