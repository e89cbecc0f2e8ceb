"""What PostgreSQL offers everybody by itself, each met by the product: shadowing, settings kept with a role, floods (reliability 2b)."""

import psycopg
import pytest
from psycopg import sql

from app.base.ids import new_id
from app.core.masking import shown_as
from app.core.session import sign_in
from app.core.tasks import CallForHelp
from app.demo.people import SECRET
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, set_status, sign, sqlstate_of
from tests.core.matrices import definers_out_of_order
from tests.plant import Plant

pytestmark = pytest.mark.capability("K4", "K7")

DENIED = "42501"


def test_every_definer_function_looks_at_the_temporary_schema_last_and_belongs_to_a_role_nobody_logs_in_as(target: Target):
    assert definers_out_of_order(target.plant.superuser()) == []


SHADOWS = """
CREATE FUNCTION pg_temp.may(text, uuid, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION pg_temp.demand(text, uuid) RETURNS void LANGUAGE sql AS 'SELECT';
CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT '\\x00'::bytea $$;
CREATE FUNCTION pg_temp.session_user() RETURNS text LANGUAGE sql AS $$ SELECT 'wang.haiyan' $$;
CREATE FUNCTION pg_temp.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR pg_temp.= (leftarg = text, rightarg = text, function = pg_temp.same);
CREATE OPERATOR pg_temp.<> (leftarg = text, rightarg = text, function = pg_temp.same);
CREATE TYPE pg_temp.login_record AS (id bigint, purpose text, own_secret boolean);
"""


def test_whoever_could_make_temporary_objects_would_still_shadow_nothing_a_gate_looks_at(fresh: Target):
    """The right to make them is taken from everybody; given back on purpose, the pinned paths stand alone."""
    superuser = fresh.plant.superuser()
    superuser.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO lineside_person").format(sql.Identifier(fresh.plant.server.dbname)))
    shell = fresh.plant.shell("chen.jing", purpose="sign")
    shell.execute(SHADOWS)
    for table in ("lot", "person", "scope", "signature_rule", "signature", "deviation", "station", "inspection"):
        shell.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM lineside.{shown_as(table)}")
    shell.execute("UPDATE pg_temp.scope SET job = 'quality'; UPDATE pg_temp.lot SET status = 'released'; DELETE FROM pg_temp.inspection")
    shell.execute("SET search_path = pg_temp, lineside, pg_catalog")
    assert shell.execute("SELECT count(*) FROM scope WHERE job <> 'quality'").fetchone() == (0,), "the shadow is there"
    assert shell.execute("SELECT lineside.may('release_lot', (SELECT id FROM lineside.site))").fetchone() == (False,)
    release = sign(kind="lot", subject=fresh.lot, version=1, meaning="released")
    assert sqlstate_of(shell, release, set_status(fresh.lot, "released")) == "LS010"
    seen = "SELECT digest, version, performers FROM lineside.what_is_signed('lot', %s)"
    assert shell.execute(seen, [fresh.lot]).fetchone() == superuser.execute(seen, [fresh.lot]).fetchone()
    assert superuser.execute("SELECT status FROM lineside.lot WHERE id = %s", [fresh.lot]).fetchone() == ("quarantine",)


def test_nobody_keeps_with_the_own_role_what_a_login_is_for(fresh: Target):
    """PostgreSQL lets everybody keep settings with their role, but none of ours; and what a client says at the start counts."""
    superuser = fresh.plant.superuser()
    for setting in ("lineside.purpose = 'sign'", "lineside.ticket = 'x'", "event_triggers = off"):
        assert sqlstate_of(fresh.plant.shell("wang.haiyan"), f'ALTER ROLE "wang.haiyan" SET {setting}') == DENIED
    superuser.execute("ALTER ROLE \"wang.haiyan\" SET lineside.purpose = 'sign'")
    try:
        work = fresh.plant.shell("wang.haiyan", purpose="work")
    finally:
        superuser.execute('ALTER ROLE "wang.haiyan" RESET ALL')
    release = sign(kind="lot", subject=fresh.lot, version=1, meaning="released")
    assert sqlstate_of(work, release, set_status(fresh.lot, "released")) == "LS020"


def test_who_was_renamed_by_the_administrator_of_the_database_is_nobody(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    shell = plant.shell(login)
    superuser = plant.superuser()
    superuser.execute(f'ALTER ROLE "{login}" RENAME TO "{login}x"')
    try:
        add = "INSERT INTO lineside.supplier (id, code, name_en, name_zh) VALUES (uuidv7(), 'RENAMED', 'x', 'x')"
        assert sqlstate_of(shell, add) == "LS010"
    finally:
        superuser.execute(f'ALTER ROLE "{login}x" RENAME TO "{login}"')


HARMLESS = (
    "DROP OWNED BY CURRENT_USER",
    "DROP OWNED BY lineside_person",  # whoever inherits a role may say it; nothing that the owner granted is theirs to take
    "DROP OWNED BY lineside_may_run_batch",
    "GRANT ALL ON lineside.lot TO PUBLIC",
    "REVOKE ALL ON lineside.lot FROM lineside_person",
    "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
    'REVOKE lineside_operator FROM "chen.jing"',
    "RESET SESSION AUTHORIZATION",
    "SET ROLE NONE",
    "DISCARD ALL",
    "ANALYZE lineside.lot",
    "VACUUM lineside.lot",
)
OF_OTHERS = """SELECT
    (SELECT array_agg(m.roleid::regrole::text || m.member::regrole::text ORDER BY 1) FROM pg_auth_members m),
    (SELECT array_agg(c.relacl::text ORDER BY c.oid) FROM pg_class c WHERE c.relnamespace = 'lineside'::regnamespace),
    (SELECT array_agg(a.attacl::text ORDER BY a.attrelid, a.attnum) FROM pg_attribute a WHERE a.attacl IS NOT NULL),
    (SELECT array_agg(p.proacl::text ORDER BY p.oid) FROM pg_proc p WHERE p.pronamespace = 'lineside'::regnamespace),
    (SELECT array_agg(d.defaclacl::text ORDER BY d.oid) FROM pg_default_acl d
       WHERE d.defaclrole <> (SELECT oid FROM pg_roles WHERE rolname = 'chen.jing')),
    (SELECT datacl::text FROM pg_database WHERE datname = current_database())"""


@pytest.mark.parametrize("statement", HARMLESS)
def test_what_everybody_may_say_changes_nothing_for_anybody(target: Target, statement: str):
    """Statements the server takes from everybody, with a warning at most, and which find nothing here that is theirs."""
    before = target.plant.rows(OF_OTHERS)
    shell = target.plant.shell("chen.jing")
    try:
        shell.execute(statement)  # type: ignore[call-overload]
        said = "done"
    except psycopg.Error as refused:
        said = str(refused.sqlstate)
    assert said in {"done", DENIED}
    assert target.plant.rows(OF_OTHERS) == before
    assert shell.execute("SELECT session_user, current_user").fetchone() == ("chen.jing", "chen.jing")
    assert sqlstate_of(shell, "SELECT count(*) FROM lineside.lot") == "done"


def test_no_transaction_is_put_aside_to_hold_its_locks_past_its_session(target: Target):
    """A prepared transaction outlives its connection and would keep a chain locked: the server has room for none."""
    shell = target.plant.shell("chen.jing")
    shell.execute("BEGIN")
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        shell.execute("PREPARE TRANSACTION 'for ever'")
    assert target.plant.rows("SHOW max_prepared_transactions") == [("0",)]


def test_a_flood_of_notices_and_listeners_holds_up_nobody(target: Target):
    """NOTIFY cannot be taken away from anybody; the product listens to nothing, so that what is shouted is dropped."""
    listener, flood = target.plant.shell("li.ming"), target.plant.shell("chen.jing")
    listener.execute("LISTEN everything")
    flood.execute("SELECT count(pg_notify('everything', repeat('x', 7000) || n)) FROM generate_series(1, 2000) n")
    here = target.plant.sign_in("zhou.min", station="REC-01")
    here.give(CallForHelp(command_id=new_id(), id=new_id(), topic="material"))
    listener.execute("SELECT 1")
    assert float(str(target.plant.rows("SELECT pg_notification_queue_usage()")[0][0])) < 0.01
    assert target.plant.rows("SELECT count(*) FROM lineside.task WHERE kind = 'call' AND facts ->> 'topic' = 'material'") == [(1,)]


def test_who_holds_an_open_transaction_is_ended_and_holds_up_nobody_for_good(target: Target):
    """A lock that a shell took in its own transaction ends with the server's patience; others are told after three seconds."""
    shell = target.plant.shell("gao.yun")
    limits = {str(name): str(value) for name, value in shell.execute("SELECT name, setting FROM pg_settings WHERE name LIKE '%timeout'")}
    assert (limits["lock_timeout"], limits["idle_in_transaction_session_timeout"], limits["statement_timeout"]) == (
        "3000",
        "60000",
        "60000",
    )


def test_large_objects_and_foreign_commands_stay_closed_in_whatever_way_they_are_called(target: Target):
    shell = target.plant.shell("sun.wei")
    calls = ("lo_creat(-1)", "lo_create(4711)", "lo_put(4711, 0, 'x')", "lo_export(4711, '/tmp/x')", "pg_stat_file('PG_VERSION')")
    for call in calls:
        assert sqlstate_of(shell, f"SELECT {call}") == DENIED, call
    for copied in (
        "COPY lineside.lot TO PROGRAM 'cat'",
        "COPY lineside.task (id) FROM PROGRAM 'id'",
        "COPY lineside.person_secret TO STDOUT",
    ):
        assert sqlstate_of(shell, copied) == DENIED, copied


def test_a_password_that_ran_out_lets_nobody_in_by_whatever_purpose(plant: Plant, newcomers: Newcomers):
    """VALID UNTIL is the hard end of a contract: the login itself fails."""
    login = newcomers.hire("quality")
    plant.superuser().execute(f"ALTER ROLE \"{login}\" VALID UNTIL '2020-01-01'")
    for purpose in ("work", "sign", "shell"):
        with pytest.raises(Exception, match=r"password|name"):
            plant.shell(login, purpose=purpose)
    with pytest.raises(Exception, match=r"password|name"):
        sign_in(plant.server, login=login, password=SECRET, tickets=lambda: None)
