"""Master records: the content of a controlled document. The database fills what is `FetchedValue`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base


class MasterRow(Base):
    """How a product is made; ``content`` holds the steps as `READER` reads them, ``source`` the file as it was imported."""

    __tablename__ = "master_record"
    id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    product: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    batch_size: Mapped[Decimal] = mapped_column(Numeric())
    unit: Mapped[str]
    shelf_life_days: Mapped[int]
    content: Mapped[dict[str, Any]]
    source: Mapped[str]
    source_sha256: Mapped[bytes] = mapped_column(server_default=FetchedValue())
