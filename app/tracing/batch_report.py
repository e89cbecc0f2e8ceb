"""The batch record on paper: everything on record of a batch, step by step, as text a person can read in twenty years (capability F10).

The same history printed twice is the same file: who printed it, when and where comes in as `printed`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from app.base.phrases import Language, Phrase
from app.batches.field_words import said_words
from app.batches.queries import ExceptionRow
from app.reports.facts import Corrected, Strong, Unprintable
from app.reports.page import Align, Noted, Paper
from app.tracing.batch_history import Asked, BatchHistory, UnitLabel, UnitRecord
from app.tracing.batch_step_report import step_section
from app.tracing.batch_words import (
    batch_status_words,
    exception_words,
    field_words,
    kit_status_words,
    seen_words,
    unit_status_words,
)
from app.tracing.deviation_report import deviations_section
from app.tracing.report import columns_of, signature_block
from app.tracing.words import deviation_status_words, label_words, readable

_TEXT, _FIGURE = Align.LEFT, Align.RIGHT


def batch_paper(history: BatchHistory, language: Language, *, printed: Phrase) -> bytes:
    """The PDF, with a bookmark for every step; "Draft" stands across every page until the batch is released.

    Args:
        history: What is on record.
        language: In which it is read.
        printed: See `app.tracing.report.printed_words`.
    """
    paper = Paper(
        Phrase("Batch record"),
        language,
        ZoneInfo(history.head.zone),
        number=history.head.code,
        printed=printed,
        watermark=_watermark(history),
        practice=history.practice,
        unprintable=Unprintable.SPELL_OUT,  # a record must come out whole, whatever somebody once typed
    )
    _identity(paper, history)
    _exceptions(paper, history)
    paper.section(Phrase("Steps"), room_mm=80)
    for step in history.steps:
        step_section(paper, history, step)
    _units(paper, history)
    _kits(paper, history)
    _instruments(paper, history)
    _people(paper, history)
    deviations_section(paper, history, seen_words)
    _signatures(paper, history)
    return paper.to_bytes()


def _by(history: BatchHistory, login: str | None, at: datetime | None) -> Phrase | None:
    return Phrase("{person}\n{at}", person=history.name_of(login), at=at) if login else None


def _watermark(history: BatchHistory) -> Phrase | None:
    if history.is_released:
        return None
    return Phrase("Rejected") if history.head.status == "rejected" else Phrase("Draft")


def _identity(paper: Paper, history: BatchHistory) -> None:
    head = history.head
    for given in history.unsound:
        paper.text(Phrase("ATTENTION. The signature of {name} on {subject} counts no longer.", name=given.name, subject=given.subject_code))
    status = batch_status_words(head.status)
    paper.section(Phrase("Batch"))
    paper.facts(
        [
            (Phrase("Product"), head.name),
            (Phrase("Product code"), head.product_code),
            (Phrase("GTIN"), head.gtin),
            (Phrase("Site"), head.site_code),
            (Phrase("Batch"), Strong(head.code)),
            (Phrase("Status"), status if history.is_released else Strong(status)),
            (Phrase("Master record, revision"), f"{head.master_code}, {head.master_revision}"),
            (Phrase("Planned"), head.planned),
            (Phrase("Made"), head.made_on),
            (Phrase("Expires"), head.expires_on),
            (Phrase("Started"), _by(history, head.started_by, head.started_at)),
            (Phrase("Completed"), _by(history, head.completed_by, head.completed_at)),
            (Phrase("Released for production"), _by(history, head.released_by, head.released_at)),
            (Phrase("Released to market"), _by(history, head.market_by, head.market_at)),
            (Phrase("Frozen copy, SHA-256"), head.frozen_digest.hex(" ", 4).upper()),
            (Phrase("Master file, SHA-256"), bytes.fromhex(head.source_sha256).hex(" ", 4).upper()),
        ]
    )
    if head.seal is not None:
        paper.text(Phrase("Seal of the trail: {seal}", seal=head.seal))


def _exceptions(paper: Paper, history: BatchHistory) -> None:
    paper.section(Phrase("Exceptions"))
    columns = columns_of(
        (Phrase("Step"), 0.7, _FIGURE),
        (Phrase("Exception"), 2.2, _TEXT),
        (Phrase("What"), 2.4, _TEXT),
        (Phrase("Value"), 1.9, _FIGURE),
        (Phrase("Deviation"), 1.7, _TEXT),
        (Phrase("By"), 2.7, _TEXT),
    )
    fields = {(step.no, line.asked.field): line.asked for step in history.steps for line in step.lines}
    rows = [_exception(x, fields.get((x.step or 0, x.field)), history) for x in history.exceptions]
    paper.table(columns, rows, none=Phrase("Nothing was out of order."))


def _exception(x: ExceptionRow, asked: Asked | None, history: BatchHistory) -> Noted:
    value = Phrase("copy {copy}", copy=x.value) if x.kind == "reprint" else _written(x.value, x.unit, asked)
    step = next((step.name for step in history.steps if (step.no, step.key) == (x.step, x.field)), x.field)
    what = field_words(asked) if asked is not None else step
    if x.old is not None:
        value = Corrected(before=[_written(x.old, x.unit, asked)], now=value)
    deviation = (
        Phrase("{deviation}, {status}", deviation=x.deviation, status=deviation_status_words(x.status))
        if x.deviation and x.status
        else None
    )
    by = _by(history, x.by, x.at)
    notes = [Phrase("Reason: {reason}", reason=x.reason)] if x.reason else []
    if x.accepted_by is not None:
        notes.append(Phrase("Accepted by {person}, {at}", person=history.name_of(x.accepted_by), at=x.accepted_at))
    return Noted(cells=[x.step, exception_words(x.kind), what, value, deviation, by], notes=notes)


def _written(value: str | None, unit: str | None, asked: Asked | None) -> object:
    """A figure with its unit, or an answer in words."""
    if value is None or unit is not None:
        return Phrase("{value} {unit}", value=value, unit=unit) if value is not None else None
    return said_words(value, asked.ask if asked is not None else None)


def _units(paper: Paper, history: BatchHistory) -> None:
    paper.section(Phrase("Units and labels"))
    issued = history.labels_in("sent", "printing", "unknown", "printed", "verified", "applied", "destroyed")
    applied, destroyed = history.labels_in("applied"), history.labels_in("destroyed")
    paper.facts(
        [
            (Phrase("Units made"), len(history.units)),
            (Phrase("Units scrapped"), sum(1 for unit in history.units if unit.status == "scrapped")),
            (Phrase("Labels issued"), issued),
            (Phrase("Labels put on"), applied),
            (Phrase("Labels destroyed"), destroyed),
            (Phrase("Labels not found"), issued - applied - destroyed),
        ]
    )
    columns = columns_of(
        (Phrase("Serial number"), 2.2, _TEXT),
        (Phrase("State"), 1.3, _TEXT),
        (Phrase("Component lots"), 2.2, _TEXT),
        (Phrase("Label copy, state"), 2.4, _TEXT),
        (Phrase("Put on"), 2.9, _TEXT),
    )
    rows = [_unit(unit, history) for unit in history.units]
    paper.table(columns, rows, none=Phrase("No unit was made."))


def _unit(unit: UnitRecord, history: BatchHistory) -> Noted:
    copies = [
        Phrase("{copy}: {state}, {printer}", copy=one.copy_no, state=label_words(one.status), printer=one.printer) for one in unit.labels
    ]
    labels: object = copies[0] if copies else None
    for more in copies[1:]:
        labels = Phrase("{one}\n{more}", one=labels, more=more)
    on = next((one for one in unit.labels if one.status == "applied"), None)
    put_on = _by(history, on.ended_by, on.ended_at) if on else None
    notes = [note for one in unit.labels for note in _label_notes(one, history)]
    serial: object = unit.serial if unit.sublot is None else Phrase("{serial}\nsub-lot {no}", serial=unit.serial, no=unit.sublot)
    return Noted(cells=[serial, unit_status_words(unit.status), ", ".join(unit.lots) or None, labels, put_on], notes=notes)


def _label_notes(one: UnitLabel, history: BatchHistory) -> list[Phrase]:
    notes = []
    if one.reason:
        notes.append(
            Phrase("Copy {copy} asked for by {person}: {reason}", copy=one.copy_no, person=history.name_of(one.by), reason=one.reason)
        )
    if one.status == "destroyed":
        facts = {"copy": one.copy_no, "person": history.name_of(one.ended_by), "at": one.ended_at, "reason": one.detail or "–"}
        notes.append(Phrase("Copy {copy} destroyed by {person}, {at}: {reason}", **facts))
    if one.status == "applied":
        notes.append(Phrase("The label says {content}", content=readable(one.decoded.encode("latin-1", "replace"))))
    return notes


def _kits(paper: Paper, history: BatchHistory) -> None:
    if not history.kits:
        return
    paper.section(Phrase("Kit"))
    columns = columns_of(
        (Phrase("Container"), 2, _TEXT), (Phrase("Lot"), 2, _TEXT), (Phrase("State"), 2, _TEXT), (Phrase("Laid out"), 4, _TEXT)
    )
    rows = [[k.container, k.lot_code, kit_status_words(k.status), _by(history, k.by, k.at)] for k in history.kits]
    paper.table(columns, rows, none=Phrase("Nothing was laid out."))


def _instruments(paper: Paper, history: BatchHistory) -> None:
    paper.section(Phrase("Instruments and machines"))
    columns = columns_of(
        (Phrase("Device"), 1.3, _TEXT),
        (Phrase("Serial number"), 2, _TEXT),
        (Phrase("Calibration certificate"), 2.6, _TEXT),
        (Phrase("Calibrated"), 1.5, _TEXT),
        (Phrase("Due"), 1.5, _TEXT),
        (Phrase("Steps"), 1.6, _TEXT),
    )
    steps: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for step in history.steps:
        for entry in (entry for line in step.lines for entry in line.versions if entry.device is not None):
            used = entry.calibration
            key = (entry.device, entry.device_serial_no, *((used.certificate, used.done_on, used.due_on) if used else (None, None, None)))
            if step.no not in steps[key]:
                steps[key].append(step.no)
    rows = [[*key, ", ".join(map(str, numbers))] for key, numbers in sorted(steps.items(), key=lambda item: str(item[0]))]
    paper.text(Phrase("With the calibration in force at each entry"))
    paper.table(columns, rows, none=Phrase("No instrument was used."))


def _signatures(paper: Paper, history: BatchHistory) -> None:
    paper.section(Phrase("Signatures"))
    if history.signatures:
        paper.text(Phrase("Each signature was compared with the record when this paper was made."))
    else:
        paper.text(Phrase("Nobody has signed anything of this batch."))
    paper.signatures([signature_block(given) for given in history.signatures])


def _people(paper: Paper, history: BatchHistory) -> None:
    paper.section(Phrase("People in this record"))
    columns = columns_of((Phrase("Name"), 3, _TEXT), (Phrase("Name in Chinese"), 3, _TEXT), (Phrase("Login"), 3, _TEXT))
    rows = [[name.en, name.zh, login] for login, name in sorted(history.people.items())]
    paper.table(columns, rows, none=Phrase("Nobody acted."))
