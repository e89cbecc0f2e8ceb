"""Items, suppliers, approvals, locations, lots and their ledger."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, Named, masked, seen


class Item(Named, Base):
    """A material or product; ``min_days_left`` is the shelf life a receipt must still have."""

    __tablename__ = "item"
    code: Mapped[str] = mapped_column(unique=True)
    gtin: Mapped[str | None] = mapped_column(unique=True)
    unit: Mapped[str]
    min_days_left: Mapped[int]
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())


class Supplier(Named, Base):
    """Who delivers."""

    __tablename__ = "supplier"
    code: Mapped[str] = masked(unique=True)
    name_en: Mapped[str] = masked()
    name_zh: Mapped[str] = masked()
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())


class Approval(Base):
    """A supplier may deliver an item to a site, for a time; its certificate may end sooner."""

    __tablename__ = "approval"
    __table_args__ = (Index("approval_pair", "supplier", "item", "site"),)
    supplier: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    item: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    certificate: Mapped[str] = masked()
    certificate_valid_to: Mapped[date]
    approved_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    approved_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Location(Base):
    """A place in the store; its kind says which lots may stand there."""

    __tablename__ = "location"
    code: Mapped[str] = mapped_column(unique=True)
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str]


class Lot(Base):
    """What a supplier made in one go, as it is here. Status moves by signature, balance by the ledger."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("item", "supplier", "supplier_lot", name="lot_of_supplier"),
        Index("lot_written_alike", "item", "supplier", text("upper(supplier_lot)")),
    )
    code: Mapped[str] = mapped_column(unique=True)
    item: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    supplier: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    supplier_lot: Mapped[str] = masked()
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    made_on: Mapped[date | None]
    expires_on: Mapped[date]
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    balance: Mapped[Decimal] = mapped_column(Numeric(), server_default=FetchedValue())
    unit: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    opened_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    opened_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class LedgerEntry(Base):
    """One movement of a lot; written by the database when a receipt or its undoing is."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("lot", "no"), Index("ledger_place", "location", "lot", postgresql_include=["quantity"]))
    lot: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    no: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric())
    after_balance: Mapped[Decimal] = mapped_column(Numeric())
    kind: Mapped[str]
    location: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    cause: Mapped[UUID]
    by_person: Mapped[str] = mapped_column(server_default=FetchedValue())
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


SupplierSeen = seen(Supplier)
ApprovalSeen = seen(Approval)
LotSeen = seen(Lot)
