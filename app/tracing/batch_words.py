"""How steps, fields and exceptions of a batch read on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.base.measurement import Limits, Quantity
from app.base.phrases import Name, Phrase
from app.batches.field_words import OWN_FIELDS, figure_words, said_in_facts, said_words
from app.batches.step_facts import NAMED
from app.deviations.queries import DeviationRow
from app.tracing.batch_history import Asked, Entered, MachineTrace, StepRecord
from app.tracing.words import limits_words

BATCH_STATUS = {
    "open": "under way",
    "complete": "complete",
    "released for production": "released for production",
    "released to market": "released to market",
    "rejected": "rejected",
}
STEP_STATUS = {"waiting": "waiting", "ready": "not started", "started": "under way", "done": "done", "void": "left out"}
KINDS = {
    "instruction": "instruction",
    "line_clearance": "line clearance",
    "material": "material",
    "equipment": "equipment",
    "parameter": "parameters",
    "inspection": "inspection in process",
    "label": "labelling",
    "hold": "hold time",
    "yield": "yield",
    "sign": "signature",
}
UNIT_STATUS = {"made": "made", "labelled": "labelled", "sampled": "sample", "scrapped": "scrapped"}
KIT_STATUS = {"laid out": "laid out", "put back": "put back"}
VERDICTS = {"conforms": "conforms", "too low": "too low", "too high": "too high", "fails": "does not conform"}
EXCEPTIONS = {
    "outside": "Outside its limits",
    "near": "Near a limit",
    "typed": "Typed instead of read",
    "late": "Entered late",
    "dropped": "Draft dropped",
    "correction": "Corrected",
    "undo": "Material taken back",
    "typed lot": "Lot typed instead of scanned",
    "reprint": "Label printed again",
    "left out": "Step left out",
    "deviation": "Deviation",
}
TIMES = frozenset({"cleaned", "time"})
"""Forms whose value is a time itself."""
WITHOUT_LIMITS = frozenset({"count", "asset", "time", "photo"})
"""Forms the record sets no limits for; what is not found when counting has one: nothing."""


def batch_status_words(status: str) -> Phrase:
    """Where a batch stands."""
    return Phrase(BATCH_STATUS[status])


def step_status_words(status: str) -> Phrase:
    """Where a step stands."""
    return Phrase(STEP_STATUS[status])


def kind_words(kind: str) -> Phrase:
    """What sort of step."""
    return Phrase(KINDS[kind])


def unit_status_words(status: str) -> Phrase:
    """What became of a unit."""
    return Phrase(UNIT_STATUS[status])


def kit_status_words(status: str) -> Phrase:
    """Whether a container is still laid out."""
    return Phrase(KIT_STATUS[status])


def exception_words(kind: str) -> Phrase:
    """Why a reviewer looks at it."""
    return Phrase(EXCEPTIONS[kind])


def field_words(asked: Asked) -> object:
    """What a field is called, without its sample."""
    if asked.form == "channel":
        return figure_words(_name(asked.ask), asked.field)
    if asked.form in NAMED:
        return _name(asked.ask)
    return OWN_FIELDS[asked.field]


def asked_words(asked: Asked, unit: str | None) -> object:
    """A field with its sample and its unit, as far as there are several."""
    words = field_words(asked)
    if asked.samples > 1:
        words = Phrase("{what}, sample {sample}", what=words, sample=asked.sample_no)
    return Phrase("{what}, {unit}", what=words, unit=unit) if unit is not None else words


def demand_words(asked: Asked) -> object:
    """What the record demands of a field: limits, never a value that anybody entered."""
    ask = asked.ask
    if asked.form == "check":
        return Phrase("yes")
    if asked.form == "cleaned":
        return Phrase("at most {hours} h ago", hours=ask["cleaned_within_h"])
    if asked.form == "minutes":
        return _between(ask, "min_minutes", "max_minutes", "min", 0)
    if asked.field.endswith(".gap"):
        return Phrase("at most {upper}", upper=Quantity(Decimal(ask["longest_gap_s"]), "s"))
    if asked.field == "not_found":
        return Decimal(0)
    if asked.form == "choice":
        return _one_of([_name(option) for option in ask["options"] if option["accepted"]])
    if asked.form in ("figure", "channel", "formula"):
        return _between(ask, "lower", "upper", ask["unit"], ask["decimals"])
    return None


def formula_words(ask: Mapping[str, Any]) -> Phrase:
    """How the database computed a figure, with its rounding rule."""
    facts = {"formula": ask["formula"], "decimals": ask["decimals"]}
    return Phrase("= {formula}; digits after the point: {decimals}, halves rounded away from zero", **facts)


def _one_of(names: Sequence[Name]) -> object:
    words: object = names[0]
    for name in names[1:]:
        words = Phrase("{one} or {other}", one=words, other=name)
    return words


def _between(ask: Mapping[str, Any], lower: str, upper: str, unit: str, decimals: int) -> Phrase | None:
    low, high = (Decimal(str(ask[side])) if ask.get(side) is not None else None for side in (lower, upper))
    if low is None and high is None:
        return None
    return limits_words(Limits(unit=unit, lower=low, nominal=None, upper=high), decimals)


def value_words(entry: Entered, asked: Asked) -> object:
    """What was entered: figure with unit, answer, code, or the time of a cleaning."""
    if asked.form in TIMES:
        return entry.read_at
    return entry.value if entry.said is None else said_words(entry.said, asked.ask)


def verdict_of(entry: Entered, asked: Asked) -> Phrase | None:
    """What the limits say of an entry; nothing where there are none."""
    if asked.form in WITHOUT_LIMITS or (asked.form == "computed" and asked.field != "not_found"):
        return None
    verdict = Phrase(VERDICTS[entry.verdict])
    return Phrase("{verdict}, near a limit", verdict=verdict) if entry.near_limit else verdict


def material_words(step: StepRecord) -> Phrase:
    """What a material step demands, as the frozen record says it."""
    spec = step.spec
    quantity = Quantity(Decimal(spec["quantity"]), spec["unit"])
    tolerance = Quantity(Decimal(spec["tolerance"]), spec["unit"])
    if spec["per"] == "unit":
        return Phrase("{item}, {quantity} for each unit, tolerance {tolerance}", item=spec["item"], quantity=quantity, tolerance=tolerance)
    return Phrase("{item}, {quantity} for the batch, tolerance {tolerance}", item=spec["item"], quantity=quantity, tolerance=tolerance)


def trace_words(trace: MachineTrace) -> Phrase:
    """A machine's trace in figures."""
    told = trace.statistics
    mean = told.mean.quantize(Decimal(1).scaleb(-trace.decimals - 1)) if told.mean is not None else None
    return Phrase(
        "{name}, {machine}: {samples} samples, {bad} of them without a value; lowest {low}, highest {high}, mean {mean} {unit}",
        name=trace.name,
        machine=trace.machine,
        samples=told.samples,
        bad=told.samples - told.good,
        low=told.low if told.low is not None else "–",
        high=told.high if told.high is not None else "–",
        mean=mean if mean is not None else "–",
        unit=trace.unit,
    )


def seen_words(row: DeviationRow) -> object:
    """What the database copied as the cause of a deviation: an entry with its limits, a step, or words that were given."""
    facts = row.facts
    if row.holds_batch:
        return Phrase("the whole batch {batch} was held", batch=facts["batch_code"])
    if row.cause_kind not in ("step_entry", "batch_step"):
        return ", ".join(f"{name}: {value}" for name, value in sorted(facts.items())) or None
    step = Phrase("step {no}, {name}", no=facts["step"], name=Name(facts["step_en"], facts["step_zh"]))
    if "field" not in facts:
        return step
    what = Name(facts["characteristic_en"], facts["characteristic_zh"]) if facts.get("characteristic_en") else facts["field"]
    if facts["value"] is None:
        return Phrase("{step}: {what}, {answer}", step=step, what=what, answer=said_in_facts(facts))
    value = f"{facts['value']} {facts['unit'] or ''}".strip()
    limits = f"{facts['lower'] or '–'} – {facts['upper'] or '–'}"
    return Phrase("{step}: {what}, {value} (limits {limits})", step=step, what=what, value=value, limits=limits)


def _name(ask: Mapping[str, Any]) -> Name:
    return Name(ask["name"]["en"], ask["name"]["zh"])
