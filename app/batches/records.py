"""Master records, batches, steps, units, entries, consumptions. The database fills what is `FetchedValue`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, SaidByDevice, masked, seen


class MasterRow(Base):
    """How a product is made; ``content`` holds the steps as `READER` reads them, ``source`` the file as it was imported."""

    __tablename__ = "master_record"
    id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    product: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    batch_size: Mapped[Decimal] = mapped_column(Numeric())
    unit: Mapped[str]
    shelf_life_days: Mapped[int]
    content: Mapped[dict[str, Any]] = masked()
    source: Mapped[str] = masked()
    source_sha256: Mapped[bytes] = mapped_column(server_default=FetchedValue())


class Batch(Base):
    """One batch with its own copy of the record; only code, record and quantity come from the client."""

    __tablename__ = "batch"
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's own shape; what is masked is not read back
    __table_args__ = (Index("batch_master", "master"),)
    code: Mapped[str] = mapped_column(unique=True)
    master: Mapped[UUID] = mapped_column(ForeignKey("master_record.id"))
    product: Mapped[UUID] = mapped_column(ForeignKey("item.id"), server_default=FetchedValue())
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"), server_default=FetchedValue())
    planned: Mapped[Decimal] = mapped_column(Numeric())
    unit: Mapped[str] = mapped_column(server_default=FetchedValue())
    made_on: Mapped[date] = mapped_column(server_default=FetchedValue())
    expires_on: Mapped[date] = mapped_column(server_default=FetchedValue())
    frozen: Mapped[dict[str, Any]] = masked(server_default=FetchedValue())
    frozen_digest: Mapped[bytes] = mapped_column(server_default=FetchedValue())
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    started_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    started_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    completed_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    completed_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    released_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    released_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    market_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    market_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())


class BatchStep(Base):
    """One step of a batch, made by the database from the frozen copy."""

    __tablename__ = "batch_step"
    __table_args__ = (UniqueConstraint("batch", "key"), UniqueConstraint("batch", "no"))
    batch: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    no: Mapped[int]
    key: Mapped[str]
    kind: Mapped[str]
    spec: Mapped[dict[str, Any]] = masked()
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    corrections: Mapped[int] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    started_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    started_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    started_station: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    done_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    done_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    done_station: Mapped[str | None] = mapped_column(server_default=FetchedValue())


class Unit(Base):
    """One piece; number, serial and sub-lot are the database's."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("batch", "no"),
        Index("unit_sublot", "batch", "sublot", postgresql_where=text("sublot IS NOT NULL")),
    )
    batch: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    no: Mapped[int] = mapped_column(server_default=FetchedValue())
    serial: Mapped[str] = mapped_column(unique=True, server_default=FetchedValue())
    sublot: Mapped[int | None] = mapped_column(server_default=FetchedValue())
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    made_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    made_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    moved_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    moved_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())


class StepEntry(SaidByDevice, Base):
    """One value in a step; verdict, calibration, station and person are the database's."""

    __tablename__ = "step_entry"
    __table_args__ = (
        Index(
            "step_entry_first",
            "batch_step",
            "field",
            "sample_no",
            "unit_serial",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("corrects IS NULL"),
        ),
        Index("step_entry_step", "batch_step"),
        Index("step_entry_outside", "batch_step", postgresql_where=text("verdict <> 'conforms'")),
        Index("step_entry_picture", "said", postgresql_where=text("origin = 'imported'")),
    )
    batch_step: Mapped[UUID] = mapped_column(ForeignKey("batch_step.id"))
    field: Mapped[str]
    sample_no: Mapped[int]
    unit_serial: Mapped[str | None] = mapped_column(ForeignKey("unit.serial"))
    value: Mapped[Decimal | None] = mapped_column(Numeric())
    said: Mapped[str | None]
    unit: Mapped[str | None]
    verdict: Mapped[str] = mapped_column(server_default=FetchedValue())
    near_limit: Mapped[bool] = mapped_column(server_default=FetchedValue())
    origin: Mapped[str]
    device: Mapped[UUID | None] = mapped_column(ForeignKey("asset.id"))
    calibration: Mapped[UUID | None] = mapped_column(ForeignKey("calibration.id"), server_default=FetchedValue())
    raw: Mapped[bytes | None]
    read_at: Mapped[datetime | None]
    station: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    entered_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    entered_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("step_entry.id"), unique=True)
    reason: Mapped[str | None]


class Consumption(SaidByDevice, Base):
    """Material that went in; the ledger moves with it."""

    __tablename__ = "consumption"
    __table_args__ = (
        Index("consumption_step", "batch_step", "unit_serial"),
        Index("consumption_lot", "lot"),
        Index("consumption_container", "container"),
        Index("consumption_sublot", "batch_step", "sublot", postgresql_where=text("sublot IS NOT NULL")),
    )
    batch_step: Mapped[UUID] = mapped_column(ForeignKey("batch_step.id"))
    lot: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    container: Mapped[UUID] = mapped_column(ForeignKey("container.id"))
    unit_serial: Mapped[str | None] = mapped_column(ForeignKey("unit.serial"))
    sublot: Mapped[int | None]
    quantity: Mapped[Decimal] = mapped_column(Numeric())
    origin: Mapped[str]
    raw: Mapped[bytes | None]
    scale: Mapped[UUID | None] = mapped_column(ForeignKey("asset.id"))
    read_at: Mapped[datetime | None]
    station: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    reason: Mapped[str | None]
    consumed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    consumed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ConsumptionSum(Base):
    """What stands of the consumptions of a step or a container, added up by the database."""

    __tablename__ = "consumption_sum"
    quantity: Mapped[Decimal] = mapped_column(Numeric())


class Kit(Base):
    """A container laid out for one batch, until it is put back."""

    __tablename__ = "kit"
    __table_args__ = (
        Index("kit_container", "container", unique=True, postgresql_where=text("status = 'laid out'")),
        Index("kit_batch", "batch"),
    )
    batch: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    container: Mapped[UUID] = mapped_column(ForeignKey("container.id"))
    laid_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    laid_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())


class ExceptionAcceptance(Base):
    """One thing out of the ordinary, looked at and accepted by name."""

    __tablename__ = "exception_acceptance"
    __table_args__ = (UniqueConstraint("record", "kind"), Index("exception_acceptance_batch", "batch"))
    batch: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    kind: Mapped[str]
    record: Mapped[UUID]
    accepted_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    accepted_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ConsumptionUndo(Base):
    """Material that was taken back; the consumption stays visible."""

    __tablename__ = "consumption_undo"
    consumption: Mapped[UUID] = mapped_column(ForeignKey("consumption.id"), unique=True)
    reason: Mapped[str]
    undone_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    undone_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


MasterRowSeen = seen(MasterRow)
BatchSeen = seen(Batch)
