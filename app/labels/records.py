"""Physical labels, one row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.records import Base, masked, seen


class LabelRow(Base):
    """One physical label and what is known of it: requested → validated → sent → printing → printed → verified → applied.

    What went wrong: unknown (a person settles it as printed or refused), refused (none came out), destroyed. Decision 0017.
    """

    __tablename__ = "label"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "copy_no"),
        Index("label_queue", "station", "requested_at", postgresql_where=text("status IN ('requested', 'validated', 'sent', 'printing')")),
        Index(
            "label_on_its_way",
            "subject_id",
            postgresql_where=text("kind = 'unit' AND status IN ('requested', 'validated', 'sent', 'printing', 'unknown')"),
        ),
        Index("label_of_station", "station", text("requested_at DESC")),
        Index("label_replaces", "replaces", postgresql_where=text("replaces IS NOT NULL")),
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
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("label.id"), server_default=FetchedValue())
    """Of a second copy: the one it stands for."""
    read_back: Mapped[bytes | None] = mapped_column(server_default=FetchedValue())
    """What its own picture was read as before it was sent, with the identifier of the symbology."""
    digest: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    """SHA-256 of ``read_back``, hexadecimal."""
    validated_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    printing_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    doubted_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    doubt: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    """Why nobody knew, as `app.labels.queue_events.detail_of` writes it; ``detail`` says how it was settled."""
    settled_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    """The person at the printer; ``None``: the printer itself."""
    verified_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    verified_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())


LabelSeen = seen(LabelRow)


class LabelRoute(Base):
    """Where labels of one kind come out at one station; ``printer`` ``None``: whichever printer the station has."""

    __tablename__ = "label_route"
    __table_args__ = (UniqueConstraint("station", "kind"),)
    station: Mapped[str] = mapped_column(ForeignKey("station.code"))
    kind: Mapped[str]
    printer: Mapped[str | None]
    set_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    set_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
