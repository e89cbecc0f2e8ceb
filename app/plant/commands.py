"""Assets are registered and calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.core.command import Permission, command
from app.core.work import Work
from app.plant.records import Asset, Calibration
from app.plant.rules import RangeWanted


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAsset:
    """A gauge, scale, scanner or printer gets its code. ``unit``, ``resolution`` and measuring range only for what measures."""

    command_id: UUID
    id: UUID
    code: str
    kind: str
    name_en: str
    name_zh: str
    serial_no: str
    site: UUID
    unit: str | None
    resolution: Decimal | None
    needs_calibration: bool
    range_low: Decimal | None = None
    """Smallest and largest value it can show, in `unit`; both, for whatever is calibrated."""
    range_high: Decimal | None = None


@command(permission=Permission.KEEP_ASSETS, signature=None)
def register_asset(order: RegisterAsset, work: Work) -> None:
    """Add the asset; without a calibration a measuring one gives no reading.

    Raises:
        RangeWanted: it is calibrated, and nobody says how far it measures.
    """
    if order.needs_calibration and (order.range_low is None or order.range_high is None):
        raise RangeWanted(asset=order.code)
    work.add(
        Asset(
            id=order.id,
            code=order.code,
            kind=order.kind,
            name_en=order.name_en,
            name_zh=order.name_zh,
            serial_no=order.serial_no,
            site=order.site,
            unit=order.unit,
            resolution=order.resolution,
            needs_calibration=order.needs_calibration,
            range_low=order.range_low,
            range_high=order.range_high,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRange:
    """How far a gauge measures, from its certificate or its maker's sheet; a line why goes with the order."""

    command_id: UUID
    asset: UUID
    range_low: Decimal
    range_high: Decimal


@command(permission=Permission.KEEP_ASSETS, signature=None)
def record_range(order: RecordRange, work: Work) -> None:
    """Put it on record: for gauges that were registered before ranges were, or whose range was written down wrongly."""
    work.change(Asset, order.asset, range_low=order.range_low, range_high=order.range_high)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCalibration:
    """A calibration was done; the day it is due again stands on its certificate."""

    command_id: UUID
    id: UUID
    asset: UUID
    done_on: date
    due_on: date
    certificate: str
    passed: bool


@command(permission=Permission.CALIBRATE, signature=None)
def record_calibration(order: RecordCalibration, work: Work) -> None:
    """Put the calibration on record; it stands for good."""
    work.add(
        Calibration(
            id=order.id,
            asset=order.asset,
            done_on=order.done_on,
            due_on=order.due_on,
            certificate=order.certificate,
            passed=order.passed,
        )
    )
