"""The lot's history on paper: everything on record, as text a person can read in twenty years (capability F10).

The same history printed twice is the same file: who printed it, when and where comes in as `printed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.base.measurement import Quantity, Verdict
from app.base.phrases import Language, Name, Phrase
from app.deviations.queries import DeviationRow
from app.inspection.queries import InspectionRow, MeasurementRow
from app.reports.facts import Corrected, Signature, Strong, Unprintable
from app.reports.page import Align, Column, Paper
from app.tracing.deviation_report import deviations_section
from app.tracing.history import Event, Given, LotHistory, Pack, Standing
from app.tracing.late_report import late_readings
from app.tracing.words import (
    event_words,
    inspection_verdict_words,
    label_words,
    limits_words,
    meaning_words,
    movement_words,
    origin_words,
    readable,
    standing_words,
    status_words,
    typed_words,
    verdict_words,
)

_TEXT, _FIGURE = Align.LEFT, Align.RIGHT


def printed_words(*, at: datetime, person: Name, station: str) -> Phrase:
    """The line at the foot of every page; `at` is the database's time."""
    return Phrase("Printed {at} by {person} at {station}", at=at, person=person, station=station)


def lot_paper(history: LotHistory, language: Language, *, printed: Phrase) -> bytes:
    """The PDF.

    Args:
        history: What is on record.
        language: In which it is read.
        printed: See `printed_words`.
    """
    paper = Paper(
        Phrase("Lot history"),
        language,
        ZoneInfo(history.zone),
        number=history.lot.code,
        printed=printed,
        watermark=None,
        practice=history.practice,
        unprintable=Unprintable.SPELL_OUT,  # a record must come out whole, whatever somebody once scanned
    )
    _identity(paper, history)
    _receipts(paper, history)
    _stock(paper, history)
    _inspection(paper, history)
    deviations_section(paper, history, _seen)
    _signatures(paper, history)
    _course(paper, history)
    return paper.to_bytes()


def columns_of(*columns: tuple[Phrase, float, Align]) -> list[Column]:
    """Columns of a table: title, share of the width, alignment."""
    return [Column(title=title, share=share, align=align) for title, share, align in columns]


def _identity(paper: Paper, history: LotHistory) -> None:
    lot = history.lot
    decided = lot.status in ("held", "rejected")
    for given in history.broken:
        paper.text(
            Phrase(
                "ATTENTION. The signature of {name} on {subject} is broken: the content was changed after it was signed.",
                name=given.name,
                subject=given.subject_code,
            )
        )
    paper.section(Phrase("Lot"))
    paper.facts(
        [
            (Phrase("Item"), lot.item.name),
            (Phrase("Item code"), lot.item.code),
            (Phrase("Supplier"), lot.supplier_name),
            (Phrase("Supplier lot"), Strong(lot.supplier_lot)),
            (Phrase("Our lot"), Strong(lot.code)),
            (Phrase("Status"), Strong(status_words(lot.status)) if decided else status_words(lot.status)),
            (Phrase("Made"), lot.made_on),
            (Phrase("Expires"), lot.expires_on),
            (Phrase("Balance"), lot.balance),
            (Phrase("Site"), history.site_code),
            (Phrase("Opened by"), history.name_of(lot.opened_by)),
            (Phrase("Opened"), lot.opened_at),
        ]
    )
    if history.seal is not None:
        paper.text(Phrase("Seal of the trail: {seal}", seal=history.seal))


def _receipts(paper: Paper, history: LotHistory) -> None:
    paper.section(Phrase("Receipts"))
    columns = columns_of(
        (Phrase("Container"), 2.2, _TEXT),
        (Phrase("Quantity"), 2.2, _FIGURE),
        (Phrase("Location"), 1.3, _TEXT),
        (Phrase("Order, line"), 1.8, _TEXT),
        (Phrase("Received by"), 1.6, _TEXT),
        (Phrase("Received at"), 2.9, _TEXT),
    )
    paper.table(columns, [_receipt(pack, history) for pack in history.packs], none=Phrase("Nothing was received."))
    for pack in history.packs:
        if pack.undone is not None:
            undone = pack.undone
            paper.text(
                Phrase(
                    "Receipt of container {container} undone by {person}, {at}: {reason}",
                    container=pack.container_code or "–",
                    person=history.name_of(undone.by),
                    at=undone.at,
                    reason=undone.reason,
                )
            )
    _codes(paper, history)
    _weights(paper, history)


def _receipt(pack: Pack, history: LotHistory) -> list[object]:
    cells: list[object] = [pack.container_code, pack.quantity]
    if pack.undone is not None:
        nothing = Quantity(pack.quantity.value - pack.quantity.value, pack.quantity.unit)
        cells = [Corrected(before=[pack.container_code], now=Phrase("undone")), Corrected(before=[pack.quantity], now=nothing)]
    return [*cells, pack.location, f"{pack.order_code}, {pack.order_line}", history.name_of(pack.by), pack.at]


def _codes(paper: Paper, history: LotHistory) -> None:
    columns = columns_of((Phrase("Container"), 1.3, _TEXT), (Phrase("Code as it was read"), 6, _TEXT), (Phrase("How"), 1.8, _TEXT))
    rows: list[list[object]] = [
        [
            pack.container_code,
            readable(pack.raw),
            Phrase("{origin}, {scanner}", origin=origin_words(pack.origin), scanner=pack.scanner),
        ]
        for pack in history.packs
    ]
    paper.table(columns, rows, none=Phrase("No code was read."))


def _weights(paper: Paper, history: LotHistory) -> None:
    columns = columns_of(
        (Phrase("Container"), 1.3, _TEXT),
        (Phrase("Weight"), 1.5, _FIGURE),
        (Phrase("Scale"), 2, _TEXT),
        (Phrase("Frame as it came"), 2.2, _TEXT),
        (Phrase("Weighed by"), 1.5, _TEXT),
        (Phrase("Weighed"), 2.6, _TEXT),
    )
    rows: list[list[object]] = [
        [pack.container_code, w.weight, f"{w.scale}, {w.scale_serial_no}", readable(w.raw), history.name_of(w.by), w.at]
        for pack in history.packs
        for w in pack.weighings
    ]
    if rows:
        paper.table(columns, rows, none=Phrase("Nothing was weighed."))


def _stock(paper: Paper, history: LotHistory) -> None:
    paper.section(Phrase("Labels and ledger"))
    columns = columns_of(
        (Phrase("Container"), 1.3, _TEXT),
        (Phrase("Copy"), 0.8, _FIGURE),
        (Phrase("Printer"), 1.2, _TEXT),
        (Phrase("State"), 1.9, _TEXT),
        (Phrase("Asked for by"), 1.6, _TEXT),
        (Phrase("Settled"), 2.6, _TEXT),
    )
    labels: list[list[object]] = [
        [pack.container_code, b.copy_no, b.printer, label_words(b.status), history.name_of(b.by), b.settled_at]
        for pack in history.packs
        for b in pack.labels
    ]
    paper.table(columns, labels, none=Phrase("No label was asked for."))
    columns = columns_of(
        (Phrase("No."), 0.7, _FIGURE),
        (Phrase("Movement"), 1.9, _TEXT),
        (Phrase("Quantity"), 1.6, _FIGURE),
        (Phrase("Balance"), 1.6, _FIGURE),
        (Phrase("Location"), 1.3, _TEXT),
        (Phrase("By"), 1.5, _TEXT),
        (Phrase("Entered"), 2.6, _TEXT),
    )
    rows: list[list[object]] = [
        [m.no, movement_words(m.kind), m.quantity, m.after, m.location, history.name_of(m.by), m.at] for m in history.movements
    ]
    paper.table(columns, rows, none=Phrase("The ledger has no entry."))


def _inspection(paper: Paper, history: LotHistory) -> None:
    paper.section(Phrase("Inspection"))
    inspection, marks = history.inspection, history.marks
    if inspection is None or marks is None:
        paper.text(Phrase("Nobody began an inspection of this lot."))
        return
    verdict: object = Phrase("under way")
    if inspection.verdict is not None:
        said = inspection_verdict_words(inspection.verdict)
        verdict = Strong(said) if inspection.verdict == "rejected" else said
    tally = inspection.tally
    paper.facts(
        [
            (Phrase("Inspection"), Strong(inspection.code)),
            (Phrase("Plan, revision"), f"{inspection.plan_code}, {inspection.plan_revision}"),
            (Phrase("Samples"), inspection.sample_size),
            (Phrase("Verdict"), verdict),
            (Phrase("Defective found"), tally.defective),
            (Phrase("Defective allowed"), tally.accept_no),
            (Phrase("Begun by"), history.name_of(marks.opened_by)),
            (Phrase("Begun"), marks.opened_at),
            (Phrase("Completed by"), history.name_of(marks.completed_by) if marks.completed_by else None),
            (Phrase("Completed"), marks.completed_at),
        ]
    )
    _gauges(paper, inspection)
    _readings(paper, history, inspection)
    late_readings(paper, history)


def _readings(paper: Paper, history: LotHistory, inspection: InspectionRow) -> None:
    columns = columns_of(
        (Phrase("Sample"), 1.15, _FIGURE),
        (Phrase("Value"), 1.5, _FIGURE),
        (Phrase("Verdict"), 1.4, _TEXT),
        (Phrase("Gauge"), 1.1, _TEXT),
        (Phrase("Frame as it came"), 1.9, _TEXT),
        (Phrase("Read by"), 1.5, _TEXT),
        (Phrase("Station"), 1.1, _TEXT),
        (Phrase("Read"), 2.8, _TEXT),
    )
    for characteristic in inspection.characteristics:
        own = [m for m in inspection.measurements if m.characteristic == characteristic.id]
        caption = Phrase(
            "{no}. {name}: {limits}",
            no=characteristic.no,
            name=characteristic.name,
            limits=limits_words(characteristic.limits, characteristic.decimals),
        )
        rows = [_reading(m, history) for m in sorted(own, key=lambda m: m.sample_no)]
        paper.table(columns, rows, none=Phrase("Nothing was measured."), caption=caption)


def _reading(m: MeasurementRow, history: LotHistory) -> list[object]:
    inside = m.verdict is Verdict.CONFORMS
    return [
        m.sample_no,
        m.measured if inside else Strong(m.measured),
        verdict_words(m.verdict) if inside else Strong(verdict_words(m.verdict)),
        m.gauge,
        readable(m.raw) if m.raw is not None else Strong(typed_words(m.typed)),
        history.name_of(m.taken_by),
        m.station,
        m.taken_at,
    ]


def _gauges(paper: Paper, inspection: InspectionRow) -> None:
    columns = columns_of(
        (Phrase("Gauge"), 1.2, _TEXT),
        (Phrase("Serial number"), 1.6, _TEXT),
        (Phrase("Calibration certificate"), 2.4, _TEXT),
        (Phrase("Calibrated"), 1.5, _TEXT),
        (Phrase("Due"), 1.5, _TEXT),
    )
    used = {
        (m.gauge, m.gauge_serial_no, m.calibration_certificate, m.calibration_done_on, m.calibration_due_on)
        for m in inspection.measurements
    }
    caption = Phrase("Gauges with the calibration in force at each reading")
    paper.table(columns, sorted(used), none=Phrase("No gauge was used."), caption=caption)


def _seen(row: DeviationRow) -> object:
    """What the record says caused it: the reading with its limits, or the facts as they were entered."""
    facts = row.facts
    if "value" not in facts:
        return ", ".join(f"{name}: {value}" for name, value in sorted(facts.items())) or None
    return Phrase(
        "{characteristic}, sample {sample}: {value} {unit} ({lower} – {upper}), {gauge}",
        characteristic=Name(str(facts["characteristic_en"]), str(facts["characteristic_zh"])),
        sample=str(facts["sample_no"]),
        value=str(facts["value"]),
        unit=str(facts["unit"]),
        lower=str(facts["lower"] or "–"),
        upper=str(facts["upper"] or "–"),
        gauge=str(facts["gauge"]),
    )


def _signatures(paper: Paper, history: LotHistory) -> None:
    paper.section(Phrase("Signatures"))
    if history.signatures:
        paper.text(Phrase("Each signature was compared with the record when this paper was made."))
    else:
        paper.text(Phrase("Nobody has signed anything of this lot."))
    paper.signatures([signature_block(given) for given in history.signatures])


def signature_block(given: Given) -> Signature:
    """Printed name in both languages as it stood, time with zone, meaning and subject (21 CFR 11.50), and today's re-check."""
    subject = Phrase(
        "{meaning}: {subject}, version {version}", meaning=meaning_words(given), subject=given.subject_code, version=given.version
    )
    remark = Phrase(
        "{standing} Station {station}, {zone}. Content {digest}",
        standing=standing_words(given.standing),
        station=given.station,
        zone=given.zone,
        digest=given.digest.hex(" ", 2)[:19].upper() + " …",
    )
    if given.reason:
        remark = Phrase("{remark}\nReason: {reason}", remark=remark, reason=given.reason)
    name = " ".join(part for part in (given.name.en, given.name.zh) if part)
    return Signature(meaning=subject, name=name, at=given.at, remark=remark)


def _course(paper: Paper, history: LotHistory) -> None:
    paper.section(Phrase("Course of events"))
    columns = columns_of(
        (Phrase("When"), 2.6, _TEXT), (Phrase("Who"), 1.7, _TEXT), (Phrase("Station"), 1.1, _TEXT), (Phrase("What"), 6, _TEXT)
    )
    rows = [_event(event, history) for event in _without_readings(history.events)]
    paper.table(columns, rows, none=Phrase("Nothing happened."))


def _without_readings(events: Sequence[Event]) -> list[Event]:
    """Readings inside their limits stand in their own table; those outside are told here as well."""
    return [event for event in events if event.kind != "measured conforms"]


def _event(event: Event, history: LotHistory) -> list[object]:
    what = event_words(event)
    told: object = what
    if event.is_undone:
        told = Corrected(before=[what], now=Phrase("undone"))
    elif event.is_trouble:
        told = Strong(what)
    broken = isinstance(event.evidence, Given) and event.evidence.standing is Standing.BROKEN
    if broken:
        told = Strong(Phrase("{what}. {standing}", what=what, standing=standing_words(Standing.BROKEN)))
    return [event.at, history.name_of(event.by) if event.by else None, event.station, told]
