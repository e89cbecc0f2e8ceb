"""What is known of one lot, from facts alone: frozen rows, and every act in the order in which it was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.core.late.queries import LateRow
from app.core.records import SignatureRow
from app.deviations.photos import PhotoRow
from app.deviations.queries import DeviationRow
from app.inspection.queries import InspectionRow
from app.materials.queries import LotRow

NO_FACTS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A stable weight of a container, with the frame the scale sent."""

    id: UUID
    weight: Quantity
    scale: str
    scale_serial_no: str
    raw: bytes
    by: str
    at: datetime
    read_at: datetime
    """The workstation's clock; ``at`` is the database's."""
    said_serial_no: str | None
    """What the scale said of itself; ``None``: its protocol does not say it."""
    said_firmware: str | None
    clock_ahead_ms: int | None
    certificate: str | None
    """Of the calibration in force at that second."""
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelState:
    """One physical label of a container and what is known of it."""

    copy_no: int
    printer: str
    station: str
    status: str
    detail: str
    reason: str | None
    by: str
    at: datetime
    sent_at: datetime | None
    doubted_at: datetime | None
    """Since when nobody knew whether it came out."""
    settled_at: datetime | None
    settled_by: str | None
    """Who looked at the printer; ``None``: the printer said so itself."""
    verified_at: datetime | None
    verified_by: str | None
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The compensating entry of a receipt."""

    id: UUID
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One receipt with its container, what was scanned, and everything done to the container."""

    receipt: UUID
    order_code: str
    order_line: int
    quantity: Quantity
    location: str
    origin: str
    """``scanned`` or ``typed``."""
    raw: bytes
    scanner: str
    by: str
    at: datetime
    container: UUID | None
    container_code: str | None
    undone: Undone | None
    weighings: tuple[Weighed, ...]
    labels: tuple[LabelState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One entry of the lot's ledger."""

    no: int
    quantity: Quantity
    after: Quantity
    kind: str
    location: str
    cause: UUID
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionMarks:
    """Who began and who completed the inspection, and when."""

    opened_by: str
    opened_at: datetime
    completed_by: str | None
    completed_at: datetime | None


class Standing(StrEnum):
    """What the record says of a signature today (21 CFR 11.70)."""

    STANDS = "stands"
    """Every byte that was signed is on record as it was."""
    LATER = "later"
    """Entries were added afterwards, by rule; what was signed is still there."""
    FELL = "fell"
    """What it covers was corrected by rule afterwards: it counts no longer, and may be signed anew."""
    BROKEN = "broken"
    """What was signed is not what stands on record, and no entry explains it."""
    UNTOLD = "untold"
    """Not every byte that was signed is on record as it was, and who asks does not see what would tell why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One signature on the lot or one of its deviations, re-checked at this look."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    subject_code: str
    version: int
    meaning: str
    signer: str
    name: Name
    """As it stood at the time of signing."""
    at: datetime
    zone: str
    station: str
    reason: str | None
    digest: bytes
    standing: Standing

    @classmethod
    def of(cls, row: SignatureRow, code: str, standing: Standing) -> Given:
        """A signature as it was stored, with the code of what was signed and what the re-check says."""
        return cls(
            id=row.id,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject_code=code,
            version=row.subject_version,
            meaning=row.meaning,
            signer=row.signer,
            name=Name(row.signer_name_en, row.signer_name_zh),
            at=row.at,
            zone=row.zone,
            station=row.station,
            reason=row.reason,
            digest=bytes(row.digest),
            standing=standing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act: when (the database's clock), who, where, what. ``kind`` is a key of `app.tracing.words.EVENTS`, `facts` what it needs."""

    at: datetime
    by: str | None
    """Login; ``None``: the station itself did it (printing)."""
    station: str | None
    """``None``: the record of this act carries no station (the trail does)."""
    kind: str
    facts: Mapping[str, object] = field(default_factory=lambda: NO_FACTS)
    raw: bytes | None = None
    """The scan or the frame as it came."""
    is_trouble: bool = False
    is_undone: bool = False
    """A later act took it back; it stays visible, struck through."""
    evidence: object | None = None
    """The row behind it, for F4: `Pack`, `Weighed`, a measurement, a deviation, `Given`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotHistory:
    """Everything on record of one lot, and what decides about its release today."""

    lot: LotRow
    zone: str
    """IANA name of the site's zone."""
    site_code: str
    practice: bool
    """Whether the plant is one for practice: then this is no record."""
    today: date
    """The calendar day at the site by the database's clock."""
    seal: str | None
    """Of the trail at its last decision, as papers print it; ``None``: it waits for one."""
    inspection_allows: bool
    """The database's own answer: complete, and every value outside decided."""
    packs: tuple[Pack, ...]
    movements: tuple[Movement, ...]
    inspection: InspectionRow | None
    marks: InspectionMarks | None
    deviations: tuple[DeviationRow, ...]
    signatures: tuple[Given, ...]
    dropped: tuple[LateRow, ...]
    """Readings made while the database was away that became no value, with their reasons."""
    photos: tuple[PhotoRow, ...]
    """Of its deviations, oldest first."""
    pictures: Mapping[str, bytes]
    """Theirs, by the SHA-256 of the bytes; empty unless they were asked for."""
    people: Mapping[str, Name]
    events: tuple[Event, ...]

    def name_of(self, login: str | None) -> Name:
        """Printed name of who acted; the login itself for somebody without a row (the database's administrator)."""
        return self.people.get(login or "", Name(login or "–", ""))

    @property
    def broken(self) -> tuple[Given, ...]:
        """Signatures whose content is no longer what was signed."""
        return tuple(given for given in self.signatures if given.standing is Standing.BROKEN)

    @property
    def open_deviations(self) -> tuple[DeviationRow, ...]:
        """Deviations that wait for their decision."""
        return tuple(row for row in self.deviations if row.status == "open")

    @property
    def performers(self) -> frozenset[str]:
        """Logins of who received, measured or opened: none of them decides about the lot (four eyes)."""
        taken = {m.taken_by for m in self.inspection.measurements} if self.inspection else set()
        return frozenset(taken | {pack.by for pack in self.packs})
