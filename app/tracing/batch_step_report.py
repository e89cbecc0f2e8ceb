"""One step of a batch on paper: what the record demands, what was entered, by whom, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.base.measurement import Quantity
from app.base.phrases import Name, Phrase
from app.capture.queries import Column as TraceColumn
from app.reports.facts import Corrected, Signature, Strong, ToTheSecond
from app.reports.page import Align, Noted, Paper, Trace
from app.reports.trace import Stretch
from app.tracing.batch_history import BatchHistory, Entered, Line, MachineTrace, StepRecord, Taken
from app.tracing.batch_words import (
    TIMES,
    asked_words,
    demand_words,
    formula_words,
    kind_words,
    material_words,
    step_status_words,
    trace_words,
    value_words,
    verdict_of,
)
from app.tracing.deviation_report import PHOTO_MM, taken_words
from app.tracing.late_report import late_words
from app.tracing.report import columns_of, signature_block
from app.tracing.words import deviation_status_words, disposition_words, origin_words, readable
from app.typed.queries import TypedRow

_TEXT, _FIGURE = Align.LEFT, Align.RIGHT
_LATE_S = 15 * 60
"""Entered so much later than read is told (as `app.batches.queries.exceptions_of`)."""
_LATE = {"typed": "Read {at}, entered later", "imported": "Taken {at}, entered later"}
_ROOM_MM = 62
"""For the head of a step with the first row of its table, or with its signatures."""
_NOT_ENTERED = Phrase("not entered")


def step_section(paper: Paper, history: BatchHistory, step: StepRecord) -> None:
    """Everything of one step, under a bookmark of its own."""
    paper.section(Phrase("{no}. {name}", no=step.no, name=step.name), level=1, room_mm=_ROOM_MM)
    _head(paper, history, step)
    _instructions(paper, step)
    if step.kind == "material":
        _material(paper, history, step)
    if step.lines:
        _entries(paper, history, step)
        _photos(paper, history, step)
    for trace in step.traces:
        _trace(paper, trace)
    if step.kind == "sign":
        _signatures(paper, history, step)


def acted(history: BatchHistory, login: str, station: str | None, at: object) -> Phrase:
    """Who, where and when in two lines."""
    return Phrase("{person}, {station}\n{at}", person=history.name_of(login), station=station or "–", at=at)


def _head(paper: Paper, history: BatchHistory, step: StepRecord) -> None:
    status = step_status_words(step.status)
    begun = acted(history, step.started_by, step.started_station, step.started_at) if step.started_by else None
    ended = acted(history, step.done_by, step.done_station, step.done_at) if step.done_by else None
    paper.facts(
        [
            (Phrase("Kind"), kind_words(step.kind)),
            (Phrase("State"), status if step.status == "done" else Strong(status)),
            (Phrase("Begun"), begun),
            (Phrase("Ended"), ended),
        ]
    )


def _instructions(paper: Paper, step: StepRecord) -> None:
    spec = step.spec
    lines: list[Phrase] = []
    if spec.get("needs"):
        lines.append(Phrase("Qualification demanded: {needs}", needs=spec["needs"]))
    lines += [Phrase("Instruction: {line}", line=Name(words["en"], words["zh"])) for words in spec.get("text") or ()]
    if spec.get("picture"):
        lines.append(Phrase("Picture of the instruction: {picture}", picture=spec["picture"]))
    if step.kind == "material":
        lines.append(Phrase("Demanded: {demand}", demand=material_words(step)))
    for line in lines:
        paper.text(line)


def _entries(paper: Paper, history: BatchHistory, step: StepRecord) -> None:
    columns = columns_of(
        (Phrase("What"), 2.3, _TEXT),
        (Phrase("Demanded"), 1.95, _TEXT),
        (Phrase("Value"), 2.1, _FIGURE),
        (Phrase("Verdict"), 1.3, _TEXT),
        (Phrase("How"), 1.9, _TEXT),
        (Phrase("Entered"), 2.9, _TEXT),
    )
    paper.table(columns, [_entry(line, history) for line in step.lines], none=Phrase("Nothing was entered."))


def _entry(line: Line, history: BatchHistory) -> Noted:
    asked, now = line.asked, line.now
    what, demand = asked_words(asked, line.unit_serial), demand_words(asked)
    if now is None:
        return Noted(cells=[what, demand, _NOT_ENTERED, None, None, None], notes=[])
    value: object = value_words(now, asked)
    verdict: object = verdict_of(now, asked)
    if now.verdict != "conforms":
        value, verdict = Strong(value), Strong(verdict)
    if len(line.versions) > 1:
        value = Corrected(before=[value_words(entry, asked) for entry in line.versions[:-1]], now=value)
    by = acted(history, now.by, now.station, now.at)
    return Noted(cells=[what, demand, value, verdict, _how(now), by], notes=[*_remarks(line, history)])


def _photos(paper: Paper, history: BatchHistory, step: StepRecord) -> None:
    """Every picture of the step; one that was replaced stays and says so."""
    for line in step.lines:
        for entry in line.versions if line.asked.form == "photo" else ():
            what = asked_words(line.asked, None)
            if entry is not line.now:
                what = Phrase("{what} (replaced)", what=what)
            if entry.said is not None and entry.read_at is not None:
                taken = taken_words(what, entry.said, entry.read_at, history.name_of(entry.by), entry.station, entry.at)
                paper.photo(history.pictures[entry.said], width_mm=PHOTO_MM, caption=taken)


def _how(entry: Entered) -> Phrase:
    how = (
        Phrase("{origin}\n{device}", origin=origin_words(entry.origin), device=entry.device) if entry.device else origin_words(entry.origin)
    )
    return Phrase("{how}\n{frame}", how=how, frame=readable(entry.raw)) if entry.raw else how


def _remarks(line: Line, history: BatchHistory) -> Iterable[Phrase]:
    """Why a value was typed or corrected, what stood there before and whose it was, that it came late, and its deviations."""
    form = line.asked.form
    if form == "formula":
        yield formula_words(line.asked.ask)
    for before, entry in zip((None, *line.versions), line.versions, strict=False):
        if before is not None:
            yield Phrase(
                "{old} by {old_person}, {old_at}, corrected to {new} by {person}, {at}: {reason}",
                old=value_words(before, line.asked),
                old_person=history.name_of(before.by),
                old_at=before.at,
                new=value_words(entry, line.asked),
                person=history.name_of(entry.by),
                at=entry.at,
                reason=entry.reason or "–",
            )
        elif entry.reason and entry.typed is None:
            yield Phrase("Reason: {reason}", reason=entry.reason)
        if entry.typed is not None:
            yield _typed(entry.typed)
        if entry.id in history.late:
            yield late_words(history.late[entry.id], history.name_of)
        late = entry.read_at is not None and (entry.at - entry.read_at).total_seconds() > _LATE_S
        if late and form not in TIMES and entry.origin in _LATE:
            yield Phrase(_LATE[entry.origin], at=entry.read_at)
    own = {entry.id for entry in line.versions}
    for row in history.deviations:
        if row.cause_id in own:
            disposition = disposition_words(row.disposition) if row.disposition else "–"
            yield Phrase(
                "{deviation}: {status}, {disposition}",
                deviation=row.code,
                status=deviation_status_words(row.status),
                disposition=disposition,
            )


def _typed(typed: TypedRow) -> Phrase:
    """What a person typed in place of a device, and who verified it."""
    facts = {"who": typed.by_name, "at": typed.at, "device": typed.device, "reason": typed.reason}
    second = typed.ended_name if typed.ended_name is not None else typed.ended_by or "–"
    return Phrase(
        "Typed by {who}, {at}, read from {device}: {reason}; verified by {second}, {verified_at}",
        second=second,
        verified_at=typed.ended_at,
        **facts,
    )


def _material(paper: Paper, history: BatchHistory, step: StepRecord) -> None:
    columns = columns_of(
        (Phrase("Lot"), 2.3, _TEXT),
        (Phrase("Container"), 1.6, _TEXT),
        (Phrase("Unit"), 2, _TEXT),
        (Phrase("Quantity"), 1.7, _FIGURE),
        (Phrase("How"), 1.5, _TEXT),
        (Phrase("Taken"), 2.9, _TEXT),
    )
    paper.table(columns, [_taken(one, history) for one in step.taken], none=Phrase("No material was taken."))
    inside: dict[tuple[str, str, str], Decimal] = {}
    for one in step.taken:
        if one.undone is None:
            key = (one.lot_code, one.supplier_lot, one.quantity.unit)
            inside[key] = inside.get(key, Decimal(0)) + one.quantity.value
    for (lot, supplier_lot, unit), quantity in sorted(inside.items()):
        paper.text(
            Phrase(
                "In the batch: {quantity} of lot {lot} ({supplier_lot})",
                quantity=Quantity(quantity, unit),
                lot=lot,
                supplier_lot=supplier_lot,
            )
        )


def _taken(one: Taken, history: BatchHistory) -> Noted:
    lot: object = Phrase("{lot}\n{supplier_lot}", lot=one.lot_code, supplier_lot=one.supplier_lot)
    quantity: object = one.quantity
    notes = [Phrase("Read: {code}", code=readable(one.raw))] if one.raw else []
    if one.reason and one.typed is None:
        notes.append(Phrase("Reason: {reason}", reason=one.reason))
    if one.typed is not None:
        notes.append(_typed(one.typed))
    if one.undone is not None:
        quantity = Corrected(before=[one.quantity], now=Phrase("taken back"))
        undone = one.undone
        notes.append(
            Phrase("Taken back by {person}, {at}: {reason}", person=history.name_of(undone.by), at=undone.at, reason=undone.reason)
        )
    how = origin_words(one.origin)
    if one.scale:
        how = Phrase("{origin}\n{device}", origin=how, device=one.scale)
    piece = one.unit_serial if one.sublot is None else Phrase("sub-lot {no}", no=one.sublot)
    return Noted(cells=[lot, one.container, piece, quantity, how, acted(history, one.by, one.station, one.at)], notes=notes)


def _trace(paper: Paper, trace: MachineTrace) -> None:
    paper.trace(_drawn(trace), caption=trace_words(trace))
    columns = columns_of(
        (Phrase("What"), 2.5, _TEXT),
        (Phrase("From"), 3, _TEXT),
        (Phrase("Till"), 3, _TEXT),
        (Phrase("Samples"), 1.2, _FIGURE),
        (Phrase("Farthest"), 1.6, _FIGURE),
    )
    rows: list[tuple[object, list[object]]] = [
        (
            one.begins,
            [
                Strong(Phrase("above the limit") if one.is_above else Phrase("below the limit")),
                ToTheSecond(one.begins),
                ToTheSecond(one.ends),
                one.samples,
                Quantity(one.peak, trace.unit),
            ],
        )
        for one in trace.excursions
    ]
    rows += [(gap.begins, [Strong(Phrase("silence")), ToTheSecond(gap.begins), ToTheSecond(gap.ends), None, None]) for gap in trace.gaps]
    if rows:
        paper.table(columns, [cells for _, cells in sorted(rows, key=lambda row: str(row[0]))], none=Phrase("Nothing was out of order."))


def _drawn(trace: MachineTrace) -> Trace:
    begin = trace.begin

    def seconds(column: TraceColumn) -> Stretch | None:
        if column.low is None or column.high is None:
            return None
        first, last = (column.first_at - begin).total_seconds(), (column.last_at - begin).total_seconds()
        return Stretch(first_s=first, last_s=last, low=column.low, high=column.high)

    return Trace(
        lasts_s=(trace.end - begin).total_seconds(),
        stretches=[stretch for column in trace.columns if (stretch := seconds(column)) is not None],
        gaps=[((gap.begins - begin).total_seconds(), (gap.ends - begin).total_seconds()) for gap in trace.gaps],
        lower=trace.lower,
        upper=trace.upper,
        begins=Phrase("{at}", at=ToTheSecond(begin)),
        ends=Phrase("{at}", at=ToTheSecond(trace.end)),
    )


def _signatures(paper: Paper, history: BatchHistory, step: StepRecord) -> None:
    covered = [str(other.no) for other in history.steps if other.key in step.spec["signs"]]
    paper.text(Phrase("Covers the steps {steps}", steps=", ".join(covered)))
    given = [signature_block(one) for one in history.signatures if one.subject_id == step.id]
    meaning = Phrase("Performed") if step.spec["sign"] == "perform" else Phrase("Verified")
    paper.signatures(given or [Signature(meaning=meaning, name=None, at=None, remark=None)])
