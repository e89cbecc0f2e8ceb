"""Questions about inspections; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from app.base.measurement import Limits, Quantity, Verdict
from app.base.phrases import Name
from app.core.late.queries import CameLate, came_late
from app.core.records import Document, Task
from app.inspection.records import Inspection, InspectionPlan, Measurement
from app.inspection.rules import Tally
from app.materials.queries import LotRow, lot_by_code, lot_by_id, lots_of_site
from app.plant.queries import AssetRow, assets_of, calibrations_by_id
from app.typed.queries import TypedRow, typed_behind, typed_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacteristicRow:
    """One row of the measuring grid, from the inspection's frozen plan."""

    id: UUID
    no: int
    name: Name
    limits: Limits
    decimals: int
    gauge_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementRow:
    """One taken value with all its evidence."""

    id: UUID
    characteristic: UUID
    sample_no: int
    measured: Quantity
    verdict: Verdict
    origin: str
    gauge: str
    gauge_serial_no: str
    raw: bytes | None
    """The frame as it came; ``None``: `typed`."""
    calibration_certificate: str
    calibration_done_on: date
    calibration_due_on: date
    station: str | None
    taken_by: str
    taken_at: datetime
    read_at: datetime
    said_serial_no: str | None
    """What the gauge said of itself when it was read; ``None``: its protocol does not say it."""
    said_firmware: str | None
    clock_ahead_ms: int | None
    typed: TypedRow | None
    """Who typed it, why, and who verified it; ``None``: a gauge sent it."""
    late: CameLate | None
    """That it was made while the database was away; ``None``: it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRow:
    """An inspection with everything its screen draws."""

    id: UUID
    code: str
    lot: LotRow
    plan_code: str
    plan_revision: int
    characteristics: tuple[CharacteristicRow, ...]
    sample_size: int
    accept_no: int
    status: str
    verdict: str | None
    version: int
    measurements: tuple[MeasurementRow, ...]
    waiting: tuple[TypedRow, ...]
    """Typed values without their second person; they count for nothing yet."""

    @property
    def tally(self) -> Tally:
        """Defective samples so far against the acceptance number."""
        bad = {m.sample_no for m in self.measurements if m.verdict is not Verdict.CONFORMS}
        wanted = self.sample_size * len(self.characteristics)
        return Tally(defective=len(bad), accept_no=self.accept_no, read=len(self.measurements), wanted=wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLot:
    """A lot that waits for its inspection; ``inspection`` is its code once it was begun."""

    lot: LotRow
    since: datetime
    inspection: str | None
    read: int
    wanted: int | None
    """How many readings the plan asks for; ``None`` before it was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugesHere:
    """What may measure at a site, and the day that calibrations are compared with (the database's, at the site)."""

    assets: tuple[AssetRow, ...]
    today: date
    steps: int
    """How many of a gauge's smallest steps a tolerance must hold: 10 unless the plant says otherwise."""

    def named(self, code: str) -> AssetRow | None:
        """The registered asset with this code."""
        return next((asset for asset in self.assets if asset.code == code), None)

    def is_fit(self, asset: AssetRow) -> bool:
        """Whether its latest calibration passed and is not over; the due day itself still counts."""
        return asset.due_on is not None and bool(asset.passed) and asset.due_on >= self.today

    def reaches(self, asset: AssetRow, limits: Limits) -> bool | None:
        """Whether its measuring range holds both limits; ``None``: range or resolution is not on record."""
        if asset.range_low is None or asset.range_high is None or asset.resolution is None:
            return None
        edges = [edge for edge in (limits.lower, limits.upper) if edge is not None]
        return asset.range_low <= min(edges) and max(edges) <= asset.range_high

    def is_fine(self, asset: AssetRow, limits: Limits) -> bool:
        """Whether the tolerance holds enough of its steps; a limit of one side has no width that a step could be a part of."""
        if limits.lower is None or limits.upper is None or asset.resolution is None:
            return True
        return asset.resolution * self.steps <= limits.upper - limits.lower

    def suits(self, asset: AssetRow, limits: Limits) -> bool:
        """Whether it reaches over the limits and is fine enough for them."""
        return self.reaches(asset, limits) is True and self.is_fine(asset, limits)

    def allowed(self, kind: str, limits: Limits) -> tuple[AssetRow, ...]:
        """Every gauge of a kind that may read within these limits now, by code."""
        of_kind = (asset for asset in self.assets if asset.kind == kind and asset.unit == limits.unit and self.is_fit(asset))
        return tuple(asset for asset in of_kind if self.suits(asset, limits))


def gauges_here(session: Session, *, site: UUID) -> GaugesHere:
    """Every active asset of a site and its calendar day, in two queries."""
    today, steps = session.execute(select(func.lineside.today_at(site), func.lineside.steps_in_tolerance())).one()
    return GaugesHere(assets=tuple(assets_of(session, site=site)), today=today, steps=steps)


def waiting_lots(session: Session, *, site: UUID) -> list[WaitingLot]:
    """Lots with an open inspection task, longest waiting first."""
    tasks = session.scalars(
        select(Task).where(Task.kind == "inspect_lot", Task.site == site, Task.status != "done").order_by(Task.opened_at).limit(200)
    ).all()
    lots = {lot.id: lot for lot in lots_of_site(session, site)}
    begun = _progress(session, {task.subject_id for task in tasks})
    found = []
    for task in tasks:
        lot = lots.get(task.subject_id) or lot_by_id(session, task.subject_id)
        if lot is not None:
            code, read, wanted = begun.get(lot.id, (None, 0, None))
            found.append(WaitingLot(lot=lot, since=task.opened_at, inspection=code, read=read, wanted=wanted))
    return found


def _progress(session: Session, lots: set[UUID]) -> dict[UUID, tuple[str, int, int]]:
    """Code, readings taken and readings wanted of every inspection that was begun, by lot."""
    wanted = Inspection.sample_size * func.jsonb_array_length(Inspection.frozen)
    rows = session.execute(
        select(Inspection.lot, Inspection.code, func.count(Measurement.id), wanted)
        .outerjoin(Measurement, Measurement.inspection == Inspection.id)
        .where(Inspection.lot.in_(lots))
        .group_by(Inspection.id)
    )
    return {lot: (code, read, whole) for lot, code, read, whole in rows}


_CONTAINER = table("container", column("code"), column("lot"))
"""Read by name: a container's label leads to its lot, and the receiving slice stands beside this one."""


def lot_of_label(session: Session, *, what: str, code: str) -> LotRow | None:
    """The lot that a label of ours names: a ``lot`` label by its code, a ``container`` label through what it holds."""
    if what == "lot":
        return lot_by_code(session, code)
    lot = session.execute(select(_CONTAINER.c.lot).where(_CONTAINER.c.code == code)).scalar_one_or_none()
    return None if lot is None else lot_by_id(session, lot)


def inspection_by_id(session: Session, inspection: UUID) -> InspectionRow | None:
    """One inspection with its values, in six queries however many values there are."""
    return _inspection(session, session.get(Inspection, inspection))


def inspection_of_lot(session: Session, lot: UUID) -> InspectionRow | None:
    """The inspection of a lot, if it was begun."""
    return _inspection(session, session.scalars(select(Inspection).filter_by(lot=lot)).one_or_none())


def plan_document(session: Session, *, code: str, revision: int) -> tuple[UUID, int, str] | None:
    """Id, version and status of a plan's document, for the signing sheet."""
    row = session.execute(
        select(Document.id, Document.version, Document.status).filter_by(kind="inspection_plan", code=code, revision=revision)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def has_plan(session: Session, *, item: UUID, site: UUID) -> bool:
    """Whether an item has an effective plan today at a site."""
    plan = session.execute(select(func.lineside.effective_plan(item, "incoming", func.lineside.today_at(site)))).scalar_one()
    return plan is not None and session.get(InspectionPlan, plan) is not None


def _inspection(session: Session, row: Inspection | None) -> InspectionRow | None:
    if row is None:
        return None
    document = session.get_one(Document, row.plan)
    lot = lot_by_id(session, row.lot)
    assert lot is not None
    return InspectionRow(
        id=row.id,
        code=row.code,
        lot=lot,
        plan_code=document.code,
        plan_revision=document.revision,
        characteristics=tuple(_characteristic(spec) for spec in row.frozen),
        sample_size=row.sample_size,
        accept_no=row.accept_no,
        status=row.status,
        verdict=row.verdict,
        version=row.version,
        measurements=_measurements(session, row.id),
        waiting=typed_waiting(session, inspection=row.id),
    )


def _characteristic(spec: dict[str, Any]) -> CharacteristicRow:
    limit = {side: None if spec[side] is None else Decimal(str(spec[side])) for side in ("lower", "nominal", "upper")}
    return CharacteristicRow(
        id=UUID(spec["id"]),
        no=spec["no"],
        name=Name(spec["name_en"], spec["name_zh"]),
        limits=Limits(unit=spec["unit"], **limit),
        decimals=spec["decimals"],
        gauge_kind=spec["gauge_kind"],
    )


def _measurements(session: Session, inspection: UUID) -> tuple[MeasurementRow, ...]:
    taken = session.scalars(select(Measurement).where(Measurement.inspection == inspection).order_by(Measurement.taken_at)).all()
    used = calibrations_by_id(session, {m.calibration for m in taken})
    typed = typed_behind(session, [m.id for m in taken if m.origin == "typed"])
    late = came_late(session, [m.id for m in taken])
    return tuple(
        MeasurementRow(
            id=m.id,
            characteristic=m.characteristic,
            sample_no=m.sample_no,
            measured=Quantity(m.value, m.unit),
            verdict=Verdict(m.verdict),
            origin=m.origin,
            gauge=used[m.calibration].asset_code,
            gauge_serial_no=used[m.calibration].serial_no,
            raw=m.raw,
            calibration_certificate=used[m.calibration].certificate,
            calibration_done_on=used[m.calibration].done_on,
            calibration_due_on=used[m.calibration].due_on,
            station=m.station,
            taken_by=m.taken_by,
            taken_at=m.taken_at,
            read_at=m.read_at,
            said_serial_no=m.device_serial_no,
            said_firmware=m.device_firmware,
            clock_ahead_ms=m.clock_ahead_ms,
            typed=typed.get(m.id),
            late=late.get(m.id),
        )
        for m in taken
    )
