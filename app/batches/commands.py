"""A batch is started, its steps begin and end, values and materials are entered, corrected and taken back. Signatures: `signing`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert

from app.base.ids import new_id
from app.base.measurement import Reading
from app.batches.records import Batch, BatchStep, Consumption, ConsumptionUndo, StepEntry, Unit
from app.core.command import Permission, command
from app.core.records import said_beside
from app.core.refusals import OtherVersion, explain_constraint
from app.core.while_away import WhileAway
from app.core.work import Work
from app.inspection.rules import UnstableReading
from app.plant.queries import asset_by_code


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBatch:
    """A planner starts a batch from the effective revision; ``planned`` in the record's unit."""

    command_id: UUID
    id: UUID
    master: UUID
    planned: Decimal


@command(permission=Permission.PLAN_BATCH, signature=None)
def start_batch(order: StartBatch, work: Work) -> str:
    """Freeze the record into a batch; returns its code, e.g. ``B26-0001``.

    Raises:
        EffectiveRecordWanted, LargerThanRecord, PlanNotEffective: nothing was started.
    """
    code = work.code("batch")
    work.add(Batch(id=order.id, code=code, master=order.master, planned=order.planned))
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class StartStep:
    """The operator begins a step."""

    command_id: UUID
    step: UUID


@command(permission=Permission.RUN_BATCH, signature=None)
def start_step(order: StartStep, work: Work) -> None:
    """Begin it, when every step before it is done.

    Raises:
        StepWaits: with the step it waits for.
        StepMovedAlready: somebody began it already.
    """
    work.change(BatchStep, order.step, status="started")


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishStep:
    """The operator ends a step; ``version`` as it was seen."""

    command_id: UUID
    step: UUID
    version: int


@command(permission=Permission.RUN_BATCH, signature=None)
def finish_step(order: FinishStep, work: Work) -> None:
    """End it, when everything it asks for is there.

    Raises:
        StepLacks, DeviationWanted: with what.
        StepMovedAlready: somebody else has ended it.
        OtherVersion: it was corrected meanwhile.
    """
    work.change(BatchStep, order.step, version=order.version, status="done")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidStep:
    """A supervisor leaves a step out; a decided deviation on it says why."""

    command_id: UUID
    step: UUID
    version: int


@command(permission=Permission.PLAN_BATCH, signature=None)
def void_step(order: VoidStep, work: Work) -> None:
    """Leave it out.

    Raises:
        DeviationWanted: there is none, or it is not decided.
    """
    work.change(BatchStep, order.step, version=order.version, status="void")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterValue:
    """What somebody typed, answered or counted, or the asset somebody scanned: ``value`` for a figure or count, ``said`` for ``yes`` and
    ``no``, neither for what the database computes. ``corrects``: the entry it replaces, with a reason.
    """

    command_id: UUID
    id: UUID
    step: UUID
    field: str
    sample_no: int
    unit_serial: str | None
    value: Decimal | None
    said: str | None
    unit: str | None
    device: str | None
    """Code of the asset, where the step asks for one."""
    done_at: datetime | None
    """When it was cleaned, where the step asks for that; for a typed figure: when it was read, if that was earlier."""
    corrects: UUID | None
    reason: str | None
    scanned: bytes | None = None
    """The code of the asset as the scanner sent it; ``None``: it was typed."""


def _value_while_away(order: EnterValue) -> WhileAway:
    """A first entry that needs no reason; what the database computes has no meaning before it does."""
    computed = order.value is None and order.said is None and order.device is None and order.done_at is None
    return WhileAway.REFUSED if computed or order.corrects is not None or order.reason is not None else WhileAway.DRAFT


@command(permission=Permission.RUN_BATCH, signature=None, away=_value_while_away)
def enter_value(order: EnterValue, work: Work) -> str:
    """Store it with the database's verdict; a value outside is stored too. Refusing it would hide the nonconformity.

    Raises:
        StepNotStarted, FieldNotAsked, ValueCannotBe, WhyWanted, NotTheCurrentEntry: nothing was stored.
        OtherVersion: the field has a value already.
    """
    computed = order.value is None and order.said is None and order.device is None and order.done_at is None
    device = asset_by_code(work.session, order.device).id if order.device is not None else None
    return store_entry(
        work,
        StepEntry(
            id=order.id,
            batch_step=order.step,
            field=order.field,
            sample_no=order.sample_no,
            unit_serial=order.unit_serial,
            value=order.value,
            said=order.said,
            unit=order.unit,
            origin="computed" if computed else "typed" if order.scanned is None else "scanned",
            device=device,
            raw=order.scanned,
            read_at=order.done_at,
            corrects=order.corrects,
            reason=order.reason,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReading:
    """A device of this station sent a value for a field of the step."""

    command_id: UUID
    id: UUID
    step: UUID
    field: str
    sample_no: int
    unit_serial: str | None
    reading: Reading
    corrects: UUID | None
    reason: str | None


def _reading_while_away(order: TakeReading) -> WhileAway:
    """A first reading; a correction waits for the database."""
    return WhileAway.REFUSED if order.corrects is not None or order.reason is not None else WhileAway.DRAFT


@command(permission=Permission.RUN_BATCH, signature=None, away=_reading_while_away)
def take_reading(order: TakeReading, work: Work) -> str:
    """Store value, unit, device and raw frame together.

    Raises:
        UnstableReading: the device itself said it is not stable.
        GaugeUnfit, WrongGauge, OtherUnit: nothing was stored; the database refuses it as well.
    """
    reading = order.reading
    if reading.stable is False:
        raise UnstableReading(gauge=reading.device)
    return store_entry(
        work,
        StepEntry(
            id=order.id,
            batch_step=order.step,
            field=order.field,
            sample_no=order.sample_no,
            unit_serial=order.unit_serial,
            value=reading.quantity.value,
            unit=reading.quantity.unit,
            origin="measured",
            device=asset_by_code(work.session, reading.device).id,
            raw=reading.raw,
            read_at=reading.at,
            corrects=order.corrects,
            reason=order.reason,
            **said_beside(reading),
        ),
    )


def store_entry(work: Work, entry: StepEntry) -> str:
    """Store it; returns the database's verdict.

    Raises:
        OtherVersion: somebody was faster with this field, or has corrected the same entry.
    """
    with explain_constraint("step_entry_first", OtherVersion()), explain_constraint("step_entry_corrects_key", OtherVersion()):
        work.add(entry)
    work.session.refresh(entry, ["verdict"])
    return entry.verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumeMaterial:
    """A pack was scanned for a material step. ``scale``: what weighed it, ``None`` for a count; ``raw``: the scan or the frame.

    ``unit_serial`` or ``sublot`` (1, 2, …): what it is bound to, where the step says so.
    """

    command_id: UUID
    id: UUID
    step: UUID
    lot: UUID
    container: UUID
    unit_serial: str | None
    quantity: Decimal
    origin: str
    raw: bytes | None
    scale: str | None
    reason: str | None
    sublot: int | None = None
    reading: Reading | None = None
    """The gross weight as the scale sent it, of what was weighed."""


@command(permission=Permission.RUN_BATCH, signature=None)
def consume_material(order: ConsumeMaterial, work: Work) -> None:
    """Take it out of the lot and into the batch, in one statement.

    Raises:
        OtherMaterial, LotNotReleased, LotIsExpired, NotEnoughLeft, ContainerHoldsLess, KitOfOtherBatch, MoreThanDemanded, UnitWanted,
            SublotWanted, StepNotStarted: nothing moved.
    """
    work.add(
        Consumption(
            id=order.id,
            batch_step=order.step,
            lot=order.lot,
            container=order.container,
            unit_serial=order.unit_serial,
            sublot=order.sublot,
            quantity=order.quantity,
            origin=order.origin,
            raw=order.raw,
            scale=asset_by_code(work.session, order.scale).id if order.scale is not None else None,
            reason=order.reason,
            **(said_beside(order.reading) | {"read_at": order.reading.at} if order.reading is not None else {}),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoConsumption:
    """It was the wrong pack: it goes back, and both entries stay."""

    command_id: UUID
    consumption: UUID
    reason: str


@command(permission=Permission.RUN_BATCH, signature=None)
def undo_consumption(order: UndoConsumption, work: Work) -> None:
    """Take it back while the step is open.

    Raises:
        StepNotStarted: the step is done; nothing moved.
        OtherVersion: it was taken back already.
    """
    with explain_constraint("consumption_undo_consumption_key", OtherVersion()):
        work.add(ConsumptionUndo(id=new_id(), consumption=order.consumption, reason=order.reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUnits:
    """So many pieces get a serial."""

    command_id: UUID
    batch: UUID
    count: int
    """1 … 500."""


@command(permission=Permission.RUN_BATCH, signature=None)
def make_units(order: MakeUnits, work: Work) -> tuple[str, ...]:
    """Make them; returns their serials in order."""
    rows = [{"id": new_id(), "batch": order.batch} for _ in range(min(max(order.count, 1), 500))]
    made = work.session.execute(insert(Unit).returning(Unit.serial, sort_by_parameter_order=True), rows)
    return tuple(made.scalars())


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUnit:
    """A piece is labelled, taken as a sample or scrapped; ``version`` as it was seen."""

    command_id: UUID
    unit: UUID
    version: int
    status: str
    """``sampled`` or ``scrapped``; only its label makes it labelled."""


@command(permission=Permission.RUN_BATCH, signature=None)
def move_unit(order: MoveUnit, work: Work) -> None:
    """Move it."""
    work.change(Unit, order.unit, version=order.version, status=order.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteBatch:
    """Every step is done: the batch goes to its release."""

    command_id: UUID
    batch: UUID
    version: int


@command(permission=Permission.RUN_BATCH, signature=None)
def complete_batch(order: CompleteBatch, work: Work) -> None:
    """Close it for entries.

    Raises:
        StepsNotDone: with the first one.
    """
    work.change(Batch, order.batch, version=order.version, status="complete")
