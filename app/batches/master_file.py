"""The file of a master record: YAML that an engineer writes and a reviewer reads. What is wrong is named by line and step."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.batches import formula
from app.batches.master import READER, Equipment, Hold, MasterRecord, Material, Parameter, Parameters, Sign, Step
from app.batches.yaml_text import Document, NotReadable, read_yaml


class MasterNotReadable(RuleViolation):
    code = "MBR-01"
    text = "Not read: line {line}, {where}: {reason}"
    next_step = "Mend what is named here, then check the file again: python main.py master check FILE"


_WRITE = {
    "figure": Phrase("Write a figure like 12.50, at most 12 digits before and 6 after the point."),
    "unseen": Phrase("It holds signs that cannot be seen. Type it instead of pasting."),
    "string_pattern_mismatch": Phrase("Keys are small letters, digits and _; codes are capitals, digits and -."),
    "int_type": Phrase("Write a whole number without quotes."),
    "bool_parsing": Phrase("Write true or false."),
    "bool_type": Phrase("Write true or false."),
    "string_type": Phrase("Write text, in quotes where it looks like a number."),
    "dataclass_type": Phrase("Write its parts below it, indented by two."),
    "tuple_type": Phrase("Write a list: one line for each, with a dash before it."),
    "too_short": Phrase("At least one is wanted."),
    "string_too_short": Phrase("It must not be empty."),
    "string_too_long": Phrase("It is too long."),
}
_OTHER = Phrase("It is out of range.")


def parse(text: str) -> MasterRecord:
    """Read a master record; steps come back numbered, each with the steps it follows.

    Args:
        text: The whole file.

    Raises:
        MasterNotReadable: with line, step and what to write.
    """
    try:
        document = read_yaml(text)
    except NotReadable as trouble:
        raise MasterNotReadable(line=trouble.line, where=Phrase("the file"), reason=trouble.reason) from trouble
    try:
        record = READER.validate_python(document.values)
    except ValidationError as trouble:
        misspelt = sorted(trouble.errors(), key=lambda error: error["type"] != "unexpected_keyword_argument")
        raise _told(document, misspelt[0]) from trouble
    record = dataclasses.replace(record, steps=tuple(_placed(record.steps)))
    for place, reason in _faults(record):
        raise MasterNotReadable(line=document.line(place), where=_where(document, place), reason=reason)
    return record


def _placed(steps: Sequence[Step]) -> list[Step]:
    """Number the steps, and say of each what it follows."""
    return [
        dataclasses.replace(
            step, no=no, after=step.after if step.after is not None else tuple(before.key for before in steps[no - 2 : no - 1] if no > 1)
        )
        for no, step in enumerate(steps, 1)
    ]


def _told(document: Document, error: ErrorDetails) -> MasterNotReadable:
    place = [part for part in error["loc"] if not _is_kind(document.values, error["loc"], part)]
    name = str(place[-1]) if place else ""
    return MasterNotReadable(line=document.line(place), where=_where(document, place), reason=_reason(error, name))


def _reason(error: ErrorDetails, name: str) -> Phrase:
    match error["type"]:
        case "missing" | "union_tag_not_found":
            return Phrase("“{name}” is missing.", name=name if error["type"] == "missing" else "kind")
        case "unexpected_keyword_argument":
            return Phrase("“{name}” is not known here.", name=name)
        case "literal_error":
            return Phrase(
                "“{name}” cannot be {value}. Write {expected}.", name=name, value=_short(error), expected=error["ctx"]["expected"]
            )
        case "union_tag_invalid":
            expected = error["ctx"]["expected_tags"]
            return Phrase("“{name}” cannot be {value}. Write {expected}.", name="kind", value=error["ctx"]["tag"], expected=expected)
    kind = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["type"]
    return Phrase("“{name}” cannot be {value}. {write}", name=name, value=_short(error), write=_WRITE.get(kind, _OTHER))


def _short(error: ErrorDetails) -> str:
    return repr(error["input"])[:60]


def _is_kind(values: Any, location: Sequence[str | int], part: str | int) -> bool:
    """Whether a part of a location is the kind of the step, which the file does not nest."""
    return len(location) > 2 and location[0] == "steps" and part == location[2] and part == values["steps"][location[1]].get("kind")


def _where(document: Document, place: Sequence[str | int]) -> Phrase:
    """The step a place belongs to, by its key."""
    if len(place) > 1 and place[0] == "steps" and isinstance(place[1], int):
        step = document.values["steps"][place[1]]
        key = step.get("key") if isinstance(step, dict) else None
        return Phrase("step {key}", key=key or place[1] + 1)
    return Phrase("the head of the record")


def _faults(record: MasterRecord) -> list[tuple[tuple[str | int, ...], Phrase]]:
    """What no single value shows: keys twice, steps that name later ones, limits the wrong way round."""
    found: list[tuple[tuple[str | int, ...], Phrase]] = []
    earlier: dict[str, Step] = {}
    for no, step in enumerate(record.steps):
        if step.key in earlier:
            found.append((("steps", no, "key"), Phrase("the key {key} stands on two steps. Keys are given once.", key=step.key)))
        for part, keys in _named(step):
            unknown = sorted(set(keys) - set(earlier))
            if unknown:
                reason = Phrase("{key} is no step before this one. Name an earlier step.", key=unknown[0])
                found.append((("steps", no, part), reason))
        found += [(("steps", no, *place), reason) for place, reason in (*_faults_within(step), *_machines(step, earlier))]
        if isinstance(step, Material) and step.bound_to == "sublot" and record.sublot_size is None:
            reason = Phrase("it is bound to a sub-lot, and the head does not say “sublot_size”. Write how many units one sub-lot has.")
            found.append((("steps", no, "bound_to"), reason))
        earlier[step.key] = step
    return found


def _named(step: Step) -> list[tuple[str, tuple[str, ...]]]:
    """Fields of a step that name other steps."""
    named = [("after", step.after or ())]
    match step:
        case Hold(since=since):
            named.append(("since", (since,)))
        case Sign(signs=signs):
            named.append(("signs", signs))
        case Parameters(parameters=parameters):
            named += [("parameters", (one.machine,)) for one in parameters if one.machine is not None]
    return named


def _machines(step: Step, earlier: Mapping[str, Step]) -> Iterator[tuple[tuple[str | int, ...], Phrase]]:
    """Channels are read from a machine that was scanned in an equipment step."""
    for n, one in enumerate(step.parameters if isinstance(step, Parameters) else ()):
        scanned = earlier.get(one.machine) if one.machine is not None else None
        if scanned is not None and not isinstance(scanned, Equipment):
            reason = Phrase("“machine” names {key}, in which no equipment is scanned. Name an equipment step.", key=one.machine)
            yield ("parameters", n, "machine"), reason


def _faults_within(step: Step) -> list[tuple[tuple[str | int, ...], Phrase]]:
    match step:
        case Hold(min_minutes=least, max_minutes=most) if most is not None and most < least:
            return [(("max_minutes",), Phrase("the longest time is shorter than the shortest."))]
        case Parameters():
            return [*_fields_twice(step), *_wrong_fields(step)]
    return []


_OWN_FIGURES = frozenset({"issued", "applied", "destroyed", "not_found", "made", "minutes"})
"""What the database computes for other kinds of steps; it refuses these names itself (`step_is_whole`)."""


def _fields_twice(step: Parameters) -> Iterator[tuple[tuple[str | int, ...], Phrase]]:
    fields: list[tuple[str, int, str]] = [("parameters", n, one.key) for n, one in enumerate(step.parameters)]
    fields += [("choices", n, one.key) for n, one in enumerate(step.choices)]
    fields += [(part, n, one.key) for part, named in (("times", step.times), ("photos", step.photos)) for n, one in enumerate(named)]
    for place, (part, n, key) in enumerate(fields):
        if key in _OWN_FIGURES:
            yield (part, n, "key"), Phrase("the key {key} is the database's own. Choose another.", key=key)
        if key in {before for _, _, before in fields[:place]}:
            yield (part, n, "key"), Phrase("the key {key} stands on two parameters.", key=key)
    if not fields:
        yield ("kind",), Phrase("it asks for nothing. Write “parameters”, “choices”, “times” or “photos”.")


def _wrong_fields(step: Parameters) -> Iterator[tuple[tuple[str | int, ...], Phrase]]:
    inputs: list[str] = []
    for n, one in enumerate(step.parameters):
        reason = _wrong(one) or (formula.why_not(one.formula, inputs) if one.formula is not None else None)
        if reason is not None:
            yield ("parameters", n), reason
        if one.source != "channel" and one.readings == 1:
            inputs.append(one.key)
    for n, choice in enumerate(step.choices):
        keys = [option.key for option in choice.options]
        if len(set(keys)) < len(keys) or not any(option.accepted for option in choice.options):
            yield ("choices", n), Phrase("its options have a key twice, or none of them is accepted.")


def _wrong(one: Parameter) -> Phrase | None:
    """Why a parameter cannot be: no limit, limits crossed, a device where none sends it."""
    if one.lower is None and one.upper is None:
        return Phrase("it has neither a lower nor an upper limit. Write at least one.")
    ladder = [limit for limit in (one.lower, one.soft_lower, one.nominal, one.soft_upper, one.upper) if limit is not None]
    if ladder != sorted(ladder) or (one.lower is not None and one.lower == one.upper):
        return Phrase("its limits do not rise: lower, soft_lower, nominal, soft_upper, upper.")
    if (one.source == "device") != (one.device is not None):
        return Phrase("“device” names the kind of asset, and stands there with source: device and only then.")
    if (one.source == "formula") != (one.formula is not None) or (one.formula is not None and one.readings != 1):
        return Phrase("“formula” stands there with source: formula and only then, and is computed once.")
    if {one.source == "channel"} != {part is not None for part in (one.machine, one.channel, one.longest_gap_s)}:
        return Phrase("“machine”, “channel” and “longest_gap_s” stand there together, with source: channel and only then.")
    return None
