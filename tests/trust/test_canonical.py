"""What is signed, character by character: golden texts that a person changes, and every column that is in none with the reason."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg
import pytest

from app.core.embedded_server import ServerAddress
from tests.plant import cloned
from tests.trust.signed_rows import BARE, filled

pytestmark = pytest.mark.capability("K2", "R11-15")

GOLDEN = Path(__file__).with_name("golden")
KINDS = {
    "lot": "lineside.canonical('lot', %s)",
    "deviation": "lineside.canonical('deviation', %s)",
    "plan": "lineside.canonical('document', %s)",
    "master": "lineside.canonical('document', %s)",
    "protocol": "lineside.canonical('document', %s)",
    "step": "lineside.canonical('batch_step', %s)",
    "labels": "lineside.canonical('batch_step', %s)",
    "signature": "lineside.canonical('batch_step', %s)",
    "batch": "lineside.canonical('batch', %s)",
    "samples": "lineside.canonical_samples(%s)",
    "typed": "lineside.canonical('typed_value', %s)",
}


class Bare(NamedTuple):
    """A plant whose tables take anything, with one record of each kind."""

    superuser: psycopg.Connection
    ids: Mapping[str, UUID]

    def text_of(self, kind: str) -> str:
        row = self.superuser.execute(f"SELECT {KINDS[kind]}", [self.ids[kind]]).fetchone()  # type: ignore[call-overload]
        assert row is not None
        return str(row[0])


@pytest.fixture(scope="module")
def bare(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Bare]:
    with cloned(cluster, station_secrets) as plant:
        superuser = plant.superuser()
        superuser.execute(BARE)
        superuser.execute("SET session_replication_role = replica")
        yield Bare(superuser, filled(superuser))
        plant.close()


def differs_from_golden(bare: Bare, kind: str) -> str | None:
    """Where the text differs from the golden one. A person who wants it to reads both, and copies what was found into the file."""
    found, golden = bare.text_of(kind), (GOLDEN / f"{kind}.txt").read_text("utf-8").removesuffix("\n")
    if found == golden:
        return None
    at = next((n for n, (a, b) in enumerate(zip(found, golden, strict=False)) if a != b), min(len(found), len(golden)))
    return f"{kind}, character {at}: {found[at - 30 : at + 60]!r} instead of {golden[at - 30 : at + 60]!r}; found:\n{found}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_is_the_golden_text(bare: Bare, kind: str):
    assert differs_from_golden(bare, kind) is None


@pytest.mark.parametrize("settings", ["SET TimeZone = 'Asia/Kolkata'", "SET DateStyle = 'German, DMY'; SET bytea_output = 'escape'"])
def test_the_sessions_settings_change_no_character_of_it(bare: Bare, settings: str):
    bare.superuser.execute(settings)  # type: ignore[call-overload]
    try:
        assert {kind: differs_from_golden(bare, kind) for kind in KINDS} == dict.fromkeys(KINDS)
    finally:
        bare.superuser.execute("RESET TimeZone; RESET DateStyle; RESET bytea_output")


HANGS = {
    "lot": (
        "lot",
        "receipt",
        "receipt_undo",
        "ledger",
        "container",
        "weighing",
        "inspection",
        "measurement",
        "typed_value",
        "deviation",
        "deviation_photo",
    ),
    "deviation": ("deviation", "deviation_photo"),
    "plan": ("document", "inspection_plan", "characteristic"),
    "master": ("document", "master_record"),
    "protocol": ("document", "device_protocol"),
    "signature": ("batch_step", "step_entry", "consumption", "consumption_undo", "typed_value", "unit", "label"),
    "batch": (
        *("batch", "batch_step", "step_entry", "consumption", "consumption_undo", "unit", "label", "deviation", "deviation_photo"),
        "exception_acceptance",
        "typed_value",
    ),
    "samples": ("sample",),
    "typed": ("typed_value",),
}
"""Tables whose every column is changed once, each by itself; what does not change the signed text stands below."""

MOVED = "where it stands by now: the signed act itself moves it, and the trail says who and when"
COUNTS = "counts changes; the signature names the version it was given over"
PRINTING = "how printing went; what was printed, put on and scanned is signed"
ENTRY = "stands in the receipt or the consumption, whose id the line of the ledger carries"
PICTURES = "counts the pictures, which are signed one by one"
TRAIL = "the trail says it; that it was done, and what was said or measured, is signed"
STAGES = tuple(f"label.{column}" for column in ("validated_at", "sent_at", "printing_at", "doubted_at", "doubt", "settled_at", "digest"))
WITH_BATCH = "of a unit; signed with the batch, here the unit's labels are"
VERIFIED = "only a verified one became a row, and who verified it, and when, is signed"
OF_A_UNIT = tuple(f"unit.{column}" for column in ("no", "status", "version", "made_by", "made_at", "moved_by", "moved_at", "sublot"))
LEFT_OUT = {
    "lot": {
        "lot.status": MOVED,
        "lot.balance": "the last line of the ledger, which is signed, says it",
        "lot.version": COUNTS,
        "receipt_undo.id": "its reason stands in the receipt that it undoes",
        "receipt_undo.undone_by": TRAIL,
        "receipt_undo.undone_at": TRAIL,
        "ledger.id": "its number within the lot",
        "ledger.by_person": ENTRY,
        "ledger.at": ENTRY,
        "container.receipt": "one of the lot's receipts, which are signed with their quantities",
        "weighing.read_at": TRAIL,
        "weighing.weighed_by": TRAIL,
        "weighing.weighed_at": TRAIL,
        "inspection.frozen": "its digest is signed",
        "inspection.version": COUNTS,
        "typed_value.status": VERIFIED,
        "deviation.photos": PICTURES,
    },
    "deviation": {"deviation.status": MOVED, "deviation.decided_by": MOVED, "deviation.decided_at": MOVED, "deviation.photos": PICTURES},
    "plan": {"document.status": MOVED},
    "master": {"document.status": MOVED},
    "protocol": {"document.status": MOVED},
    "signature": {
        "batch_step.version": COUNTS,
        "typed_value.status": VERIFIED,
        "consumption_undo.id": "its reason, who and when stand in the consumption that it undoes",
        "label.subject_kind": "the kind of label says it",
        **dict.fromkeys(STAGES, PRINTING),
        **dict.fromkeys(OF_A_UNIT, WITH_BATCH),
    },
    "typed": {"typed_value.status": MOVED, "typed_value.ended_by": MOVED, "typed_value.ended_at": MOVED},
    "batch": {
        "typed_value.status": VERIFIED,
        "batch.status": MOVED,
        "batch.version": COUNTS,
        **dict.fromkeys((f"batch.{act}_{what}" for act in ("completed", "released", "market") for what in ("by", "at")), MOVED),
        "batch_step.version": COUNTS,
        "consumption_undo.id": "its reason, who and when stand in the consumption that it undoes",
        "label.subject_kind": "the kind of label says it",
        **dict.fromkeys(STAGES, PRINTING),
        "unit.no": "its serial, which ends with it",
        "unit.version": COUNTS,
        "deviation.photos": PICTURES,
    },
    "samples": {},
}
"""By kind: column, and why its change changes nothing that is signed."""

NO_PART = {
    "lot": {
        "consumption": "what a batch took; signed with the batch, and its line of the ledger is signed here",
        "kit": "laid out for a batch; what was taken of it is signed with the batch",
    },
    "plan": {
        "inspection": "made by the plan; keeps a copy of it and is signed with its lot",
        "measurement": "made by the plan; signed with its lot",
        "typed_value": "typed for a measurement; signed with its lot",
        "master_record": "another kind of document",
        "device_protocol": "another kind of document",
    },
    "master": {
        "batch": "made by the record; keeps a copy of it and is signed itself",
        "inspection_plan": "another kind of document",
        "device_protocol": "another kind of document",
    },
    "protocol": {
        "inspection_plan": "another kind of document",
        "master_record": "another kind of document",
        "measurement": "read by it; signed with its lot",
        "weighing": "read by it; signed with its lot",
        "step_entry": "read by it; signed with its batch",
        "consumption": "read by it; signed with its batch",
    },
    "batch": {"kit": "laid out; what was taken is signed", "machine_run": "derived from its steps, which are signed"},
}
"""Tables that hang on one of the above by a key and are no part of what is signed."""

OTHER = {
    "uuid": "md5({0}::text || 'other')::uuid",
    "text": "coalesce({0}, '') || 'x'",
    "integer": "coalesce({0}, 0) + 1000000",
    "bigint": "coalesce({0}, 0) + 1000000",
    "numeric": "coalesce({0}, 0) + 1000000.10",
    "date": "coalesce({0}, '2026-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, '2026-01-01') + interval '1 second'",
    "bytea": "coalesce({0}, '') || '\\x00'::bytea",
    "jsonb": "coalesce({0}, '{{}}') || '{{\"other\": 1}}'",
    "boolean": "NOT coalesce({0}, false)",
}


def columns_left_out(bare: Bare, kind: str) -> set[str]:
    """Columns whose change, in every row at once, changes no character of what is signed."""
    superuser, left = bare.superuser, set()
    before = bare.text_of(kind)
    for table in HANGS[kind]:
        columns = superuser.execute(
            """SELECT attname, format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = ('lineside.' || %s)::regclass AND attnum > 0
                AND NOT attisdropped""",
            [table],
        ).fetchall()
        for column, of_type in columns:
            changes = f"UPDATE lineside.{table} SET {column} = {OTHER[of_type].format(column)}"
            with superuser.transaction(force_rollback=True):
                changed = superuser.execute(changes)  # type: ignore[call-overload]
                assert changed.rowcount > 0, table
                if bare.text_of(kind) == before:
                    left.add(f"{table}.{column}")
    return left


@pytest.mark.parametrize("kind", HANGS)
def test_every_column_is_signed_or_stands_here_with_the_reason_why_not(bare: Bare, kind: str):
    assert columns_left_out(bare, kind) == set(LEFT_OUT[kind])


@pytest.mark.parametrize("kind", ["lot", "plan", "master", "protocol", "batch"])
def test_every_table_that_hangs_on_a_record_is_signed_with_it_or_stands_here_with_the_reason(cluster_keys: set[tuple[str, str]], kind: str):
    hanging = {child for child, parent in cluster_keys if parent in HANGS[kind]} - set(HANGS[kind])
    assert hanging == set(NO_PART[kind])


@pytest.fixture(scope="module")
def cluster_keys(cluster: ServerAddress, station_secrets: dict[str, str]) -> set[tuple[str, str]]:
    with cloned(cluster, station_secrets) as plant:
        return {
            (str(child), str(parent))
            for child, parent in plant.rows(
                """SELECT c.relname, p.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
                    JOIN pg_class p ON p.oid = k.confrelid WHERE k.contype = 'f' AND k.connamespace = 'lineside'::regnamespace"""
            )
        }


OF_VIEW = "SELECT 'CREATE OR REPLACE VIEW ' || %(name)s || ' AS ' || pg_get_viewdef(%(name)s::regclass)"
OF_FUNCTION = "SELECT pg_get_functiondef(%(name)s::regproc)"
REPLACED = {
    "a column of a child forgotten": (OF_VIEW, "canonical_inspections", "(m.value)::text, ", "", {"lot"}, {"lot": "measurement.value"}),
    "a column forgotten": (OF_VIEW, "canonical_deviations", " class,", "", {"lot", "deviation", "batch"}, {"deviation": "deviation.class"}),
    "joined without lengths": (OF_FUNCTION, "part", "length(v) || ':' || v", "v", set(KINDS), {}),
    "in another zone": (OF_FUNCTION, "canonical_samples", "s.at::text", "(s.at AT TIME ZONE 'Asia/Tokyo')::text", {"samples"}, {}),
}


@pytest.mark.parametrize("fault", REPLACED)
def test_a_function_that_forgets_or_changes_something_is_named(bare: Bare, fault: str):
    """Planted: the text of one kind loses a column, its lengths or its zone."""
    how, name, stands, instead, differing, uncovered = REPLACED[fault]
    with bare.superuser.transaction(force_rollback=True):
        row = bare.superuser.execute(how, {"name": f"lineside.{name}"}).fetchone()  # type: ignore[call-overload]
        assert row is not None
        assert stands in str(row[0])
        bare.superuser.execute(str(row[0]).replace(stands, instead))  # type: ignore[call-overload]
        assert {kind for kind in KINDS if differs_from_golden(bare, kind) is not None} == differing
        for kind, column in uncovered.items():
            assert columns_left_out(bare, kind) - set(LEFT_OUT[kind]) == {column}
