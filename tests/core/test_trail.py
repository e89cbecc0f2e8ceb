"""The trail: every table stands in it or in a list with the reason why not; entries equal changes; its chains hold (reliability 2a)."""

import json

import psycopg
import pytest

from app.base.ids import new_id
from tests.attack.target import sqlstate_of
from tests.core.matrices import tables_outside_the_trail
from tests.plant import Plant

NOT_FOLLOWED = {
    "audit_log": "the trail itself",
    "audit_chain": "heads of the trail's chains",
    "command": "what the trail refers to: each entry names its command",
    "login_record": "what signatures refer to; written by the login trigger alone",
    "station_ticket": "a digest that lives for a minute",
    "person_secret": "digests of secrets stay out of what is read and exported; person.secret_set_at is followed",
    "attachment_chunk": "the attachment's row, which is followed, carries the SHA-256 of the bytes",
    "draft": "working memory of a person, no record",
    "signature_rule": "changes only with a migration; stands for good",
    "disposition_rule": "changes only with a migration; stands for good",
    "consumption_sum": "sums of consumption and consumption_undo, which are followed; moved by their triggers alone",
    "seal": "what binds the trail; made by the database's functions alone; stands for good",
    "sealed_head": "a help for the next seal, which is computed anew from all seals when it is verified",
    "machine_run": "derived from batch_step, which is followed; moved by its triggers alone",
    "sample": "its batch, which is followed, carries the SHA-256 of every sample; stands for good",
}
STANDS = {
    "audit_log",
    "signature",
    "signature_rule",
    "disposition_rule",
    "sign_in_failure",
    "attachment",
    "attachment_chunk",
    "approval",
    "calibration",
    "device_connection",
    "ledger",
    "receipt",
    "receipt_undo",
    "container",
    "weighing",
    "measurement",
    "master_record",
    "step_entry",
    "consumption",
    "consumption_undo",
    "deviation_photo",
    "seal",
    "witness_renewal",
    "finding",
    "restore_drill",
    "exception_acceptance",
    "channel",
    "sample_batch",
    "late_entry",
    "late_settlement",
    "sample",
    "practice",
}
BROKEN = """SELECT chain, seq FROM (SELECT chain, seq, seq = coalesce(lag(seq) OVER w, 0) + 1 AND prev = coalesce(lag(hash) OVER w, '\\x')
    AND hash = sha256(prev || convert_to(payload, 'UTF8')) AND at >= coalesce(lag(at) OVER w, '-infinity') AS holds
    FROM lineside.audit_log WINDOW w AS (PARTITION BY chain ORDER BY seq)) z WHERE NOT holds"""
HEADS_DIFFER = """SELECT c.chain FROM lineside.audit_chain c LEFT JOIN LATERAL (SELECT * FROM lineside.audit_log a
            WHERE a.chain = c.chain ORDER BY seq DESC LIMIT 1) a ON true
    WHERE (c.seq, c.hash, c.at) IS DISTINCT FROM (coalesce(a.seq, 0), coalesce(a.hash, '\\x'), coalesce(a.at, '-infinity'))"""


def _tables(plant: Plant) -> set[str]:
    return {str(name) for (name,) in plant.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'lineside'")}


@pytest.mark.capability("K3", "R11-05")
def test_every_table_is_followed_by_the_trail_or_stands_in_the_list_with_its_reason(plant: Plant):
    superuser = plant.superuser()
    assert tables_outside_the_trail(superuser, NOT_FOLLOWED) == []
    followed_all_the_same = [
        table for table in sorted(NOT_FOLLOWED) if not tables_outside_the_trail(superuser, NOT_FOLLOWED.keys() - {table})
    ]
    assert followed_all_the_same == []


@pytest.mark.capability("K4")
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_what_stands_for_good_stands_even_for_the_owner_and_the_superuser(plant: Plant, verb: str):
    superuser = plant.superuser()
    for role in ("lineside_owner", "postgres"):
        for table in STANDS:
            first = plant.rows("SELECT attname FROM pg_attribute WHERE attrelid = ('lineside.' || %s)::regclass AND attnum = 1", table)
            harm = {
                "UPDATE": f"UPDATE lineside.{table} SET {first[0][0]} = {first[0][0]}",
                "DELETE": f"DELETE FROM lineside.{table}",
                "TRUNCATE": f"TRUNCATE lineside.{table} CASCADE",
            }
            quiet = "SET LOCAL session_replication_role = replica" if role == "postgres" else "SELECT 1"
            assert sqlstate_of(superuser, f"SET LOCAL ROLE {role}", quiet, harm[verb]) == "LS013", table


def test_every_record_can_be_emptied_by_nobody(plant: Plant):
    superuser = plant.superuser()
    for table in _tables(plant) - set(NOT_FOLLOWED):
        with pytest.raises(psycopg.Error, match="stand for good"):
            superuser.execute(f"TRUNCATE lineside.{table} CASCADE")


@pytest.mark.capability("K3", "R11-05")
def test_the_demonstration_plant_and_a_whole_lot_leave_an_unbroken_trail(plant: Plant):
    plant.inspect(plant.receive().lot, bad={2: "25.62"})
    assert plant.rows(BROKEN) == []
    assert plant.rows(HEADS_DIFFER) == []
    assert plant.rows("SELECT count(*) > 60, count(DISTINCT chain) >= 3 FROM lineside.audit_log") == [(True, True)]
    nobody = plant.rows("SELECT count(*) FROM lineside.audit_log WHERE payload::jsonb ->> 'who' IS NULL OR payload::jsonb ->> 'tab' <> tab")
    assert nobody == [(0,)]


@pytest.mark.capability("K3")
def test_an_entry_says_who_when_where_old_new_and_why(plant: Plant):
    planner = plant.shell("gao.yun", purpose="work", ticket=plant.link("IQC-02").ticket())
    with planner.transaction():
        planner.execute("SELECT lineside.begin_command(%s, 'RenameItem', 'x', 'supplier changed the drawing')", [new_id()])
        planner.execute("UPDATE lineside.item SET name_en = 'Hub, 22G' WHERE code = 'CH-2225'")
    row = plant.rows(
        """SELECT p ->> 'who', p ->> 'station', p ->> 'name', p ->> 'reason', p ->> 'op', p #>> '{old,name_en}',
            p #>> '{new,name_en}', a.chain
            FROM lineside.audit_log a, CAST(a.payload AS jsonb) p WHERE a.tab = 'item' AND p ->> 'op' = 'UPDATE'"""
    )
    said = (
        "gao.yun",
        "IQC-02",
        "RenameItem",
        "supplier changed the drawing",
        "UPDATE",
        "Catheter-hub assembly 22G × 25 mm",
        "Hub, 22G",
        "IQC-02/ui",
    )
    assert row == [said]


@pytest.mark.capability("K3")
@pytest.mark.parametrize("reason", ["NULL", "''", "'   '"])
def test_master_data_do_not_change_without_a_reason(plant: Plant, reason: str):
    planner = plant.shell("gao.yun")
    shorten = "UPDATE lineside.item SET min_days_left = 0"
    assert sqlstate_of(planner, f"SELECT lineside.begin_command(uuidv7(), 'x', 'x', {reason})", shorten) == "LS011"
    assert sqlstate_of(planner, shorten) == "LS011"
    assert sqlstate_of(planner, "SELECT lineside.begin_command(uuidv7(), 'x', 'x', 'short delivery times')", shorten) == "done"


@pytest.mark.parametrize(
    "settings",
    [
        "SET TimeZone = 'Asia/Kolkata'",
        "SET DateStyle = 'German, DMY'; SET bytea_output = 'escape'",
        "SET IntervalStyle = 'sql_standard'; SET extra_float_digits = -10",
    ],
)
def test_an_entry_is_written_the_same_whatever_the_sessions_settings(plant: Plant, settings: str):
    lot = plant.receive().lot
    receiver = plant.shell("zhou.min")
    receiver.execute(settings)
    again = """INSERT INTO lineside.receipt (id, order_line, lot, quantity, location, origin, raw, scanner)
        SELECT uuidv7(), order_line, lot, quantity, location, origin, raw, scanner FROM lineside.receipt_seen WHERE lot = %s LIMIT 1"""
    receiver.execute(again, [lot])
    images = plant.rows(
        """SELECT (payload::json -> 'new')::text, payload::json ->> 'at', payload::json #>> '{new,received_at}' FROM lineside.audit_log
            WHERE tab = 'receipt'"""
    )
    assert len(images) == 2
    assert all(str(at).endswith("+00:00") and str(received).endswith("+00:00") for _, at, received in images)
    first, second = (
        {key: value for key, value in json.loads(str(image)).items() if key not in ("id", "received_at")} for image, _, _ in images
    )
    assert first == second
    assert first["raw"].startswith("\\x5d64")


def test_the_trail_never_runs_backwards_when_the_clock_does(plant: Plant):
    plant.superuser().execute("UPDATE lineside.audit_chain SET at = clock_timestamp() + interval '1 day' WHERE chain = 'direct:gao.yun'")
    shell = plant.shell("gao.yun")
    for n in range(3):
        shell.execute("INSERT INTO lineside.supplier (id, code, name_en, name_zh) VALUES (uuidv7(), %s, 'x', 'x')", [f"BACK-{n}"])
    stamps = plant.rows(
        """SELECT at, seq, at > clock_timestamp() + interval '23 hours' FROM lineside.audit_log WHERE chain = 'direct:gao.yun'
            AND tab = 'supplier' ORDER BY seq"""
    )
    assert [ahead for _, _, ahead in stamps] == [True, True, True]
    assert sorted(at for at, _, _ in stamps) == [at for at, _, _ in stamps]  # type: ignore[type-var]
    assert plant.rows(BROKEN) == []


def test_a_statement_of_a_thousand_rows_writes_the_head_of_its_chain_once(plant: Plant):
    superuser = plant.superuser()
    with superuser.transaction():
        superuser.execute("INSERT INTO lineside.site (id, code, name_en, name_zh, zone) VALUES (uuidv7(), 'WARM', 'x', '', 'UTC')")
        heads = "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relid = 'lineside.audit_chain'::regclass"
        before = superuser.execute(heads).fetchone()[0]
        superuser.execute(
            """INSERT INTO lineside.site (id, code, name_en, name_zh, zone) SELECT uuidv7(), 'N-' || n, 'x', '', 'UTC'
            FROM generate_series(1, 1000) n"""
        )
        assert superuser.execute(heads).fetchone()[0] == before + 1
    assert plant.rows("SELECT count(*) FROM lineside.audit_log WHERE payload::jsonb #>> '{new,code}' LIKE 'N-%%'") == [(1000,)]
    assert plant.rows(BROKEN) == []
    assert plant.rows(HEADS_DIFFER) == []


@pytest.mark.parametrize(
    ("harm", "broken"),
    [
        ("UPDATE lineside.audit_log SET payload = payload || ' ' WHERE seq = 3", True),
        ("DELETE FROM lineside.audit_log WHERE seq = 3", True),
        ("UPDATE lineside.audit_log SET prev = '\\x00' WHERE seq = 3", True),
        ("DELETE FROM lineside.audit_log a WHERE seq = (SELECT max(seq) FROM lineside.audit_log b WHERE b.chain = a.chain)", False),
    ],
    ids=["edited", "cut out", "chained elsewhere", "tail cut off"],
)
@pytest.mark.capability("K4")
def test_who_harms_the_trail_with_its_triggers_off_is_shown_by_the_chain_or_its_head(plant: Plant, harm: str, broken: bool):
    superuser = plant.superuser()
    superuser.execute("ALTER TABLE lineside.audit_log DISABLE TRIGGER USER")
    superuser.execute(harm)
    assert (plant.rows(BROKEN) != []) is broken
    assert plant.rows(BROKEN) != [] or plant.rows(HEADS_DIFFER) != []


def test_the_feed_leaves_out_nothing_of_a_transaction_larger_than_one_look(plant: Plant):
    superuser = plant.superuser()
    mark = plant.rows("SELECT lineside.feed_mark()::text")[0][0]
    for _ in range(2):
        superuser.execute(
            """INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job) SELECT uuidv7(), 'inspect', 'site', id, id,
            'operator' FROM lineside.site, generate_series(1, 2600)"""
        )
    seen, looks = 0, 0
    while True:
        rows = plant.rows("SELECT tx::text::bigint FROM lineside.feed_after(%s::text::xid8)", str(mark))
        if not rows:
            break
        seen, looks, mark = seen + len(rows), looks + 1, max(tx for (tx,) in rows) + 1  # type: ignore[type-var,operator]
    assert (seen, looks) == (5200, 2)
