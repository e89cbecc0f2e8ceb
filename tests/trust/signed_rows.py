"""One record of every kind that is signed, every column of it and of what hangs below filled with a value that says where it stands."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
from psycopg import sql

Given = Mapping[str, object]


def identity(name: str) -> UUID:
    """Always the same id for a name, in the order of the names' numbers."""
    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


def _value(table: str, column: str, kind: str, number: int, row: int) -> object:
    where = f"{table}.{column}|{row}"  # a bar, a figure: no value can pretend to be two
    return {
        "uuid": identity(where),
        "text": where,
        "integer": 100 * row + number,
        "bigint": 100 * row + number,
        "numeric": f"{row}{number}.50",
        "date": date(2026, row, number),
        "timestamp with time zone": datetime(2026, row, number, 3, 4, 5, 6, tzinfo=UTC),
        "bytea": where.encode(),
        "jsonb": json.dumps({"at": where, "x": [1, None, "y"]}),
        "boolean": row == 1,
    }[kind]


def fill(superuser: psycopg.Connection, table: str, row: int, **given: object) -> UUID:
    """Insert one row; the second of a table leaves empty what may be empty. Returns its id."""
    columns = superuser.execute(
        """SELECT attname, format_type(atttypid, -1), attnum, attnotnull FROM pg_attribute
            WHERE attrelid = ('lineside.' || %s)::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""",
        [table],
    ).fetchall()
    values = {
        name: given[name] if name in given else None if row == 2 and not needed else _value(table, name, kind, number, row)
        for name, kind, number, needed in columns
    }
    into = sql.SQL("INSERT INTO lineside.{} ({}) VALUES ({})").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, values)), sql.SQL(", ").join([sql.Placeholder()] * len(values))
    )
    superuser.execute(into, [*values.values()])
    made = values.get("id") or values.get("batch")
    assert isinstance(made, UUID)
    return made


def filled(superuser: psycopg.Connection) -> dict[str, UUID]:
    """Everything that is signed; id by kind. Tables stand without constraints and triggers by then."""
    lot = _lot(superuser)
    deviation = fill(superuser, "deviation", 3, subject_kind="unit", photos=2)
    for row in (1, 2):
        fill(superuser, "deviation_photo", row, deviation=deviation)
    plan = fill(superuser, "document", 1, kind="inspection_plan")
    fill(superuser, "inspection_plan", 1, id=plan)
    for row in (1, 2):
        fill(superuser, "characteristic", row, plan=plan)
    master = fill(superuser, "document", 2, kind="master_record")
    fill(superuser, "master_record", 1, id=master)
    protocol = fill(superuser, "document", 3, kind="device_protocol")
    fill(superuser, "device_protocol", 1, id=protocol)
    documents = {"plan": plan, "master": master, "protocol": protocol}
    typed = fill(superuser, "typed_value", 1, id=identity("a typed value"), kind="measurement")
    return {"lot": lot, "deviation": deviation, **documents, "typed": typed, **_batch(superuser), "samples": _samples(superuser)}


def _lot(superuser: psycopg.Connection) -> UUID:
    lot = fill(superuser, "lot", 1)
    receipts = [fill(superuser, "receipt", row, lot=lot) for row in (1, 2)]
    fill(superuser, "receipt_undo", 1, receipt=receipts[0])
    for row in (1, 2):
        fill(superuser, "ledger", row, lot=lot)
    container = fill(superuser, "container", 1, lot=lot, receipt=receipts[0])
    for row in (1, 2):
        fill(superuser, "weighing", row, container=container)
    inspection = fill(superuser, "inspection", 1, lot=lot)
    for row in (1, 2):
        origin = {"origin": "typed"} if row == 1 else {}
        measured = fill(superuser, "measurement", row, inspection=inspection, **origin)
        if row == 1:
            fill(superuser, "typed_value", row, id=measured, kind="measurement")
    below = fill(superuser, "deviation", 1, subject_kind="lot", subject_id=lot, photos=1)
    fill(superuser, "deviation_photo", 3, deviation=below)
    return lot


def _batch(superuser: psycopg.Connection) -> dict[str, UUID]:
    batch = fill(superuser, "batch", 1)
    plain = {"kind": "material", "spec": json.dumps({"quantity": "2"}), "key": "hubs"}
    step = fill(superuser, "batch_step", 1, batch=batch, **plain)
    labels = fill(superuser, "batch_step", 2, batch=batch, kind="label", spec="{}", key="labels")
    signs = json.dumps({"sign": "verify", "signs": ["hubs", "labels"]})
    signature = fill(superuser, "batch_step", 3, batch=batch, kind="sign", spec=signs, key="verified")
    for row in (1, 2):
        origin = {"origin": "typed"} if row == 1 else {}
        entered = fill(superuser, "step_entry", row, batch_step=step, **origin)
        taken = fill(superuser, "consumption", row, batch_step=step, **origin)
        for typed, kind in ((entered, "step_entry"), (taken, "consumption")) if row == 1 else ():
            fill(superuser, "typed_value", row, id=typed, kind=kind)
        piece = fill(superuser, "unit", row, batch=batch)
        if row == 1:
            fill(superuser, "consumption_undo", row, consumption=taken)
        fill(superuser, "label", row, kind="unit", subject_kind="unit", subject_id=piece)
        fill(superuser, "exception_acceptance", row, batch=batch)
    below = fill(superuser, "deviation", 2, subject_kind="batch", subject_id=batch, decided_by="deviation.decided_by|2")
    fill(superuser, "deviation_photo", 4, deviation=below)
    return {"step": step, "labels": labels, "signature": signature, "batch": batch}


def _samples(superuser: psycopg.Connection) -> UUID:
    first = datetime(2026, 5, 1, tzinfo=UTC)
    superuser.execute("SELECT lineside.sample_month('2026-05-01')")
    told = fill(superuser, "sample_batch", 1, first_at=first, last_at=first + timedelta(hours=1))
    for row in (1, 2):
        fill(superuser, "sample", row, batch=told, at=first + timedelta(minutes=row))
    return told


BARE = """DO $bare$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint WHERE connamespace = 'lineside'::regnamespace
      AND contype IN ('c', 'f') AND conparentid = 0 AND conislocal LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', one.tab, one.conname);
  END LOOP;
  FOR one IN SELECT oid::regclass AS tab FROM pg_class WHERE relnamespace = 'lineside'::regnamespace AND relkind IN ('r', 'p') LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.tab);
  END LOOP;
END
$bare$"""
"""In a copy that is thrown away: any value may stand in any column."""
