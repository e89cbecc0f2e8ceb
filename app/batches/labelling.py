"""The label of a unit: asked for from facts on record, printed by the queue, scanned on its unit, or destroyed. One living label each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.base.phrases import Name
from app.batches.records import Batch, Unit
from app.core.command import Permission, command
from app.core.work import Work
from app.labels.commands import destroy, request_label, reroute, settle, verify
from app.labels.queries import copies_of
from app.materials.queries import ItemRow, item_by_id

if TYPE_CHECKING:
    from app.labels.udi import Udi


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintUnitLabel:
    """The operator wants the label of one unit; ``reason`` from the second copy on: why the one before is gone."""

    command_id: UUID
    unit: UUID
    printer: str
    reason: str | None


@command(permission=Permission.RUN_BATCH, signature=None)
def print_unit_label(order: PrintUnitLabel, work: Work) -> UUID:
    """Compose the UDI from master data and batch, read it back, ask the queue for it; returns the label's id.

    Raises:
        NoGtin, WrongLength, CharactersNotInGs1, LabelNotProven: the facts on record make no label; nothing is printed.
        LabellingNotUnderWay, UnitHasLabel: nothing is printed.
    """
    from app.labels.unit_form import unit_content  # rules of GS1: no start of a client waits for them

    unit = work.get(Unit, id=order.unit)
    batch = work.get(Batch, id=unit.batch)
    product = item_by_id(work.session, batch.product)
    udi = udi_of(batch, product, unit.serial)
    return request_label(
        work,
        kind="unit",
        subject_kind="unit",
        subject_id=unit.id,
        printer=order.printer,
        content=unit_content(udi, ref=product.code, name=Name(product.name.en, product.name.zh), holds=1),
        copy_no=copies_of(work.session, kind="unit", subject=unit.id) + 1,
        reason=order.reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyLabel:
    """The label was put on a unit and scanned there; ``scanned`` with its symbology identifier, as the scanner sent it."""

    command_id: UUID
    unit: UUID
    scanned: str


@command(permission=Permission.RUN_BATCH, signature=None)
def apply_label(order: ApplyLabel, work: Work) -> None:
    """Compare what was read with what is on record; the unit is labelled.

    Raises:
        WrongItem, WrongLot, WrongSerial, WrongExpiry, WrongMadeOn, OtherContent, NotGs1, NoSymbologyIdentifier: the difference that
            matters most.
        NoLabelWaits: none was printed, or it is on already.
        LabelIsVoid: that paper was destroyed, and no other was printed.
    """
    from app.labels.scan_back import same_as  # as above
    from app.scanning.interpret import interpret

    unit = work.get(Unit, id=order.unit)
    batch = work.get(Batch, id=unit.batch)
    differs = same_as(udi_of(batch, item_by_id(work.session, batch.product), unit.serial), interpret(order.scanned))
    if differs is not None:
        raise differs
    work.ask("apply_label", unit.id, order.scanned.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmUnitLabel:
    """The operator looked at the printer and says what became of a label that nobody knew of."""

    command_id: UUID
    label: UUID
    came_out: bool
    remark: str


@command(permission=Permission.RUN_BATCH, signature=None)
def confirm_unit_label(order: ConfirmUnitLabel, work: Work) -> None:
    """Settle an unknown label as printed or refused; nothing is printed by it.

    Raises:
        NotFound: there is no such label.
        WayClosed: it is not unknown (any more).
    """
    settle(work, order.label, came_out=order.came_out, remark=order.remark)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyUnitLabel:
    """A unit's label that came out was scanned back before it is put on; ``scanned`` with its symbology identifier."""

    command_id: UUID
    label: UUID
    scanned: str


@command(permission=Permission.RUN_BATCH, signature=None)
def verify_unit_label(order: VerifyUnitLabel, work: Work) -> None:
    """The database compares what was read with what the record says, byte for byte; the unit wears nothing by it.

    Raises:
        OtherLabel, LabelIsVoid, WayClosed, LabellingNotUnderWay: nothing is changed.
    """
    verify(work, order.label, order.scanned)


@dataclass(frozen=True, slots=True, kw_only=True)
class RerouteUnitLabel:
    """The printer of a unit's label that waits is out of order or not here: somebody sends it to another one."""

    command_id: UUID
    label: UUID
    printer: str
    reason: str


@command(permission=Permission.RUN_BATCH, signature=None)
def reroute_unit_label(order: RerouteUnitLabel, work: Work) -> None:
    """It comes out there; no second one is made by it.

    Raises:
        WayClosed: a byte of it may have left already.
        NoSuchPrinter, ReasonMissing: nothing is changed.
    """
    reroute(work, order.label, order.printer, order.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyLabel:
    """A label is torn, wrong or left over, and was destroyed."""

    command_id: UUID
    label: UUID
    reason: str


@command(permission=Permission.RUN_BATCH, signature=None)
def destroy_label(order: DestroyLabel, work: Work) -> None:
    """Count it as destroyed; a unit that wore it has none now."""
    destroy(work, order.label, order.reason)


def udi_of(batch: Batch, product: ItemRow, serial: str) -> Udi:
    """What the label of a unit says, from the facts on record; `app.labels.udi.compose` says what it refuses."""
    from app.labels.udi import compose  # as above

    return compose(gtin=product.gtin, lot=batch.code, expires_on=batch.expires_on, made_on=batch.made_on, serial=serial)
