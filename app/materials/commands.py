"""Master data of materials, and what a signature does to a lot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.command import Meaning, Permission, command
from app.core.subject import Subject
from app.core.tasks import finish_tasks, open_task
from app.core.work import Work
from app.materials.records import Approval, Item, Location, Lot, Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem:
    """A material or product gets its code; ``gtin`` as 14 digits."""

    command_id: UUID
    id: UUID
    code: str
    gtin: str | None
    name_en: str
    name_zh: str
    unit: str
    min_days_left: int


@command(permission=Permission.KEEP_MATERIALS, signature=None)
def add_item(order: AddItem, work: Work) -> None:
    """Add the item."""
    names = {"name_en": order.name_en, "name_zh": order.name_zh}
    work.add(Item(id=order.id, code=order.code, gtin=order.gtin, unit=order.unit, min_days_left=order.min_days_left, **names))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSupplier:
    """Somebody may be ordered from; receiving needs an approval as well."""

    command_id: UUID
    id: UUID
    code: str
    name_en: str
    name_zh: str


@command(permission=Permission.KEEP_MATERIALS, signature=None)
def add_supplier(order: AddSupplier, work: Work) -> None:
    """Add the supplier."""
    work.add(Supplier(id=order.id, code=order.code, name_en=order.name_en, name_zh=order.name_zh))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSupplier:
    """Quality approves a supplier for one item at one site, as long as approval and certificate last."""

    command_id: UUID
    id: UUID
    supplier: UUID
    item: UUID
    site: UUID
    valid_from: date
    valid_to: date
    certificate: str
    certificate_valid_to: date


@command(permission=Permission.APPROVE_SUPPLIER, signature=None)
def approve_supplier(order: ApproveSupplier, work: Work) -> None:
    """Put the approval on record; it stands for good and lapses by itself."""
    work.add(
        Approval(
            id=order.id,
            supplier=order.supplier,
            item=order.item,
            site=order.site,
            valid_from=order.valid_from,
            valid_to=order.valid_to,
            certificate=order.certificate,
            certificate_valid_to=order.certificate_valid_to,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLocation:
    """A place in the store: ``quarantine``, ``released`` or ``rejected``."""

    command_id: UUID
    id: UUID
    code: str
    site: UUID
    kind: str


@command(permission=Permission.KEEP_MATERIALS, signature=None)
def add_location(order: AddLocation, work: Work) -> None:
    """Add the location."""
    work.add(Location(id=order.id, code=order.code, site=order.site, kind=order.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLot:
    """A lot is held by decision, over the version the signer saw."""

    command_id: UUID
    lot: UUID
    version: int


@command(permission=Permission.HOLD_LOT, signature=Meaning.HELD)
def hold_lot(order: HoldLot, work: Work) -> None:
    """Nothing of the lot moves until the hold is ended by signature."""
    work.sign(Subject(kind="lot", id=order.lot, version=order.version), meaning=Meaning.HELD)
    work.change(Lot, order.lot, version=order.version, status="held")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHold:
    """A held lot goes back to quarantine."""

    command_id: UUID
    lot: UUID
    version: int


@command(permission=Permission.RELEASE_LOT, signature=Meaning.HOLD_ENDED)
def end_hold(order: EndHold, work: Work) -> None:
    """Back to quarantine; releasing is another signature."""
    work.sign(Subject(kind="lot", id=order.lot, version=order.version), meaning=Meaning.HOLD_ENDED)
    work.change(Lot, order.lot, version=order.version, status="quarantine")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLot:
    """Quality releases a lot, over the version and content the signer saw."""

    command_id: UUID
    lot: UUID
    version: int


@command(permission=Permission.RELEASE_LOT, signature=Meaning.RELEASED)
def release_lot(order: ReleaseLot, work: Work) -> None:
    """Release; the database demands an inspection that allows it and no open deviation.

    Raises:
        LotHasOpenDeviation, LotNotInspected, PerformerCannotSign: nothing is stored.
    """
    work.sign(Subject(kind="lot", id=order.lot, version=order.version), meaning=Meaning.RELEASED)
    work.change(Lot, order.lot, version=order.version, status="released")
    finish_tasks(work, kind="release_lot", subject_id=order.lot)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectLot:
    """Quality rejects a lot for good."""

    command_id: UUID
    lot: UUID
    version: int


@command(permission=Permission.RELEASE_LOT, signature=Meaning.REJECTED)
def reject_lot(order: RejectLot, work: Work) -> None:
    """Reject; there is no way back."""
    work.sign(Subject(kind="lot", id=order.lot, version=order.version), meaning=Meaning.REJECTED)
    work.change(Lot, order.lot, version=order.version, status="rejected")
    finish_tasks(work, kind="release_lot", subject_id=order.lot)


def open_lot(
    work: Work,
    *,
    id: UUID,
    item: UUID,
    supplier: UUID,
    supplier_lot: str,
    site: UUID,
    made_on: date | None,
    expires_on: date,
) -> str:
    """Open a lot as a part of receiving it: in quarantine, empty; the ledger fills it. Returns its code."""
    return work.add_coded(
        Lot, "lot", id=id, item=item, supplier=supplier, supplier_lot=supplier_lot, site=site, made_on=made_on, expires_on=expires_on
    )


def wait_for_release(work: Work, *, lot: UUID, code: str, site: UUID) -> None:
    """Let quality decide on a lot whose inspection is complete."""
    open_task(work, kind="release_lot", subject_kind="lot", subject_id=lot, site=site, for_job="quality", facts={"lot": code})
