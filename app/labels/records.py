"""Physical labels, one row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, masked, seen


class LabelRow(Base):
    """One physical label and what is known of it: requested → sent → printed, unknown or refused; of a unit then applied or destroyed."""

    __tablename__ = "label"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "copy_no"),
        Index("label_queue", "station", "requested_at", postgresql_where=text("status IN ('requested', 'sent')")),
        Index("label_on_its_way", "subject_id", postgresql_where=text("kind = 'unit' AND status IN ('requested', 'sent', 'unknown')")),
        Index(
            "label_of_unit", "subject_id", unique=True, postgresql_where=text("kind = 'unit' AND status NOT IN ('refused', 'destroyed')")
        ),
    )
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    copy_no: Mapped[int]
    printer: Mapped[str]
    station: Mapped[str]
    content: Mapped[dict[str, Any]] = masked()
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    detail: Mapped[str] = mapped_column(server_default=FetchedValue())
    reason: Mapped[str | None]
    requested_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    requested_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    sent_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    settled_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    ended_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    ended_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    scanned: Mapped[bytes | None] = mapped_column(server_default=FetchedValue())


LabelSeen = seen(LabelRow)
