"""What a code means for the step that stands open: a container for its material, a unit of its batch, equipment with its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import AppError, RuleViolation
from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.rules import ContainerHoldsLess, KitOfOtherBatch, LotIsExpired, LotNotReleased, OtherMaterial, SublotWanted, UnitWanted


class NoSuchContainer(RuleViolation):
    code = "BAT-38"
    text = "Not taken: there is no container with the label {container}."
    next_step = "Scan the label of a container of this plant."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerFound:
    """A container that was scanned for a material step, as it stands now."""

    id: UUID
    code: str
    lot: UUID
    lot_code: str
    item: str
    item_name: Name
    status: str
    expires_on: date
    left: Quantity
    """What is still in it."""
    refusal: AppError | None
    """Why nothing of it may go into this step; the database decides again when it is taken."""


_CONTAINER = text("""
    SELECT k.id, k.code, l.id AS lot, l.code AS lot_code, i.code AS item, i.name_en, i.name_zh, l.status, l.expires_on, l.unit, l.site,
      least(lineside.left_in(k.id), l.balance) AS room, s.no, s.spec ->> 'item' AS wanted, b.site AS own_site,
      l.expires_on < lineside.today_at(b.site) AS is_expired,
      (SELECT o.code FROM lineside.kit t JOIN lineside.batch o ON o.id = t.batch
        WHERE t.container = k.id AND t.status = 'laid out' AND o.id <> b.id) AS kit
      FROM lineside.container k JOIN lineside.lot l ON l.id = k.lot JOIN lineside.item i ON i.id = l.item
      JOIN lineside.batch_step_seen s ON s.id = :step JOIN lineside.batch b ON b.id = s.batch WHERE k.code = :code""")


def container_for_step(session: Session, *, step: UUID, code: str) -> ContainerFound:
    """The container with this label, and what speaks against it.

    Raises:
        NoSuchContainer: nobody has received it.
    """
    k = session.execute(_CONTAINER, {"step": step, "code": code}).one_or_none()
    if k is None:
        raise NoSuchContainer(container=code)
    refusal: AppError | None = None
    if k.item != k.wanted or k.site != k.own_site:
        refusal = OtherMaterial(lot=k.lot_code, wanted=k.wanted, step=k.no)
    elif k.status != "released":
        refusal = LotNotReleased(lot=k.lot_code, status=k.status)
    elif k.is_expired:
        refusal = LotIsExpired(lot=k.lot_code, expires_on=k.expires_on)
    elif k.kit is not None:
        refusal = KitOfOtherBatch(container=k.code, batch=k.kit)
    elif k.room <= 0:
        refusal = ContainerHoldsLess(container=k.code, left=k.room, unit=k.unit)
    return ContainerFound(
        id=k.id,
        code=k.code,
        lot=k.lot,
        lot_code=k.lot_code,
        item=k.item,
        item_name=Name(k.name_en, k.name_zh),
        status=k.status,
        expires_on=k.expires_on,
        left=Quantity(k.room, k.unit),
        refusal=refusal,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFound:
    """A unit of the batch, what of this step is for it and what it has already; where the step binds to sub-lots: of its whole sub-lot."""

    id: UUID
    serial: str
    no: int
    status: str
    version: int
    sublot: int | None
    """The sub-lot that is meant, where the step binds to sub-lots."""
    sublot_code: str | None
    pieces: int
    """Units that share what is taken."""
    wanted: Decimal
    consumed: Decimal
    label: UUID | None
    label_status: str | None


_UNIT = text("""
    SELECT u.id, u.serial, u.no, u.status, u.version, m.sublot, lineside.sublot_code(b.code, m.sublot) AS sublot_code,
      CASE WHEN m.sublot IS NULL THEN lineside.consumed_of(s.id, u.serial) ELSE lineside.consumed_by_sublot(s.id, m.sublot) END AS consumed,
      CASE s.spec ->> 'per' WHEN 'unit' THEN lineside.share_of(ROW(s.*)::lineside.batch_step, m.sublot)
        ELSE (s.spec ->> 'quantity')::numeric END AS wanted,
      CASE WHEN m.sublot IS NULL THEN 1 ELSE (SELECT count(*) FROM lineside.unit o
        WHERE o.batch = s.batch AND o.sublot = m.sublot AND o.status IN ('made', 'labelled')) END AS pieces,
      l.id AS label, l.status AS label_status
      FROM lineside.batch_step_seen s JOIN lineside.batch b ON b.id = s.batch
      CROSS JOIN LATERAL (
        SELECT x.* FROM lineside.unit x WHERE x.batch = s.batch AND x.serial = :code
        UNION ALL (SELECT x.* FROM lineside.unit x WHERE x.batch = s.batch AND x.sublot = substring(:code FROM '-S([0-9]{1,4})$')::integer
          AND lineside.sublot_code(b.code, x.sublot) = :code AND x.status IN ('made', 'labelled') AND s.spec ->> 'bound_to' = 'sublot'
          ORDER BY x.no LIMIT 1)) u
      CROSS JOIN LATERAL (SELECT CASE WHEN s.spec ->> 'bound_to' = 'sublot' THEN u.sublot END AS sublot) m
      LEFT JOIN LATERAL (
        SELECT x.id, x.status FROM lineside.label x WHERE x.kind = 'unit' AND x.subject_id = u.id ORDER BY x.copy_no DESC LIMIT 1) l ON true
     WHERE s.id = :step""")


def unit_for_step(session: Session, *, step: UUID, code: str) -> UnitFound:
    """The unit with this serial in the batch of a step; or the first of a sub-lot, by what is written on its tray.

    Raises:
        UnitWanted, SublotWanted: it is of another batch, or there is none, or nothing stands in it.
    """
    u = session.execute(_UNIT, {"step": step, "code": code}).one_or_none()
    if u is None:
        raise SublotWanted(sublot=code) if "-S" in code else UnitWanted(unit=code)
    return UnitFound(
        id=u.id,
        serial=u.serial,
        no=u.no,
        status=u.status,
        version=u.version,
        sublot=u.sublot,
        sublot_code=u.sublot_code,
        pieces=u.pieces,
        wanted=u.wanted if u.wanted is not None else Decimal(0),
        consumed=u.consumed,
        label=u.label,
        label_status=u.label_status,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """When equipment was last noted as cleaned, in any batch."""

    at: datetime
    by: str


_CLEANED = text("""
    SELECT c.read_at AS at, c.entered_by AS by FROM lineside.step_entry c
      JOIN lineside.step_entry e ON e.batch_step = c.batch_step AND e.field = 'asset' JOIN lineside.asset a ON a.id = e.device
     WHERE c.field = 'cleaned' AND a.code = :code ORDER BY c.read_at DESC LIMIT 1""")


def last_cleaning(session: Session, *, code: str) -> Cleaning | None:
    """The newest cleaning on record of an asset; ``None``: none was ever noted."""
    found = session.execute(_CLEANED, {"code": code}).one_or_none()
    return Cleaning(at=found.at, by=found.by) if found is not None else None


_BATCH_OF = text("""
    SELECT b.id FROM lineside.batch b WHERE b.code = :code
    UNION SELECT u.batch FROM lineside.unit u WHERE u.serial = :code
    UNION SELECT b.id FROM lineside.batch b WHERE b.code = regexp_replace(:code, '-S[0-9]+$', '')""")


def batch_of_code(session: Session, *, code: str) -> UUID | None:
    """The batch with this code, or of the unit with this serial, or of the sub-lot with this code."""
    found: UUID | None = session.execute(_BATCH_OF, {"code": code}).scalar_one_or_none()
    return found
