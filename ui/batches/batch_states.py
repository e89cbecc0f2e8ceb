"""How the state of a batch reads: its badge, and in one line what it waits for."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.batches.worklist import BatchLine
from ui.kit import State

_STATES: dict[str, tuple[State, Phrase]] = {
    "open": (State.TO_DO, Phrase("in production")),
    "complete": (State.WAITING, Phrase("complete")),
    "released for production": (State.WAITING, Phrase("released for production")),
    "released to market": (State.PASS, Phrase("released to market")),
    "rejected": (State.FAIL, Phrase("rejected")),
}
_WAITS = {
    "deviation": "step {step} waits for its deviation",
    "signature": "step {step} waits for its signature",
    "work": "step {step} is under way: {name}",
    "start": "step {step} may begin: {name}",
}
_ENDS = {
    "open": "every step is done: complete it",
    "complete": "waits for its review and release",
    "released for production": "waits for the release to market",
    "released to market": "may be shipped",
    "rejected": "is never shipped",
}


def state_of(line: BatchLine) -> tuple[State, Phrase]:
    """Shape and word; a batch that a deviation holds says so."""
    if line.held_by is not None or (line.waits is not None and line.waits.why == "deviation"):
        return State.HOLD, Phrase("held by a deviation")
    return _STATES[line.status]


def waits_words(line: BatchLine) -> Phrase:
    """What it waits for."""
    if line.held_by is not None:
        return Phrase("the whole batch waits for {deviation}", deviation=line.held_by)
    if line.waits is not None:
        return Phrase(_WAITS[line.waits.why], step=line.waits.step, name=line.waits.name)
    return Phrase(_ENDS[line.status])
