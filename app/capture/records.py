"""Channels of machines and the batches their samples came in. Samples themselves are asked for in sets, never one by one: no class."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, Named


class Channel(Named, Base):
    """One quantity a machine reports; ``name`` as in its register map."""

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("machine", "name", name="channel_of_machine"),)
    machine: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    name_in_map: Mapped[str] = mapped_column("name")
    unit: Mapped[str]
    decimals: Mapped[int]


class SampleBatch(Base):
    """What a station handed over at once; ``digest`` covers every sample and stands in the trail."""

    __tablename__ = "sample_batch"
    __table_args__ = (Index("sample_batch_machine", "machine", "stored_at"),)
    machine: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    station: Mapped[str]
    samples: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    digest: Mapped[bytes]
    stored_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
