"""Gauges, scales, scanners, printers and their calibrations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, Named


class Asset(Named, Base):
    """Something with a code on it that measures, scans or prints."""

    __tablename__ = "asset"
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    serial_no: Mapped[str]
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    unit: Mapped[str | None]
    resolution: Mapped[Decimal | None] = mapped_column(Numeric())
    range_low: Mapped[Decimal | None] = mapped_column(Numeric())
    range_high: Mapped[Decimal | None] = mapped_column(Numeric())
    needs_calibration: Mapped[bool]
    active: Mapped[bool] = mapped_column(server_default=FetchedValue())


class Calibration(Base):
    """One calibration; the latest decides, being due is a condition at use."""

    __tablename__ = "calibration"
    __table_args__ = (Index("calibration_asset", "asset", "done_on"),)
    asset: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    done_on: Mapped[date]
    due_on: Mapped[date]
    certificate: Mapped[str]
    passed: Mapped[bool]
    recorded_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
