"""Questions about orders and receipts; frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.materials.queries import ItemRow, item_by_id, supplier_name
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
        return next((line for line in fitting if line.received.value < line.ordered.value), fitting[-1] if fitting else None)


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
    found = session.scalars(select(PurchaseOrder).filter_by(code=code)).one_or_none()
    if found is None:
        return None
    received = (
        select(Receipt.order_line, func.sum(Receipt.quantity).label("total")).where(_not_undone()).group_by(Receipt.order_line).subquery()
    )
    rows = session.execute(
        select(OrderLine, func.coalesce(received.c.total, 0))
        .outerjoin(received, received.c.order_line == OrderLine.id)
        .where(OrderLine.purchase_order == found.id)
        .order_by(OrderLine.no)
    ).all()
    lines = []
    for line, total in rows:
        item = item_by_id(session, line.item)
        here, ordered = Quantity(Decimal(total), item.unit), Quantity(line.quantity, item.unit)
        lines.append(OrderLineRow(id=line.id, no=line.no, item=item, ordered=ordered, received=here, due_on=line.due_on))
    return OrderRow(
        id=found.id,
        code=found.code,
        supplier=found.supplier,
        supplier_name=supplier_name(session, found.supplier),
        site=found.site,
        lines=tuple(lines),
    )


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
