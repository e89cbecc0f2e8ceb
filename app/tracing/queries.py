"""The whole history of a lot, in a number of questions that does not grow with the lot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select, text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.queries import consumption_times
from app.core.late.queries import LateRow, dropped_about
from app.core.pictures import pictures_of
from app.core.records import Person, SignatureRow, SignatureSeen
from app.core.work import NotFound
from app.deviations.photos import photos_of
from app.deviations.queries import DeviationRow, deviations_of
from app.inspection.queries import InspectionRow, inspection_of_lot
from app.materials.queries import LotRow, lot_by_id
from app.tracing.events import Stations, events_of
from app.tracing.history import Given, InspectionMarks, LabelState, LotHistory, Movement, Pack, Standing, Undone, Weighed
from app.tracing.standing import Entered, Signed, standing_of_deviation, standing_of_lot

# One question each, over the tables of several rooms: tracing is the room that looks across them.
_PACKS = text("""
    SELECT r.id, p.code AS order_code, l.no AS order_line, r.quantity, o.code AS location, r.origin, r.raw, r.scanner,
           r.received_by, r.received_at, c.id AS container, c.code AS container_code, u.id AS undo, u.reason, u.undone_by, u.undone_at
      FROM lineside.receipt_seen r JOIN lineside.order_line l ON l.id = r.order_line
      JOIN lineside.purchase_order p ON p.id = l.purchase_order
      JOIN lineside.location o ON o.id = r.location LEFT JOIN lineside.container c ON c.receipt = r.id
      LEFT JOIN lineside.receipt_undo u ON u.receipt = r.id WHERE r.lot = :lot ORDER BY r.received_at, r.id""")
_WEIGHINGS = text("""
    SELECT w.id, w.container, w.value, w.unit, a.code AS scale, a.serial_no, w.raw, w.weighed_by, w.weighed_at, w.read_at,
           w.device_serial_no, w.device_firmware, w.clock_ahead_ms, k.certificate, k.due_on
      FROM lineside.weighing w JOIN lineside.container c ON c.id = w.container JOIN lineside.asset a ON a.id = w.scale
      LEFT JOIN LATERAL lineside.calibration_at(w.scale, w.weighed_at) k ON true
     WHERE c.lot = :lot ORDER BY w.weighed_at, w.id""")
_LABELS = text("""
    SELECT b.subject_id AS container, b.copy_no, b.printer, b.station, b.status, b.detail, b.reason, b.requested_by, b.requested_at,
           b.sent_at, b.doubted_at, b.settled_at, b.settled_by, b.verified_at, b.verified_by, b.ended_at, b.ended_by
      FROM lineside.label b JOIN lineside.container c ON c.id = b.subject_id
     WHERE c.lot = :lot AND b.subject_kind = 'container' ORDER BY b.requested_at, b.copy_no""")
_MOVEMENTS = text("""
    SELECT g.no, g.quantity, g.after_balance, g.kind, o.code AS location, g.cause, g.by_person, g.at
      FROM lineside.ledger g JOIN lineside.location o ON o.id = g.location WHERE g.lot = :lot ORDER BY g.no""")
_STANDING = text("""
    SELECT s.code AS site_code, s.zone, lineside.is_practice() AS practice, lineside.today_at(s.id) AS today,
           lineside.seal_of(l.id) AS seal, lineside.inspection_allows_release(l.id) AS allows,
           i.opened_by, i.opened_at, i.completed_by, i.completed_at
      FROM lineside.lot l JOIN lineside.site s ON s.id = l.site LEFT JOIN lineside.inspection i ON i.lot = l.id WHERE l.id = :lot""")
_SIGNED_NOW = text("""
    SELECT s.id, w.content, w.version, w.digest
      FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS s (kind, id)
     CROSS JOIN LATERAL lineside.what_is_signed(s.kind, s.id) w""")
_CONTAINER = text("SELECT c.lot FROM lineside.container c WHERE c.code = :code")


def lot_of_container(session: Session, code: str) -> UUID | None:
    """The lot a container's label belongs to."""
    lot: UUID | None = session.execute(_CONTAINER, {"code": code}).scalar_one_or_none()
    return lot


def lot_history(session: Session, lot: UUID, *, pictures: bool = False) -> LotHistory:
    """Everything on record of one lot, every signature re-checked now.

    Args:
        session: Of anybody who may see the lot.
        lot: Its id.
        pictures: Whether the bytes of its pictures are wanted, as papers and bundles do.

    Raises:
        NotFound: there is no such lot.
    """
    row = lot_by_id(session, lot)
    if row is None:
        raise NotFound(record="lot", key=lot)
    packs, movements = _packs(session, row), _movements(session, row)
    inspection = inspection_of_lot(session, lot)
    now = session.execute(_STANDING, {"lot": lot}).one()
    marks = None
    if now.opened_at is not None:
        marks = InspectionMarks(
            opened_by=now.opened_by, opened_at=now.opened_at, completed_by=now.completed_by, completed_at=now.completed_at
        )
    deviations = tuple(deviations_of(session, kind="lot", subject=lot))
    photos = photos_of(session, [one.id for one in deviations])
    entered = _entered(packs, consumption_times(session, lot), inspection, marks, deviations)
    signatures = _signatures(session, row, deviations, entered)
    made_at = _stations(session, row, packs, inspection, deviations)
    dropped = dropped_about(session, lot)
    events = events_of(row, packs, movements, inspection, marks, deviations, signatures, made_at)
    return LotHistory(
        lot=row,
        zone=now.zone,
        site_code=now.site_code,
        practice=now.practice,
        today=now.today,
        seal=now.seal,
        inspection_allows=now.allows,
        packs=packs,
        movements=movements,
        inspection=inspection,
        marks=marks,
        deviations=deviations,
        signatures=signatures,
        dropped=dropped,
        photos=photos,
        pictures=pictures_of(session, [photo.picture for photo in photos if pictures]),
        people=_people(session, [*(event.by for event in events), *(photo.by for photo in photos), *_of_late(inspection, dropped)]),
        events=events,
    )


def _of_late(inspection: InspectionRow | None, dropped: Sequence[LateRow]) -> Iterator[str | None]:
    """Who made what came late, as the stations say, and who stands for it or dropped it."""
    for m in inspection.measurements if inspection is not None else ():
        if m.late is not None:
            yield from (m.late.author, m.late.by)
    for one in dropped:
        yield from (one.author, one.settled_by)


def _stations(
    session: Session, lot: LotRow, packs: Sequence[Pack], inspection: InspectionRow | None, deviations: Sequence[DeviationRow]
) -> Stations:
    """Where each of these rows was made and last changed, as the trail knows it."""
    rows = [lot.id, *(row.id for row in deviations)] + ([inspection.id] if inspection is not None else [])
    for pack in packs:
        rows += [pack.receipt, *(one.id for one in pack.weighings)] + ([pack.undone.id] if pack.undone is not None else [])
    found = session.execute(text("SELECT row_id, op, station FROM lineside.stations_of(:rows)"), {"rows": rows})
    return {(one.row_id, one.op): one.station for one in found}


def _by_container(rows: Iterable[Row[Any]]) -> Mapping[UUID, list[Row[Any]]]:
    grouped: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.container].append(row)
    return grouped


def _packs(session: Session, lot: LotRow) -> tuple[Pack, ...]:
    asked = {"lot": lot.id}
    weighings, labels = _by_container(session.execute(_WEIGHINGS, asked)), _by_container(session.execute(_LABELS, asked))
    return tuple(
        Pack(
            receipt=r.id,
            order_code=r.order_code,
            order_line=r.order_line,
            quantity=Quantity(r.quantity, lot.item.unit),
            location=r.location,
            origin=r.origin,
            raw=bytes(r.raw),
            scanner=r.scanner,
            by=r.received_by,
            at=r.received_at,
            container=r.container,
            container_code=r.container_code,
            undone=Undone(id=r.undo, reason=r.reason, by=r.undone_by, at=r.undone_at) if r.undo else None,
            weighings=tuple(_weighed(w) for w in weighings.get(r.container, ())),
            labels=tuple(_label(b) for b in labels.get(r.container, ())),
        )
        for r in session.execute(_PACKS, asked)
    )


def _weighed(row: Row[Any]) -> Weighed:
    return Weighed(
        id=row.id,
        weight=Quantity(row.value, row.unit),
        scale=row.scale,
        scale_serial_no=row.serial_no,
        raw=bytes(row.raw),
        by=row.weighed_by,
        at=row.weighed_at,
        read_at=row.read_at,
        said_serial_no=row.device_serial_no,
        said_firmware=row.device_firmware,
        clock_ahead_ms=row.clock_ahead_ms,
        certificate=row.certificate,
        due_on=row.due_on,
    )


def _label(row: Row[Any]) -> LabelState:
    return LabelState(
        copy_no=row.copy_no,
        printer=row.printer,
        station=row.station,
        status=row.status,
        detail=row.detail,
        reason=row.reason,
        by=row.requested_by,
        at=row.requested_at,
        sent_at=row.sent_at,
        doubted_at=row.doubted_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        verified_at=row.verified_at,
        verified_by=row.verified_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def _movements(session: Session, lot: LotRow) -> tuple[Movement, ...]:
    unit = lot.balance.unit
    return tuple(
        Movement(
            no=g.no,
            quantity=Quantity(g.quantity, unit),
            after=Quantity(g.after_balance, unit),
            kind=g.kind,
            location=g.location,
            cause=g.cause,
            by=g.by_person,
            at=g.at,
        )
        for g in session.execute(_MOVEMENTS, {"lot": lot.id})
    )


def _entered(
    packs: Sequence[Pack],
    consumptions: tuple[datetime, ...],
    inspection: InspectionRow | None,
    marks: InspectionMarks | None,
    deviations: Sequence[DeviationRow],
) -> Entered:
    inspected = [m.taken_at for m in inspection.measurements] if inspection else []
    begun = [moment for moment in (marks.opened_at, marks.completed_at) if moment is not None] if marks else []
    return Entered(
        receipts=tuple(pack.at for pack in packs),
        undos=tuple(pack.undone.at for pack in packs if pack.undone),
        consumptions=consumptions,
        weighings=tuple(weighed.at for pack in packs for weighed in pack.weighings),
        inspection=(*begun, *inspected),
        deviations=tuple(moment for row in deviations for moment in (row.opened_at, row.decided_at)),
    )


def _signatures(session: Session, lot: LotRow, deviations: Sequence[DeviationRow], entered: Entered) -> tuple[Given, ...]:
    codes = {lot.id: lot.code} | {row.id: row.code for row in deviations}
    kinds = ["lot"] + ["deviation"] * len(deviations)
    now = {row.id: row for row in session.execute(_SIGNED_NOW, {"kinds": kinds, "ids": list(codes)})}
    own = and_(SignatureSeen.subject_kind == "lot", SignatureSeen.subject_id == lot.id)
    of_deviations = and_(SignatureSeen.subject_kind == "deviation", SignatureSeen.subject_id.in_([row.id for row in deviations]))
    rows = session.scalars(select(SignatureSeen).where(or_(own, of_deviations)).order_by(SignatureSeen.at, SignatureSeen.id))
    return tuple(Given.of(row, codes[row.subject_id], _standing(row, now[row.subject_id], entered)) for row in rows)


def _standing(row: SignatureRow, now: Row[Any], entered: Entered) -> Standing:
    signed = Signed.of(row, now.version, now.content, bytes(now.digest))
    return standing_of_lot(signed, entered) if row.subject_kind == "lot" else standing_of_deviation(signed)


def _people(session: Session, logins: Iterable[str | None]) -> dict[str, Name]:
    rows = session.scalars(select(Person).where(Person.login.in_({login for login in logins if login})))
    return {row.login: row.name for row in rows}
