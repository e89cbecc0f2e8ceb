"""F4 on an entry of a step: what proves it, as it stands on record."""

from __future__ import annotations

from datetime import tzinfo

from app.base.phrases import Phrase
from app.batches.step_facts import ConsumptionRow, EntryRow, StepView
from ui.batches.step_words import field_words, value_words
from ui.deviations.words import instant
from ui.kit import Words
from ui.late.words import late_facts
from ui.shell.evidence import Evidence, Fact
from ui.typed.facts import TYPED, calibration_fact, clock_facts, device_facts, typed_facts

ORIGINS = {
    "scanned": Phrase("scanned"),
    "measured": Phrase("read from a device"),
    "typed": Phrase("typed by a person"),
    "computed": Phrase("computed by the database"),
    "imported": Phrase("a picture that was taken here"),
}
VERDICTS = {
    "conforms": Phrase("conforms"),
    "too low": Phrase("too low"),
    "too high": Phrase("too high"),
    "fails": Phrase("fails"),
}


def evidence_of(view: StepView, entry: EntryRow, zone: tzinfo) -> tuple[Evidence, ...]:
    """The entry that stands, then every one it replaced, newest first."""
    if view.step is None:
        return ()
    chain = (entry, *reversed(view.step.before(entry)))
    return tuple(_one(view, one, zone) for one in chain)


def _one(view: StepView, entry: EntryRow, zone: tzinfo) -> Evidence:
    asked = view.step.asks(entry) if view.step is not None else None
    name = field_words(asked) if asked is not None else entry.field
    return Evidence(
        title=Phrase("{name}: {value}", name=name, value=value_words(entry, zone, asked)),
        origin=origin_of(entry),
        facts=tuple(_facts(view, entry, zone)),
        raw=entry.raw,
        picture=entry.said if entry.origin == "imported" else None,
    )


def origin_of(row: EntryRow | ConsumptionRow) -> Words:
    """Measured, scanned, typed and by how many people, computed."""
    return TYPED if row.typed is not None else ORIGINS[row.origin]


def instrument_facts(row: EntryRow | ConsumptionRow, zone: tzinfo) -> list[Fact]:
    """Times, device and its calibration; of what was typed, who typed and who verified it."""
    device, serial_no = (row.device, row.device_serial_no) if isinstance(row, EntryRow) else (row.scale, row.scale_serial_no)
    facts = [] if row.typed is None else typed_facts(row.typed, zone)
    facts += clock_facts(row.read_at, row.clock_ahead_ms, zone)
    if device is not None:
        said = {"said_serial_no": row.said_serial_no, "firmware": row.said_firmware}
        facts += _device(device, serial_no, said, measured=row.origin == "measured")
        facts.append(calibration_fact(row.certificate, row.due_on))
    return facts


def _facts(view: StepView, entry: EntryRow, zone: tzinfo) -> list[Fact]:
    facts = [
        Fact(name=Phrase("verdict"), value=VERDICTS[entry.verdict]),
        *_who(view, entry, Phrase("entered by")),
        Fact(name=Phrase("database time"), value=instant(entry.at, zone)),
        *instrument_facts(entry, zone),
    ]
    if entry.reason is not None and entry.typed is None:
        facts.append(Fact(name=Phrase("reason"), value=entry.reason))
    late = view.came_late.get(entry.id)
    if late is not None:
        facts.extend(late_facts(late, view.names, zone))
    return facts


def _device(device: str, serial_no: str | None, said: dict[str, str | None], *, measured: bool) -> list[Fact]:
    """What it said of itself stands only where it said something: a typed value and a scanned machine have nothing of it."""
    facts = device_facts(device=device, serial_no=serial_no or "–", **said)  # type: ignore[arg-type]
    return facts if measured else facts[:1]


def _who(view: StepView, row: EntryRow | ConsumptionRow, name: Phrase) -> list[Fact]:
    if row.typed is not None:
        return []
    station: Words = row.station or Phrase("past the stations")
    return [Fact(name=name, value=Phrase("{who}, {station}", who=view.who(row.by), station=station))]


def evidence_of_taken(view: StepView, one: ConsumptionRow, zone: tzinfo) -> tuple[Evidence, ...]:
    """Material that went in: scanned, weighed, or typed and verified."""
    facts = [
        Fact(name=Phrase("lot"), value=one.lot),
        Fact(name=Phrase("container"), value=one.container),
        *_who(view, one, Phrase("taken by")),
        Fact(name=Phrase("database time"), value=instant(one.at, zone)),
        *instrument_facts(one, zone),
    ]
    if one.reason is not None and one.typed is None:
        facts.append(Fact(name=Phrase("reason"), value=one.reason))
    if one.undone is not None:
        facts.append(Fact(name=Phrase("taken back"), value=one.undone))
    title = Phrase("{quantity} of lot {lot}", quantity=one.quantity, lot=one.lot)
    return (Evidence(title=title, origin=origin_of(one), facts=tuple(facts), raw=one.raw),)
