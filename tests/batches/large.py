"""A batch grown behind the triggers to the size of a plant's largest: units with their clips, labels and readings."""

from __future__ import annotations

from tests.batches.runs import Run

_TABLES = ("batch", "unit", "consumption", "label", "step_entry", "ledger")
_GROW = """
    UPDATE batch SET planned = {units};
    INSERT INTO unit (id, batch, no, serial, status, made_by)
      SELECT uuidv7(), b.id, n, b.code || '-' || lpad(n::text, 5, '0'), 'labelled', 'chen.jing'
        FROM batch b, generate_series((SELECT max(no) + 1 FROM unit), {units}) n;
    INSERT INTO consumption (id, batch_step, lot, container, unit_serial, quantity, origin, raw, station, consumed_by)
      SELECT uuidv7(), c.batch_step, c.lot, c.container, u.serial, 1, 'scanned', c.raw, c.station, c.consumed_by
        FROM unit u CROSS JOIN (SELECT c.* FROM consumption c WHERE c.unit_serial IS NOT NULL LIMIT 1) c WHERE u.no > 2;
    INSERT INTO consumption (id, batch_step, lot, container, quantity, origin, raw, station, consumed_by)
      SELECT uuidv7(), c.batch_step, c.lot, c.container, {units} - 2, 'scanned', c.raw, c.station, c.consumed_by
        FROM (SELECT c.* FROM consumption c WHERE c.unit_serial IS NULL LIMIT 1) c;
    INSERT INTO label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, status, requested_by, ended_by, ended_at)
      SELECT uuidv7(), 'unit', 'unit', u.id, 1, l.printer, l.station, l.content, 'applied', l.requested_by, 'chen.jing', now()
        FROM unit u CROSS JOIN (SELECT * FROM label WHERE kind = 'unit' LIMIT 1) l WHERE u.no > 2;
    INSERT INTO step_entry
      (id, batch_step, field, sample_no, unit_serial, value, unit, verdict, near_limit, origin, station, entered_by, reason)
      SELECT uuidv7(), e.batch_step, e.field, 1, u.serial, 1.3, e.unit, 'conforms', u.no % 100 = 0, 'typed', e.station, e.entered_by,
             CASE WHEN u.no % 50 = 0 THEN 'gauge was silent' END
        FROM unit u CROSS JOIN (SELECT * FROM step_entry WHERE field = 'dwell' LIMIT 1) e;
    UPDATE step_entry SET value = {units} WHERE field IN ('made', 'good', 'issued', 'applied');
    ANALYZE;
"""


def grow(run: Run, units: int) -> None:
    """The complete batch of two gets as many units as asked for; its counts add up again, its signatures fall."""
    superuser = run.plant.superuser()
    superuser.execute("SET search_path = lineside, pg_catalog")
    for table in _TABLES:
        superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    for statement in _GROW.format(units=units).split(";\n"):
        if statement.strip():
            superuser.execute(statement)
    for table in _TABLES:
        superuser.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    superuser.close()
