"""Deviations: what was out of order, on which subject, and who decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base


class Deviation(Base):
    """Facts are copied by the database from what caused it; the disposition is signed by as many people as its rule demands."""

    __tablename__ = "deviation"
    __table_args__ = (
        UniqueConstraint("cause_kind", "cause_id"),
        Index("deviation_subject", "subject_kind", "subject_id"),
        Index("deviation_hold", "subject_id", unique=True, postgresql_where=text("cause_kind = 'hold' AND status = 'open'")),
    )
    code: Mapped[str] = mapped_column(unique=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    cause_kind: Mapped[str]
    cause_id: Mapped[UUID]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    class_: Mapped[str] = mapped_column("class")
    what_happened: Mapped[str]
    disposition: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    opened_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    opened_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    described_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    decided_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    decided_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    photos: Mapped[int | None] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())


class DeviationPhoto(Base):
    """One picture, by the SHA-256 of its bytes."""

    __tablename__ = "deviation_photo"
    __table_args__ = (UniqueConstraint("deviation", "picture"),)
    deviation: Mapped[UUID] = mapped_column(ForeignKey("deviation.id"))
    picture: Mapped[str]
    taken_at: Mapped[datetime]
    station: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    added_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    added_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
