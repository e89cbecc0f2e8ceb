"""What is known of one batch, from facts alone: frozen rows. What a step demands stands beside what was entered and never in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.queries import ExceptionRow
from app.capture.queries import Column, Excursion, Gap, Statistics
from app.core.late.queries import CameLate
from app.deviations.photos import PhotoRow
from app.deviations.queries import DeviationRow
from app.tracing.history import Given, Standing, Undone
from app.typed.queries import TypedRow

RELEASED = frozenset({"released for production", "released to market"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHead:
    """The batch itself."""

    id: UUID
    code: str
    name: Name
    product_code: str
    gtin: str
    master_code: str
    master_revision: int
    frozen_digest: bytes
    """SHA-256 of the copy of the master record the batch was started with."""
    source_sha256: str
    """Of the file the master record was imported from."""
    planned: Quantity
    made_on: date
    expires_on: date
    status: str
    version: int
    started_by: str
    started_at: datetime
    completed_by: str | None
    completed_at: datetime | None
    released_by: str | None
    released_at: datetime | None
    market_by: str | None
    market_at: datetime | None
    site_code: str
    zone: str
    """IANA name of the site's zone."""
    seal: str | None
    """Of the trail at its last release or rejection, as papers print it: ``LS1|number|time|hash``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field a step asks for. ``ask`` is the frozen record's own text: demands, never facts."""

    field: str
    sample_no: int
    samples: int
    """How many of this field the step asks for."""
    form: str
    """As ``fields_of_step`` in the database: check, figure, count, asset, cleaned, minutes, computed, channel."""
    ask: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationUsed:
    """The calibration in force at the second of the entry."""

    certificate: str
    done_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """One entry as it was made; a corrected one stays."""

    id: UUID
    value: Quantity | None
    said: str | None
    """What is no figure: yes, no, the code of an asset."""
    verdict: str
    near_limit: bool
    origin: str
    device: str | None
    device_serial_no: str | None
    calibration: CalibrationUsed | None
    raw: bytes | None
    read_at: datetime | None
    """The workstation's clock; of a cleaning: when it was done."""
    station: str | None
    by: str
    at: datetime
    corrects: UUID | None
    reason: str | None
    said_serial_no: str | None
    """What the device said of itself; ``None``: its protocol does not say it."""
    said_firmware: str | None
    clock_ahead_ms: int | None
    typed: TypedRow | None
    """Who typed it in place of a device, and who verified it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field of a step, for the batch or for one unit, with every entry ever made in it."""

    asked: Asked
    unit_serial: str | None
    versions: tuple[Entered, ...]
    """Oldest first, each corrected by the next; empty: not entered."""

    @property
    def now(self) -> Entered | None:
        """The entry nobody corrected."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Material that went into the batch; taken back, it stays."""

    id: UUID
    lot: UUID
    lot_code: str
    supplier_lot: str
    supplier: Name
    item_code: str
    item: Name
    expires_on: date
    container: str
    unit_serial: str | None
    sublot: int | None
    quantity: Quantity
    origin: str
    raw: bytes | None
    scale: str | None
    station: str | None
    reason: str | None
    by: str
    at: datetime
    undone: Undone | None
    typed: TypedRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineTrace:
    """One channel of a machine while a step ran; of a step that still runs: up to the last sample."""

    parameter: str
    machine: str
    name: Name
    unit: str
    decimals: int
    lower: Decimal | None
    upper: Decimal | None
    begin: datetime
    end: datetime
    statistics: Statistics
    excursions: tuple[Excursion, ...]
    gaps: tuple[Gap, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step with everything done in it."""

    id: UUID
    no: int
    key: str
    kind: str
    name: Name
    spec: Mapping[str, Any]
    """The frozen record's own text of it."""
    status: str
    started_by: str | None
    started_at: datetime | None
    started_station: str | None
    done_by: str | None
    done_at: datetime | None
    done_station: str | None
    lines: tuple[Line, ...]
    taken: tuple[Taken, ...]
    traces: tuple[MachineTrace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLabel:
    """One physical label of a unit."""

    copy_no: int
    printer: str
    station: str
    status: str
    detail: str
    reason: str | None
    decoded: str
    """What a scan of it says."""
    by: str
    at: datetime
    settled_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRecord:
    """One piece with the labels that were asked for."""

    id: UUID
    no: int
    serial: str
    sublot: int | None
    lots: tuple[str, ...]
    """Codes of the component lots bound to it, by itself or by its sub-lot."""
    status: str
    by: str
    at: datetime
    labels: tuple[UnitLabel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitLaid:
    """A container laid out for the batch."""

    container: str
    lot_code: str
    by: str
    at: datetime
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHistory:
    """Everything on record of one batch."""

    head: BatchHead
    steps: tuple[StepRecord, ...]
    units: tuple[UnitRecord, ...]
    kits: tuple[KitLaid, ...]
    deviations: tuple[DeviationRow, ...]
    signatures: tuple[Given, ...]
    """On the batch, its steps and its deviations, each re-checked at this look."""
    exceptions: tuple[ExceptionRow, ...]
    photos: tuple[PhotoRow, ...]
    """Of its deviations, oldest first."""
    pictures: Mapping[str, bytes]
    """Every picture that somebody took for it, by the SHA-256 of its bytes."""
    late: Mapping[UUID, CameLate]
    """Entries made while the database was away, by entry."""
    people: Mapping[str, Name]
    practice: bool
    """Whether the plant is one for practice: then this is no record."""

    def name_of(self, login: str | None) -> Name:
        """Printed name of who acted; the login itself for somebody without a row."""
        return self.people.get(login or "", Name(login or "–", ""))

    @property
    def is_released(self) -> bool:
        """Whether the record is in force: signed as released, and not rejected since."""
        return self.head.status in RELEASED

    @property
    def unsound(self) -> tuple[Given, ...]:
        """Signatures that are broken, or that fell and were not given anew."""
        standing = {(given.subject_id, given.meaning) for given in self.signatures if given.standing in (Standing.STANDS, Standing.LATER)}
        return tuple(
            given
            for given in self.signatures
            if given.standing is Standing.BROKEN or (given.standing is Standing.FELL and (given.subject_id, given.meaning) not in standing)
        )

    def labels_in(self, *states: str) -> int:
        """How many labels of units are in one of these states."""
        return sum(1 for unit in self.units for label in unit.labels if label.status in states)
