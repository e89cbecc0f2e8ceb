"""Which record a scanned or typed code names, so that a trace can start there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation
from app.scanning.result import Scanned

BACKWARD_FIRST = frozenset({"batch", "unit", "label"})
"""Of what was made one asks first what is in it; of everything else where it went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The record a trace starts from; ``kind`` as in migrations/sql/batches_trace.sql."""

    kind: str
    id: UUID
    code: str

    @property
    def asks_forward(self) -> bool:
        """Which way is asked first."""
        return self.kind not in BACKWARD_FIRST


class NothingNamed(RuleViolation):
    code = "TRC-05"
    text = "Not traced: nothing on record is called {code}."
    next_step = "Scan or type the code of a supplier lot, lot, container, batch, unit, gauge, machine, person, inspection or deviation."


class SeveralNamed(RuleViolation):
    code = "TRC-06"
    text = "Not traced: {code} names more than one record: {records}."
    next_step = "Trace one of these by its own code."


class NotOurUnit(RuleViolation):
    code = "TRC-07"
    text = "Not traced: no unit {serial} of product {gtin} is on record."
    next_step = "Keep the piece apart and call Quality: its label says what was never made here."


_NAMED = text("SELECT kind, id, code, said FROM lineside.trace_named(:code)")
_UNIT = text("""
    SELECT 'unit' AS kind, u.id, u.serial AS code, NULL AS said
      FROM lineside.unit u JOIN lineside.batch b ON b.id = u.batch JOIN lineside.item i ON i.id = b.product
     WHERE u.serial = :serial AND i.gtin = :gtin AND (CAST(:lot AS text) IS NULL OR b.code = :lot)""")
_PACK = text("""
    SELECT 'batch' AS kind, b.id, b.code, NULL AS said
      FROM lineside.batch b JOIN lineside.item i ON i.id = b.product WHERE b.code = :lot AND i.gtin = :gtin
    UNION ALL SELECT 'supplier_lot', l.id, l.supplier_lot, l.code
      FROM lineside.lots_named(:lot) n JOIN lineside.lot_seen l ON l.id = n JOIN lineside.item i ON i.id = l.item WHERE i.gtin = :gtin""")


def find(session: Session, code: str) -> Start:
    """The record behind a code: what a scanner sent (a label of the house, a UDI, a pack of a supplier), or what a person typed.

    Raises:
        NothingNamed: no record has this code.
        SeveralNamed: more than one has, e.g. two suppliers call a lot alike.
        NotOurUnit: a UDI whose product, batch and serial do not belong together on record.
    """
    from app.scanning.interpret import interpret  # rules of GS1: no start of a client waits for them

    scanned = interpret(code.strip())
    if scanned.gtin is not None and scanned.serial is not None:
        asked = {"serial": scanned.serial, "gtin": scanned.gtin, "lot": scanned.lot}
        found = [Start(kind=row.kind, id=row.id, code=row.code) for row in session.execute(_UNIT, asked)]
        if not found:
            raise NotOurUnit(serial=scanned.serial, gtin=scanned.gtin)
        return found[0]
    if scanned.gtin is not None and scanned.lot is not None:
        rows = session.execute(_PACK, {"lot": scanned.lot, "gtin": scanned.gtin}).all()
        said = scanned.lot
    else:
        said = _plain(scanned)
        rows = session.execute(_NAMED, {"code": said}).all()
    if not rows:
        raise NothingNamed(code=said)
    if len(rows) > 1:
        raise SeveralNamed(code=said, records=", ".join(sorted(row.said or row.code for row in rows)))
    return Start(kind=rows[0].kind, id=rows[0].id, code=rows[0].code)


def _plain(scanned: Scanned) -> str:
    """The code of a label of the house, the text of a plain symbol, or what was typed."""
    written = scanned.usable("text")
    return scanned.code or (written if isinstance(written, str) else scanned.raw)
