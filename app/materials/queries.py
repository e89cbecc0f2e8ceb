"""Questions about items, suppliers, locations and lots; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, ScalarSelect, Select, Subquery, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.materials.records import Approval, ApprovalSeen, Item, LedgerEntry, Location, Lot, LotSeen, Supplier, SupplierSeen


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """What is on record about a pack before it is received; the database decides again when it is."""

    today: date
    """Calendar day at the site by the database's clock."""
    item: ItemRow | None
    supplier_name: Name | None
    approval: ApprovalRow | None
    known: LotRow | None
    """Our lot for the supplier's lot of this item, when there is one."""
    place: LocationRow | None
    """The location that was asked for, else a quarantine location where nothing stands."""


def item_row(item: Item) -> ItemRow:
    """An item as screens show it."""
    return ItemRow(id=item.id, code=item.code, gtin=item.gtin, name=item.name, unit=item.unit, min_days_left=item.min_days_left)


def _lot_row(lot: Lot, item: Item, supplier: Supplier) -> LotRow:
    return LotRow(
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


def _approval_row(found: Approval, day: date) -> ApprovalRow:
    ends = found.certificate_valid_to
    in_force = found.valid_from <= day <= min(found.valid_to, ends)
    return ApprovalRow(in_force=in_force, valid_to=found.valid_to, certificate=found.certificate, certificate_valid_to=ends)


def item_by_code(session: Session, code: str) -> ItemRow | None:
    """The item with our own code."""
    found = session.scalars(select(Item).filter_by(code=code)).one_or_none()
    return None if found is None else item_row(found)


def item_by_id(session: Session, item: UUID) -> ItemRow:
    """The item with this id, which a record pointed at."""
    return item_row(session.get_one(Item, item))


def _lots(session: Session, *conditions: ColumnElement[bool]) -> list[LotRow]:
    statement = (
        select(LotSeen, Item, SupplierSeen).join(Item, Item.id == LotSeen.item).join(SupplierSeen, SupplierSeen.id == LotSeen.supplier)
    )
    rows = session.execute(statement.where(*conditions).order_by(LotSeen.opened_at.desc()).limit(200))
    return [_lot_row(*row) for row in rows]


def lot_by_code(session: Session, code: str) -> LotRow | None:
    """The lot with our own code."""
    return next(iter(_lots(session, LotSeen.code == code)), None)


def lot_by_id(session: Session, lot: UUID) -> LotRow | None:
    """The lot with this id."""
    return next(iter(_lots(session, LotSeen.id == lot)), None)


def lots_of_site(session: Session, site: UUID) -> list[LotRow]:
    """The newest 200 lots of a site."""
    return _lots(session, LotSeen.site == site)


def item_of_gtin(gtin: str) -> ScalarSelect[UUID]:
    """The item behind a GTIN-14, as a part of somebody's question; NULL when no item has it."""
    return select(Item.id).where(Item.gtin == gtin).scalar_subquery()


def with_item_and_supplier(
    question: Select[Any], *, item: InstrumentedAttribute[UUID], supplier: InstrumentedAttribute[UUID]
) -> Select[Any]:
    """A slice's question with item and supplier at the end of each row, so that nobody asks row by row; see `item_row`."""
    return question.add_columns(Item, SupplierSeen).join(Item, Item.id == item).join(SupplierSeen, SupplierSeen.id == supplier)


def supplies(session: Session, asked: Subquery, *, supplier_lot: str | None, location: str | None) -> list[tuple[Row[Any], SupplyRow]]:
    """Everything that is known about packs, in one statement: while a hand waits every question costs a way to the database.

    Args:
        session: Of the question or command that asks.
        asked: Rows with the columns ``item``, ``supplier``, ``site`` (the first two may be NULL) and others of the asker's own.
        supplier_lot: As the pack says; ``None``: it does not say it.
        location: Code of the location it goes to; ``None``: propose one.

    Returns:
        Every row that was asked with, and what stands on record for it.
    """
    today = func.lineside.today_at(asked.c.site)
    best, place = _best_approval(asked, today), _place(asked, location)
    known = LotSeen.id == func.lineside.lot_of_supplier(asked.c.item, asked.c.supplier, supplier_lot)
    rows = session.execute(
        select(today, Item, SupplierSeen, aliased(ApprovalSeen, best), LotSeen, aliased(Location, place), asked)
        .select_from(asked)
        .outerjoin(Item, Item.id == asked.c.item)
        .outerjoin(SupplierSeen, SupplierSeen.id == asked.c.supplier)
        .outerjoin(best, true())
        .outerjoin(LotSeen, known)
        .outerjoin(place, true())
    )
    return [(row, _supply_row(*row[:6])) for row in rows]


def _supply_row(
    day: date, item: Item | None, supplier: Supplier | None, approval: Approval | None, lot: Lot | None, place: Location | None
) -> SupplyRow:
    return SupplyRow(
        today=day,
        item=None if item is None else item_row(item),
        supplier_name=None if supplier is None else supplier.name,
        approval=None if approval is None else _approval_row(approval, day),
        known=None if lot is None or item is None or supplier is None else _lot_row(lot, item, supplier),
        place=None if place is None else LocationRow(id=place.id, code=place.code, kind=place.kind),
    )


def _best_approval(asked: Subquery, day: ColumnElement[date]) -> FromClause:
    """The approval that counts on a day, else the latest one."""
    ends = func.least(ApprovalSeen.valid_to, ApprovalSeen.certificate_valid_to)
    of_pair = (ApprovalSeen.supplier == asked.c.supplier, ApprovalSeen.item == asked.c.item, ApprovalSeen.site == asked.c.site)
    in_force_first = (((ApprovalSeen.valid_from <= day) & (ends >= day)).desc(), ends.desc())
    return select(ApprovalSeen).where(*of_pair).order_by(*in_force_first).limit(1).lateral("best_approval")


def _place(asked: Subquery, code: str | None) -> FromClause:
    """The location with this code at the site, or the first quarantine location by code where nothing stands."""
    here = select(Location).where(Location.site == asked.c.site)
    if code is not None:
        return here.where(Location.code == code).lateral("place")
    newest_first = LedgerEntry.lot.desc()  # what stands in a full place is found at the first look
    stands = select(LedgerEntry.lot).where(LedgerEntry.location == Location.id).group_by(LedgerEntry.lot).order_by(newest_first)
    something = stands.having(func.sum(LedgerEntry.quantity) > 0).correlate(Location).exists()
    free = here.where(Location.kind == "quarantine", ~something)
    return free.order_by(Location.code).limit(1).lateral("place")


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
