"""What the receiving desk must know of its place, and what stands on record of an order: each asked in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.command import Permission
from app.core.session import Who
from app.labels.queries import route_of
from app.plant.queries import assets_of
from app.receiving.queries import LastReceipt, OrderRow, last_receipt, open_orders, order_by_code
from ui.shell.questions import Colleague, who_may


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The place: what kind each device is, what is still to come, who decides on refused packs."""

    kinds: dict[str, str]
    """Kind of asset by its code: ``scale``, ``printer``, ``scanner`` …"""
    today: date
    orders: tuple[OrderRow, ...]
    quality: tuple[Colleague, ...]
    route: str | None
    """Where labels of containers come out, if an engineer said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One order as it stands, and what this person received of it last."""

    order: OrderRow | None
    last: LastReceipt | None
    received_by: Name | str


def desk(session: Session, *, site: UUID, station: str) -> Desk:
    """Everything the screen needs before the first scan."""
    return Desk(
        kinds={asset.code: asset.kind for asset in assets_of(session, site=site)},
        today=session.execute(select(func.lineside.today_at(site))).scalar_one(),
        orders=tuple(open_orders(session, site=site)),
        quality=tuple(who_may(session, right=Permission.RELEASE_LOT, site=site)),
        route=route_of(session, station=station, kind="container"),
    )


def delivery(session: Session, *, code: str, person: Who | None, site: UUID) -> Delivery:
    """The order with this code; `order` is ``None`` when there is none at this site."""
    order = order_by_code(session, code)
    if order is not None and order.site != site:
        order = None
    last = last_receipt(session, order=order.id, person=person.login) if order is not None and person is not None else None
    return Delivery(order=order, last=last, received_by=person.name if person is not None else "")
