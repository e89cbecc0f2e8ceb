"""Review by exception: each thing out of order with its reason, who must act and where it is put right; what is in order is one count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal, InvalidOperation

from app.base.phrases import Phrase
from app.batches.field_words import said_words
from app.batches.queries import ExceptionRow
from app.batches.review import BatchReview, ReviewedStep
from app.deviations.queries import DeviationRow
from ui.batches.field_words import asked, field_words, limits_of
from ui.batches.step_evidence import instrument_facts, origin_of
from ui.deviations.words import DISPOSITION_WORDS, SIGNERS
from ui.kit import ExceptionLine, Measured, Recorded, State, Words
from ui.shell.evidence import Evidence, Fact
from ui.shell.moments import moment_words, short_moment_words

_KINDS = {
    "outside": "Outside its limits",
    "near": "Near its limit",
    "typed": "Typed value",
    "late": "Late entry",
    "dropped": "Draft dropped",
    "correction": "Correction",
    "undo": "Taken back",
    "typed lot": "Typed lot",
    "reprint": "Reprint",
    "left out": "Left out",
    "deviation": "Deviation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One exception: how it reads, what proves it, and where it is put right."""

    line: ExceptionLine
    row: ExceptionRow
    step: ReviewedStep | None
    deviation: DeviationRow | None
    proof: Callable[[], Evidence]

    @property
    def needs_decision(self) -> bool:
        """A deviation that is missing or open: the release waits for it."""
        return self.line.state is State.FAIL and self.line.act is not None


def reviewed(review: BatchReview, zone: tzinfo) -> tuple[Reviewed, ...]:
    """What hinders first, then what is read before signing, then what was decided; each group oldest first."""
    rows = [*review.exceptions, *_of_steps(review)]
    every = [_reviewed(str(n), row, review, zone) for n, row in enumerate(rows)]
    return tuple(sorted(every, key=lambda one: (not one.needs_decision, one.line.act is None, one.row.at)))


def in_order(review: BatchReview, rows: tuple[Reviewed, ...]) -> int:
    """Entries that need no look. One entry may be out of order in two ways; it is counted once."""
    entered = {(one.row.step, one.row.field, one.row.at) for one in rows if one.row.kind not in ("left out", "deviation")}
    return max(0, review.entries - len(entered))


def _of_steps(review: BatchReview) -> list[ExceptionRow]:
    """Deviations on a step that was not left out (yet)."""
    told = {row.deviation for row in review.exceptions}
    return [
        ExceptionRow(
            kind="deviation",
            step=one.facts.get("step"),
            field=one.kind,
            value=None,
            old=None,
            unit=None,
            by=one.opened_by,
            at=one.opened_at,
            reason=one.what_happened,
            deviation=one.code,
            status=one.status,
            record=one.id,
            by_review=False,
            accepted_by=None,
            accepted_at=None,
        )
        for one in review.deviations
        if one.code not in told
    ]


def _reviewed(key: str, row: ExceptionRow, review: BatchReview, zone: tzinfo) -> Reviewed:
    step, deviation = review.step(row.step), review.deviation(row.deviation)
    state, owner, act, outcome = _standing(row, deviation, review)
    line = ExceptionLine(
        key=key,
        state=state,
        kind=_kind(row),
        what=_what(row, step, deviation),
        reason=_reason(row, deviation, zone),
        evidence=_evidence(row, step),
        owner=owner,
        act=act,
        outcome=outcome,
    )
    return Reviewed(line=line, row=row, step=step, deviation=deviation, proof=lambda: _proof(line, row, review, zone))


def _kind(row: ExceptionRow) -> Words:
    return row.deviation if row.deviation is not None else Phrase(_KINDS[row.kind])


def _what(row: ExceptionRow, step: ReviewedStep | None, deviation: DeviationRow | None) -> Words:
    match row.kind:
        case "deviation":
            return Phrase("discrepancy") if deviation is not None and deviation.kind == "discrepancy" else Phrase("out of limits")
        case "left out":
            return step.name if step is not None else row.field
        case "outside" | "near" | "typed" | "late" | "dropped" | "correction":
            return field_words(step, row.field)
        case _:
            return row.field


def _reason(row: ExceptionRow, deviation: DeviationRow | None, zone: tzinfo) -> Words:
    """Where, and why as it was written; without words of a person, when."""
    why: Words = row.reason or (deviation.what_happened if deviation is not None else "") or short_moment_words(row.at, zone)
    return Phrase("step {step} • {why}", step=row.step, why=why) if row.step is not None else why


def _standing(row: ExceptionRow, deviation: DeviationRow | None, review: BatchReview) -> tuple[State, Words, Words | None, Words]:
    """State, who must act or acted, the word of its button, and what was decided."""
    if deviation is not None and deviation.status == "open":
        return State.FAIL, _next_signer(deviation, review), Phrase("Open"), ""
    if deviation is not None:
        rejects = deviation.disposition == "reject"
        outcome = Phrase("reject the batch") if rejects else DISPOSITION_WORDS.get(deviation.disposition or "", Phrase("decided"))
        return State.FAIL if rejects else State.PASS, review.name_of(deviation.decided_by), None, outcome
    if row.kind == "outside":
        return State.FAIL, Phrase("operator"), Phrase("Open"), ""
    if row.accepted_by is not None:
        return State.PASS, review.name_of(row.accepted_by), None, Phrase("accepted")
    return State.ATTENTION, review.name_of(row.by), Phrase("Look"), ""


def _next_signer(deviation: DeviationRow, review: BatchReview) -> Words:
    """Who must act: whoever signs next; before it is described, whoever opened it."""
    wanted = review.demanded.get(deviation.id, ())
    return SIGNERS[wanted[0]] if wanted else review.name_of(deviation.opened_by)


def _evidence(row: ExceptionRow, step: ReviewedStep | None) -> Words | Recorded | Measured:
    if row.kind == "correction":
        return Recorded(now=_value(row.value, row.unit, row, step), before=(_value(row.old, None, row, step),))
    limits = limits_of(step, row.field) if step is not None and row.kind in ("outside", "near", "typed", "late", "dropped") else None
    value = _figure(row.value)
    if limits is not None and value is not None:
        return Measured(limits=limits, value=value)
    if row.kind == "reprint":
        return Phrase("copy {copy}", copy=row.value)
    return _value(row.value, row.unit, row, step) if row.value is not None else ""


def _figure(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        return None


def _value(value: str | None, unit: str | None, row: ExceptionRow, step: ReviewedStep | None) -> Words:
    if value is None or unit is not None:
        return f"{value or '–'} {unit or ''}".strip()
    return said_words(value, asked(step, row.field) if step is not None else None)


def _proof(line: ExceptionLine, row: ExceptionRow, review: BatchReview, zone: tzinfo) -> Evidence:
    step = review.step(row.step)
    facts = [Fact(name=Phrase("what"), value=Phrase(_KINDS[row.kind]))]
    if step is not None:
        facts.append(Fact(name=Phrase("step"), value=Phrase("{no} {name}", no=step.no, name=step.name)))
    if row.old is not None:
        facts.append(Fact(name=Phrase("before"), value=_value(row.old, None, row, step)))
    if row.value is not None:
        facts.append(Fact(name=Phrase("value on record"), value=_value(row.value, row.unit, row, step)))
    facts.append(Fact(name=Phrase("reason"), value=row.reason or "–"))
    if row.deviation is not None:
        facts.append(Fact(name=Phrase("deviation"), value=row.deviation))
    facts.append(Fact(name=Phrase("person"), value=review.name_of(row.by)))
    facts.append(Fact(name=Phrase("time, by the database"), value=moment_words(row.at, zone)))
    if row.accepted_by is not None and row.accepted_at is not None:
        accepted = Phrase("{name}, {at}", name=review.name_of(row.accepted_by), at=moment_words(row.accepted_at, zone))
        facts.append(Fact(name=Phrase("accepted by"), value=accepted))
    title = Phrase("{kind} • {what}", kind=line.kind, what=line.what)
    behind = review.behind.get(row.record)
    if behind is None:
        return Evidence(title=title, origin=Phrase("from the record of the batch"), facts=tuple(facts))
    facts += instrument_facts(behind, zone)
    return Evidence(title=title, origin=origin_of(behind), facts=tuple(facts), raw=behind.raw)
