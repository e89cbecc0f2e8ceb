"""Typed values as screens and papers show them; frozen rows out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.core.records import Person
from app.plant.queries import AssetRow, CalibrationRow, assets_by_id, calibrations_by_id
from app.typed.records import TypedValue


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRow:
    """One value that was typed, with who typed and who ended it.

    Its id is that of the row it becomes. ``status``: ``waiting``, ``verified``, ``withdrawn``.
    """

    id: UUID
    kind: str
    characteristic: UUID | None
    field: str | None
    sample_no: int | None
    container: UUID | None
    corrects: UUID | None
    quantity: Quantity
    device: str
    device_serial_no: str
    certificate: str | None
    calibration_due: date | None
    reason: str
    station: str
    by: str
    by_name: Name
    at: datetime
    read_at: datetime
    clock_ahead_ms: int | None
    status: str
    version: int
    ended_by: str | None
    ended_name: Name | None
    ended_at: datetime | None


def typed_waiting(session: Session, *, inspection: UUID | None = None, step: UUID | None = None) -> tuple[TypedRow, ...]:
    """What waits for its second person in one inspection, or in one step of a batch; oldest first."""
    where = TypedValue.inspection == inspection if inspection is not None else TypedValue.batch_step == step
    return _rows(session, where, TypedValue.status == "waiting")


def typed_behind(session: Session, rows: Collection[UUID]) -> dict[UUID, TypedRow]:
    """The typed values that these measurements, entries or consumptions were made from, by their common id."""
    return {one.id: one for one in _rows(session, TypedValue.id.in_(rows))} if rows else {}


def _rows(session: Session, *conditions: ColumnElement[bool]) -> tuple[TypedRow, ...]:
    typist, second = aliased(Person), aliased(Person)
    found = session.execute(
        select(TypedValue, typist, second)
        .join(typist, typist.login == TypedValue.typed_by)
        .outerjoin(second, second.login == TypedValue.ended_by)
        .where(*conditions)
        .order_by(TypedValue.typed_at, TypedValue.id)
    ).all()
    if not found:
        return ()
    devices = assets_by_id(session, {t.device for t, _, _ in found})
    used = calibrations_by_id(session, {t.calibration for t, _, _ in found if t.calibration is not None})
    return tuple(_row(t, devices[t.device], used.get(t.calibration or t.id), by, ended) for t, by, ended in found)


def _row(t: TypedValue, device: AssetRow, used: CalibrationRow | None, by: Person, ended: Person | None) -> TypedRow:
    return TypedRow(
        id=t.id,
        kind=t.kind,
        characteristic=t.characteristic,
        field=t.field,
        sample_no=t.sample_no,
        container=t.container,
        corrects=t.corrects,
        quantity=Quantity(t.value, t.unit),
        device=device.code,
        device_serial_no=device.serial_no,
        certificate=used.certificate if used is not None else None,
        calibration_due=used.due_on if used is not None else None,
        reason=t.reason,
        station=t.station or "",
        by=t.typed_by,
        by_name=by.name,
        at=t.typed_at,
        read_at=t.read_at,
        clock_ahead_ms=t.clock_ahead_ms,
        status=t.status,
        version=t.version,
        ended_by=t.ended_by,
        ended_name=ended.name if ended is not None else None,
        ended_at=t.ended_at,
    )
