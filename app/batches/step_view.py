"""One batch as the station that works on it sees it: every step, and of the open one what it asks for and what it has. Five statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.measurement import Limits, Quantity
from app.base.phrases import Name
from app.batches.queries import BatchRow, StepRow, batch_by_id, steps_of
from app.core.work import NotFound
from app.labels.queries import LabelState, labels_of_units

MOST_UNITS = 12
"""Units that are named one by one; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One value a step asks for."""

    field: str
    sample_no: int
    form: str
    """``check``, ``figure``, ``count``, ``asset``, ``cleaned``; the database's own: ``computed``, ``minutes``, ``channel``."""
    name: Name
    unit: str
    decimals: int | None
    limits: Limits | None
    soft: Limits | None
    source: str
    """Of a figure: ``typed``, ``device``, ``channel``; else empty."""
    device: str
    """Kind of the gauge that sends it; empty where none does."""
    ask: dict[str, Any]
    """As the frozen record says it."""

    @property
    def place(self) -> tuple[str, int]:
        """Which value of the step."""
        return self.field, self.sample_no


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """One entry; ``is_current`` unless a later one corrects it. ``deviation``: raised on it, with its state."""

    id: UUID
    field: str
    sample_no: int
    value: Decimal | None
    said: str | None
    unit: str
    verdict: str
    near_limit: bool
    origin: str
    device: str
    by: str
    by_name: Name
    at: datetime
    station: str | None
    reason: str | None
    corrects: UUID | None
    is_current: bool
    deviation: str | None
    deviation_id: UUID | None
    is_decided: bool

    @property
    def written(self) -> str:
        """As it is shown: exact digits, or the word."""
        return str(self.value) if self.value is not None else (self.said or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Material that went in."""

    id: UUID
    lot: str
    container: str
    item: Name
    unit_serial: str | None
    quantity: Quantity
    by_name: Name
    at: datetime
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A unit that waits for something in the open step."""

    id: UUID
    serial: str
    status: str
    version: int
    taken: Decimal
    """Of the open step's material."""
    label: LabelState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """The step in work."""

    row: StepRow
    asked: tuple[Asked, ...]
    entered: tuple[Entered, ...]
    taken: tuple[Taken, ...]
    demand: Decimal | None
    """Of a material step: what the batch takes in all, in the record's unit."""
    pieces: tuple[Piece, ...]
    """Units that still lack something here, in their order; at most `MOST_UNITS`."""

    def current(self, asked: Asked) -> Entered | None:
        """What stands for a value that is asked for."""
        return next((e for e in self.entered if e.is_current and (e.field, e.sample_no) == asked.place), None)

    @property
    def next_asked(self) -> Asked | None:
        """The first value that a person still has to enter."""
        own = ("computed", "minutes", "channel")
        return next((a for a in self.asked if a.form not in own and self.current(a) is None), None)

    @property
    def undecided(self) -> Entered | None:
        """The first entry outside its limits whose deviation is not decided."""
        return next((e for e in self.entered if e.is_current and e.verdict != "conforms" and not e.is_decided), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch at a station."""

    batch: BatchRow
    steps: tuple[StepRow, ...]
    open: OpenStep | None
    units: dict[str, int]
    """How many units are in which state."""


def batch_view(session: Session, batch: UUID, *, step: UUID | None) -> BatchView:
    """The batch with one step open: the one asked for, else the first that is begun, else the first that may begin.

    Raises:
        NotFound: there is no such batch.
    """
    row = batch_by_id(session, batch)
    if row is None:
        raise NotFound(record="batch", key=batch)
    steps = tuple(steps_of(session, batch))
    units = {str(found.status): int(found.units) for found in session.execute(_UNITS, {"batch": batch})}
    chosen = next((s for s in steps if s.id == step), None) or _first(steps)
    return BatchView(batch=row, steps=steps, open=_open(session, chosen) if chosen else None, units=units)


def _first(steps: tuple[StepRow, ...]) -> StepRow | None:
    for status in ("started", "ready"):
        for step in steps:
            if step.status == status:
                return step
    return None


_UNITS = text("SELECT status, count(*) AS units FROM lineside.unit WHERE batch = :batch GROUP BY status")
_ASKED = text("""
    SELECT f.field, f.sample_no, f.form, f.ask
      FROM lineside.batch_step s
      CROSS JOIN LATERAL lineside.fields_of_step(s.kind, s.spec) WITH ORDINALITY f (field, sample_no, form, ask, n)
     WHERE s.id = :step ORDER BY f.n""")
_DEMAND = text("""
    SELECT lineside.demand_of_step(s.spec, b.planned)
      FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch WHERE s.id = :step""")
_ENTERED = text("""
    SELECT e.*, a.code AS device_code, p.name_en, p.name_zh,
           NOT EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AS is_current,
           d.code AS deviation, d.id AS deviation_id, d.id IS NOT NULL AND lineside.is_decided('step_entry', e.id) AS is_decided
      FROM lineside.step_entry e JOIN lineside.person p ON p.login = e.entered_by LEFT JOIN lineside.asset a ON a.id = e.device
      LEFT JOIN lineside.deviation d ON d.cause_kind = 'step_entry' AND d.cause_id = e.id
     WHERE e.batch_step = :step ORDER BY e.entered_at, e.id""")
_TAKEN = text("""
    SELECT c.id, l.code AS lot, k.code AS container, i.name_en AS item_en, i.name_zh AS item_zh, c.unit_serial, c.quantity, l.unit, p.name_en, p.name_zh, c.consumed_at,
           EXISTS (SELECT FROM lineside.consumption_undo u WHERE u.consumption = c.id) AS is_back
      FROM lineside.consumption c JOIN lineside.lot l ON l.id = c.lot JOIN lineside.item i ON i.id = l.item JOIN lineside.container k ON k.id = c.container
      JOIN lineside.person p ON p.login = c.consumed_by
     WHERE c.batch_step = :step ORDER BY c.consumed_at DESC LIMIT 40""")  # noqa: E501
_PIECES = text("""
    SELECT u.id, u.serial, u.status, u.version, coalesce(t.taken, 0) AS taken FROM lineside.batch_step s JOIN lineside.unit u ON u.batch = s.batch
      LEFT JOIN LATERAL (SELECT sum(c.quantity) AS taken FROM lineside.consumption c WHERE c.batch_step = s.id AND c.unit_serial = u.serial
                          AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id)) t ON true
     WHERE s.id = :step AND CASE s.kind WHEN 'label' THEN u.status = 'made' WHEN 'material' THEN u.status IN ('made', 'labelled') AND coalesce(t.taken, 0) = 0 ELSE false END
     ORDER BY u.no LIMIT :most""")  # noqa: E501


def _open(session: Session, row: StepRow) -> OpenStep:
    asked = tuple(_asked(f) for f in session.execute(_ASKED, {"step": row.id}))
    entered = tuple(_entered(e) for e in session.execute(_ENTERED, {"step": row.id}))
    taken: tuple[Taken, ...] = ()
    pieces: tuple[Piece, ...] = ()
    demand: Decimal | None = None
    if row.kind == "material":
        taken = tuple(_taken(c) for c in session.execute(_TAKEN, {"step": row.id}))
        demand = session.execute(_DEMAND, {"step": row.id}).scalar_one()
    if row.kind == "label" or (row.kind == "material" and row.spec["bound_to"] == "unit"):
        found = session.execute(_PIECES, {"step": row.id, "most": MOST_UNITS}).all()
        labels = labels_of_units(session, [u.id for u in found]) if row.kind == "label" else {}
        pieces = tuple(
            Piece(id=u.id, serial=u.serial, status=u.status, version=u.version, taken=u.taken, label=labels.get(u.id)) for u in found
        )
    return OpenStep(row=row, asked=asked, entered=entered, taken=taken, demand=demand, pieces=pieces)


def _asked(f: Any) -> Asked:
    ask = dict(f.ask)
    figure = f.form in ("figure", "channel")
    unit = str(ask.get("unit") or "") if figure else ""
    if f.form == "channel" and f.field.endswith(".gap"):
        unit = "s"
    name = ask.get("name") if f.form in ("check", "figure", "channel") else None
    return Asked(
        field=f.field,
        sample_no=f.sample_no,
        form=f.form,
        name=Name(name["en"], name["zh"]) if name else Name("", ""),
        unit=unit,
        decimals=ask.get("decimals") if figure else None,
        limits=_limits(ask, unit, "") if figure and unit != "s" else None,
        soft=_limits(ask, unit, "soft_") if figure and unit != "s" else None,
        source=str(ask.get("source") or "") if figure else "",
        device=str(ask.get("device") or "") if figure else str(ask.get("asset") or ""),
        ask=ask,
    )


def _limits(ask: dict[str, Any], unit: str, prefix: str) -> Limits | None:
    lower, upper = (ask.get(prefix + side) for side in ("lower", "upper"))
    if lower is None and upper is None:
        return None
    nominal = ask.get("nominal") if not prefix else None
    return Limits(unit=unit, lower=_exact(lower), nominal=_exact(nominal), upper=_exact(upper))


def _exact(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


def _entered(e: Any) -> Entered:
    return Entered(
        id=e.id,
        field=e.field,
        sample_no=e.sample_no,
        value=e.value,
        said=e.said,
        unit=e.unit or "",
        verdict=e.verdict,
        near_limit=e.near_limit,
        origin=e.origin,
        device=e.device_code or "",
        by=e.entered_by,
        by_name=Name(e.name_en, e.name_zh),
        at=e.entered_at,
        station=e.station,
        reason=e.reason,
        corrects=e.corrects,
        is_current=e.is_current,
        deviation=e.deviation,
        deviation_id=e.deviation_id,
        is_decided=e.is_decided,
    )


def _taken(c: Any) -> Taken:
    return Taken(
        id=c.id,
        lot=c.lot,
        container=c.container,
        item=Name(c.item_en, c.item_zh),
        unit_serial=c.unit_serial,
        quantity=Quantity(c.quantity, c.unit),
        by_name=Name(c.name_en, c.name_zh),
        at=c.consumed_at,
        is_back=c.is_back,
    )
