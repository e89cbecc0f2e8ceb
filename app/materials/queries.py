"""Questions about items, suppliers, locations and lots; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.materials.records import Approval, Item, LedgerEntry, Location, Lot, Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item as screens show it."""

    id: UUID
    code: str
    gtin: str | None
    name: Name
    unit: str
    min_days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """A lot as screens show it."""

    id: UUID
    code: str
    item: ItemRow
    supplier: UUID
    supplier_name: Name
    supplier_lot: str
    site: UUID
    made_on: date | None
    expires_on: date
    status: str
    balance: Quantity
    version: int
    opened_by: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """Whether a supplier may deliver an item to a site on a day; the latest approval when none is in force."""

    in_force: bool
    valid_to: date
    certificate: str
    certificate_valid_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRow:
    """A place in the store."""

    id: UUID
    code: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One movement of a lot."""

    no: int
    quantity: Decimal
    after_balance: Decimal
    kind: str
    location: str
    by_person: str
    at: datetime


def item_row(item: Item) -> ItemRow:
    """An item as screens show it."""
    return ItemRow(id=item.id, code=item.code, gtin=item.gtin, name=item.name, unit=item.unit, min_days_left=item.min_days_left)


def item_by_gtin(session: Session, gtin: str) -> ItemRow | None:
    """The item behind a GTIN-14."""
    found = session.scalars(select(Item).filter_by(gtin=gtin)).one_or_none()
    return None if found is None else item_row(found)


def item_by_code(session: Session, code: str) -> ItemRow | None:
    """The item with our own code."""
    found = session.scalars(select(Item).filter_by(code=code)).one_or_none()
    return None if found is None else item_row(found)


def item_by_id(session: Session, item: UUID) -> ItemRow:
    """The item with this id, which a record pointed at."""
    return item_row(session.get_one(Item, item))


def _lots(session: Session, *conditions: ColumnElement[bool]) -> list[LotRow]:
    statement = select(Lot, Item, Supplier).join(Item, Item.id == Lot.item).join(Supplier, Supplier.id == Lot.supplier)
    rows = session.execute(statement.where(*conditions).order_by(Lot.opened_at.desc()).limit(200))
    return [
        LotRow(
            id=lot.id,
            code=lot.code,
            item=item_row(item),
            supplier=supplier.id,
            supplier_name=supplier.name,
            supplier_lot=lot.supplier_lot,
            site=lot.site,
            made_on=lot.made_on,
            expires_on=lot.expires_on,
            status=lot.status,
            balance=Quantity(lot.balance, lot.unit),
            version=lot.version,
            opened_by=lot.opened_by,
            opened_at=lot.opened_at,
        )
        for lot, item, supplier in rows
    ]


def lot_by_code(session: Session, code: str) -> LotRow | None:
    """The lot with our own code."""
    return next(iter(_lots(session, Lot.code == code)), None)


def lot_by_id(session: Session, lot: UUID) -> LotRow | None:
    """The lot with this id."""
    return next(iter(_lots(session, Lot.id == lot)), None)


def lot_of_supplier(session: Session, *, item: UUID, supplier: UUID, supplier_lot: str) -> LotRow | None:
    """The lot under which we keep a supplier's lot of an item; never one of another item."""
    return next(iter(_lots(session, Lot.item == item, Lot.supplier == supplier, Lot.supplier_lot == supplier_lot)), None)


def lots_of_site(session: Session, site: UUID) -> list[LotRow]:
    """The newest 200 lots of a site."""
    return _lots(session, Lot.site == site)


def supplier_name(session: Session, supplier: UUID) -> Name:
    """What the supplier is called."""
    return session.get_one(Supplier, supplier).name


def approval_of(session: Session, *, supplier: UUID, item: UUID, site: UUID, day: date) -> ApprovalRow | None:
    """The approval that counts on a day, else the latest one, else ``None``."""
    ends = func.least(Approval.valid_to, Approval.certificate_valid_to)
    pair = (
        select(Approval)
        .filter_by(supplier=supplier, item=item, site=site)
        .order_by(((Approval.valid_from <= day) & (ends >= day)).desc(), ends.desc())
    )
    found = session.scalars(pair.limit(1)).one_or_none()
    if found is None:
        return None
    in_force = found.valid_from <= day <= min(found.valid_to, found.certificate_valid_to)
    return ApprovalRow(
        in_force=in_force, valid_to=found.valid_to, certificate=found.certificate, certificate_valid_to=found.certificate_valid_to
    )


def location_by_code(session: Session, code: str, *, site: UUID) -> LocationRow | None:
    """The location with this code at a site."""
    found = session.scalars(select(Location).filter_by(code=code, site=site)).one_or_none()
    return None if found is None else LocationRow(id=found.id, code=found.code, kind=found.kind)


def free_quarantine_location(session: Session, *, site: UUID) -> LocationRow | None:
    """A quarantine location where nothing stands, the first by code."""
    used = select(LedgerEntry.location).group_by(LedgerEntry.location).having(func.sum(LedgerEntry.quantity) > 0)
    found = session.scalars(
        select(Location).filter_by(site=site, kind="quarantine").where(Location.id.not_in(used)).order_by(Location.code).limit(1)
    ).one_or_none()
    return None if found is None else LocationRow(id=found.id, code=found.code, kind=found.kind)


def ledger_of(session: Session, lot: UUID) -> list[LedgerRow]:
    """Every movement of a lot, in order."""
    rows = session.execute(
        select(LedgerEntry, Location.code)
        .join(Location, Location.id == LedgerEntry.location)
        .where(LedgerEntry.lot == lot)
        .order_by(LedgerEntry.no)
    )
    return [
        LedgerRow(no=e.no, quantity=e.quantity, after_balance=e.after_balance, kind=e.kind, location=code, by_person=e.by_person, at=e.at)
        for e, code in rows
    ]
