"""F4 on an entry of a step: what proves it, as it stands on record."""

from __future__ import annotations

from datetime import tzinfo

from app.base.phrases import Phrase
from app.batches.step_facts import EntryRow, StepView
from ui.batches.step_words import field_words, value_words
from ui.deviations.words import instant
from ui.kit import Words
from ui.late.words import late_facts
from ui.shell.evidence import Evidence, Fact

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
        origin=ORIGINS[entry.origin],
        facts=tuple(_facts(view, entry, zone)),
        raw=entry.raw,
        picture=entry.said if entry.origin == "imported" else None,
    )


def _facts(view: StepView, entry: EntryRow, zone: tzinfo) -> list[Fact]:
    station: Words = entry.station or Phrase("past the stations")
    facts = [
        Fact(name=Phrase("verdict"), value=VERDICTS[entry.verdict]),
        Fact(name=Phrase("entered by"), value=Phrase("{who}, {station}", who=view.who(entry.by), station=station)),
        Fact(name=Phrase("database time"), value=instant(entry.at, zone)),
    ]
    if entry.read_at is not None:
        facts.append(Fact(name=Phrase("workstation time"), value=instant(entry.read_at, zone)))
    if entry.device is not None:
        facts.append(Fact(name=Phrase("device"), value=entry.device))
    if entry.certificate is not None and entry.due_on is not None:
        calibration = Phrase("{certificate}, due {due}", certificate=entry.certificate, due=entry.due_on)
        facts.append(Fact(name=Phrase("calibration"), value=calibration))
    if entry.reason is not None:
        facts.append(Fact(name=Phrase("reason"), value=entry.reason))
    late = view.came_late.get(entry.id)
    if late is not None:
        facts.extend(late_facts(late, view.names, zone))
    return facts
