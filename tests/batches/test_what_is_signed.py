"""The text that is signed over a step and a batch: written down by hand here, and every byte below it counts."""

import hashlib
from collections.abc import Sequence

import psycopg
import pytest

from app.core.signature import preview
from tests.batches.runs import Run

pytestmark = pytest.mark.capability("K2", "R11-15")


def part(*values: object) -> str:
    return "|".join("-" if value is None else f"{len(str(value))}:{value}" for value in values)


def rows(run: Run, sql: str, *arguments: object) -> list[tuple[object, ...]]:
    """Every column as the database writes it in UTC."""
    with psycopg.connect(run.plant.address.url(run.plant.server.dbname), options="-c timezone=UTC") as separate:
        return list(separate.execute(sql, arguments).fetchall())  # type: ignore[call-overload]


ENTRY = [
    *("id", "field", "sample_no", "unit_serial", "value", "said", "unit", "verdict", "near_limit", "origin", "device", "calibration"),
    *("encode(raw, 'hex')", "read_at", "station", "entered_by", "entered_at", "corrects", "reason"),
]
TAKEN = [
    *("id", "lot", "container", "unit_serial", "quantity", "origin", "encode(raw, 'hex')", "scale", "station", "reason"),
    *("consumed_by", "consumed_at", "NULL::text", "NULL::text", "NULL::text"),
]
LABEL = [
    *("l.id", "u.serial", "l.copy_no", "l.content", "l.printer", "l.station", "l.status", "l.detail", "l.reason", "l.requested_by"),
    *("l.requested_at", "l.ended_by", "l.ended_at", "encode(l.scanned, 'hex')"),
]
UNIT = ["id", "serial", "status", "made_by", "made_at", "moved_by", "moved_at"]
MORE_OF_LABEL = ["l.replaces", "encode(l.read_back, 'hex')", "l.settled_by", "l.verified_by", "l.verified_at"]
"""Only where one of them is there: labels of before keep their text."""
LABELS = "lineside.label l JOIN lineside.unit u ON u.id = l.subject_id ORDER BY u.no, l.copy_no"
HEAD = "SELECT id::text, batch::text, no::text, key, kind, spec::text, corrections::text FROM lineside.batch_step WHERE id = %s"
STATE = """SELECT key, status, started_by, started_at::text, started_station, done_by, done_at::text, done_station FROM lineside.batch_step
    WHERE id = %s"""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def many(run: Run, columns: Sequence[str], where: str, *arguments: object) -> str | None:
    """What comes by the thousand: every row one JSON array."""
    each = ", ".join(f"coalesce(to_json({column})::text, 'null')" for column in columns)
    found = rows(run, f"SELECT {each} FROM {where}", *arguments)
    return ";".join("[" + ", ".join(map(str, row)) + "]" for row in found) or None


def labels_of(run: Run) -> str:
    """Each label's line, with what became of it on paper behind it."""
    lines = (many(run, LABEL, LABELS) or "").split(";")
    more = (many(run, MORE_OF_LABEL, LABELS) or "").split(";")
    return ";".join(
        line if later == "[null, null, null, null, null]" else f"{line}+{later}" for line, later in zip(lines, more, strict=True)
    )


def expected(run: Run, key: str) -> str:
    """The text of a step, from its rows alone."""
    step = run.steps[key]
    ((*head,),) = rows(run, HEAD, step)
    labels = digest(labels_of(run)) if head[4] == "label" else None
    ((spec,),) = run.plant.rows("SELECT spec FROM lineside.batch_step WHERE id = %s", step)
    assert isinstance(spec, dict)
    below = sorted(spec.get("signs", []), key=[*run.steps].index)
    covered = ";".join(state(run, one) for one in by_number(run, below)) or None
    of_step = "WHERE batch_step = %s ORDER BY id"
    return "batch_step|1|" + part(
        *head,
        many(run, ENTRY, f"lineside.step_entry {of_step}", step),
        many(run, TAKEN, f"lineside.consumption {of_step}", step),
        labels,
        covered,
    )


def by_number(run: Run, keys: list[str]) -> list[str]:
    return [str(key) for (key,) in run.plant.rows("SELECT key FROM batch_step WHERE batch = %s ORDER BY no", run.batch) if key in keys]


def state(run: Run, key: str) -> str:
    ((*moved,),) = rows(run, STATE, run.steps[key])
    return part(*moved, digest(expected(run, key)))


@pytest.mark.parametrize("key", ["clearance", "hubs", "sealing", "unit_labels", "verified"])
def test_the_text_of_a_step_is_its_plan_its_entries_its_material_its_labels_and_the_steps_it_signs(made_shared: Run, key: str):
    seen = made_shared.at.ask(lambda session: preview(session, kind="batch_step", subject=made_shared.steps[key]))
    assert seen.content == expected(made_shared, key)
    assert seen.digest == hashlib.sha256(seen.content.encode()).digest()


def test_the_text_of_a_batch_is_its_record_its_steps_its_units_and_its_deviations(made_shared: Run):
    ((*head,),) = rows(
        made_shared,
        """SELECT id::text, code, master::text, product::text, site::text, planned::text, unit, made_on::text, expires_on::text,
            encode(sha256(convert_to(frozen::text, 'UTF8')), 'hex'), encode(frozen_digest, 'hex'), started_by, started_at::text
            FROM lineside.batch""",
    )
    units = many(made_shared, UNIT, "lineside.unit ORDER BY no")
    steps = ";".join(state(made_shared, key) for key in by_number(made_shared, [*made_shared.steps]))
    seen = made_shared.at.ask(lambda session: preview(session, kind="batch", subject=made_shared.batch))
    assert seen.content == "batch|1|" + part(*head, steps, digest(units or ""), None)


HARM = {
    "step_entry": "value = value + 1 WHERE field = 'dwell'",
    "consumption": "unit_serial = NULL WHERE unit_serial LIKE '%-00001'",
    "unit": "status = 'scrapped' WHERE no = 1",
    "label": "scanned = scanned || '\\x00' WHERE kind = 'unit'",
    "batch_step": "spec = spec || '{\"x\": 1}' WHERE key = 'assembly'",
    "batch": "expires_on = expires_on + 1",
}


@pytest.mark.parametrize("table", HARM)
def test_one_changed_byte_anywhere_below_a_batch_changes_what_is_signed(made_shared: Run, table: str):
    superuser = made_shared.plant.superuser()
    asked = "SELECT digest FROM lineside.what_is_signed('batch', %s)"
    with superuser.transaction(force_rollback=True):
        before = superuser.execute(asked, [made_shared.batch]).fetchone()
        superuser.execute(f"ALTER TABLE lineside.{table} DISABLE TRIGGER USER")  # type: ignore[call-overload]
        assert superuser.execute(f"UPDATE lineside.{table} SET {HARM[table]}").rowcount > 0  # type: ignore[call-overload]
        assert superuser.execute(asked, [made_shared.batch]).fetchone() != before
    superuser.close()
