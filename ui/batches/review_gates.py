"""What must hold before a batch is released, each from facts on record, each with why. The database decides again at the signature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.base.phrases import Phrase
from app.batches import rules
from app.batches.queries import Obstacle
from app.batches.review import FELL, BatchReview, Counted
from app.core.late.rules import LateWaits
from app.core.refusals import Refused
from ui.batches.field_words import field_words
from ui.kit import Gate, State, Words

STEPS, OUTSIDE, OPEN, REJECTED, INCOMPLETE, LOTS = "LS090", "LS092", "LS093", "LS094", "LS096", "LS097"
DRAFTS = LateWaits.sqlstate
_REFUSALS: dict[str, type[Refused]] = {
    one.sqlstate: one
    for one in (
        rules.StepsNotDone,
        rules.OutsideUndecided,
        rules.BatchHasOpenDeviation,
        rules.BatchIsToBeRejected,
        rules.StepSignatureFell,
        rules.StepIncomplete,
        rules.ComponentNotReleased,
    )
}


def gates_of(review: BatchReview) -> tuple[Gate, ...]:
    """All gates in the order in which a reviewer reads them."""
    labels = [one for one in review.counted if one.kind == "label"]
    return (
        _steps(review),
        _components(review),
        _deviations(review),
        *([_outside(review)] if _against(review, OUTSIDE) else []),
        *(_labels(review, one) for one in labels),
        _signatures(review),
        *([_instruments(review)] if review.instruments else []),
        *_entries(review),
        *_drafts(review),
    )


def closed(gates: Iterable[Gate]) -> int:
    """How many of them hinder the release; entries that wait for a look are counted by themselves."""
    return sum(gate.state in (State.FAIL, State.HOLD) for gate in gates)


def _against(review: BatchReview, *codes: str) -> list[Obstacle]:
    return [one for one in review.obstacles if one.rule in codes]


def _why(review: BatchReview, against: Sequence[Obstacle]) -> Words:
    """The database's own refusal of the first one: rule, what it is, what to do."""
    first = against[0]
    facts = {"batch": review.batch.code, "step": first.step, "deviation": first.what, "lot": first.what}
    step = review.step(first.step)
    field = field_words(step, first.what) if step is not None else first.what
    return _rule_words(_REFUSALS[first.rule](**facts, field=field))


def _rule_words(refusal: Refused) -> Words:
    return Phrase("Rule {rule}: {what} {next}", rule=refusal.code, what=refusal.what, next=refusal.next)


def _gate(key: str, holds: bool, name: Words, why: Words, reason: Words) -> Gate:
    return Gate(key=key, state=State.PASS if holds else State.FAIL, name=name, why=why, reason=reason)


def _steps(review: BatchReview) -> Gate:
    against = _against(review, STEPS, INCOMPLETE)
    done = sum(step.status in ("done", "void") for step in review.steps)
    name = Phrase("Steps {done} of {all} done", done=done, all=len(review.steps))
    left_out = [str(step.no) for step in review.steps if step.status == "void"]
    why: Words = Phrase("left out: {steps}", steps=", ".join(left_out)) if left_out else ""
    if against:
        waits = sorted({one.step for one in against if one.step is not None})
        why = Phrase("not whole: {steps}", steps=", ".join(map(str, waits[:8])) + (" …" if len(waits) > 8 else ""))
    names = Phrase("Record {record}, revision {revision}.", record=review.batch.master_code, revision=review.batch.master_revision)
    return _gate("steps", not against, name, why, _why(review, against) if against else names)


def _components(review: BatchReview) -> Gate:
    against = _against(review, LOTS)
    late = [one for one in review.components if one.last_used_on > one.expires_on]
    name: Words = Phrase("Components released, in date")
    why: Words = Phrase("{count} lots went in", count=len(review.components))
    if against or late:
        name = Phrase("Components not in order")
        why = ", ".join([*(one.what for one in against), *(one.code for one in late)])
    lots = _listed([Phrase("{lot} ({item}) until {day}", lot=one.code, item=one.item, day=one.expires_on) for one in review.components])
    return _gate("components", not against and not late, name, why, _why(review, against) if against else lots)


def _deviations(review: BatchReview) -> Gate:
    against = _against(review, OPEN, REJECTED)
    count = len(review.deviations)
    why: Words = ", ".join(one.what for one in against) if against else Phrase("{count} decided and signed", count=count)
    if not count:
        return _gate("deviations", True, Phrase("No deviation was opened"), "", "")
    if not against:
        return _gate("deviations", True, Phrase("Deviations decided"), why, ", ".join(one.code for one in review.deviations))
    first = against[0]
    name = Phrase("A deviation rejects the batch") if first.rule == REJECTED else Phrase("Deviation open")
    return _gate("deviations", False, name, why, _why(review, against))


def _outside(review: BatchReview) -> Gate:
    against = _against(review, OUTSIDE)
    steps = ", ".join(str(one.step) for one in against)
    return _gate("outside", False, Phrase("Values outside are undecided"), Phrase("step {step}", step=steps), _why(review, against))


def _labels(review: BatchReview, counted: Counted) -> Gate:
    values, key = counted.values, f"labels {counted.step}"
    missing = counted.not_found
    if missing is None:
        return _gate(key, False, Phrase("Labels are not counted yet"), Phrase("step {step}", step=counted.step), "")
    issued = values.get("issued", 0)
    spent = Phrase(
        "{issued} issued, {applied} applied, {destroyed} destroyed",
        issued=issued,
        applied=values.get("applied", 0),
        destroyed=values.get("destroyed", 0),
    )
    if not missing:
        return _gate(key, True, Phrase("Labels balance"), Phrase("{count} issued, none missing", count=issued), spent)
    against = [one for one in _against(review, OUTSIDE) if one.step == counted.step]
    why = Phrase("{missing} of {issued} not found", missing=missing, issued=issued)
    if not against:
        return _gate(key, True, Phrase("Label difference is decided"), why, spent)
    return _gate(key, False, Phrase("Labels do not balance"), why, _why(review, against))


def _signatures(review: BatchReview) -> Gate:
    wanted = [step for step in review.steps if step.kind == "sign" and step.status != "void"]
    against = _against(review, FELL)
    fell = {one.step for one in against}
    stand = [step for step in wanted if step.status == "done" and step.no not in fell]
    why: Words = Phrase("{count} of {all} stand", count=len(stand), all=len(wanted))
    if against:
        return _gate("signatures", False, Phrase("Signatures have fallen"), why, _why(review, against))
    is_whole = len(stand) == len(wanted)
    name = Phrase("Signatures stand") if is_whole else Phrase("Signatures are missing")
    missing = _listed([Phrase("{no} {name}", no=step.no, name=step.name) for step in wanted if step not in stand])
    compared = Phrase("Compared with what is recorded now, at this look.")
    return _gate("signatures", is_whole, name, why, compared if is_whole else missing)


def _instruments(review: BatchReview) -> Gate:
    unfit = [one for one in review.instruments if not one.was_fit]
    every = _listed(
        [Phrase("{code} until {day}", code=one.code, day=one.due_on) if one.due_on is not None else one.code for one in review.instruments]
    )
    if unfit:
        codes = ", ".join(one.code for one in unfit)
        return _gate("instruments", False, Phrase("Gauges out of calibration"), codes, every)
    why = Phrase("{count} were in calibration at use", count=len(review.instruments))
    return _gate("instruments", True, Phrase("Gauges in calibration"), why, every)


def _entries(review: BatchReview) -> list[Gate]:
    """What a reviewer accepts by name; no gate where nothing is out of the ordinary."""
    accepted = sum(row.accepted_by is not None for row in review.exceptions)
    waiting = sum(row.waits_for_review for row in review.exceptions)
    if waiting:
        why = Phrase("{open} of {all}", open=waiting, all=waiting + accepted)
        reason = _rule_words(rules.ExceptionsNotReviewed(batch=review.batch.code, count=waiting))
        return [Gate(key="entries", state=State.ATTENTION, name=Phrase("Entries to review"), why=why, reason=reason)]
    if accepted:
        return [_gate("entries", True, Phrase("Entries reviewed"), Phrase("{count} were accepted by name", count=accepted), "")]
    return []


def _drafts(review: BatchReview) -> list[Gate]:
    """What was made while the database was away and still waits; no gate where nothing does."""
    found = []
    for one in _against(review, DRAFTS):
        why = _rule_words(LateWaits(subject=review.batch.code, count=one.what))
        found.append(_gate("drafts", False, Phrase("Drafts wait"), Phrase("{n} wait", n=one.what), why))
    return found


def _listed(parts: Sequence[Words]) -> Words:
    """``a, b, c`` in the reader's language."""
    words: Words = parts[0] if parts else ""
    for part in parts[1:]:
        words = Phrase("{first}, {rest}", first=words, rest=part)
    return words
