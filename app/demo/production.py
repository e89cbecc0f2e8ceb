"""What the demonstration plant makes: a safety IV catheter, its second component and its signed master record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.base.phrases import RESOURCES
from app.batches.master_commands import ApproveMaster, DraftMaster, SubmitMaster
from app.batches.master_file import parse
from app.batches.master_pictures import pictures_beside
from app.core.session import SignedIn, Signer
from app.core.signature import Preview, preview
from app.demo.people import Keys
from app.inspection.commands import ApprovePlan, PlannedCharacteristic, PreparePlan
from app.materials.commands import AddItem, AddSupplier, ApproveSupplier
from app.receiving.commands import OrderedLine, PlaceOrder

PRODUCT_GTIN = "09521101530056"
CLIP_GTIN = "09521101530063"
CLIP_ORDER = "PO26-0421"
MASTER = RESOURCES / "demo" / "MR-SIV-2225.yaml"


def furnish(at: Callable[[str], SignedIn], site: UUID, today: date, keys: Keys) -> None:
    """Add all of it, each row by whose job it is.

    Args:
        at: Signs somebody in by login.
        site: The plant.
        today: Its calendar day.
        keys: Everybody's own secret: quality signs.
    """
    planner, quality, engineer = at("gao.yun"), at("wang.haiyan"), at("zhao.lei")
    try:
        product, clip = _items(planner)
        _orders(planner, quality, clip, site, today)
        _plan(
            engineer,
            quality,
            site,
            today,
            "IP-SC-2200",
            clip,
            "incoming",
            ("Length of the clip", "安全夹长度", "11.80", "12.00", "12.20"),
            keys,
        )
        _plan(
            engineer,
            quality,
            site,
            today,
            "IPC-SIV-2225",
            product,
            "in-process",
            ("Seal width", "封口宽度", "8.00", "10.00", "12.00"),
            keys,
        )
        _master(engineer, quality, site, today, keys)
    finally:
        for person in (planner, quality, engineer):
            person.close()


def _items(planner: SignedIn) -> tuple[UUID, UUID]:
    product, clip = new_id(), new_id()
    named = {"name_en": "Safety IV catheter 22G × 25 mm", "name_zh": "安全型静脉留置针 22G × 25 mm"}
    planner.give(AddItem(command_id=new_id(), id=product, code="SIV-2225", gtin=PRODUCT_GTIN, unit="pcs", min_days_left=0, **named))
    named = {"name_en": "Safety clip 22G", "name_zh": "安全夹 22G"}
    planner.give(AddItem(command_id=new_id(), id=clip, code="SC-2200", gtin=CLIP_GTIN, unit="pcs", min_days_left=360, **named))
    return product, clip


def _orders(planner: SignedIn, quality: SignedIn, clip: UUID, site: UUID, today: date) -> None:
    supplier = new_id()
    planner.give(
        AddSupplier(command_id=new_id(), id=supplier, code="BRECHT", name_en="Brecht Kunststofftechnik GmbH", name_zh="布雷希特塑料技术")
    )
    until = today + timedelta(days=400)
    quality.give(
        ApproveSupplier(
            command_id=new_id(),
            id=new_id(),
            supplier=supplier,
            item=clip,
            site=site,
            valid_from=today - timedelta(days=200),
            valid_to=until,
            certificate="ISO 13485",
            certificate_valid_to=until,
        )
    )
    line = OrderedLine(id=new_id(), no=1, item=clip, quantity=Decimal(30000), due_on=today)
    planner.give(PlaceOrder(command_id=new_id(), id=new_id(), code=CLIP_ORDER, supplier=supplier, site=site, lines=(line,)))


def _plan(
    engineer: SignedIn,
    quality: SignedIn,
    site: UUID,
    today: date,
    code: str,
    item: UUID,
    stage: str,
    what: tuple[str, str, str, str, str],
    keys: Keys,
) -> None:
    """One length in mm, read with a caliper on two samples."""
    plan = new_id()
    name_en, name_zh, lower, nominal, upper = what
    length = PlannedCharacteristic(
        id=new_id(),
        no=1,
        name_en=name_en,
        name_zh=name_zh,
        unit="mm",
        decimals=2,
        lower=Decimal(lower),
        nominal=Decimal(nominal),
        upper=Decimal(upper),
        gauge_kind="caliper",
    )
    engineer.give(
        PreparePlan(
            command_id=new_id(),
            id=plan,
            code=code,
            revision=1,
            site=site,
            effective_from=today - timedelta(days=1),
            item=item,
            stage=stage,
            sample_size=2,
            accept_no=0,
            characteristics=(length,),
        )
    )
    seen = quality.ask(_look(plan))
    quality.give(ApprovePlan(command_id=new_id(), plan=plan, version=seen.version), signer=_signer(quality, seen, keys))


def _master(engineer: SignedIn, quality: SignedIn, site: UUID, today: date, keys: Keys) -> None:
    """The engineer's file, handed over and signed by quality."""
    master = new_id()
    source = MASTER.read_text("utf-8")
    pictures = pictures_beside(MASTER, parse(source))
    since = today - timedelta(days=1)
    engineer.give(DraftMaster(command_id=new_id(), id=master, site=site, effective_from=since, source=source, pictures=pictures))
    engineer.give(SubmitMaster(command_id=new_id(), master=master))
    seen = quality.ask(_look(master))
    quality.give(ApproveMaster(command_id=new_id(), master=master, version=seen.version), signer=_signer(quality, seen, keys))


def _look(document: UUID) -> Callable[[Session], Preview]:
    return lambda session: preview(session, kind="document", subject=document)


def _signer(person: SignedIn, seen: Preview, keys: Keys) -> Signer:
    return Signer(login=person.who.login, password=keys.own, seen=seen.digest)
