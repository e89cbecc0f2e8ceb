"""Every act on a lot, in the order in which the database recorded it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from app.base.measurement import Verdict
from app.deviations.queries import DeviationRow
from app.inspection.queries import InspectionRow
from app.materials.queries import LotRow
from app.tracing.history import Event, Given, InspectionMarks, Movement, Pack, Standing

Stations = Mapping[tuple[UUID, str], str | None]
"""Station by row and ``INSERT`` or ``UPDATE``."""


def events_of(
    lot: LotRow,
    packs: Sequence[Pack],
    movements: Sequence[Movement],
    inspection: InspectionRow | None,
    marks: InspectionMarks | None,
    deviations: Sequence[DeviationRow],
    signatures: Sequence[Given],
    made_at: Stations,
) -> tuple[Event, ...]:
    """All of it, oldest first; acts of one instant stay in the order in which they can only have happened."""
    moved = {movement.cause: movement for movement in movements}
    all_of_them: list[Event] = [
        Event(
            at=lot.opened_at,
            by=lot.opened_by,
            station=made_at.get((lot.id, "INSERT")),
            kind="lot opened",
            facts=_facts(supplier_lot=lot.supplier_lot),
        )
    ]
    for pack in packs:
        all_of_them += _of_pack(pack, moved, made_at)
    if inspection is not None and marks is not None:
        all_of_them += _of_inspection(inspection, marks, made_at)
    for row in deviations:
        all_of_them += _of_deviation(row, made_at)
    all_of_them += [_signed(given) for given in signatures]
    return tuple(sorted(all_of_them, key=lambda event: event.at))


def _facts(**facts: object) -> Mapping[str, object]:
    return MappingProxyType(facts)


def _of_pack(pack: Pack, moved: Mapping[UUID, Movement], made_at: Stations) -> Iterator[Event]:
    container = pack.container_code or "–"
    balance = moved[pack.receipt].after if pack.receipt in moved else None
    yield Event(
        at=pack.at,
        by=pack.by,
        station=made_at.get((pack.receipt, "INSERT")),
        kind="received" if pack.origin == "scanned" else "received typed",
        facts=_facts(quantity=pack.quantity, location=pack.location, order=pack.order_code, container=container, balance=balance),
        raw=pack.raw,
        is_undone=pack.undone is not None,
        is_trouble=pack.origin == "typed",
        evidence=pack,
    )
    for weighed in pack.weighings:
        facts = _facts(container=container, weight=weighed.weight, scale=weighed.scale)
        station = made_at.get((weighed.id, "INSERT"))
        yield Event(at=weighed.at, by=weighed.by, station=station, kind="weighed", facts=facts, raw=weighed.raw, evidence=weighed)
    yield from _of_labels(pack, container)
    if pack.undone is not None:
        after = moved[pack.undone.id].after if pack.undone.id in moved else None
        facts = _facts(container=container, reason=pack.undone.reason, balance=after)
        at, by, station = pack.undone.at, pack.undone.by, made_at.get((pack.undone.id, "INSERT"))
        yield Event(at=at, by=by, station=station, kind="receipt undone", facts=facts, is_trouble=True, evidence=pack)


def _of_labels(pack: Pack, container: str) -> Iterator[Event]:
    for label in pack.labels:
        facts = _facts(container=container, printer=label.printer, copy=label.copy_no)
        yield Event(at=label.at, by=label.by, station=label.station, kind="label requested", facts=facts)
        if label.sent_at is not None:
            yield Event(at=label.sent_at, by=None, station=label.station, kind="label sent", facts=facts)
        if (doubted_at := label.doubted_at or (label.settled_at if label.status == "unknown" else None)) is not None:
            yield Event(at=doubted_at, by=None, station=label.station, kind="label unknown", facts=facts, is_trouble=True)
        if label.settled_at is not None and label.status != "unknown":
            none = label.status == "refused"
            kind = "label refused" if none else "label printed"
            yield Event(at=label.settled_at, by=label.settled_by, station=label.station, kind=kind, facts=facts, is_trouble=none)
        if label.verified_at is not None:
            yield Event(at=label.verified_at, by=label.verified_by, station=None, kind="label verified", facts=facts)
        if label.ended_at is not None:
            facts = _facts(container=container, copy=label.copy_no, reason=label.detail)
            yield Event(at=label.ended_at, by=label.ended_by, station=None, kind="label destroyed", facts=facts)


def _of_inspection(inspection: InspectionRow, marks: InspectionMarks, made_at: Stations) -> Iterator[Event]:
    facts = _facts(inspection=inspection.code, plan=inspection.plan_code, revision=inspection.plan_revision)
    begun_at = made_at.get((inspection.id, "INSERT"))
    yield Event(at=marks.opened_at, by=marks.opened_by, station=begun_at, kind="inspection begun", facts=facts)
    names = {characteristic.id: characteristic.name for characteristic in inspection.characteristics}
    for m in inspection.measurements:
        yield Event(
            at=m.taken_at,
            by=m.taken_by,
            station=m.station,
            kind=f"measured {m.verdict}",
            facts=_facts(characteristic=names[m.characteristic], sample=m.sample_no, value=m.measured, gauge=m.gauge),
            raw=m.raw,
            is_trouble=m.verdict is not Verdict.CONFORMS,
            evidence=m,
        )
    if marks.completed_at is not None:
        tally = inspection.tally
        facts = _facts(inspection=inspection.code, defective=tally.defective, accept=tally.accept_no)
        rejected = inspection.verdict == "rejected"
        yield Event(
            at=marks.completed_at,
            by=marks.completed_by,
            station=made_at.get((inspection.id, "UPDATE")),
            kind=f"inspection {inspection.verdict}",
            facts=facts,
            is_trouble=rejected,
        )


def _of_deviation(row: DeviationRow, made_at: Stations) -> Iterator[Event]:
    facts = _facts(deviation=row.code, what=row.what_happened or "–")
    kind = f"deviation opened {row.class_}"
    station = made_at.get((row.id, "INSERT"))
    yield Event(at=row.opened_at, by=row.opened_by, station=station, kind=kind, facts=facts, is_trouble=True, evidence=row)
    if row.decided_at is not None:
        kind = f"deviation decided {row.disposition}"
        facts = _facts(deviation=row.code)
        station = made_at.get((row.id, "UPDATE"))  # deciding is the last change a deviation can have
        yield Event(at=row.decided_at, by=row.decided_by, station=station, kind=kind, facts=facts, evidence=row)


def _signed(given: Given) -> Event:
    return Event(
        at=given.at,
        by=given.signer,
        station=given.station,
        kind=f"signed {given.meaning}",
        facts=_facts(subject=given.subject_code, version=given.version),
        is_trouble=given.standing is Standing.BROKEN,
        evidence=given,
    )
