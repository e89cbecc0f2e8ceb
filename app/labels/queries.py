"""Questions about physical labels: what was asked for, what became of it, where it comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.labels.records import LabelRoute, LabelRow
from app.plant.queries import assets_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StationLabel:
    """One physical label of a station and the facts of its states; a time that is ``None`` was not reached."""

    id: UUID
    kind: str
    subject: UUID
    """Its container, its unit."""
    what: str
    """Code of its container, serial of its unit."""
    copy_no: int
    printer: str
    status: str
    detail: str
    """Of the state it is in: `app.labels.queue_events.words_of`."""
    reason: str | None
    """Of a second copy: why there is one."""
    replaces_copy: int | None
    requested_by: str
    requested_at: datetime
    validated_at: datetime | None
    read_back: str | None
    digest: str | None
    sent_at: datetime | None
    printing_at: datetime | None
    doubted_at: datetime | None
    doubt: str | None
    settled_at: datetime | None
    settled_by: str | None
    """Who looked at the printer; ``None``: the printer said so itself."""
    verified_by: str | None
    verified_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None


# What a person must decide stands first, then what waits, then the rest, the newest first.
_OF_STATION = text("""
    SELECT l.id, l.kind, l.subject_id AS subject, coalesce(u.serial, c.code, '?') AS what, l.copy_no, l.printer, l.status, l.detail,
           l.reason, o.copy_no AS replaces_copy, l.requested_by, l.requested_at, l.validated_at, l.read_back, l.digest, l.sent_at,
           l.printing_at, l.doubted_at, l.doubt, l.settled_at, l.settled_by, l.verified_by, l.verified_at, l.ended_by, l.ended_at
      FROM (SELECT * FROM (SELECT l.* FROM lineside.label_seen l WHERE l.station = :station ORDER BY l.requested_at DESC LIMIT :newest) n
            UNION SELECT l.* FROM lineside.label_seen l WHERE l.station = :station
              AND l.status IN ('requested', 'validated', 'sent', 'printing', 'unknown')) l
      LEFT JOIN lineside.unit u ON l.kind = 'unit' AND u.id = l.subject_id
      LEFT JOIN lineside.container c ON l.kind = 'container' AND c.id = l.subject_id
      LEFT JOIN lineside.label o ON o.id = l.replaces
     ORDER BY CASE WHEN l.status = 'unknown' THEN 0 WHEN l.status IN ('requested', 'validated', 'sent', 'printing') THEN 1 ELSE 2 END,
       l.requested_at DESC, l.id""")
NEWEST = 200
"""Labels of a station that are listed beside those a person or a printer still has to do with."""


def copies_of(session: Session, *, kind: str, subject: UUID) -> int:
    """How many labels were asked for of one thing."""
    return session.scalar(select(func.count()).select_from(LabelRow).filter_by(kind=kind, subject_id=subject)) or 0


def route_of(session: Session, *, station: str, kind: str) -> str | None:
    """Code of the printer where labels of this kind come out at this station; ``None``: nobody said."""
    return session.scalar(select(LabelRoute.printer).filter_by(station=station, kind=kind))


def routes_of(session: Session, *, station: str) -> dict[str, str]:
    """Code of the printer by kind of label, where an engineer said one."""
    rows = session.execute(select(LabelRoute.kind, LabelRoute.printer).filter_by(station=station)).all()
    return {kind: printer for kind, printer in rows if printer is not None}


def labels_of_station(session: Session, *, station: str) -> list[StationLabel]:
    """What a person must decide first, then what waits for a printer, then what became of the others, the newest first."""
    rows = session.execute(_OF_STATION, {"station": station, "newest": NEWEST})
    return [
        StationLabel(**{**row._asdict(), "read_back": None if row.read_back is None else bytes(row.read_back).decode("utf-8", "replace")})
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDesk:
    """What the list of a station's labels shows."""

    labels: list[StationLabel]
    routes: dict[str, str]
    """Code of the printer by kind of label, where an engineer said one."""
    printers: tuple[str, ...]
    """Codes of all printers of the site."""


def label_desk(session: Session, *, station: str, site: UUID) -> LabelDesk:
    """Labels of a station, where they go, and where they could go."""
    printers = tuple(asset.code for asset in assets_of(session, site=site) if asset.kind == "printer")
    return LabelDesk(labels=labels_of_station(session, station=station), routes=routes_of(session, station=station), printers=printers)
