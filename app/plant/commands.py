"""Assets are registered and calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.core.command import Permission, command
from app.core.work import Work
from app.plant.records import Asset, Calibration
from app.plant.rules import MeasuresNothing, RangeUpsideDown, RangeWanted


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
        RangeUpsideDown: its smallest value is not below its largest.
    """
    if order.needs_calibration and (order.range_low is None or order.range_high is None):
        raise RangeWanted(asset=order.code)
    if order.range_low is not None and order.range_high is not None:
        _demand_a_span(order.range_low, order.range_high)
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
    """How far a gauge measures, from its certificate or its maker's sheet; a line why, or from which paper, goes with the order."""

    command_id: UUID
    asset: UUID
    range_low: Decimal
    """Smallest and largest value it can show, in the unit of its record."""
    range_high: Decimal
    stood_low: Decimal | None
    """What stood on record when the person looked; both ``None``: nothing did. If it stands otherwise now, nothing is written."""
    stood_high: Decimal | None


@command(permission=Permission.KEEP_ASSETS, signature=None)
def record_range(order: RecordRange, work: Work) -> None:
    """Put it on record: for gauges that were registered before ranges were, or whose range was written down wrongly.

    Readings that were taken before are not judged again.

    Raises:
        RangeUpsideDown: its smallest value is not below its largest.
        MeasuresNothing: its record has no unit.
        OtherVersion: somebody recorded another range meanwhile.
    """
    _demand_a_span(order.range_low, order.range_high)
    asset = work.get(Asset, id=order.asset)
    if asset.unit is None:
        raise MeasuresNothing(asset=asset.code)
    stood = {"range_low": order.stood_low, "range_high": order.stood_high}
    work.change(Asset, order.asset, stood=stood, range_low=order.range_low, range_high=order.range_high)


def _demand_a_span(low: Decimal, high: Decimal) -> None:
    if not (low.is_finite() and high.is_finite() and low < high):
        raise RangeUpsideDown(low=str(low), high=str(high))  # no number has no figure to be written in groups


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
