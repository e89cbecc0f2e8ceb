"""The open step of a batch, asked in one transaction: where the batch stands, what the step asks for, what proves it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Name
from app.batches.step_facts import (
    AskedField,
    BatchHead,
    ComponentRow,
    ConsumptionRow,
    EntryRow,
    EquipmentRow,
    NextUnit,
    OpenStep,
    RailStep,
    StepView,
)
from app.core.late.queries import came_late, waiting_about
from app.core.records import Person
from app.deviations.photos import PhotoRow, photos_of
from app.deviations.queries import DeviationFile, DeviationRow, deviation_file, deviations_of
from app.inspection.queries import gauges_here
from app.typed.queries import TypedRow, typed_behind, typed_waiting

_BATCH = text("""
    SELECT b.id, b.code, b.frozen -> 'name' AS name, b.planned, b.unit, b.site, b.status, b.version, clock_timestamp() AS now,
      (SELECT count(*) FROM lineside.unit u WHERE u.batch = b.id) AS units FROM lineside.batch_seen b WHERE b.id = :batch""")
_RAIL = text("""
    SELECT s.id, s.no, s.key, s.kind, s.spec -> 'name' AS name, s.spec -> 'signs' AS signs, s.status, s.version, s.started_at, s.done_at,
      CASE WHEN s.status = 'waiting' THEN lineside.waits_for(ROW(s.*)::lineside.batch_step) END AS waits,
      (SELECT min(d.code) FROM lineside.deviation d
        WHERE d.subject_kind = 'batch' AND d.subject_id = s.batch AND d.status = 'open'
          AND (d.facts ->> 'step_key' = s.key OR (d.cause_kind = 'hold' AND s.status IN ('ready', 'started')))) AS held_by,
      s.kind = 'sign' AND s.status = 'done' AND g.step IS NULL AS fell
      FROM lineside.batch_step_seen s LEFT JOIN (SELECT DISTINCT step FROM lineside.standing_in(:batch)) g ON g.step = s.no
     WHERE s.batch = :batch ORDER BY s.no""")
_STEP = text("""
    SELECT s.*, CASE WHEN s.status = 'started' THEN lineside.missing_of_step(ROW(s.*)::lineside.batch_step) END AS missing,
      lineside.undecided_of_step(s.id) AS undecided,
      coalesce(lineside.demand_of_step(s.spec, b.planned), 0) AS demand, lineside.consumed_of(s.id) AS consumed,
      (SELECT o.done_at FROM lineside.batch_step o WHERE o.batch = s.batch AND o.key = s.spec ->> 'since') AS waited_since,
      CASE s.spec ->> 'bound_to' WHEN 'unit' THEN
          (SELECT count(DISTINCT c.unit_serial) FROM lineside.consumption c WHERE c.batch_step = s.id
            AND NOT EXISTS (SELECT FROM lineside.consumption_undo u WHERE u.consumption = c.id))
        WHEN 'sublot' THEN
          (SELECT count(*) FROM lineside.unit p WHERE p.batch = s.batch AND p.status IN ('made', 'labelled')
            AND lineside.consumed_by_sublot(s.id, p.sublot) > 0) ELSE 0 END AS loaded,
      coalesce(l.labelled, 0) AS labelled, coalesce(l.issued, 0) AS issued, coalesce(l.applied, 0) AS applied,
      coalesce(l.destroyed, 0) AS destroyed
      FROM lineside.batch_step_seen s JOIN lineside.batch b ON b.id = s.batch
      LEFT JOIN LATERAL (
        SELECT (SELECT count(*) FROM lineside.unit u WHERE u.batch = s.batch AND u.status = 'labelled') AS labelled,
          lineside.labels_of(s.batch, '{sent,printing,unknown,printed,verified,applied,destroyed}') AS issued,
          lineside.labels_of(s.batch, '{applied}') AS applied, lineside.labels_of(s.batch, '{destroyed}') AS destroyed
         WHERE s.kind = 'label') l ON true WHERE s.id = :step""")
_FIELDS = text("""
    SELECT f.field, f.sample_no, f.form, f.ask, g.value AS figure
      FROM lineside.batch_step_seen s
      CROSS JOIN LATERAL lineside.fields_of_step(s.kind, s.spec) WITH ORDINALITY f (field, sample_no, form, ask, n)
      LEFT JOIN lineside.figures_of_step(s.id) g ON g.field = f.field WHERE s.id = :step ORDER BY f.n""")
_ENTRY = """
    SELECT e.*, a.code AS device_code, a.serial_no, c.certificate, c.due_on
      FROM lineside.step_entry e LEFT JOIN lineside.asset a ON a.id = e.device LEFT JOIN lineside.calibration c ON c.id = e.calibration"""
_ENTRIES = text(f"{_ENTRY} WHERE e.batch_step = :step ORDER BY e.entered_at, e.id")
_ENTRIES_BY_ID = text(f"{_ENTRY} WHERE e.id = ANY(:ids)")
_CONSUMPTION = """
    SELECT c.*, l.code AS lot_code, l.unit, k.code AS container_code, u.reason AS undone, a.code AS scale_code, a.serial_no,
      f.certificate, f.due_on,
      CASE WHEN c.sublot IS NOT NULL THEN lineside.sublot_code((SELECT b.code FROM lineside.batch_step s
        JOIN lineside.batch b ON b.id = s.batch WHERE s.id = c.batch_step), c.sublot) END AS sublot_code
      FROM lineside.consumption c JOIN lineside.lot l ON l.id = c.lot JOIN lineside.container k ON k.id = c.container
      LEFT JOIN lineside.consumption_undo u ON u.consumption = c.id LEFT JOIN lineside.asset a ON a.id = c.scale
      LEFT JOIN LATERAL lineside.calibration_at(c.scale, c.consumed_at) f ON true"""
_CONSUMPTIONS = text(f"{_CONSUMPTION} WHERE c.batch_step = :step ORDER BY c.consumed_at DESC LIMIT 200")
_CONSUMPTIONS_BY_ID = text(f"{_CONSUMPTION} WHERE c.id = ANY(:ids)")
_COMPONENTS = text("""
    SELECT s.no, s.spec -> 'name' AS name, t.lot, t.quantity, t.unit
      FROM lineside.batch_step_seen s LEFT JOIN LATERAL (
        SELECT l.code AS lot, sum(c.quantity) AS quantity, l.unit, min(c.consumed_at) AS at
          FROM lineside.consumption c JOIN lineside.lot l ON l.id = c.lot
         WHERE c.batch_step = s.id
           AND NOT EXISTS (SELECT FROM lineside.consumption_undo u WHERE u.consumption = c.id)
         GROUP BY l.code, l.unit) t ON true
     WHERE s.batch = :batch AND s.kind = 'material' ORDER BY s.no, t.at""")
_EQUIPMENT = text("""
    SELECT s.key, a.code, a.name_en, a.name_zh, c.due_on, e.entered_by, e.entered_at
      FROM lineside.batch_step s CROSS JOIN LATERAL lineside.current_entries(s.id) e JOIN lineside.asset a ON a.id = e.device
      LEFT JOIN lineside.calibration c ON c.id = e.calibration
     WHERE s.batch = :batch AND s.kind = 'equipment' AND e.field = 'asset' ORDER BY s.no""")
_NEXT_UNIT = text("""
    SELECT u.id, u.serial, u.no, u.sublot_code, l.id AS label, l.status AS label_status, coalesce(l.detail, '') AS detail,
      coalesce(l.printer, '') AS printer, coalesce(l.copy_no, 0) AS copies
      FROM (
        SELECT u.id, u.serial, u.no, lineside.sublot_code(b.code, u.sublot) AS sublot_code
          FROM lineside.batch_step_seen s JOIN lineside.batch b ON b.id = s.batch JOIN lineside.unit u ON u.batch = s.batch
         WHERE s.id = :step AND CASE s.kind WHEN 'label' THEN u.status = 'made'
           ELSE u.status IN ('made', 'labelled') AND NOT EXISTS (
             SELECT FROM lineside.consumption c WHERE c.batch_step = s.id AND c.unit_serial = u.serial
               AND NOT EXISTS (SELECT FROM lineside.consumption_undo b WHERE b.consumption = c.id))
             AND (s.spec ->> 'bound_to' <> 'sublot' OR lineside.consumed_by_sublot(s.id, u.sublot) = 0) END
         ORDER BY u.no LIMIT 1) u
      LEFT JOIN LATERAL (
        SELECT x.id, x.status, x.detail, x.printer, x.copy_no FROM lineside.label x
         WHERE x.kind = 'unit' AND x.subject_id = u.id ORDER BY x.copy_no DESC LIMIT 1) l ON true""")


def step_view(session: Session, *, batch: UUID, step: str | None) -> StepView | None:
    """The batch with one of its steps open, in a dozen short statements; ``None``: there is no such batch.

    Args:
        session: As somebody who may see the batch.
        batch: Its id.
        step: Key of the step to open; ``None``: the first that was started, else the first that is ready.
    """
    head = session.execute(_BATCH, {"batch": batch}).one_or_none()
    if head is None:
        return None
    rows = session.execute(_RAIL, {"batch": batch}).all()
    rail = tuple(_rail_step(row) for row in rows)
    chosen = next((one for one in rail if one.key == step), None) or _next(rail)
    equipment = _equipment(session, batch)
    opened = _open_step(session, chosen, {one.step: one.code for one in equipment}) if chosen is not None else None
    deviations = tuple(deviations_of(session, kind="batch", subject=batch))
    photos = photos_of(session, [one.id for one in deviations])
    gauges = gauges_here(session, site=head.site)
    no = opened.no if opened is not None else None
    late = tuple(one for one in waiting_about(session, batch) if one.no == no)
    came = came_late(session, [one.id for one in opened.entries]) if opened is not None else {}
    authors = {one.author for one in late} | {who for one in came.values() for who in (one.author, one.by)}
    return StepView(
        batch=_head(head),
        rail=rail,
        step=opened,
        deviations=deviations,
        photos=photos,
        file=_file(session, deviations, opened),
        components=_components(session, batch),
        equipment=equipment,
        names=_names(session, opened, equipment, photos, authors),
        gauges=gauges,
        kinds={one.code: one.kind for one in gauges.assets},
        now=head.now,
        signed_by={row.key: tuple(row.signs) for row in rows if row.kind == "sign"},
        late=late,
        came_late=came,
    )


def rows_behind(session: Session, ids: set[UUID]) -> dict[UUID, EntryRow | ConsumptionRow]:
    """The entries and consumptions among these ids, with all that proves them."""
    asked = {"ids": list(ids)}
    entries, taken = session.execute(_ENTRIES_BY_ID, asked).all(), session.execute(_CONSUMPTIONS_BY_ID, asked).all()
    typed = typed_behind(session, [row.id for row in (*entries, *taken) if row.origin == "typed"])
    found: dict[UUID, EntryRow | ConsumptionRow] = {e.id: _entry(e, typed.get(e.id)) for e in entries}
    return found | {c.id: _consumption(c, typed.get(c.id)) for c in taken}


def _next(rail: tuple[RailStep, ...]) -> RailStep | None:
    """Where the work goes on: what was begun first, then what may begin; a signature that fell is given again before the batch goes on."""
    for wanted in ("started", "ready"):
        found = next((one for one in rail if one.status == wanted), None)
        if found is not None:
            return found
    return next((one for one in rail if one.fell), None)


def _head(row: Row[Any]) -> BatchHead:
    return BatchHead(
        id=row.id,
        code=row.code,
        name=Name(row.name["en"], row.name["zh"]),
        planned=Quantity(row.planned, row.unit),
        status=row.status,
        version=row.version,
        units=row.units,
    )


def _rail_step(row: Row[Any]) -> RailStep:
    return RailStep(
        id=row.id,
        no=row.no,
        key=row.key,
        kind=row.kind,
        name=Name(row.name["en"], row.name["zh"]),
        status=row.status,
        version=row.version,
        started_at=row.started_at,
        done_at=row.done_at,
        waits=row.waits,
        held_by=row.held_by,
        fell=row.fell,
    )


def _open_step(session: Session, step: RailStep, machines: dict[str, str]) -> OpenStep:
    asked = {"step": step.id}
    rows = session.execute(_ENTRIES, asked).all()
    taken = session.execute(_CONSUMPTIONS, asked).all() if step.kind == "material" else []
    by_hand = [e.id for e in rows if e.origin == "typed" and e.device is not None]
    typed = typed_behind(session, [*by_hand, *(c.id for c in taken if c.origin == "typed" and c.scale is not None)])
    entries = tuple(_entry(e, typed.get(e.id)) for e in rows)
    waiting = typed_waiting(session, step=step.id)
    unit = session.execute(_NEXT_UNIT, asked).one_or_none() if step.kind in ("material", "label") else None
    row = session.execute(_STEP, asked).one()  # after entries and next unit: what it lacks is never older than what is listed
    return OpenStep(
        id=row.id,
        no=row.no,
        key=row.key,
        kind=row.kind,
        name=Name(row.spec["name"]["en"], row.spec["name"]["zh"]),
        spec=row.spec,
        status=row.status,
        version=row.version,
        started_by=row.started_by,
        started_at=row.started_at,
        missing=row.missing,
        undecided=row.undecided,
        fields=tuple(
            AskedField(field=f.field, sample_no=f.sample_no, form=f.form, ask=f.ask, figure=f.figure)
            for f in session.execute(_FIELDS, asked)
        ),
        entries=entries,
        consumptions=tuple(_consumption(c, typed.get(c.id)) for c in taken),
        typed=waiting,
        demand=row.demand,
        consumed=row.consumed,
        next_unit=_unit(unit),
        units_done=row.loaded if row.kind == "material" else row.labelled,
        waited_since=row.waited_since,
        machines=machines,
        counts={"issued": int(row.issued), "applied": int(row.applied), "destroyed": int(row.destroyed)},
    )


def _entry(row: Row[Any], typed: TypedRow | None) -> EntryRow:
    return EntryRow(
        id=row.id,
        field=row.field,
        sample_no=row.sample_no,
        unit_serial=row.unit_serial,
        value=row.value,
        said=row.said,
        unit=row.unit,
        verdict=row.verdict,
        near_limit=row.near_limit,
        origin=row.origin,
        device=row.device_code,
        device_serial_no=row.serial_no,
        said_serial_no=row.device_serial_no,
        said_firmware=row.device_firmware,
        certificate=row.certificate,
        due_on=row.due_on,
        raw=bytes(row.raw) if row.raw is not None else None,
        read_at=row.read_at,
        clock_ahead_ms=row.clock_ahead_ms,
        station=row.station,
        by=row.entered_by,
        at=row.entered_at,
        corrects=row.corrects,
        reason=row.reason,
        typed=typed,
    )


def _consumption(row: Row[Any], typed: TypedRow | None) -> ConsumptionRow:
    return ConsumptionRow(
        id=row.id,
        lot=row.lot_code,
        container=row.container_code,
        unit_serial=row.unit_serial,
        sublot_code=row.sublot_code,
        quantity=Quantity(row.quantity, row.unit),
        origin=row.origin,
        raw=bytes(row.raw) if row.raw is not None else None,
        scale=row.scale_code,
        scale_serial_no=row.serial_no,
        said_serial_no=row.device_serial_no,
        said_firmware=row.device_firmware,
        certificate=row.certificate,
        due_on=row.due_on,
        read_at=row.read_at,
        clock_ahead_ms=row.clock_ahead_ms,
        station=row.station,
        by=row.consumed_by,
        at=row.consumed_at,
        reason=row.reason,
        undone=row.undone,
        typed=typed,
    )


def _unit(row: Row[Any] | None) -> NextUnit | None:
    if row is None:
        return None
    return NextUnit(
        id=row.id,
        serial=row.serial,
        no=row.no,
        sublot_code=row.sublot_code,
        label=row.label,
        label_status=row.label_status,
        label_detail=row.detail,
        label_printer=row.printer,
        copies=row.copies,
    )


def _components(session: Session, batch: UUID) -> tuple[ComponentRow, ...]:
    return tuple(
        ComponentRow(
            step=row.no,
            name=Name(row.name["en"], row.name["zh"]),
            lot=row.lot,
            quantity=Quantity(row.quantity, row.unit) if row.lot is not None else None,
        )
        for row in session.execute(_COMPONENTS, {"batch": batch})
    )


def _equipment(session: Session, batch: UUID) -> tuple[EquipmentRow, ...]:
    return tuple(
        EquipmentRow(
            step=row.key, code=row.code, name=Name(row.name_en, row.name_zh), due_on=row.due_on, by=row.entered_by, at=row.entered_at
        )
        for row in session.execute(_EQUIPMENT, {"batch": batch})
    )


def _file(session: Session, deviations: tuple[DeviationRow, ...], step: OpenStep | None) -> DeviationFile | None:
    """The deviation that is written or signed next: one nobody described yet goes before one that waits for its signature, and the hold of
    the whole batch before those of its steps.
    """
    here = [one for one in deviations if one.holds_batch and one.status == "open"]
    here = here or [one for one in deviations if step is not None and one.status == "open" and one.facts.get("step_key") == step.key]
    waiting = [one for one in here if one.disposition is None] or here
    return deviation_file(session, waiting[-1].id) if waiting else None


def _names(
    session: Session, step: OpenStep | None, equipment: tuple[EquipmentRow, ...], photos: tuple[PhotoRow, ...], others: set[str]
) -> dict[str, Name]:
    people = {one.by for one in equipment} | {one.by for one in photos} | others
    if step is not None:
        people |= {one.by for one in step.entries} | {one.by for one in step.consumptions} | {step.started_by or ""}
    rows = session.scalars(select(Person).where(Person.login.in_(people)))
    return {row.login: row.name for row in rows}
