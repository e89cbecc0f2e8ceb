"""Review by exception: only what is out of order stands here; the rest is one count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from uuid import UUID

from app.base.measurement import Verdict
from app.base.phrases import Phrase
from app.core.late.queries import CameLate, LateRow
from app.deviations.queries import DeviationRow
from app.inspection.queries import MeasurementRow
from app.tracing.history import Given, LotHistory, Pack, Standing
from app.tracing.words import deviation_kind_words, disposition_words, limits_words
from app.typed.queries import TypedRow
from ui.kit import State, StateRow
from ui.late.words import made_facts, place_words
from ui.shell.evidence import Evidence, Fact
from ui.shell.moments import short_moment_words
from ui.tracing.proofs import proof_of_deviation, proof_of_pack, proof_of_reading, proof_of_signature

_STATES = {Standing.BROKEN: State.FAIL, Standing.UNTOLD: State.TO_DO}
"""Of a signature that does not simply stand."""
_MEANINGS = {
    "held": "held",
    "hold ended": "hold ended",
    "released": "released",
    "rejected": "rejected",
    "approved by supervisor": "as supervisor",
    "approved by quality": "as quality",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LotException:
    """One thing out of order: how it reads, and what proves it."""

    row: StateRow
    proof: Callable[[], Evidence]
    deviation: UUID | None = None
    """An open deviation: it is opened to be decided, not only looked at."""


def exceptions_of(history: LotHistory, zone: tzinfo) -> tuple[LotException, ...]:
    """What needs a person first, then what was decided; every one stays listed."""
    decided = [row for row in history.deviations if row.status == "decided"]
    return (
        *(_broken(given, zone) for given in history.broken),
        *(_deviation(row, history, zone) for row in history.open_deviations),
        *(_undecided(m, history, zone) for m in _without_deviation(history)),
        *(_late(m, m.late, history, zone) for m in _measured(history) if m.late is not None),
        *(_dropped(one, history, zone) for one in history.dropped),
        *(_typed(pack, history, zone) for pack in history.packs if pack.origin == "typed"),
        *(_typed_value(m, m.typed, history, zone) for m in _readings(history) if m.typed is not None),
        *(_label(pack, history, zone) for pack in history.packs if _label_trouble(pack)),
        *(_deviation(row, history, zone) for row in decided),
        *(_undone(pack, history, zone) for pack in history.packs if pack.undone is not None),
    )


def in_order(history: LotHistory, exceptions: tuple[LotException, ...]) -> int:
    """How many entries of the history are in order and need no look."""
    return max(0, len(history.events) - len(exceptions))


def _broken(given: Given, zone: tzinfo) -> LotException:
    title = Phrase("Signature of {name} is broken", name=given.name)
    line = Phrase("{subject}: the content was changed after it was signed", subject=given.subject_code)
    row = StateRow(state=State.FAIL, title=title, line=line, right=short_moment_words(given.at, zone))
    return LotException(row=row, proof=partial(proof_of_signature, given, zone))


def _deviation(row: DeviationRow, history: LotHistory, zone: tzinfo) -> LotException:
    title = Phrase("{deviation} • {kind}", deviation=row.code, kind=deviation_kind_words(row.kind))
    seen = Phrase("{what}", what=row.what_happened or "–")
    if "value" in row.facts:
        value = Phrase("{value} {unit}", value=row.facts["value"], unit=row.facts["unit"])
        seen = Phrase("sample {sample}: {value} • {what}", sample=row.facts["sample_no"], value=value, what=row.what_happened or "–")
    proof = partial(proof_of_deviation, row, history, zone)
    if row.status == "open":
        return LotException(row=StateRow(state=State.FAIL, title=title, line=seen, right=Phrase("open")), proof=proof, deviation=row.id)
    disposition = disposition_words(row.disposition) if row.disposition else Phrase("decided")
    right = Phrase("{disposition}, {name}", disposition=disposition, name=history.name_of(row.decided_by))
    return LotException(row=StateRow(state=State.PASS, title=title, line=seen, right=right), proof=proof)


def _measured(history: LotHistory) -> tuple[MeasurementRow, ...]:
    return history.inspection.measurements if history.inspection is not None else ()


def _late(m: MeasurementRow, late: CameLate, history: LotHistory, zone: tzinfo) -> LotException:
    specs = history.inspection.characteristics if history.inspection is not None else ()
    spec = next(one for one in specs if one.id == m.characteristic)
    title = Phrase("Late: {characteristic}, sample {sample}: {value}", characteristic=spec.name, sample=m.sample_no, value=m.measured)
    how = Phrase("confirmed by its author") if late.how == "confirmed" else Phrase("signed for by another")
    line = Phrase("made {at} while the database was away • {how}", at=short_moment_words(late.made_at, zone), how=how)
    row = StateRow(state=State.ATTENTION, title=title, line=line, right=history.name_of(late.author))
    return LotException(row=row, proof=partial(proof_of_reading, m, history, zone))


def _dropped(one: LateRow, history: LotHistory, zone: tzinfo) -> LotException:
    title = Phrase("Draft dropped: {place}: {value}", place=place_words(one), value=one.figure)
    line = Phrase("{who}: {reason}", who=history.name_of(one.settled_by), reason=one.reason or "–")
    row = StateRow(state=State.ATTENTION, title=title, line=line, right=history.name_of(one.author))
    return LotException(row=row, proof=partial(_proof_of_dropped, one, history, zone))


def _proof_of_dropped(one: LateRow, history: LotHistory, zone: tzinfo) -> Evidence:
    facts = [
        *made_facts(one.author, one.station, one.made_at, one.received_at, history.people, zone),
        Fact(name=Phrase("dropped by"), value=history.name_of(one.settled_by)),
        Fact(name=Phrase("reason"), value=one.reason or "–"),
    ]
    title = Phrase("{value} • {place}", value=one.figure, place=place_words(one))
    return Evidence(title=title, origin=Phrase("a draft that was dropped; no measurement"), facts=tuple(facts))


def _without_deviation(history: LotHistory) -> list[MeasurementRow]:
    known = {row.cause_id for row in history.deviations}
    return [m for m in _measured(history) if m.verdict is not Verdict.CONFORMS and m.id not in known]


def _undecided(m: MeasurementRow, history: LotHistory, zone: tzinfo) -> LotException:
    specs = history.inspection.characteristics if history.inspection is not None else ()
    spec = next(one for one in specs if one.id == m.characteristic)
    title = Phrase("{characteristic}, sample {sample}: {value}", characteristic=spec.name, sample=m.sample_no, value=m.measured)
    line = Phrase("limits {limits} • no deviation yet", limits=limits_words(spec.limits, spec.decimals))
    row = StateRow(state=State.FAIL, title=title, line=line, right=m.gauge)
    return LotException(row=row, proof=partial(proof_of_reading, m, history, zone))


def _typed(pack: Pack, history: LotHistory, zone: tzinfo) -> LotException:
    title = Phrase("Typed receipt • {container}", container=pack.container_code or "–")
    line = Phrase("{quantity} entered by hand", quantity=pack.quantity)
    row = StateRow(state=State.ATTENTION, title=title, line=line, right=history.name_of(pack.by))
    return LotException(row=row, proof=partial(proof_of_pack, pack, history, zone))


def _readings(history: LotHistory) -> tuple[MeasurementRow, ...]:
    return history.inspection.measurements if history.inspection is not None else ()


def _typed_value(m: MeasurementRow, typed: TypedRow, history: LotHistory, zone: tzinfo) -> LotException:
    """A measurement that a person typed in place of the gauge and a second one verified."""
    specs = history.inspection.characteristics if history.inspection is not None else ()
    spec = next(one for one in specs if one.id == m.characteristic)
    title = Phrase(
        "Typed value • {characteristic}, sample {sample}: {value}", characteristic=spec.name, sample=m.sample_no, value=m.measured
    )
    second = typed.ended_name if typed.ended_name is not None else typed.ended_by or "–"
    line = Phrase("{reason} • verified by {second}", reason=typed.reason, second=second)
    row = StateRow(state=State.ATTENTION, title=title, line=line, right=typed.by_name)
    return LotException(row=row, proof=partial(proof_of_reading, m, history, zone))


def _label_trouble(pack: Pack) -> bool:
    return bool(pack.labels) and pack.labels[-1].status in ("unknown", "refused")


def _label(pack: Pack, history: LotHistory, zone: tzinfo) -> LotException:
    label = pack.labels[-1]
    title = Phrase("Label of {container} may be missing", container=pack.container_code or "–")
    known = Phrase(
        "{printer} refused it" if label.status == "refused" else "whether {printer} printed it is unknown", printer=label.printer
    )
    row = StateRow(state=State.ATTENTION, title=title, line=known, right=history.name_of(label.by))
    return LotException(row=row, proof=partial(proof_of_pack, pack, history, zone))


def _undone(pack: Pack, history: LotHistory, zone: tzinfo) -> LotException:
    title = Phrase("Receipt undone • {container}", container=pack.container_code or "–")
    undone = pack.undone
    line = Phrase("{quantity}: {reason}", quantity=pack.quantity, reason=undone.reason if undone is not None else "–")
    right = history.name_of(undone.by if undone is not None else None)
    return LotException(
        row=StateRow(state=State.PASS, title=title, line=line, right=right), proof=partial(proof_of_pack, pack, history, zone)
    )


def signature_rows(history: LotHistory, zone: tzinfo) -> list[StateRow]:
    """Who signed what, newest first; a broken one is filled."""
    rows = []
    for given in reversed(history.signatures):
        state = _STATES.get(given.standing, State.PASS)
        line = Phrase("{meaning}, {day}", meaning=Phrase(_MEANINGS[given.meaning]), day=given.at.astimezone(zone).date())
        rows.append(StateRow(state=state, title=given.name, line=line, strong=True))
    return rows
