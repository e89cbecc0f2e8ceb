"""Gauges, scales, scanners, printers and machines, their calibrations, and at which station they hang."""

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


class DeviceProtocol(Base):
    """A protocol the plant defined itself; ``source`` is what was written and what is signed. It may change while it is a draft."""

    __tablename__ = "device_protocol"
    id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    source: Mapped[str]
    why: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())


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


class DeviceConnection(Base):
    """One act: a device was connected at a station, connected otherwise, or taken out. The newest of an asset at a station counts."""

    __tablename__ = "device_connection"
    __table_args__ = (Index("device_connection_asset", "asset", "station"),)
    asset: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    station: Mapped[str] = mapped_column(server_default=FetchedValue())
    act: Mapped[str]
    protocol: Mapped[str]
    url: Mapped[str]
    line: Mapped[str]
    unit: Mapped[str | None]
    serial_number: Mapped[str | None]
    map: Mapped[str | None]
    map_digest: Mapped[bytes | None]
    details: Mapped[str]
    reason: Mapped[str | None]
    follows: Mapped[UUID | None] = mapped_column(ForeignKey("device_connection.id"), unique=True, server_default=FetchedValue())
    done_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    done_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
