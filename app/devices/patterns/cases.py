"""Frames whose meaning an engineer wrote down beside the patterns: held against them at every change, and before anybody signs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.base.phrases import Phrase
from app.devices.meaning import Meaning, meaning_of_frame
from app.devices.patterns.definition import Definition, DefinitionRefused
from app.devices.patterns.written import WrittenCase
from app.devices.protocol import UNNAMED

_KINDS = {"no_value": "status", "unreadable": "reject"}
_STABLE = {"stable": True, "moving": False, "unknown": None, None: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One case and what the patterns make of it."""

    number: int
    """Counted from 1."""
    case: WrittenCase
    meaning: Meaning
    which: int | None
    """The pattern that decided, counted from 0."""
    fits: bool


def hold_cases(definition: Definition) -> list[Held]:
    """Every case in its order."""
    speaker = definition.speaker(unit=UNNAMED)
    family = definition.family(None)
    held: list[Held] = []
    for number, case in enumerate(definition.written.cases, 1):
        frame = case.frame.encode("latin-1")
        meaning = meaning_of_frame(family, speaker, frame)
        held.append(Held(number=number, case=case, meaning=meaning, which=speaker.which(frame), fits=_fits(case, meaning)))
    return held


def demand_proven(definition: Definition) -> list[Held]:
    """Every case means what was written, every pattern is decided about by a case, and one case is unreadable.

    Raises:
        DefinitionRefused: with the first case or pattern that is not.
    """
    held = hold_cases(definition)
    for one in held:
        if not one.fits:
            where = Phrase("case no. {number}", number=one.number)
            raise DefinitionRefused(where=where, reason=Phrase("the patterns make something else of it than was written."))
    proven = {one.which for one in held}
    for place in range(len(definition.patterns)):
        if place not in proven:
            where = Phrase("pattern no. {number}", number=place + 1)
            raise DefinitionRefused(where=where, reason=Phrase("no case shows a frame it decides about."))
    if not any(one.case.means == "unreadable" for one in held):
        raise DefinitionRefused(where=Phrase("“{name}”", name="cases"), reason=Phrase("no case shows a frame that must not be read."))
    return held


def _fits(case: WrittenCase, found: Meaning) -> bool:
    if case.means == "value":
        return (
            found.kind in ("weight", "measurement")
            and found.value is not None
            and case.value is not None
            and found.value.as_tuple() == Decimal(case.value).as_tuple()
            and (found.unit or "") == (case.unit or "")
            and case.stable is not None
            and found.stable is _STABLE[case.stable]
            and (case.text is None or found.text == case.text)
        )
    if case.value is not None or case.unit is not None or case.stable is not None:
        return False
    if (case.means == "status") != (found.kind == "status" and found.refusal is None):
        return False  # “no value now” is a refusal, a status is none
    said = found.serial_number or found.text
    return found.kind == _KINDS.get(case.means, case.means) and (case.text is None or said == case.text)
