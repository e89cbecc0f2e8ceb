"""Typing in place of a device, and what a second person makes of it.

Two orders, because two people act: who types gives the facts on their own session, who verifies signs over them on a login of
their own. Between the two the value waits on record and counts for nothing, so a lost reply, a crash or "not now" loses nothing
and lets nothing through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.base.measurement import Quantity
from app.core.command import Meaning, Permission, command
from app.core.refusals import explain_constraint
from app.core.subject import Subject
from app.core.work import Work
from app.plant.queries import asset_by_code
from app.typed.records import TypedValue
from app.typed.rules import PlaceIsTaken, TypedAlready


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person read off an instrument and typed."""

    quantity: Quantity
    device: str
    """Code of the instrument whose display was read."""
    reason: str
    """One line why the device did not send it itself."""
    at: datetime
    """The workstation's time, UTC."""
    clock_ahead_ms: int | None = None
    """How far the database's clock was ahead of the workstation's; ``None``: not compared yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeMeasurement:
    """The inspector types one value of an inspection; ``id``: of the measurement that it becomes."""

    command_id: UUID
    id: UUID
    inspection: UUID
    characteristic: UUID
    sample_no: int
    typed: Typed


@command(permission=Permission.INSPECT_LOT, signature=None)
def type_measurement(order: TypeMeasurement, work: Work) -> None:
    """Put it on record, waiting; the database judges instrument, unit and cell as for a reading.

    Raises:
        GaugeOverdue, GaugeOfOtherKind, GaugeOutOfRange, GaugeTooCoarse, OtherUnit, TypedAlready: nothing was stored.
    """
    place = {"inspection": order.inspection, "characteristic": order.characteristic, "sample_no": order.sample_no}
    _type(work, order.id, "measurement", order.typed, **place)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeEntry:
    """The operator types a figure that a device should send; ``corrects``: the entry it shall replace."""

    command_id: UUID
    id: UUID
    step: UUID
    field: str
    sample_no: int
    unit_serial: str | None
    corrects: UUID | None
    typed: Typed


@command(permission=Permission.RUN_BATCH, signature=None)
def type_entry(order: TypeEntry, work: Work) -> None:
    """Put it on record, waiting.

    Raises:
        FieldNotAsked, StepNotStarted, GaugeOverdue, GaugeOfOtherKind, GaugeOutOfRange, GaugeTooCoarse, TypedAlready: nothing was stored.
    """
    place = {"batch_step": order.step, "field": order.field, "sample_no": order.sample_no, "unit_serial": order.unit_serial}
    _type(work, order.id, "step_entry", order.typed, **place, corrects=order.corrects)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWeight:
    """The operator types the net weight of what goes into a step; ``scanned``: the container's code as the scanner sent it."""

    command_id: UUID
    id: UUID
    step: UUID
    lot: UUID
    container: UUID
    unit_serial: str | None
    sublot: int | None
    scanned: bytes
    typed: Typed


@command(permission=Permission.RUN_BATCH, signature=None)
def type_weight(order: TypeWeight, work: Work) -> None:
    """Put it on record, waiting; nothing moves in the ledger before a second person has signed.

    Raises:
        FieldNotAsked, StepNotStarted, GaugeOverdue, GaugeOutOfRange, OtherUnit: nothing was stored.
    """
    what = {"batch_step": order.step, "lot": order.lot, "container": order.container, "scanned": order.scanned}
    _type(work, order.id, "consumption", order.typed, **what, unit_serial=order.unit_serial, sublot=order.sublot)


def _type(work: Work, row: UUID, kind: str, typed: Typed, **where: Any) -> None:
    device = asset_by_code(work.session, typed.device)
    made = TypedValue(
        id=row,
        kind=kind,
        value=typed.quantity.value,
        unit=typed.quantity.unit,
        device=device.id,
        read_at=typed.at,
        clock_ahead_ms=typed.clock_ahead_ms,
        reason=typed.reason,
        **where,
    )
    with explain_constraint("typed_value_cell", TypedAlready()), explain_constraint("typed_value_field", TypedAlready()):
        work.add(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyTyped:
    """A second person, who did not type it, has read the same value off the same instrument."""

    command_id: UUID
    typed: UUID
    version: int


@command(permission=Permission.VERIFY_STEP, signature=Meaning.VERIFIED)
def verify_typed(order: VerifyTyped, work: Work) -> None:
    """Sign it; the database makes the measurement, the entry or the consumption in the same transaction.

    Raises:
        PerformerCannotSign: the signer typed it.
        TypedValueEnded: it was verified or withdrawn already.
        PlaceIsTaken: a value was measured there meanwhile.
    """
    work.sign(Subject(kind="typed_value", id=order.typed, version=order.version), meaning=Meaning.VERIFIED)
    with (
        explain_constraint("measurement_inspection_characteristic_sample_no_key", PlaceIsTaken()),
        explain_constraint("step_entry_first", PlaceIsTaken()),
        explain_constraint("step_entry_corrects_key", PlaceIsTaken()),
    ):
        work.change(TypedValue, order.typed, version=order.version, status="verified")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawTyped:
    """It was typed wrongly, or is needed no more; it stays on record as withdrawn."""

    command_id: UUID
    typed: UUID


@command(permission=Permission.VERIFY_STEP, signature=None)
def withdraw_typed(order: WithdrawTyped, work: Work) -> None:
    """Withdraw it.

    Raises:
        TypedValueEnded: it was verified or withdrawn already.
    """
    work.change(TypedValue, order.typed, status="withdrawn")
