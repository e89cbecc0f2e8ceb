"""The whole record of a batch, in a number of questions that grows with the machine's channels alone, never with entries or units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.queries import exceptions_of
from app.core.late.queries import came_late
from app.core.pictures import pictures_of
from app.core.practice import is_practice
from app.core.records import Person, SignatureRow, SignatureSeen
from app.core.work import NotFound
from app.deviations.photos import photos_of
from app.deviations.queries import DeviationRow, deviations_of
from app.tracing.batch_history import (
    Asked,
    BatchHead,
    BatchHistory,
    CalibrationUsed,
    Entered,
    KitLaid,
    Line,
    StepRecord,
    Taken,
    UnitLabel,
    UnitRecord,
)
from app.tracing.batch_traces import traces_of
from app.tracing.history import Given, Standing, Undone
from app.tracing.standing import Signed, standing_of_batch, standing_of_deviation, standing_of_step
from app.typed.queries import TypedRow, typed_behind

# One question each, over the tables of several rooms: tracing is the room that looks across them.
_HEAD = text("""
    SELECT b.*, i.code AS product_code, i.gtin, s.code AS site_code, s.zone, lineside.seal_of(b.id) AS seal
      FROM lineside.batch_seen b JOIN lineside.item i ON i.id = b.product JOIN lineside.site s ON s.id = b.site WHERE b.id = :batch""")
_STEPS = text("SELECT * FROM lineside.batch_step_seen WHERE batch = :batch ORDER BY no")
_ASKED = text("""
    SELECT s.id AS step, f.field, f.sample_no, f.form, f.ask, count(*) OVER (PARTITION BY s.id, f.field) AS samples
      FROM lineside.batch_step_seen s
     CROSS JOIN LATERAL lineside.fields_of_step(s.kind, s.spec) WITH ORDINALITY f (field, sample_no, form, ask, n)
     WHERE s.batch = :batch ORDER BY s.no, f.n""")
_ENTRIES = text("""
    SELECT e.*, a.code AS device_code, a.serial_no, c.certificate, c.done_on, c.due_on
      FROM lineside.batch_step s JOIN lineside.step_entry e ON e.batch_step = s.id
      LEFT JOIN lineside.asset a ON a.id = e.device LEFT JOIN lineside.calibration c ON c.id = e.calibration
     WHERE s.batch = :batch ORDER BY e.unit_serial NULLS FIRST, e.entered_at, e.id""")
_TAKEN = text("""
    SELECT c.*, l.code AS lot_code, l.supplier_lot, l.expires_on, l.unit, p.name_en AS supplier_en, p.name_zh AS supplier_zh,
           i.code AS item_code, i.name_en, i.name_zh, k.code AS container_code, a.code AS scale_code,
           u.id AS undo, u.reason AS undo_reason, u.undone_by, u.undone_at
      FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.lot_seen l ON l.id = c.lot
      JOIN lineside.item i ON i.id = l.item JOIN lineside.supplier_seen p ON p.id = l.supplier
      JOIN lineside.container k ON k.id = c.container
      LEFT JOIN lineside.asset a ON a.id = c.scale LEFT JOIN lineside.consumption_undo u ON u.consumption = c.id
     WHERE s.batch = :batch ORDER BY c.consumed_at, c.id""")
_UNITS = text("""
    SELECT u.*, coalesce(l.lots, '{}') AS lots FROM lineside.unit u LEFT JOIN lineside.lots_of_units(:batch) l ON l.unit = u.id
     WHERE u.batch = :batch ORDER BY u.no""")
_LABELS = text("""
    SELECT l.* FROM lineside.unit u JOIN lineside.label_seen l ON l.kind = 'unit' AND l.subject_id = u.id
     WHERE u.batch = :batch ORDER BY u.no, l.copy_no""")
_KITS = text("""
    SELECT k.*, c.code AS container_code, l.code AS lot_code FROM lineside.kit k JOIN lineside.container c ON c.id = k.container
      JOIN lineside.lot l ON l.id = c.lot WHERE k.batch = :batch ORDER BY k.laid_at, k.id""")
_SIGNED_NOW = text("""
    SELECT s.id, w.content, w.version, w.digest FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS s (kind, id)
     CROSS JOIN LATERAL lineside.what_is_signed(s.kind, s.id) w""")


def batch_history(session: Session, batch: UUID) -> BatchHistory:
    """Everything on record of one batch, every signature re-checked now.

    Raises:
        NotFound: there is no such batch.
    """
    asked = {"batch": batch}
    row = session.execute(_HEAD, asked).one_or_none()
    if row is None:
        raise NotFound(record="batch", key=batch)
    head = _head(row)
    steps = _steps(session, batch)
    units = _units(session, batch)
    kits = tuple(
        KitLaid(container=k.container_code, lot_code=k.lot_code, by=k.laid_by, at=k.laid_at, status=k.status)
        for k in session.execute(_KITS, asked)
    )
    deviations = tuple(deviations_of(session, kind="batch", subject=batch))
    exceptions = tuple(exceptions_of(session, batch))
    photos = photos_of(session, [row.id for row in deviations])
    acted = [*_who(head, steps, units, deviations), *(k.by for k in kits), *(login for x in exceptions for login in (x.by, x.accepted_by))]
    acted += [photo.by for photo in photos]
    late = came_late(session, [entry.id for step in steps for line in step.lines for entry in line.versions])
    acted += [login for one in late.values() for login in (one.author, one.by)]
    return BatchHistory(
        head=head,
        steps=steps,
        units=units,
        kits=kits,
        deviations=deviations,
        signatures=_signatures(session, head, steps, deviations),
        exceptions=exceptions,
        photos=photos,
        pictures=pictures_of(session, [*_taken_for(steps), *(photo.picture for photo in photos)]),
        late=late,
        people=_people(session, acted),
        practice=is_practice(session),
    )


def _taken_for(steps: Sequence[StepRecord]) -> Iterable[str]:
    """Fingerprints of the pictures that steps asked for, of corrected entries too."""
    lines = (line for step in steps for line in step.lines if line.asked.form == "photo")
    return (entry.said for line in lines for entry in line.versions if entry.said is not None)


def _head(b: Row[Any]) -> BatchHead:
    return BatchHead(
        id=b.id,
        code=b.code,
        name=_name(b.frozen["name"]),
        product_code=b.product_code,
        gtin=b.gtin,
        master_code=b.frozen["code"],
        master_revision=b.frozen["revision"],
        frozen_digest=bytes(b.frozen_digest),
        source_sha256=b.frozen["source_sha256"],
        planned=Quantity(b.planned, b.unit),
        made_on=b.made_on,
        expires_on=b.expires_on,
        status=b.status,
        version=b.version,
        started_by=b.started_by,
        started_at=b.started_at,
        completed_by=b.completed_by,
        completed_at=b.completed_at,
        released_by=b.released_by,
        released_at=b.released_at,
        market_by=b.market_by,
        market_at=b.market_at,
        site_code=b.site_code,
        zone=b.zone,
        seal=b.seal,
    )


def _name(words: dict[str, str]) -> Name:
    return Name(words["en"], words["zh"])


def _steps(session: Session, batch: UUID) -> tuple[StepRecord, ...]:
    asked = {"batch": batch}
    demands, entries, taken = (_by_step(session.execute(question, asked)) for question in (_ASKED, _ENTRIES, _TAKEN))
    traces = traces_of(session, batch)
    typed = typed_behind(session, [*_by_hand(entries, "device"), *_by_hand(taken, "scale")])
    return tuple(
        StepRecord(
            id=s.id,
            no=s.no,
            key=s.key,
            kind=s.kind,
            name=_name(s.spec["name"]),
            spec=s.spec,
            status=s.status,
            started_by=s.started_by,
            started_at=s.started_at,
            started_station=s.started_station,
            done_by=s.done_by,
            done_at=s.done_at,
            done_station=s.done_station,
            lines=_lines(demands[s.id], entries[s.id], typed),
            taken=tuple(_taken(t, typed.get(t.id)) for t in taken[s.id]),
            traces=tuple(traces.get(s.id, ())),
        )
        for s in session.execute(_STEPS, asked)
    )


def _by_step(rows: Iterable[Row[Any]]) -> defaultdict[UUID, list[Row[Any]]]:
    grouped: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.step if "step" in row._mapping else row.batch_step].append(row)
    return grouped


def _by_hand(rows: dict[UUID, list[Row[Any]]], device: str) -> list[UUID]:
    """What somebody typed although an instrument is named: it was typed in its place."""
    return [row.id for of_step in rows.values() for row in of_step if row.origin == "typed" and row._mapping[device] is not None]


def _lines(demands: Sequence[Row[Any]], entries: Sequence[Row[Any]], typed: dict[UUID, TypedRow]) -> tuple[Line, ...]:
    """Every field that is asked for, entered or not; then those that were entered for single units."""
    versions: dict[tuple[str, int, str | None], list[Row[Any]]] = defaultdict(list)
    for entry in entries:
        versions[entry.field, entry.sample_no, entry.unit_serial].append(entry)
    asked = {
        (d.field, d.sample_no): Asked(field=d.field, sample_no=d.sample_no, samples=d.samples, form=d.form, ask=d.ask) for d in demands
    }
    lines = [
        Line(asked=ask, unit_serial=None, versions=_in_order(versions.pop((field, sample, None), ()), typed))
        for (field, sample), ask in asked.items()
    ]
    for (field, sample, unit), chain in versions.items():
        lines.append(Line(asked=asked[field, sample], unit_serial=unit, versions=_in_order(chain, typed)))
    return tuple(lines)


def _in_order(entries: Sequence[Row[Any]], typed: dict[UUID, TypedRow]) -> tuple[Entered, ...]:
    """As they correct each other, whatever the clock says."""
    follower = {entry.corrects: entry for entry in entries}
    chain: list[Entered] = []
    entry = follower.get(None)
    while entry is not None:
        chain.append(_entered(entry, typed.get(entry.id)))
        entry = follower.get(entry.id)
    return tuple(chain)


def _entered(e: Row[Any], typed: TypedRow | None) -> Entered:
    used = CalibrationUsed(certificate=e.certificate, done_on=e.done_on, due_on=e.due_on) if e.calibration is not None else None
    return Entered(
        id=e.id,
        value=Quantity(e.value, e.unit or "") if e.value is not None else None,
        said=e.said,
        verdict=e.verdict,
        near_limit=e.near_limit,
        origin=e.origin,
        device=e.device_code,
        device_serial_no=e.serial_no,
        calibration=used,
        raw=bytes(e.raw) if e.raw is not None else None,
        read_at=e.read_at,
        station=e.station,
        by=e.entered_by,
        at=e.entered_at,
        corrects=e.corrects,
        reason=e.reason,
        said_serial_no=e.device_serial_no,
        said_firmware=e.device_firmware,
        clock_ahead_ms=e.clock_ahead_ms,
        typed=typed,
    )


def _taken(c: Row[Any], typed: TypedRow | None) -> Taken:
    return Taken(
        id=c.id,
        lot=c.lot,
        lot_code=c.lot_code,
        supplier_lot=c.supplier_lot,
        supplier=Name(c.supplier_en, c.supplier_zh),
        item_code=c.item_code,
        item=Name(c.name_en, c.name_zh),
        expires_on=c.expires_on,
        container=c.container_code,
        unit_serial=c.unit_serial,
        sublot=c.sublot,
        quantity=Quantity(c.quantity, c.unit),
        origin=c.origin,
        raw=bytes(c.raw) if c.raw is not None else None,
        scale=c.scale_code,
        station=c.station,
        reason=c.reason,
        by=c.consumed_by,
        at=c.consumed_at,
        undone=Undone(id=c.undo, reason=c.undo_reason, by=c.undone_by, at=c.undone_at) if c.undo is not None else None,
        typed=typed,
    )


def _units(session: Session, batch: UUID) -> tuple[UnitRecord, ...]:
    asked = {"batch": batch}
    labels: defaultdict[UUID, list[UnitLabel]] = defaultdict(list)
    for b in session.execute(_LABELS, asked):
        labels[b.subject_id].append(_label(b))
    return tuple(
        UnitRecord(
            id=u.id,
            no=u.no,
            serial=u.serial,
            sublot=u.sublot,
            lots=tuple(u.lots),
            status=u.status,
            by=u.made_by,
            at=u.made_at,
            labels=tuple(labels[u.id]),
        )
        for u in session.execute(_UNITS, asked)
    )


def _label(b: Row[Any]) -> UnitLabel:
    return UnitLabel(
        copy_no=b.copy_no,
        printer=b.printer,
        station=b.station,
        status=b.status,
        detail=b.detail,
        reason=b.reason,
        decoded=b.content["decoded"],
        by=b.requested_by,
        at=b.requested_at,
        settled_at=b.settled_at,
        ended_by=b.ended_by,
        ended_at=b.ended_at,
    )


def _signatures(session: Session, head: BatchHead, steps: Sequence[StepRecord], deviations: Sequence[DeviationRow]) -> tuple[Given, ...]:
    codes = {head.id: head.code} | {s.id: f"{head.code}/{s.no}" for s in steps if s.kind == "sign"} | {d.id: d.code for d in deviations}
    rows = list(
        session.scalars(select(SignatureSeen).where(SignatureSeen.subject_id.in_(list(codes))).order_by(SignatureSeen.at, SignatureSeen.id))
    )
    signed = sorted({(row.subject_kind, row.subject_id) for row in rows})
    now = {n.id: n for n in session.execute(_SIGNED_NOW, {"kinds": [kind for kind, _ in signed], "ids": [one for _, one in signed]})}
    decided = [moment for d in deviations for moment in (d.opened_at, d.decided_at)]
    return tuple(Given.of(row, codes[row.subject_id], _standing(row, now[row.subject_id], decided)) for row in rows)


def _standing(row: SignatureRow, now: Row[Any], deviations: Sequence[datetime | None]) -> Standing:
    signed = Signed.of(row, now.version, now.content, bytes(now.digest))
    if row.subject_kind == "batch":
        return standing_of_batch(signed, deviations)
    return standing_of_step(signed) if row.subject_kind == "batch_step" else standing_of_deviation(signed)


def _who(
    head: BatchHead, steps: Sequence[StepRecord], units: Sequence[UnitRecord], deviations: Sequence[DeviationRow]
) -> Iterable[str | None]:
    """Logins of everybody who acted."""
    yield from (head.started_by, head.completed_by, head.released_by, head.market_by)
    for s in steps:
        yield from (s.started_by, s.done_by)
        yield from (entry.by for line in s.lines for entry in line.versions)
        yield from (login for t in s.taken for login in (t.by, t.undone.by if t.undone else None))
    for u in units:
        yield u.by
        yield from (login for label in u.labels for login in (label.by, label.ended_by))
    for d in deviations:
        yield from (d.opened_by, d.described_by, d.decided_by)


def _people(session: Session, logins: Iterable[str | None]) -> dict[str, Name]:
    rows = session.scalars(select(Person).where(Person.login.in_({login for login in logins if login})).order_by(Person.login))
    return {row.login: row.name for row in rows}
