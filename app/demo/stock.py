"""A second material on its shelf, released: what the line needs before an operator begins, made by commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.core.session import SignedIn, Signer
from app.core.signature import Preview, preview
from app.demo.people import SECRET
from app.demo.production import CLIP_ORDER
from app.inspection.commands import BeginInspection, CompleteInspection, RecordMeasurement
from app.inspection.queries import inspection_by_id
from app.materials.commands import ReleaseLot
from app.receiving.commands import Received, ReceiveLot
from app.receiving.queries import order_by_code

CLIP_LENGTH = Decimal("12.02")


def release_clips(at: Callable[[str], SignedIn], *, quantity: Decimal) -> Received:
    """Receive, inspect and release one lot of the safety clip.

    Args:
        at: Signs somebody in by login, at a station of the plant.
        quantity: Pieces.
    """
    received = _receive(at("zhou.min"), quantity)
    _inspect(at("li.ming"), received.lot)
    quality = at("wang.haiyan")
    seen = quality.ask(_look("lot", received.lot))
    quality.give(
        ReleaseLot(command_id=new_id(), lot=received.lot, version=seen.version),
        signer=Signer(login=quality.who.login, password=SECRET, seen=seen.digest),
    )
    return received


def _receive(receiver: SignedIn, quantity: Decimal) -> Received:
    order = receiver.ask(lambda session: order_by_code(session, CLIP_ORDER))
    assert order is not None
    (line,) = order.lines
    received: Received = receiver.give(
        ReceiveLot(
            command_id=new_id(),
            order_line=line.id,
            item=line.item.id,
            supplier_lot="BK-771",
            made_on=None,
            expires_on=date(2029, 9, 30),
            quantity=quantity,
            location="Q-A-04",
            origin="scanned",
            raw=f"]d20109521101530063172909301030{quantity}BK-771".encode(),
            scanner="SC-11",
            printer=None,
        )
    )
    return received


def _inspect(inspector: SignedIn, lot: UUID) -> None:
    inspection: UUID = inspector.give(BeginInspection(command_id=new_id(), lot=lot))
    row = inspector.ask(lambda session: inspection_by_id(session, inspection))
    assert row is not None
    for sample in range(1, row.sample_size + 1):
        read = Reading(
            quantity=Quantity(CLIP_LENGTH, "mm"), stable=None, device="DC-014", raw=f"01A+{CLIP_LENGTH:08}".encode(), at=datetime.now(UTC)
        )
        inspector.give(
            RecordMeasurement(
                command_id=new_id(),
                id=new_id(),
                inspection=inspection,
                characteristic=row.characteristics[0].id,
                sample_no=sample,
                reading=read,
            )
        )
    inspector.give(CompleteInspection(command_id=new_id(), inspection=inspection, version=row.version))


def _look(kind: str, subject: UUID) -> Callable[[Session], Preview]:
    return lambda session: preview(session, kind=kind, subject=subject)
