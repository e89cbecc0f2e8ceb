"""Questions about orders and receipts; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.materials.queries import (
    ApprovalRow,
    ItemRow,
    LocationRow,
    LotRow,
    approval_of,
    free_quarantine_location,
    item_by_gtin,
    item_by_id,
    lot_by_id,
    lot_of_supplier,
    supplier_name,
)
from app.receiving.records import Container, OrderLine, PurchaseOrder, Receipt, ReceiptUndo, Weighing


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineRow:
    """One line of an order and how much of it is here."""

    id: UUID
    no: int
    item: ItemRow
    ordered: Quantity
    received: Quantity
    due_on: date

    @property
    def left(self) -> Quantity:
        """How much is still to come."""
        return Quantity(self.ordered.value - self.received.value, self.ordered.unit)

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.received.value < self.ordered.value


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A purchase order with its lines."""

    id: UUID
    code: str
    supplier: UUID
    supplier_name: Name
    site: UUID
    lines: tuple[OrderLineRow, ...]

    def line_of(self, item: UUID) -> OrderLineRow | None:
        """The line that orders an item: the first still open one, else the last; ``None``: not ordered here."""
        fitting = [line for line in self.lines if line.item.id == item]
        return next((line for line in fitting if line.is_open), fitting[-1] if fitting else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """One receipt as a lot's history shows it."""

    id: UUID
    order_code: str
    quantity: Decimal
    origin: str
    raw: bytes
    scanner: str
    received_by: str
    received_at: datetime
    container_code: str
    container: UUID
    weight: Quantity | None
    scale_raw: bytes | None
    undone_reason: str | None


def _not_undone() -> ColumnElement[bool]:
    return ~exists().where(ReceiptUndo.receipt == Receipt.id)


def received_of(session: Session, line: UUID) -> Decimal:
    """How much of an order line was received and not undone."""
    total = select(func.coalesce(func.sum(Receipt.quantity), 0)).where(Receipt.order_line == line, _not_undone())
    return Decimal(session.execute(total).scalar_one())


def order_by_code(session: Session, code: str) -> OrderRow | None:
    """The purchase order with this code."""
    return next(iter(_orders(session, PurchaseOrder.code == code)), None)


def open_orders(session: Session, *, site: UUID) -> list[OrderRow]:
    """Orders of a site of which something is still to come, the most urgent first."""
    waiting = select(OrderLine.purchase_order).where(OrderLine.quantity > _received())
    found = _orders(session, PurchaseOrder.site == site, PurchaseOrder.id.in_(waiting))
    return sorted(found, key=lambda order: min(line.due_on for line in order.lines if line.is_open))


def _received() -> ScalarSelect[Any]:
    """How much of the order line beside it was received and not undone."""
    total = select(func.coalesce(func.sum(Receipt.quantity), 0)).where(Receipt.order_line == OrderLine.id, _not_undone())
    return total.correlate(OrderLine).scalar_subquery()


def _orders(session: Session, *conditions: ColumnElement[bool]) -> list[OrderRow]:
    rows = session.execute(
        select(PurchaseOrder, OrderLine, _received())
        .join(OrderLine, OrderLine.purchase_order == PurchaseOrder.id)
        .where(*conditions)
        .order_by(PurchaseOrder.code, OrderLine.no)
        .limit(500)
    ).all()
    lines: dict[UUID, list[OrderLineRow]] = {}
    orders: dict[UUID, PurchaseOrder] = {}
    for order, line, total in rows:
        item = item_by_id(session, line.item)
        here, ordered = Quantity(Decimal(total), item.unit), Quantity(line.quantity, item.unit)
        row = OrderLineRow(id=line.id, no=line.no, item=item, ordered=ordered, received=here, due_on=line.due_on)
        orders[order.id] = order
        lines.setdefault(order.id, []).append(row)
    return [
        OrderRow(
            id=order.id,
            code=order.code,
            supplier=order.supplier,
            supplier_name=supplier_name(session, order.supplier),
            site=order.site,
            lines=tuple(lines[order.id]),
        )
        for order in orders.values()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFacts:
    """What is on record about a scanned pack before its location is scanned. The command and the database ask everything again."""

    today: date
    """Calendar day at the site by the database's clock."""
    order: OrderRow | None
    """The order it is received for; ``None``: none was scanned and not exactly one open order wants the item."""
    item: ItemRow | None
    """What its GTIN names; ``None``: no item has it."""
    line: OrderLineRow | None
    approval: ApprovalRow | None
    known: LotRow | None
    """Our lot for the supplier's lot, when it was received before."""
    packs: int
    """Packs of the line that were received and not undone."""
    place: LocationRow | None
    """A free quarantine location."""


def facts_of_pack(session: Session, *, order: str | None, gtin: str, supplier_lot: str | None, site: UUID) -> PackFacts:
    """Everything a screen must know of a pack, in one transaction; without an order the only open one that wants the item is taken."""
    today: date = session.execute(select(func.lineside.today_at(site))).scalar_one()
    item = item_by_gtin(session, gtin)
    found = order_by_code(session, order) if order is not None else _only_order_of(session, item, site)
    line = found.line_of(item.id) if found is not None and item is not None else None
    place = free_quarantine_location(session, site=site)
    if found is None or item is None or line is None:
        return PackFacts(today=today, order=found, item=item, line=line, approval=None, known=None, packs=0, place=place)
    known = lot_of_supplier(session, item=item.id, supplier=found.supplier, supplier_lot=supplier_lot) if supplier_lot else None
    packs = select(func.count()).select_from(Receipt).where(Receipt.order_line == line.id, _not_undone())
    return PackFacts(
        today=today,
        order=found,
        item=item,
        line=line,
        approval=approval_of(session, supplier=found.supplier, item=item.id, site=site, day=today),
        known=known,
        packs=session.execute(packs).scalar_one(),
        place=place,
    )


def _only_order_of(session: Session, item: ItemRow | None, site: UUID) -> OrderRow | None:
    if item is None:
        return None
    wanting = [order for order in open_orders(session, site=site) if any(one.item.id == item.id and one.is_open for one in order.lines)]
    return wanting[0] if len(wanting) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReceipt:
    """The receipt a person may take back, with its lot as it stands now."""

    lot: LotRow
    receipt: ReceiptRow


def last_receipt(session: Session, *, order: UUID, person: str) -> LastReceipt | None:
    """What somebody received last for an order and nobody has undone."""
    newest = session.execute(
        select(Receipt.id, Receipt.lot)
        .join(OrderLine, OrderLine.id == Receipt.order_line)
        .where(OrderLine.purchase_order == order, Receipt.received_by == person, _not_undone())
        .order_by(Receipt.received_at.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    lot = lot_by_id(session, newest.lot)
    row = next((one for one in receipts_of(session, newest.lot) if one.id == newest.id), None)
    return None if lot is None or row is None else LastReceipt(lot=lot, receipt=row)


def receipts_of(session: Session, lot: UUID) -> list[ReceiptRow]:
    """Every receipt of a lot with its container, weight and what undid it, oldest first, in one query."""
    rows = session.execute(
        select(Receipt, PurchaseOrder.code, Container, Weighing, ReceiptUndo.reason)
        .join(OrderLine, OrderLine.id == Receipt.order_line)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.purchase_order)
        .join(Container, Container.receipt == Receipt.id)
        .outerjoin(Weighing, Weighing.container == Container.id)
        .outerjoin(ReceiptUndo, ReceiptUndo.receipt == Receipt.id)
        .where(Receipt.lot == lot)
        .order_by(Receipt.received_at)
    )
    return [
        ReceiptRow(
            id=r.id,
            order_code=order,
            quantity=r.quantity,
            origin=r.origin,
            raw=r.raw,
            scanner=r.scanner,
            received_by=r.received_by,
            received_at=r.received_at,
            container_code=c.code,
            container=c.id,
            weight=Quantity(w.value, w.unit) if w else None,
            scale_raw=w.raw if w else None,
            undone_reason=undone,
        )
        for r, order, c, w, undone in rows
    ]
