"""What is laid out for a batch, and what it still wants; which container a code names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A material step: what it takes in all, what went in already, and what stands laid out for it."""

    step: int
    item: str
    name: Name
    whole: Quantity
    consumed: Decimal
    laid_out: Decimal

    @property
    def short(self) -> Decimal:
        """What is neither in the batch nor beside it; zero when enough is there."""
        return max(Decimal(0), self.whole.value - self.consumed - self.laid_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class KitLine:
    """A container that stands beside the batch."""

    id: UUID
    version: int
    container: str
    lot: str
    item: str
    left: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class KitView:
    """The kit of one batch."""

    wanted: tuple[Wanted, ...]
    lines: tuple[KitLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A container by its code; ``kit_of``: code of the batch it is laid out for."""

    id: UUID
    kit_of: str | None


_LINES = text("""
    SELECT k.id, k.version, c.code AS container, l.code AS lot, i.code AS item, l.unit, lineside.left_in(c.id) AS left_in
      FROM lineside.kit k JOIN lineside.container c ON c.id = k.container JOIN lineside.lot l ON l.id = c.lot
      JOIN lineside.item i ON i.id = l.item
     WHERE k.batch = :batch AND k.status = 'laid out' ORDER BY k.laid_at""")
_WANTED = text("SELECT * FROM lineside.kit_wanted(:batch) ORDER BY no")
_BOX = text("""
    SELECT c.id, (SELECT b.code FROM lineside.kit k JOIN lineside.batch b ON b.id = k.batch
                   WHERE k.container = c.id AND k.status = 'laid out') AS kit_of
      FROM lineside.container c WHERE c.code = :code""")


def kit_of(session: Session, batch: UUID) -> KitView:
    """Two statements. What is laid out of an item counts for its first step that is short of it."""
    lines = tuple(
        KitLine(id=r.id, version=r.version, container=r.container, lot=r.lot, item=r.item, left=Quantity(r.left_in, r.unit))
        for r in session.execute(_LINES, {"batch": batch})
    )
    beside: dict[str, Decimal] = {}
    for line in lines:
        beside[line.item] = beside.get(line.item, Decimal(0)) + line.left.value
    wanted = []
    for r in session.execute(_WANTED, {"batch": batch}):
        there = min(beside.get(r.item, Decimal(0)), max(Decimal(0), r.whole - r.consumed))
        beside[r.item] = beside.get(r.item, Decimal(0)) - there
        name, whole = Name(r.name_en, r.name_zh), Quantity(r.whole, r.unit)
        wanted.append(Wanted(step=r.no, item=r.item, name=name, whole=whole, consumed=r.consumed, laid_out=there))
    return KitView(wanted=tuple(wanted), lines=lines)


def box_by_code(session: Session, code: str) -> Box | None:
    """The container with this code."""
    row = session.execute(_BOX, {"code": code}).one_or_none()
    return Box(id=row.id, kit_of=row.kit_of) if row is not None else None
