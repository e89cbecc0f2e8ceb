"""How a deviation reads: its heading, the facts its cause left, classes, dispositions and meanings in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from app.base.phrases import Name, Phrase, group_thousands
from app.batches.field_words import OWN_FIELDS, said_in_facts
from app.deviations.queries import DeviationRow
from app.deviations.rules import CLASSES
from ui.kit import Words
from ui.shell.wall_clock import zone_words

CLASS_WORDS = {"minor": Phrase("minor"), "major": Phrase("major"), "critical": Phrase("critical")}
DISPOSITION_WORDS = {
    "use as is": Phrase("use as is"),
    "reject": Phrase("reject the lot"),
    "return to supplier": Phrase("return to supplier"),
}
_OF_BATCH = {"use as is": Phrase("use as is"), "reject": Phrase("reject the batch")}
MEANING_WORDS = {
    "approved by supervisor": Phrase("Approved as line supervisor"),
    "approved by quality": Phrase("Approved as quality"),
}
SIGNERS = {"approved by supervisor": Phrase("line supervisor"), "approved by quality": Phrase("quality engineer")}
STATUS_WORDS = {"open": Phrase("open"), "decided": Phrase("decided")}

STRICTEST = CLASSES[-1]
"""What a deviation that opened itself stands under until a person has classed it: the class that needs the most signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWords:
    """One fact of the cause: its name and value; the first one is what is wrong."""

    name: Words
    value: Words
    is_wrong: bool = False


def disposition_words(disposition: str | None, subject_kind: str) -> Words:
    """What is proposed to become of a lot or of a batch; empty while nothing is."""
    return (_OF_BATCH if subject_kind == "batch" else DISPOSITION_WORDS).get(disposition or "", "")


def subject_words(row: DeviationRow, code: str) -> Words:
    """``lot L26-0382`` or ``batch B26-0001``; `code` is the lot's."""
    return Phrase("batch {batch}", batch=row.facts.get("batch_code", "")) if row.subject_kind == "batch" else Phrase("lot {lot}", lot=code)


def blocked_words(row: DeviationRow) -> Words:
    """What stands still while it is open."""
    if row.holds_batch:
        return Phrase("batch held")
    return Phrase("step held") if row.subject_kind == "batch" else Phrase("lot blocked")


def what(row: DeviationRow) -> Words:
    """``Effective length above limit``; the kind in words where the cause was no reading."""
    facts = row.facts
    if row.cause_kind == "step_entry":
        return _entry_words(facts)
    if row.holds_batch:
        return Phrase("the whole batch is held")
    if row.cause_kind == "batch_step":
        return Phrase("step {step} is left out", step=Name(facts["step_en"], facts["step_zh"]))
    if row.cause_kind == "measurement":
        name = Name(facts["characteristic_en"], facts["characteristic_zh"])
        return Phrase("{name} above limit", name=name) if facts["verdict"] == "too high" else Phrase("{name} below limit", name=name)
    return Phrase("discrepancy") if row.kind == "discrepancy" else Phrase("out of limits")


def heading(row: DeviationRow) -> Words:
    """``DEV26-0188 • Effective length above limit``."""
    return Phrase("{code} • {what}", code=row.code, what=what(row))


def facts_of(row: DeviationRow) -> list[FactWords]:
    """What the record knows of the cause; the raw frame with its control characters named."""
    facts = row.facts
    if row.subject_kind == "batch":
        return _facts_of_batch(row)
    if row.cause_kind != "measurement":
        return [FactWords(name=str(name), value=str(value)) for name, value in facts.items()]
    unit, side = facts["unit"], "upper" if facts["verdict"] == "too high" else "lower"
    return [
        FactWords(name=Phrase("read"), value=f"{_figure(facts['value'])} {unit}", is_wrong=True),
        FactWords(name=Phrase("limit"), value=f"{_figure(facts[side])} {unit}"),
        FactWords(name=Phrase("sample"), value=str(facts["sample_no"])),
        FactWords(name=Phrase("gauge"), value=facts["gauge"]),
        FactWords(name=Phrase("as it came"), value=visible(bytes.fromhex(facts["raw"])) if facts["raw"] else Phrase("typed")),
    ]


def _entry_words(facts: dict[str, Any]) -> Words:
    """What stands outside in a step: ``Seal temperature above limit``."""
    name = _field_name(facts)
    if facts["verdict"] == "fails":
        return Phrase("{name}: {answer}", name=name, answer=said_in_facts(facts))
    if str(facts["field"]).endswith(".gap"):
        return Phrase("{name} silent for too long", name=name)
    return Phrase("{name} above limit", name=name) if facts["verdict"] == "too high" else Phrase("{name} below limit", name=name)


def _field_name(facts: dict[str, Any]) -> Words:
    if facts.get("characteristic_en"):
        return Name(facts["characteristic_en"], facts["characteristic_zh"])
    return OWN_FIELDS.get(facts["field"], str(facts["field"]))


_READ = {"high": Phrase("highest"), "low": Phrase("lowest"), "gap": Phrase("longest silence")}


def _facts_of_batch(row: DeviationRow) -> list[FactWords]:
    facts = row.facts
    shown = []
    if row.cause_kind == "step_entry":
        name = _READ.get(str(facts["field"]).rpartition(".")[2], Phrase("read"))
        said = facts.get("said")
        value = said_in_facts(facts) if said is not None else f"{_figure(facts['value'])} {facts['unit'] or ''}".rstrip()
        shown.append(FactWords(name=Phrase("answer") if said is not None else name, value=value, is_wrong=True))
        limit = facts.get("upper" if facts["verdict"] == "too high" else "lower")
        if limit is not None and not str(facts["field"]).endswith(".gap"):
            shown.append(FactWords(name=Phrase("limit"), value=f"{_figure(limit)} {facts['unit'] or ''}".rstrip()))
        if facts.get("gauge"):
            shown.append(FactWords(name=Phrase("device"), value=facts["gauge"]))
    if "batch_code" in facts:
        shown.append(FactWords(name=Phrase("batch"), value=facts["batch_code"]))
    if "step" in facts:
        shown.append(FactWords(name=Phrase("step"), value=str(facts["step"])))
    return shown or [FactWords(name=str(name), value=str(value)) for name, value in facts.items()]


def visible(raw: bytes) -> str:
    """A frame as text; every character that has no shape stands as its code: ``<0D>``."""
    return "".join(chr(one) if 0x20 <= one < 0x7F else f"<{one:02X}>" for one in raw)


def signs_words(meanings: tuple[str, ...]) -> Words:
    """Who signs, in the order in which they are asked."""
    if len(meanings) == 2:
        return Phrase("sign here: {first}, {second}", first=SIGNERS[meanings[0]], second=SIGNERS[meanings[1]])
    return Phrase("signs here: {who}", who=SIGNERS[meanings[0]]) if meanings else ""


def instant(at: datetime, zone: tzinfo) -> Words:
    """Date, time to the second and zone."""
    there = at.astimezone(zone)
    return Phrase("{date} {time} {zone}", date=there.date(), time=f"{there:%H:%M:%S}", zone=zone_words(there))


def _figure(text: str | None) -> str:
    return group_thousands(Decimal(text)) if text is not None else "–"
