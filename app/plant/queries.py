"""Questions about assets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.plant.records import Asset, Calibration
from app.plant.rules import UnknownAsset


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRow:
    """An asset as screens show it; ``due_on`` of its latest calibration, ``None`` where none is needed or none was done."""

    id: UUID
    code: str
    kind: str
    name: Name
    serial_no: str
    unit: str | None
    resolution: Decimal | None
    range_low: Decimal | None
    range_high: Decimal | None
    due_on: date | None
    passed: bool | None


def assets_of(session: Session, *, site: UUID) -> list[AssetRow]:
    """Every active asset of a site by code, in one query."""
    return _assets(session, Asset.site == site, Asset.active.is_(True))


def asset_by_code(session: Session, code: str) -> AssetRow:
    """The asset with this code.

    Raises:
        UnknownAsset: nobody registered it.
    """
    found = _assets(session, Asset.code == code)
    if not found:
        raise UnknownAsset(asset=code)
    return found[0]


def assets_by_id(session: Session, ids: set[UUID]) -> dict[UUID, AssetRow]:
    """The named assets, in one query."""
    return {asset.id: asset for asset in _assets(session, Asset.id.in_(ids))}


def latest_calibrations() -> Subquery:
    """The calibration of each asset that decides: the newest."""
    return (
        select(Calibration)
        .ext(distinct_on(Calibration.asset))
        .order_by(Calibration.asset, Calibration.done_on.desc(), Calibration.recorded_at.desc())
        .subquery()
    )


def _assets(session: Session, *conditions: ColumnElement[bool]) -> list[AssetRow]:
    latest = latest_calibrations()
    rows = session.execute(
        select(Asset, latest.c.due_on, latest.c.passed)
        .outerjoin(latest, latest.c.asset == Asset.id)
        .where(*conditions)
        .order_by(Asset.code)
    )
    return [
        AssetRow(
            id=a.id,
            code=a.code,
            kind=a.kind,
            name=a.name,
            serial_no=a.serial_no,
            unit=a.unit,
            resolution=a.resolution,
            range_low=a.range_low,
            range_high=a.range_high,
            due_on=due,
            passed=passed,
        )
        for a, due, passed in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationRow:
    """One calibration and the asset it was done on; the certificate that was in force when a value was taken."""

    asset_code: str
    serial_no: str
    certificate: str
    done_on: date
    due_on: date


def calibrations_by_id(session: Session, ids: set[UUID]) -> dict[UUID, CalibrationRow]:
    """The named calibrations with their assets, in one query."""
    rows = session.execute(
        select(Calibration, Asset.code, Asset.serial_no).join(Asset, Asset.id == Calibration.asset).where(Calibration.id.in_(ids))
    )
    return {
        c.id: CalibrationRow(asset_code=code, serial_no=serial, certificate=c.certificate, done_on=c.done_on, due_on=c.due_on)
        for c, code, serial in rows
    }
