"""The database and the program say the same: tables, rules, refusals, revisions; and an upgrade is one step or none (DESIGN §3)."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import psycopg
import pytest
from alembic import command as alembic
from alembic.config import Config
from psycopg import sql
from sqlalchemy import NullPool, create_engine

import app
from app.base.errors import ALL
from app.core import schema
from app.core.command import Meaning
from app.core.database import Server
from app.core.embedded_server import ServerAddress
from app.core.refusals import Refused
from app.core.schema import HEAD, MIGRATIONS, SchemaTooNew, SchemaTooOld, demand_head
from app.core.trust import schema_lines
from app.deviations.rules import CLASSES, DISPOSITIONS, meanings_demanded
from tests.plant import Plant

for room in pkgutil.walk_packages(app.__path__, "app."):
    if room.name.split(".")[1] not in ("devices", "cli"):
        importlib.import_module(room.name)

EMPTY = "schema_under_test"


@pytest.fixture
def empty(cluster: ServerAddress) -> Iterator[str]:
    """An installed database without tables; its URL."""
    server = Server(host=cluster.host, port=cluster.port, dbname=EMPTY)
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        schema.install(superuser, server)
        yield cluster.url(EMPTY)
        superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(EMPTY)))


def test_an_upgraded_database_is_what_the_classes_say(plant: Plant):
    superuser = psycopg.connect(plant.address.url(plant.server.dbname))
    engine = create_engine("postgresql+psycopg://", creator=lambda: superuser, poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        alembic.check(config)  # raises, naming every difference
    superuser.close()


def test_the_program_knows_the_newest_migration():
    revisions = sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert revisions[-1] == HEAD


def test_an_older_and_a_newer_database_are_refused_with_both_revisions():
    demand_head(HEAD)
    with pytest.raises(SchemaTooOld, match=HEAD):
        demand_head("0000")
    with pytest.raises(SchemaTooNew, match="9999"):
        demand_head("9999")


def test_from_empty_to_head_is_one_step_or_none(empty: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schema, "harden", lambda superuser: superuser.execute("SELECT 1 / 0"))
    with psycopg.connect(empty) as superuser, pytest.raises(psycopg.errors.DivisionByZero):
        schema.upgrade(superuser)
    with psycopg.connect(empty) as superuser:
        left = superuser.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'lineside%'").fetchall()
        assert left == []
        assert superuser.execute("SELECT count(*) FROM pg_event_trigger").fetchone() == (0,)


def test_installing_and_upgrading_again_changes_nothing(empty: str, cluster: ServerAddress):
    fingerprint = """SELECT (SELECT array_agg(p.oid::text || p.prosrc || p.proacl::text ORDER BY p.oid) FROM pg_proc p
            WHERE p.pronamespace = 'lineside'::regnamespace),
        (SELECT array_agg(c.oid::text || coalesce(c.relacl::text, '') ORDER BY c.oid) FROM pg_class c
            WHERE c.relnamespace = 'lineside'::regnamespace), (SELECT datacl::text FROM pg_database WHERE datname = current_database())"""
    prints = []
    for _ in range(2):
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
            schema.install(superuser, Server(host=cluster.host, port=cluster.port, dbname=EMPTY))
        with psycopg.connect(empty) as superuser:
            schema.upgrade(superuser)
        with psycopg.connect(empty) as superuser:
            prints.append(superuser.execute(fingerprint).fetchone())
    assert prints[0] == prints[1]


def _raised() -> set[str]:
    return {code for file in (MIGRATIONS / "sql").glob("*.sql") for code in re.findall(r"ERRCODE = '(LS\d{3})'", file.read_text("utf-8"))}


def test_every_refusal_of_the_database_has_one_sentence_and_every_sentence_a_refusal():
    told = Counter(known.sqlstate for known in ALL.values() if issubclass(known, Refused) and "sqlstate" in known.__dict__)
    assert set(told) == _raised()
    assert [code for code, times in told.items() if times > 1] == []


def test_no_refusal_is_raised_without_a_code_of_ours(plant: Plant):
    """`keep_trail` is a procedure of migrations; `demand_plain` says the same as the constraints `…_plain`, in their words."""
    for name, source in plant.rows(
        """SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'lineside'::regnamespace
            AND proname NOT IN ('keep_trail', 'demand_plain')"""
    ):
        raised = re.findall(r"RAISE EXCEPTION (?:[^;']|'(?:[^']|'')*')*;", str(source))
        assert all("ERRCODE = 'LS" in one for one in raised), name


@pytest.mark.parametrize(("class_", "disposition"), [*product(CLASSES, DISPOSITIONS)])
def test_database_and_program_demand_the_same_signatures_for_a_disposition(plant: Plant, class_: str, disposition: str):
    found = plant.rows("SELECT meanings FROM lineside.disposition_rule WHERE class = %s AND disposition = %s", class_, disposition)
    assert found == [([str(meaning) for meaning in meanings_demanded(class_, disposition)],)]


def test_database_and_program_know_the_same_meanings_of_a_signature(plant: Plant):
    rules = plant.rows("SELECT kind, meaning, right_name FROM lineside.signature_rule")
    assert {str(meaning) for _, meaning, _ in rules} == {str(meaning) for meaning in Meaning}
    for kind, _, right in rules:
        found = plant.rows(
            "SELECT lineside.canonical(%s, NULL) IS NULL, pg_has_role('lineside_owner', 'lineside_may_' || %s, 'MEMBER')", kind, right
        )
        assert found == [(True, False)]


def test_every_sql_file_is_run_by_a_migration_by_the_installer_or_by_verify():
    asked = [Path(schema.__file__), Path(schema_lines.__file__)]
    programs = "".join(file.read_text("utf-8") for file in [*(MIGRATIONS / "versions").glob("*.py"), *asked])
    assert [file.name for file in (MIGRATIONS / "sql").glob("*.sql") if f'"{file.name}"' not in programs] == []


def test_every_table_with_rows_of_its_own_has_a_length_for_every_text(plant: Plant):
    endless = plant.rows(
        """SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema,
            table_name)
            WHERE c.table_schema = 'lineside' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'jsonb', 'bytea')
            AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = ('lineside.' || c.table_name)::regclass
            AND pg_get_constraintdef(k.oid) LIKE '%%length(' || c.column_name || ')%%')
            AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = ('lineside.' || c.table_name)::regclass
            AND pg_get_constraintdef(k.oid) LIKE '%%length((' || c.column_name || ')::text)%%')
            ORDER BY 1, 2"""
    )
    tables = {str(table) for table, _ in endless}
    own = {
        "audit_log",
        "audit_chain",
        "login_record",
        "person_secret",
        "station_ticket",
        "seal",
        "sealed_head",
        "signature_rule",
        "disposition_rule",
        "signature",
        "inspection",
        "sample",  # quality is one of a list, raw is at most eight registers
        "command",  # begin_command looks at what its caller says: test_a_command_says_nothing_endless_or_invisible
    }
    assert tables <= own  # written by the database's functions alone, out of what has its length
    assert [column for table, column in endless if table in ("signature", "inspection")] == ["frozen", "content"]
