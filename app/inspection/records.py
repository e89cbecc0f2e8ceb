"""Plans, inspections with their frozen plan, measurements."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, Named, SaidByDevice


class InspectionPlan(Base):
    """Content of a controlled document: how an item is inspected at a stage."""

    __tablename__ = "inspection_plan"
    id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    item: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    stage: Mapped[str]
    sample_size: Mapped[int]
    accept_no: Mapped[int]


class Characteristic(Named, Base):
    """One thing that is measured on every sample."""

    __tablename__ = "characteristic"
    __table_args__ = (UniqueConstraint("plan", "no"),)
    plan: Mapped[UUID] = mapped_column(ForeignKey("inspection_plan.id"))
    no: Mapped[int]
    kind: Mapped[str]
    unit: Mapped[str]
    decimals: Mapped[int]
    lower: Mapped[Decimal | None] = mapped_column(Numeric())
    nominal: Mapped[Decimal | None] = mapped_column(Numeric())
    upper: Mapped[Decimal | None] = mapped_column(Numeric())
    gauge_kind: Mapped[str]


class Inspection(Base):
    """One lot under inspection; plan, sample size and limits are frozen by the database when it begins."""

    __tablename__ = "inspection"
    __table_args__ = (Index("inspection_of_lot", "lot", unique=True),)
    code: Mapped[str] = mapped_column(unique=True)
    lot: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    plan: Mapped[UUID] = mapped_column(ForeignKey("inspection_plan.id"), server_default=FetchedValue())
    frozen: Mapped[list[dict[str, Any]]] = mapped_column(server_default=FetchedValue())
    frozen_digest: Mapped[bytes] = mapped_column(server_default=FetchedValue())
    sample_size: Mapped[int] = mapped_column(server_default=FetchedValue())
    accept_no: Mapped[int] = mapped_column(server_default=FetchedValue())
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    verdict: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    opened_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    opened_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    completed_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    completed_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())


class Measurement(SaidByDevice, Base):
    """One value as the gauge sent it, or as somebody typed and another verified it; verdict, calibration and station are the database's."""

    __tablename__ = "measurement"
    __table_args__ = (UniqueConstraint("inspection", "characteristic", "sample_no"),)
    inspection: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"))
    characteristic: Mapped[UUID] = mapped_column(ForeignKey("characteristic.id"))
    sample_no: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Numeric())
    unit: Mapped[str]
    verdict: Mapped[str] = mapped_column(server_default=FetchedValue())
    origin: Mapped[str]
    gauge: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    calibration: Mapped[UUID] = mapped_column(ForeignKey("calibration.id"), server_default=FetchedValue())
    raw: Mapped[bytes | None]
    read_at: Mapped[datetime]
    station: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    taken_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    taken_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
