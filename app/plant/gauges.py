"""What measures at a site: how far, how finely, and whether its calibration holds today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.plant.queries import latest_calibrations
from app.plant.records import Asset


class Calibrated(StrEnum):
    """How the newest calibration stands on a day; the due day itself still counts."""

    GOOD = "good"
    OVER = "over"
    FAILED = "failed"
    NEVER = "never"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeLine:
    """One measuring asset."""

    id: UUID
    code: str
    name: Name
    serial_no: str
    unit: str
    resolution: Decimal | None
    range_low: Decimal | None
    """Smallest and largest value it can show, in `unit`; both or neither."""
    range_high: Decimal | None
    due_on: date | None
    calibrated: Calibrated

    @property
    def has_range(self) -> bool:
        """Without one it gives no reading."""
        return self.range_low is not None and self.range_high is not None


def gauges_of(session: Session, *, site: UUID) -> list[GaugeLine]:
    """Every active measuring asset of a site in one query: those without a range first, then by code.

    The day is the database's at the site.
    """
    latest, today = latest_calibrations(), select(func.lineside.today_at(site)).scalar_subquery()
    rows = session.execute(
        select(Asset, latest.c.due_on, latest.c.passed, today)
        .outerjoin(latest, latest.c.asset == Asset.id)
        .where(Asset.site == site, Asset.active.is_(True), Asset.unit.is_not(None))
        .order_by(Asset.range_low.is_not(None), Asset.code)
    )
    return [
        GaugeLine(
            id=a.id,
            code=a.code,
            name=a.name,
            serial_no=a.serial_no,
            unit=a.unit or "",
            resolution=a.resolution,
            range_low=a.range_low,
            range_high=a.range_high,
            due_on=due,
            calibrated=calibrated(due, passed, day) if a.needs_calibration else Calibrated.NOT_NEEDED,
        )
        for a, due, passed, day in rows
    ]


def calibrated(due_on: date | None, passed: bool | None, today: date) -> Calibrated:
    """How a calibration stands today; as ``gauge_is_fit`` of the database judges."""
    if due_on is None:
        return Calibrated.NEVER
    if not passed:
        return Calibrated.FAILED
    return Calibrated.GOOD if due_on >= today else Calibrated.OVER
