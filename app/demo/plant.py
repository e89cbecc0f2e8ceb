"""Build the demonstration plant in an empty, installed database: every row through a command by the person whose job it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
from sqlalchemy import select

from app.base.ids import new_id
from app.capture.commands import EnterChannel
from app.core.database import Server
from app.core.installing import FirstAdministrator, make_first_administrator
from app.core.people import ChangeOwnSecret, CreatePerson, DescribePerson, GiveJob, verifier_of
from app.core.records import Person, Site
from app.core.session import SignedIn, Signer, sign_in
from app.core.signature import preview
from app.core.stations import EnrolStation, StationLink, station_role
from app.demo import production
from app.demo.people import ADMINISTRATOR, FIRST_SECRET, PEOPLE, STATIONS, DemoPerson, Keys, StationSecret
from app.inspection.commands import ApprovePlan, PlannedCharacteristic, PreparePlan
from app.materials.commands import AddItem, AddLocation, AddSupplier, ApproveSupplier
from app.plant.commands import RecordCalibration, RegisterAsset
from app.receiving.commands import OrderedLine, PlaceOrder

HUB_GTIN = "09521101530025"
NEEDLE_GTIN = "09521101530032"
ORDER = "PO26-0417"
LAPSED_ORDER = "PO26-0409"


def build(superuser: psycopg.Connection, server: Server, keys: Keys) -> tuple[StationSecret, ...]:
    """Make site, people, stations, assets, materials, order and plan.

    Args:
        superuser: A superuser's connection to the installed, empty database, in autocommit.
        server: The same database, as people reach it.
        keys: What everybody's own secret and the secrets of the stations are to be.

    Returns:
        The secrets of the enrolled stations.
    """
    first = FirstAdministrator(
        login=ADMINISTRATOR.login,
        name_en=ADMINISTRATOR.name_en,
        name_zh=ADMINISTRATOR.name_zh,
        identity_check="installer, in person, identity card",
        site_code="SUZ",
        site_name_en="Suzhou plant",
        site_name_zh="苏州工厂",
        zone="Asia/Shanghai",
    )
    with superuser.transaction():
        make_first_administrator(superuser, first, FIRST_SECRET)
    _own_secret(server, ADMINISTRATOR, superuser, keys)
    site = _staff(server, superuser, keys)
    secrets = _stations(server, superuser, site, keys)
    link = StationLink(server, secrets[1].code, secrets[1].secret)
    try:
        today: date = superuser.execute("SELECT lineside.today_at(%s)", [site]).fetchone()[0]  # type: ignore[index]
        at = _at(server, link, keys)
        _assets(at, site, today)
        _materials(at, site, today, keys)
        production.furnish(at, site, today, keys)
    finally:
        link.close()
    return secrets


def _at(server: Server, link: StationLink, keys: Keys) -> Callable[[str], SignedIn]:
    return lambda login: sign_in(server, login=login, password=keys.own, tickets=link.ticket)


def _own_secret(server: Server, person: DemoPerson, superuser: psycopg.Connection, keys: Keys) -> None:
    """First sign-in: the handed-out secret is replaced by an own one."""
    here = sign_in(server, login=person.login, password=FIRST_SECRET, tickets=lambda: None)
    try:
        here.give(ChangeOwnSecret(command_id=new_id(), verifier=verifier_of(superuser, person.login, keys.own)))
    finally:
        here.close()


def _staff(server: Server, superuser: psycopg.Connection, keys: Keys) -> UUID:
    administrator = sign_in(server, login=ADMINISTRATOR.login, password=keys.own, tickets=lambda: None)
    try:
        site: UUID = administrator.ask(lambda session: session.scalars(select(Site.id)).one())
        administrator.give(_own_badge(administrator.ask(lambda session: session.scalars(select(Person.id)).one())))
        for person in PEOPLE:
            made = new_id()
            administrator.give(
                CreatePerson(
                    command_id=new_id(),
                    id=made,
                    login=person.login,
                    name_en=person.name_en,
                    name_zh=person.name_zh,
                    badge=person.badge,
                    identity_check="Sun Wei, in person, identity card",
                    verifier=verifier_of(superuser, person.login, FIRST_SECRET),
                )
            )
            administrator.give(GiveJob(command_id=new_id(), id=new_id(), person=made, job=person.job, site=site, line=None))
    finally:
        administrator.close()
    for person in PEOPLE:
        _own_secret(server, person, superuser, keys)
    return site


def _own_badge(person: UUID) -> DescribePerson:
    """The installer gives the first administrator no badge."""
    own = ADMINISTRATOR
    return DescribePerson(command_id=new_id(), person=person, name_en=own.name_en, name_zh=own.name_zh, phone="", badge=own.badge)


def _stations(server: Server, superuser: psycopg.Connection, site: UUID, keys: Keys) -> tuple[StationSecret, ...]:
    administrator = sign_in(server, login=ADMINISTRATOR.login, password=keys.own, tickets=lambda: None)
    try:
        for code, name_en, name_zh, workbench, _ in STATIONS:
            administrator.give(
                EnrolStation(
                    command_id=new_id(),
                    id=new_id(),
                    code=code,
                    name_en=name_en,
                    name_zh=name_zh,
                    site=site,
                    line=None,
                    workbench=workbench,
                    verifier=verifier_of(superuser, station_role(code), keys.stations[code]),
                )
            )
    finally:
        administrator.close()
    return tuple(StationSecret(code=code, secret=keys.stations[code]) for code, *_ in STATIONS)


_ASSETS = (
    # code, kind, English, Chinese, serial number, unit, resolution, measuring range, days since calibration, days until due
    ("DC-014", "caliper", "Caliper 150 mm", "卡尺 150 mm", "23048817", "mm", "0.01", ("0", "150"), 120, 245),
    ("DC-009", "caliper", "Caliper 150 mm", "卡尺 150 mm", "21006312", "mm", "0.01", ("0", "150"), 370, -5),
    ("LM-07", "micrometer", "Micrometer 0–25 mm", "千分尺 0–25 mm", "61870023", "mm", "0.001", ("0", "25"), 80, 285),
    ("WB-04", "scale", "Bench scale 6 kg", "台秤 6 kg", "B825410067", "g", "0.01", ("0", "6000"), 30, 335),
    ("SC-11", "scanner", "Hand scanner", "手持扫码枪", "S2133411", None, None, None, None, None),
    ("SC-12", "scanner", "Hand scanner", "手持扫码枪", "S2133412", None, None, None, None, None),
    ("SC-13", "scanner", "Hand scanner", "手持扫码枪", "S2133413", None, None, None, None, None),
    ("LP-02", "printer", "Label printer", "标签打印机", "D2J194504", None, None, None, None, None),
    ("SL-03", "sealer", "Pouch sealer", "封口机", "PS-40-0127", "°C", "0.1", ("20", "250"), 60, 80),
)
_SEALER_CHANNELS = (
    # name in resources/machines/sealer.toml, English, Chinese, unit, decimals
    ("temperature_actual", "Jaw temperature", "封口钳温度", "°C", 1),
    ("pressure", "Jaw pressure", "封口钳压力", "kPa", 0),
    ("alarm_word", "Alarm word", "报警字", "", 0),
    ("seal_temperature", "Seal temperature of the cycle", "本循环封口温度", "°C", 1),
    ("seal_pressure", "Seal pressure of the cycle", "本循环封口压力", "kPa", 0),
    ("dwell", "Dwell time of the cycle", "本循环保压时间", "s", 2),
    ("temperature_set", "Set temperature", "设定温度", "°C", 1),
    ("recipe_id", "Recipe", "配方", "", 0),
)


def _assets(at: Callable[[str], SignedIn], site: UUID, today: date) -> None:
    engineer = at("zhao.lei")
    try:
        for code, kind, name_en, name_zh, serial, unit, resolution, span, since, until in _ASSETS:
            asset = new_id()
            engineer.give(
                RegisterAsset(
                    command_id=new_id(),
                    id=asset,
                    code=code,
                    kind=kind,
                    name_en=name_en,
                    name_zh=name_zh,
                    serial_no=serial,
                    site=site,
                    unit=unit,
                    resolution=Decimal(resolution) if resolution else None,
                    needs_calibration=unit is not None,
                    range_low=Decimal(span[0]) if span else None,
                    range_high=Decimal(span[1]) if span else None,
                )
            )
            if since is not None and until is not None:
                done, due = today - timedelta(days=since), today + timedelta(days=until)
                engineer.give(
                    RecordCalibration(
                        command_id=new_id(),
                        id=new_id(),
                        asset=asset,
                        done_on=done,
                        due_on=due,
                        certificate=f"CAL-{done:%y%m}-{serial[-4:]}",
                        passed=True,
                    )
                )
            if kind == "sealer":
                _channels(engineer, asset)
    finally:
        engineer.close()


def _channels(engineer: SignedIn, machine: UUID) -> None:
    for name, name_en, name_zh, unit, decimals in _SEALER_CHANNELS:
        order = EnterChannel(
            command_id=new_id(),
            id=new_id(),
            machine=machine,
            name_in_map=name,
            name_en=name_en,
            name_zh=name_zh,
            unit=unit,
            decimals=decimals,
        )
        engineer.give(order)


def _materials(at: Callable[[str], SignedIn], site: UUID, today: date, keys: Keys) -> None:
    planner, quality, engineer = at("gao.yun"), at("wang.haiyan"), at("zhao.lei")
    try:
        hub, needle = new_id(), new_id()
        hub_names = {"name_en": "Catheter-hub assembly 22G × 25 mm", "name_zh": "导管座组件 22G × 25 mm"}
        planner.give(AddItem(command_id=new_id(), id=hub, code="CH-2225", gtin=HUB_GTIN, unit="pcs", min_days_left=540, **hub_names))
        needle_names = {"name_en": "Needle 22G, siliconised", "name_zh": "硅化针 22G"}
        planner.give(
            AddItem(command_id=new_id(), id=needle, code="ND-2200", gtin=NEEDLE_GTIN, unit="pcs", min_days_left=360, **needle_names)
        )
        nordfil, kanto = new_id(), new_id()
        planner.give(AddSupplier(command_id=new_id(), id=nordfil, code="NORDFIL", name_en="Nordfil Medical GmbH", name_zh="诺德菲尔医疗"))
        planner.give(AddSupplier(command_id=new_id(), id=kanto, code="KANTO", name_en="Kanto Needle Works", name_zh="关东针业"))
        for code, kind in (("Q-A-03", "quarantine"), ("Q-A-04", "quarantine"), ("S-B-01", "released"), ("R-01", "rejected")):
            planner.give(AddLocation(command_id=new_id(), id=new_id(), code=code, site=site, kind=kind))
        _approve(
            quality, supplier=nordfil, item=hub, site=site, valid_from=today - timedelta(days=300), valid_to=today + timedelta(days=475)
        )
        _approve(
            quality, supplier=kanto, item=needle, site=site, valid_from=today - timedelta(days=700), valid_to=today - timedelta(days=12)
        )
        due = today
        lines = (OrderedLine(id=new_id(), no=3, item=hub, quantity=Decimal(36000), due_on=due),)
        planner.give(PlaceOrder(command_id=new_id(), id=new_id(), code=ORDER, supplier=nordfil, site=site, lines=lines))
        lapsed = (OrderedLine(id=new_id(), no=1, item=needle, quantity=Decimal(50000), due_on=due),)
        planner.give(PlaceOrder(command_id=new_id(), id=new_id(), code=LAPSED_ORDER, supplier=kanto, site=site, lines=lapsed))
        _plan(engineer, quality, hub, site, today, keys)
    finally:
        for person in (planner, quality, engineer):
            person.close()


def _approve(quality: SignedIn, *, supplier: UUID, item: UUID, site: UUID, valid_from: date, valid_to: date) -> None:
    quality.give(
        ApproveSupplier(
            command_id=new_id(),
            id=new_id(),
            supplier=supplier,
            item=item,
            site=site,
            valid_from=valid_from,
            valid_to=valid_to,
            certificate="ISO 13485",
            certificate_valid_to=valid_to,
        )
    )


def _plan(engineer: SignedIn, quality: SignedIn, item: UUID, site: UUID, today: date, keys: Keys) -> None:
    plan = new_id()
    engineer.give(
        PreparePlan(
            command_id=new_id(),
            id=plan,
            code="IP-CH-2225",
            revision=4,
            site=site,
            effective_from=today - timedelta(days=1),
            item=item,
            stage="incoming",
            sample_size=5,
            accept_no=1,
            characteristics=(
                _characteristic(1, "Outer diameter", "外径", 3, "0.830", "0.860", "0.890", "micrometer"),
                _characteristic(2, "Effective length", "有效长度", 2, "24.50", "25.00", "25.50", "caliper"),
            ),
        )
    )
    seen = quality.ask(lambda session: preview(session, kind="document", subject=plan))
    signer = Signer(login=quality.who.login, password=keys.own, seen=seen.digest)
    quality.give(ApprovePlan(command_id=new_id(), plan=plan, version=seen.version), signer=signer)


def _characteristic(
    no: int, name_en: str, name_zh: str, decimals: int, lower: str, nominal: str, upper: str, gauge: str
) -> PlannedCharacteristic:
    return PlannedCharacteristic(
        id=new_id(),
        no=no,
        name_en=name_en,
        name_zh=name_zh,
        unit="mm",
        decimals=decimals,
        lower=Decimal(lower),
        nominal=Decimal(nominal),
        upper=Decimal(upper),
        gauge_kind=gauge,
    )
