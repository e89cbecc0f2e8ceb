"""Materials on their shelves, released: what the line needs before an operator begins, made by commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.core.session import SignedIn, Signer
from app.core.signature import Preview, preview
from app.demo.people import SECRET
from app.demo.plant import ORDER
from app.demo.production import CLIP_ORDER
from app.inspection.commands import BeginInspection, CompleteInspection, RecordMeasurement
from app.inspection.queries import inspection_by_id
from app.materials.commands import ReleaseLot
from app.receiving.commands import Received, ReceiveLot
from app.receiving.queries import order_by_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A supplier's lot and how its samples measure."""

    order: str
    supplier_lot: str
    made_on: date | None
    location: str
    raw: bytes
    """The supplier's code as the scanner sent it."""
    readings: tuple[tuple[str, str], ...]
    """By characteristic: gauge and millimetres, the same for each sample."""


HUBS = Goods(
    order=ORDER,
    supplier_lot="NF26-0931",
    made_on=date(2026, 10, 1),
    location="Q-A-03",
    raw=b"]d20109521101530025112610011729093010NF26-0931\x1d304000",
    readings=(("LM-07", "0.860"), ("DC-014", "25.04")),
)
CLIPS = Goods(
    order=CLIP_ORDER,
    supplier_lot="BK-771",
    made_on=None,
    location="Q-A-04",
    raw=b"]d20109521101530063172909301030500\x1d10BK-771",
    readings=(("DC-014", "12.02"),),
)


def release_goods(at: Callable[[str], SignedIn], goods: Goods, *, quantity: Decimal) -> Received:
    """Receive, inspect and release one lot.

    Args:
        at: Signs somebody in by login, at a station of the plant.
        goods: What comes.
        quantity: Pieces.
    """
    received = _receive(at("zhou.min"), goods, quantity)
    _inspect(at("li.ming"), goods, received.lot)
    quality = at("wang.haiyan")
    seen = quality.ask(_look("lot", received.lot))
    quality.give(
        ReleaseLot(command_id=new_id(), lot=received.lot, version=seen.version),
        signer=Signer(login=quality.who.login, password=SECRET, seen=seen.digest),
    )
    return received


def _receive(receiver: SignedIn, goods: Goods, quantity: Decimal) -> Received:
    order = receiver.ask(lambda session: order_by_code(session, goods.order))
    assert order is not None
    line = order.lines[0]
    received: Received = receiver.give(
        ReceiveLot(
            command_id=new_id(),
            order_line=line.id,
            item=line.item.id,
            supplier_lot=goods.supplier_lot,
            made_on=goods.made_on,
            expires_on=date(2029, 9, 30),
            quantity=quantity,
            location=goods.location,
            origin="scanned",
            raw=goods.raw,
            scanner="SC-11",
            printer=None,
        )
    )
    return received


def _inspect(inspector: SignedIn, goods: Goods, lot: UUID) -> None:
    inspection: UUID = inspector.give(BeginInspection(command_id=new_id(), lot=lot))
    row = inspector.ask(lambda session: inspection_by_id(session, inspection))
    assert row is not None
    for sample in range(1, row.sample_size + 1):
        for characteristic, (gauge, value) in zip(row.characteristics, goods.readings, strict=True):
            raw = f"01A+{Decimal(value):08}".encode()
            read = Reading(quantity=Quantity(Decimal(value), "mm"), stable=None, device=gauge, raw=raw, at=datetime.now(UTC))
            inspector.give(
                RecordMeasurement(
                    command_id=new_id(),
                    id=new_id(),
                    inspection=inspection,
                    characteristic=characteristic.id,
                    sample_no=sample,
                    reading=read,
                )
            )
    inspector.give(CompleteInspection(command_id=new_id(), inspection=inspection, version=row.version))


def _look(kind: str, subject: UUID) -> Callable[[Session], Preview]:
    return lambda session: preview(session, kind=kind, subject=subject)
