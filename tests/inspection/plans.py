"""Other inspection plans than the demonstration's: prepared by the engineer, signed by quality, through the product's commands."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from app.base.ids import new_id
from app.inspection.commands import ApprovePlan, PlannedCharacteristic, PreparePlan
from app.plant.commands import RecordCalibration, RegisterAsset
from tests.plant import Plant

DIAMETER = ("Outer diameter", "外径", "mm", 3, "0.830", "0.860", "0.890", "micrometer")
LENGTH = ("Effective length", "有效长度", "mm", 2, "24.50", "25.00", "25.50", "caliper")
TAPER = ("Tip taper", "锥端长度", "mm", 2, "1.20", "1.50", "1.80", "caliper")
WALL = ("Wall thickness", "壁厚", "mm", 3, "0.080", None, None, "micrometer")
BURR = ("Burr height", "毛刺高度", "mm", 3, None, None, "0.020", "micrometer")
WEIGHT = ("Weight of ten", "十件重量", "g", 2, "11.80", "12.00", "12.20", "scale")


def sign_plan(
    plant: Plant, *characteristics: tuple[object, ...], samples: int, accept: int, revision: int = 5, effective: bool = True
) -> UUID:
    """The next revision of the hub's plan, signed; effective from yesterday on unless told otherwise."""
    ((item, site, today),) = plant.rows("SELECT i.id, s.id, lineside.today_at(s.id) FROM item i, site s WHERE i.code = 'CH-2225'")
    assert isinstance(item, UUID)
    assert isinstance(site, UUID)
    assert isinstance(today, date)
    plan = new_id()
    order = PreparePlan(
        command_id=new_id(),
        id=plan,
        code="IP-CH-2225",
        revision=revision,
        site=site,
        effective_from=today + timedelta(days=-1 if effective else 30),
        item=item,
        stage="incoming",
        sample_size=samples,
        accept_no=accept,
        characteristics=tuple(_planned(no, *row) for no, row in enumerate(characteristics, 1)),
    )
    plant.sign_in("zhao.lei", station="REC-01").give(order)
    at = plant.sign_in("wang.haiyan", station="REC-01")
    version = plant.rows("SELECT version FROM document WHERE id = %s", plan)[0][0]
    plant.give_signed(at, ApprovePlan(command_id=new_id(), plan=plan, version=version), kind="document", subject=plan, signer="wang.haiyan")
    return plan


def _planned(no: int, en: str, zh: str, unit: str, decimals: int, *limits_and_kind: str | None) -> PlannedCharacteristic:
    *limits, kind = limits_and_kind
    lower, nominal, upper = (None if one is None else Decimal(one) for one in limits)
    assert kind is not None
    return PlannedCharacteristic(
        id=new_id(), no=no, name_en=en, name_zh=zh, unit=unit, decimals=decimals, lower=lower, nominal=nominal, upper=upper, gauge_kind=kind
    )


def register_gauge(plant: Plant, code: str, kind: str, unit: str, *, due_in: int = 200, calibrated: bool = True) -> UUID:
    """Another gauge of this plant, calibrated ten days ago."""
    ((site, today),) = plant.rows("SELECT id, lineside.today_at(id) FROM site")
    engineer, asset = plant.sign_in("zhao.lei", station="REC-01"), new_id()
    names = {"name_en": kind.capitalize(), "name_zh": kind}
    engineer.give(
        RegisterAsset(
            command_id=new_id(),
            id=asset,
            code=code,
            kind=kind,
            serial_no=f"S-{code}",
            site=site,
            unit=unit,
            resolution=Decimal("0.01"),
            needs_calibration=True,
            range_low=Decimal(0),
            range_high=Decimal(1000),
            **names,
        )
    )
    if calibrated:
        calibrate(plant, asset, done=today - timedelta(days=10), due=today + timedelta(days=due_in))
    return asset


def calibrate(plant: Plant, asset: UUID, *, done: date, due: date, passed: bool = True) -> None:
    """The engineer records a calibration."""
    order = RecordCalibration(
        command_id=new_id(), id=new_id(), asset=asset, done_on=done, due_on=due, certificate=f"CAL-{done:%y%m%d}", passed=passed
    )
    plant.sign_in("zhao.lei", station="REC-01").give(order)


def asset_id(plant: Plant, code: str) -> UUID:
    found = plant.rows("SELECT id FROM asset WHERE code = %s", code)[0][0]
    assert isinstance(found, UUID)
    return found


def today(plant: Plant) -> date:
    found = plant.rows("SELECT lineside.today_at(id) FROM site")[0][0]
    assert isinstance(found, date)
    return found
