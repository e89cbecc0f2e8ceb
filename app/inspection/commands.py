"""A plan is prepared and approved, an inspection begins, readings are taken, the inspection is completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.base.ids import new_id
from app.base.measurement import Reading, Verdict
from app.core.command import Meaning, Permission, command
from app.core.controlled import approve, prepare, submit_for_review
from app.core.records import said_beside
from app.core.refusals import explain_constraint
from app.core.tasks import finish_tasks
from app.core.while_away import as_draft
from app.core.work import Work
from app.inspection.records import Characteristic, Inspection, InspectionPlan, Measurement
from app.inspection.rules import CellIsTaken, UnstableReading
from app.materials.commands import wait_for_release
from app.materials.queries import LotRow, lot_by_id
from app.plant.queries import asset_by_code
from app.plant.rules import GaugeOverdue


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCharacteristic:
    """One thing to measure; limits in ``unit``, ``None`` = one-sided; ``decimals`` as the gauge shows them."""

    id: UUID
    no: int
    name_en: str
    name_zh: str
    unit: str
    decimals: int
    lower: Decimal | None
    nominal: Decimal | None
    upper: Decimal | None
    gauge_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparePlan:
    """An engineer writes an inspection plan; it is a draft until quality signs it."""

    command_id: UUID
    id: UUID
    code: str
    revision: int
    site: UUID
    effective_from: date
    item: UUID
    stage: str
    """``incoming``, or ``in-process`` for a step of a batch."""
    sample_size: int
    accept_no: int
    characteristics: tuple[PlannedCharacteristic, ...]


@command(permission=Permission.PREPARE_DOCUMENT, signature=None)
def prepare_plan(order: PreparePlan, work: Work) -> None:
    """Write the draft and hand it over for review."""
    prepare(
        work,
        id=order.id,
        kind="inspection_plan",
        code=order.code,
        revision=order.revision,
        site=order.site,
        effective_from=order.effective_from,
    )
    work.add(
        InspectionPlan(id=order.id, item=order.item, stage=order.stage, sample_size=order.sample_size, accept_no=order.accept_no),
        *(
            Characteristic(
                id=c.id,
                plan=order.id,
                no=c.no,
                kind="measured",
                name_en=c.name_en,
                name_zh=c.name_zh,
                unit=c.unit,
                decimals=c.decimals,
                lower=c.lower,
                nominal=c.nominal,
                upper=c.upper,
                gauge_kind=c.gauge_kind,
            )
            for c in order.characteristics
        ),
    )
    submit_for_review(work, order.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePlan:
    """Quality signs a plan that somebody else prepared; from its effective day on it is the plan."""

    command_id: UUID
    plan: UUID
    version: int


@command(permission=Permission.APPROVE_DOCUMENT, signature=Meaning.APPROVED)
def approve_plan(order: ApprovePlan, work: Work) -> None:
    """Sign the version that was seen."""
    approve(work, order.plan, version=order.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginInspection:
    """An inspector takes a lot; the database freezes the effective plan into the inspection."""

    command_id: UUID
    lot: UUID


@command(permission=Permission.INSPECT_LOT, signature=None)
def begin_inspection(order: BeginInspection, work: Work) -> UUID:
    """Begin, or go on with the inspection the lot has already.

    Raises:
        NoEffectivePlan: nobody has signed a plan for the item that is effective today.
    """
    begun = work.find(Inspection, lot=order.lot)
    if begun is not None:
        return begun.id
    inspection = new_id()
    work.add(Inspection(id=inspection, code=work.code("inspection"), lot=order.lot))
    return inspection


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeasurement:
    """The inspector accepted one reading for one characteristic of one sample."""

    command_id: UUID
    id: UUID
    inspection: UUID
    characteristic: UUID
    sample_no: int
    reading: Reading


@command(permission=Permission.INSPECT_LOT, signature=None, away=as_draft)
def record_measurement(order: RecordMeasurement, work: Work) -> Verdict:
    """Store value, unit, gauge and raw frame together; the database judges by the frozen limits.

    A value outside the limits is stored too: refusing it here would hide the nonconformity.

    Raises:
        UnstableReading: the gauge itself said it is not stable; nothing is stored.
        GaugeOverdue: calibration ran out before today; nothing is stored. The database refuses it as well.
        CellIsTaken: the cell has a value; a second one never replaces it silently.
    """
    reading = order.reading
    if reading.stable is False:
        raise UnstableReading(gauge=reading.device)
    gauge = asset_by_code(work.session, reading.device)
    if gauge.due_on is None or not gauge.passed or gauge.due_on < work.today:
        raise GaugeOverdue(gauge=gauge.code, due=gauge.due_on or "–")
    taken = Measurement(
        id=order.id,
        inspection=order.inspection,
        characteristic=order.characteristic,
        sample_no=order.sample_no,
        value=reading.quantity.value,
        unit=reading.quantity.unit,
        origin="device",
        gauge=gauge.id,
        raw=reading.raw,
        read_at=reading.at,
        **said_beside(reading),
    )
    with explain_constraint("measurement_inspection_characteristic_sample_no_key", CellIsTaken(sample=order.sample_no)):
        work.add(taken)
    work.session.refresh(taken, ["verdict"])
    return Verdict(taken.verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteInspection:
    """Every cell has its value; the verdict is the database's."""

    command_id: UUID
    inspection: UUID
    version: int


@command(permission=Permission.INSPECT_LOT, signature=None)
def complete_inspection(order: CompleteInspection, work: Work) -> str:
    """Close the inspection and let quality decide on the lot; returns ``accepted`` or ``rejected``.

    Raises:
        ReadingsMissing: with how many.
    """
    work.change(Inspection, order.inspection, version=order.version, status="complete")
    done = work.get(Inspection, id=order.inspection)
    lot: LotRow | None = lot_by_id(work.session, done.lot)
    if lot is not None:
        finish_tasks(work, kind="inspect_lot", subject_id=lot.id)
        wait_for_release(work, lot=lot.id, code=lot.code, site=lot.site)
    return str(done.verdict)
