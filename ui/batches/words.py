"""Words of batch screens: kinds, states, fields."""

from __future__ import annotations

from app.base.phrases import Name, Phrase
from app.batches.queries import StepRow
from app.batches.step_view import Asked, Entered
from ui.kit import State, Words

STATUS: dict[str, tuple[State, Phrase]] = {
    "open": (State.HERE, Phrase("being made")),
    "complete": (State.WAITING, Phrase("waits for release")),
    "released for production": (State.WAITING, Phrase("waits for the market release")),
    "released to market": (State.PASS, Phrase("released")),
    "rejected": (State.FAIL, Phrase("rejected")),
}
_FIELDS = {
    "asset": Phrase("Equipment"),
    "cleaned": Phrase("Cleaned"),
    "issued": Phrase("Labels issued"),
    "applied": Phrase("Labels applied"),
    "destroyed": Phrase("Labels destroyed"),
    "samples": Phrase("Samples"),
    "left": Phrase("Left over"),
    "made": Phrase("Made"),
    "good": Phrase("Good"),
    "scrapped": Phrase("Scrapped"),
    "not_found": Phrase("Not found"),
    "minutes": Phrase("Minutes passed"),
}
_FIGURES = {".low": Phrase("{name}, lowest"), ".high": Phrase("{name}, highest"), ".gap": Phrase("{name}, longest silence")}
VERDICTS = {"too low": Phrase("below its limit"), "too high": Phrase("above its limit"), "fails": Phrase("no")}
ANSWERS = {"yes": Phrase("yes"), "no": Phrase("no")}


def asked_words(asked: Asked) -> Phrase:
    """What is asked for, as a person reads it."""
    if asked.form == "channel":
        ending = "." + asked.field.rpartition(".")[2]
        return Phrase(_FIGURES[ending].text, name=asked.name)
    if asked.form in ("check", "figure"):
        several = int(asked.ask.get("readings", 1)) > 1 or "gauge" in asked.ask or asked.source == "device"
        return Phrase("{name}, sample {no}", name=asked.name, no=asked.sample_no) if several else Phrase("{name}", name=asked.name)
    return _FIELDS[asked.field]


def field_words(field: str, name: Name) -> Phrase:
    """A field by its key, where only that is known."""
    return _FIELDS.get(field, Phrase("{name}", name=name))


def step_title(step: StepRow) -> Phrase:
    """Number and name, ``6 Pouch sealing``."""
    return Phrase("{no} {name}", no=step.no, name=step.name)


def value_words(entered: Entered) -> Words:
    """The value as it stands: exact digits with unit, or the answer."""
    if entered.value is not None:
        return f"{entered.value} {entered.unit}".strip()
    return ANSWERS.get(entered.said or "", entered.said or "")


def state_of(step: StepRow) -> State:
    """How a step stands in the rail."""
    if step.status in ("done", "void"):
        return State.PASS
    if step.undecided is not None:
        return State.HOLD
    return State.HERE if step.status == "started" else State.TO_DO
