"""Assets are registered and calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.core.command import Permission, command
from app.core.work import Work
from app.plant.records import Asset, Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAsset:
    """A gauge, scale, scanner or printer gets its code. ``unit`` and ``resolution`` only for what measures."""

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


@command(permission=Permission.KEEP_ASSETS, signature=None)
def register_asset(order: RegisterAsset, work: Work) -> None:
    """Add the asset; without a calibration a measuring one gives no reading."""
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
        )
    )


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
