"""What somebody typed where a device should have sent it, from the moment it was typed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base


class TypedValue(Base):
    """Waits until a second person has signed it; then the database makes the row of it, under the same id."""

    __tablename__ = "typed_value"
    __table_args__ = (
        Index(
            "typed_value_cell",
            "inspection",
            "characteristic",
            "sample_no",
            unique=True,
            postgresql_where=text("status = 'waiting' AND kind = 'measurement'"),
        ),
        Index(
            "typed_value_field",
            "batch_step",
            "field",
            "sample_no",
            "unit_serial",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("status = 'waiting' AND kind = 'step_entry'"),
        ),
        Index("typed_value_step", "batch_step", postgresql_where=text("batch_step IS NOT NULL")),
        Index("typed_value_inspection", "inspection", postgresql_where=text("inspection IS NOT NULL")),
    )
    kind: Mapped[str]
    inspection: Mapped[UUID | None] = mapped_column(ForeignKey("inspection.id"))
    characteristic: Mapped[UUID | None] = mapped_column(ForeignKey("characteristic.id"))
    batch_step: Mapped[UUID | None] = mapped_column(ForeignKey("batch_step.id"))
    field: Mapped[str | None]
    sample_no: Mapped[int | None]
    unit_serial: Mapped[str | None] = mapped_column(ForeignKey("unit.serial"))
    sublot: Mapped[int | None]
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("step_entry.id"))
    lot: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    container: Mapped[UUID | None] = mapped_column(ForeignKey("container.id"))
    scanned: Mapped[bytes | None]
    value: Mapped[Decimal] = mapped_column(Numeric())
    unit: Mapped[str]
    device: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    calibration: Mapped[UUID | None] = mapped_column(ForeignKey("calibration.id"), server_default=FetchedValue())
    read_at: Mapped[datetime]
    clock_ahead_ms: Mapped[int | None]
    reason: Mapped[str]
    station: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    typed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    typed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue())
    ended_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    ended_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
