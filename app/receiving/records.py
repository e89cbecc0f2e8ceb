"""Purchase orders, receipts, containers and their weighing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, SaidByDevice, masked, seen


class PurchaseOrder(Base):
    """What was ordered from whom, for which site."""

    __tablename__ = "purchase_order"
    code: Mapped[str] = mapped_column(unique=True)
    supplier: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())


class OrderLine(Base):
    """One item of an order."""

    __tablename__ = "order_line"
    __table_args__ = (UniqueConstraint("purchase_order", "no"),)
    purchase_order: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"))
    no: Mapped[int]
    item: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[Decimal] = mapped_column(Numeric())
    due_on: Mapped[date]
    unit_price: Mapped[Decimal | None] = masked(Numeric())
    currency: Mapped[str | None] = masked()


class Receipt(Base):
    """A pack was received: what its code said, byte for byte, and where it was put."""

    __tablename__ = "receipt"
    __table_args__ = (Index("receipt_lot", "lot"), Index("receipt_line", "order_line"))
    order_line: Mapped[UUID] = mapped_column(ForeignKey("order_line.id"))
    lot: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    quantity: Mapped[Decimal] = mapped_column(Numeric())
    location: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    origin: Mapped[str]
    raw: Mapped[bytes] = masked()
    scanner: Mapped[str]
    received_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    received_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ReceiptUndo(Base):
    """The compensating entry of a receipt; both stay visible."""

    __tablename__ = "receipt_undo"
    receipt: Mapped[UUID] = mapped_column(ForeignKey("receipt.id"), unique=True)
    reason: Mapped[str]
    undone_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    undone_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Container(Base):
    """One physical pack with our own label."""

    __tablename__ = "container"
    __table_args__ = (Index("container_lot", "lot"), Index("container_receipt", "receipt"))
    code: Mapped[str] = mapped_column(unique=True)
    receipt: Mapped[UUID] = mapped_column(ForeignKey("receipt.id"))
    lot: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    quantity: Mapped[Decimal] = mapped_column(Numeric())


class Weighing(SaidByDevice, Base):
    """A stable weight of a container, with the frame the scale sent."""

    __tablename__ = "weighing"
    __table_args__ = (Index("weighing_container", "container"),)
    container: Mapped[UUID] = mapped_column(ForeignKey("container.id"))
    kind: Mapped[str]
    value: Mapped[Decimal] = mapped_column(Numeric())
    unit: Mapped[str]
    scale: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    raw: Mapped[bytes]
    read_at: Mapped[datetime]
    weighed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    weighed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


OrderLineSeen = seen(OrderLine)
ReceiptSeen = seen(Receipt)
