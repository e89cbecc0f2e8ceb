"""A scanned container beside the step that may take it: what a person sees before it is taken. The database decides when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation
from app.base.phrases import Name


class UnknownContainer(RuleViolation):
    code = "BAT-40"
    text = "Not taken: there is no container {code}."
    next_step = "Scan the label of the container in your hand."


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A container, its lot, and how much the step would take from it."""

    container: UUID
    code: str
    lot_id: UUID
    lot: str
    item: Name
    item_code: str
    status: str
    expires_on: date
    left: Decimal
    unit: str
    room: Decimal
    """How much the step still takes, in ``unit``; 0 when it takes nothing more."""
    raw: bytes
    """The scan as it came."""


_FOUND = text("""
    SELECT k.id AS container, k.code, l.id AS lot_id, l.code AS lot, i.name_en, i.name_zh, i.code AS item_code, l.status, l.expires_on, lineside.left_in(k.id) AS left_in, l.unit,
           greatest(lineside.demand_of_step(s.spec, b.planned) - lineside.consumed_of(s.id), 0) AS room
      FROM lineside.container k JOIN lineside.lot l ON l.id = k.lot JOIN lineside.item i ON i.id = l.item, lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch
     WHERE k.code = :code AND s.id = :step""")  # noqa: E501


def component(session: Session, *, code: str, step: UUID, raw: bytes) -> Component:
    """The container with this code, for this step.

    Raises:
        UnknownContainer: there is none.
    """
    row = session.execute(_FOUND, {"code": code, "step": step}).one_or_none()
    if row is None:
        raise UnknownContainer(code=code)
    return Component(
        container=row.container,
        code=row.code,
        lot_id=row.lot_id,
        lot=row.lot,
        item=Name(row.name_en, row.name_zh),
        item_code=row.item_code,
        status=row.status,
        expires_on=row.expires_on,
        left=row.left_in,
        unit=row.unit,
        room=row.room,
        raw=raw,
    )
