"""Questions about orders and receipts; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Uuid, exists, func, literal, select, text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.materials.queries import (
    ApprovalRow,
    ItemRow,
    LocationRow,
    LotRow,
    item_of_gtin,
    item_row,
    lot_by_id,
    supplies,
    with_item_and_supplier,
)
from app.receiving.records import Container, OrderLine, OrderLineSeen, PurchaseOrder, Receipt, ReceiptSeen, ReceiptUndo, Weighing


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineRow:
    """One line of an order and how much of it is here."""

    id: UUID
    no: int
    item: ItemRow
    ordered: Quantity
    received: Quantity
    due_on: date
    price: Quantity | None
    """Of one unit, in its currency; ``None``: none was agreed, or who asks does not see prices."""

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

    def line_of(self, gtin: str) -> OrderLineRow | None:
        """The line that orders the item with this GTIN: the first still open one, else the last; ``None``: not ordered here."""
        fitting = [line for line in self.lines if line.item.gtin == gtin]
        return next((line for line in fitting if line.is_open), fitting[-1] if fitting else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedRow:
    """A weight of a container with all its evidence."""

    raw: bytes
    scale: str
    scale_serial_no: str
    said_serial_no: str | None
    """What the scale said of itself; ``None``: its protocol does not say it."""
    said_firmware: str | None
    certificate: str | None
    """Of the calibration in force at that second."""
    due_on: date | None
    read_at: datetime
    clock_ahead_ms: int | None
    by: str
    at: datetime


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
    weighed: WeighedRow | None
    """What proves the weight."""
    undone_reason: str | None


def _not_undone() -> ColumnElement[bool]:
    return ~exists().where(ReceiptUndo.receipt == Receipt.id)


def order_by_code(session: Session, code: str) -> OrderRow | None:
    """The purchase order with this code."""
    return next(iter(_orders(session, PurchaseOrder.code == code)), None)


def open_orders(session: Session, *, site: UUID) -> list[OrderRow]:
    """Orders of a site of which something is still to come, the most urgent first."""
    waiting = select(OrderLine.purchase_order).where(OrderLine.quantity > _received())
    found = _orders(session, PurchaseOrder.site == site, PurchaseOrder.id.in_(waiting))
    return sorted(found, key=lambda order: min(line.due_on for line in order.lines if line.is_open))


def _received(line: type[OrderLine] = OrderLine) -> ScalarSelect[Any]:
    """How much of the order line beside it was received and not undone."""
    total = select(func.coalesce(func.sum(Receipt.quantity), 0)).where(Receipt.order_line == line.id, _not_undone())
    return total.correlate(line).scalar_subquery()


def _orders(session: Session, *conditions: ColumnElement[bool]) -> list[OrderRow]:
    """Orders with their lines, items and supplier, in one statement however many they are."""
    question = (
        select(PurchaseOrder, OrderLineSeen, _received(OrderLineSeen))
        .join(OrderLineSeen, OrderLineSeen.purchase_order == PurchaseOrder.id)
        .where(*conditions)
    )
    rows = session.execute(
        with_item_and_supplier(question, item=OrderLineSeen.item, supplier=PurchaseOrder.supplier)
        .order_by(PurchaseOrder.code, OrderLineSeen.no)
        .limit(500)
    ).all()
    lines: dict[UUID, list[OrderLineRow]] = {}
    orders: dict[UUID, tuple[PurchaseOrder, Name]] = {}
    for order, line, total, item, supplier in rows:
        here, ordered = Quantity(Decimal(total), item.unit), Quantity(line.quantity, item.unit)
        price = Quantity(line.unit_price, line.currency or "") if line.unit_price is not None else None
        row = OrderLineRow(id=line.id, no=line.no, item=item_row(item), ordered=ordered, received=here, due_on=line.due_on, price=price)
        orders[order.id] = (order, supplier.name)
        lines.setdefault(order.id, []).append(row)
    return [
        OrderRow(id=order.id, code=order.code, supplier=order.supplier, supplier_name=name, site=order.site, lines=tuple(lines[order.id]))
        for order, name in orders.values()
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
    """Everything a screen must know of a pack, in two statements; without an order the only open one that wants the item is taken."""
    found = order_by_code(session, order) if order is not None else _only_order_of(session, gtin, site)
    line = found.line_of(gtin) if found is not None else None
    supplier = found.supplier if found is not None and line is not None else None  # for what is not on the order no approval is looked up
    asked = select(
        literal(site, Uuid()).label("site"),
        item_of_gtin(gtin).label("item"),
        literal(supplier, Uuid()).label("supplier"),
        _packs_of(line).label("packs"),
    )
    [(row, told)] = supplies(session, asked.subquery("asked"), supplier_lot=supplier_lot, location=None)
    return PackFacts(
        today=told.today,
        order=found,
        item=told.item,
        line=line,
        approval=told.approval,
        known=told.known,
        packs=row.packs,
        place=told.place,
    )


def _packs_of(line: OrderLineRow | None) -> ColumnElement[int]:
    if line is None:
        return literal(0)
    return select(func.count()).select_from(Receipt).where(Receipt.order_line == line.id, _not_undone()).scalar_subquery()


def _only_order_of(session: Session, gtin: str, site: UUID) -> OrderRow | None:
    """The order of a site that still wants an item, when there is exactly one."""
    of_item = select(OrderLine.purchase_order).where(OrderLine.item == item_of_gtin(gtin), OrderLine.quantity > _received())
    wanting = _orders(session, PurchaseOrder.site == site, PurchaseOrder.id.in_(of_item))
    return wanting[0] if len(wanting) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts:
    """What decides whether a pack is received on an order line, as it is at this moment."""

    today: date
    """Calendar day at the order's site by the database's clock."""
    line: UUID
    item: ItemRow
    """What the line orders."""
    left: Quantity
    """How much of it is still to come."""
    supplier: UUID
    supplier_name: Name
    site: UUID
    approval: ApprovalRow | None
    known: LotRow | None
    """Our lot for the supplier's lot, when it was received before."""
    place: LocationRow | None
    """The scanned location; ``None``: the site has no such location."""


def facts_of_receipt(session: Session, *, line: UUID, supplier_lot: str, location: str) -> ReceiptFacts | None:
    """Everything that decides on a receipt, in one statement; ``None``: there is no such order line."""
    asked = (
        select(
            OrderLine.item, PurchaseOrder.supplier, PurchaseOrder.site, OrderLine.quantity.label("ordered"), _received().label("received")
        )
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.purchase_order)
        .where(OrderLine.id == line)
    )
    found = supplies(session, asked.subquery("asked"), supplier_lot=supplier_lot, location=location)
    if not found:
        return None
    [(row, told)] = found
    if told.item is None or told.supplier_name is None:
        raise ValueError("an order line without item or supplier")  # both are NOT NULL with a foreign key
    return ReceiptFacts(
        today=told.today,
        line=line,
        item=told.item,
        left=Quantity(row.ordered - Decimal(row.received), told.item.unit),
        supplier=row.supplier,
        supplier_name=told.supplier_name,
        site=row.site,
        approval=told.approval,
        known=told.known,
        place=told.place,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReceipt:
    """The receipt a person may take back, with its lot as it stands now."""

    lot: LotRow
    receipt: ReceiptRow


def last_receipt(session: Session, *, order: UUID, person: str) -> LastReceipt | None:
    """What somebody received last for an order and nobody has undone."""
    newest = select(Receipt.id).join(OrderLine, OrderLine.id == Receipt.order_line)
    newest = newest.where(OrderLine.purchase_order == order, Receipt.received_by == person, _not_undone())
    newest = newest.order_by(Receipt.received_at.desc()).limit(1)
    for lot, receipt in _receipts(session, ReceiptSeen.id == newest.scalar_subquery()):
        found = lot_by_id(session, lot)
        return None if found is None else LastReceipt(lot=found, receipt=receipt)
    return None


def receipts_of(session: Session, lot: UUID) -> list[ReceiptRow]:
    """Every receipt of a lot with its container, weight and what undid it, oldest first, in two queries."""
    return [receipt for _, receipt in _receipts(session, ReceiptSeen.lot == lot)]


def _receipts(session: Session, *conditions: ColumnElement[bool]) -> list[tuple[UUID, ReceiptRow]]:
    """Receipts with the lots they belong to."""
    rows = session.execute(
        select(ReceiptSeen, PurchaseOrder.code, Container, Weighing, ReceiptUndo.reason)
        .join(OrderLine, OrderLine.id == ReceiptSeen.order_line)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.purchase_order)
        .join(Container, Container.receipt == ReceiptSeen.id)
        .outerjoin(Weighing, Weighing.container == Container.id)
        .outerjoin(ReceiptUndo, ReceiptUndo.receipt == ReceiptSeen.id)
        .where(*conditions)
        .order_by(ReceiptSeen.received_at)
    ).all()
    weighed = _weighed(session, [w.id for _, _, _, w, _ in rows if w is not None])
    return [(r.lot, _receipt_row(r, order, c, w, undone, weighed.get(w.id) if w is not None else None)) for r, order, c, w, undone in rows]


_WEIGHED = text("""
    SELECT w.id, w.raw, w.device_serial_no, w.device_firmware, w.read_at, w.clock_ahead_ms, w.weighed_by, w.weighed_at, a.code, a.serial_no,
           k.certificate, k.due_on
      FROM lineside.weighing w JOIN lineside.asset a ON a.id = w.scale
      LEFT JOIN LATERAL lineside.calibration_at(w.scale, w.weighed_at) k ON true WHERE w.id = ANY(:ids)""")


def _weighed(session: Session, ids: list[UUID]) -> dict[UUID, WeighedRow]:
    """What proves these weights; asked only where there are any."""
    if not ids:
        return {}
    return {
        w.id: WeighedRow(
            raw=bytes(w.raw),
            scale=w.code,
            scale_serial_no=w.serial_no,
            said_serial_no=w.device_serial_no,
            said_firmware=w.device_firmware,
            certificate=w.certificate,
            due_on=w.due_on,
            read_at=w.read_at,
            clock_ahead_ms=w.clock_ahead_ms,
            by=w.weighed_by,
            at=w.weighed_at,
        )
        for w in session.execute(_WEIGHED, {"ids": ids})
    }


def _receipt_row(
    receipt: Receipt, order: str, container: Container, weighing: Weighing | None, undone: str | None, weighed: WeighedRow | None
) -> ReceiptRow:
    return ReceiptRow(
        id=receipt.id,
        order_code=order,
        quantity=receipt.quantity,
        origin=receipt.origin,
        raw=receipt.raw,
        scanner=receipt.scanner,
        received_by=receipt.received_by,
        received_at=receipt.received_at,
        container_code=container.code,
        container=container.id,
        weight=Quantity(weighing.value, weighing.unit) if weighing else None,
        weighed=weighed,
        undone_reason=undone,
    )
