"""A person opens a SQL shell with their own name and password and tries what the screens do not offer (reliability 2b)."""

import psycopg
import pytest

from app.demo.people import SECRET
from tests.attack.target import Target, set_status, sqlstate_of

pytestmark = pytest.mark.capability("K4", "K7")

DENIED, SYNTAX = "42501", "42601"
EVERYBODY = ("zhou.min", "li.ming", "chen.jing", "tom.becker", "wang.haiyan", "he.qing", "zhao.lei", "gao.yun", "sun.wei", "ma.lin")

RECORDS = {
    "deletes a lot": "DELETE FROM lineside.lot",
    "empties the lots": "TRUNCATE lineside.lot CASCADE",
    "raises a balance": "UPDATE lineside.lot SET balance = 9000000",
    "writes a ledger entry": "INSERT INTO lineside.ledger (id, lot, quantity, kind, location, cause) "
    "SELECT uuidv7(), l.id, 1, 'receipt', o.id, uuidv7() FROM lineside.lot l, lineside.location o",
    "changes a reading": "UPDATE lineside.measurement SET value = 25.0",
    "changes a verdict": "UPDATE lineside.inspection SET verdict = 'accepted'",
    "writes a reading under another name": "INSERT INTO lineside.measurement (id, taken_by) VALUES (uuidv7(), 'sun.wei')",
    "changes a rule of four eyes": "UPDATE lineside.signature_rule SET right_name = 'raise_deviation'",
    "shortens a disposition rule": "UPDATE lineside.disposition_rule SET meanings = '{}'",
    "gives oneself a scope": """INSERT INTO lineside.scope (id, person, job, site) SELECT uuidv7(), p.id, 'quality', s.id
            FROM lineside.person p, lineside.site s""",
    "unlocks a person": "UPDATE lineside.person SET enabled = true",
    "locks a table": "LOCK TABLE lineside.lot IN ACCESS EXCLUSIVE MODE",
}
TRAIL = {
    "edits the trail": "UPDATE lineside.audit_log SET payload = ''",
    "cuts the trail": "DELETE FROM lineside.audit_log",
    "empties the trail": "TRUNCATE lineside.audit_log",
    "writes into the trail": """INSERT INTO lineside.audit_log (chain, seq, at, payload, prev, hash, tab, row_id) VALUES ('x', 1, now(),
            '', '', '', 'lot', uuidv7())""",
    "moves a chain's head": "UPDATE lineside.audit_chain SET seq = 0",
    "appends to the trail by hand": "SELECT lineside.append_to_trail('lot', 'UPDATE', '{}', '{}', false)",
    "forges a command": "INSERT INTO lineside.command (id, name, who, chain, digest) VALUES (uuidv7(), 'x', 'sun.wei', 'x', '')",
    "forges a login": "UPDATE lineside.login_record SET purpose = 'sign', used_at = NULL",
    "reads secrets' digests": "SELECT * FROM lineside.person_secret",
    "reads tickets": "SELECT * FROM lineside.station_ticket",
}
SIGNATURES = {
    "forges a signature": """INSERT INTO lineside.signature (id, subject_kind, subject_id, subject_version, meaning, act, signer,
            signer_name_en, signer_name_zh, zone, station, digest, content, login) """
    "SELECT uuidv7(), 'lot', l.id, 1, 'released', 'decide', 'wang.haiyan', 'Wang', '', 'UTC', 'x', '', '', 1 FROM lineside.lot l",
    "rewrites a signature": "UPDATE lineside.signature SET signer = 'xu.lan'",
    "withdraws a signature": "DELETE FROM lineside.signature",
    "spends a login by hand": "SELECT lineside.use_signing_login()",
}
MACHINERY = {
    "switches the triggers off": "ALTER TABLE lineside.lot DISABLE TRIGGER ALL",
    "drops a trigger": "DROP TRIGGER lot_gate ON lineside.lot",
    "adds a trigger": "CREATE TRIGGER mine BEFORE INSERT ON lineside.task FOR EACH ROW EXECUTE FUNCTION lineside.refuse_change()",
    "adds a rule": "CREATE RULE mine AS ON INSERT TO lineside.task DO INSTEAD NOTHING",
    "drops the login trigger": "DROP EVENT TRIGGER lineside_login",
    "becomes the owner": "SET ROLE lineside_owner",
    "becomes a maker of logins": "SET ROLE lineside_people",
    "becomes the job": "SET ROLE lineside_quality",
    "becomes a right": "SET ROLE lineside_may_release_lot",
    "becomes somebody else": "SET SESSION AUTHORIZATION 'xu.lan'",
    "switches replication on": "SET session_replication_role = replica",
    "switches event triggers off": "SET event_triggers = off",
    "makes a table": "CREATE TABLE lineside.mine (x int)",
    "makes a table in public": "CREATE TABLE public.lot (x int)",
    "makes a schema": "CREATE SCHEMA mine",
    "shadows a table": "CREATE TEMP TABLE lot (x int)",
    "makes a function": "CREATE FUNCTION lineside.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "makes a temporary function": "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "replaces a gate": """CREATE OR REPLACE FUNCTION lineside.may(p_right text, p_site uuid,
            p_line text DEFAULT NULL) RETURNS boolean LANGUAGE sql AS 'SELECT true'""",
    "alters a gate": "ALTER FUNCTION lineside.may RESET ALL",
    "drops a gate": "DROP FUNCTION lineside.lot_gate CASCADE",
    "puts a table under no trail": "CALL lineside.keep_trail('lot', 'free')",
    "makes a view": "CREATE VIEW lineside.mine AS SELECT 1",
    "drops a constraint": "ALTER TABLE lineside.lot DROP CONSTRAINT lot_balance_check",
    "adds an event trigger": "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION lineside.on_login()",
    "makes an operator": "CREATE OPERATOR lineside.=== (leftarg = text, rightarg = text, function = texteq)",
    "makes a temporary operator": "CREATE OPERATOR pg_temp.= (leftarg = text, rightarg = text, function = texteq)",
    "makes a cast": "CREATE CAST (text AS boolean) WITH INOUT AS IMPLICIT",
    "makes a type": "CREATE TYPE lineside.mine AS (x int)",
    "makes a domain": "CREATE DOMAIN public.text AS pg_catalog.text",
    "makes a policy": "CREATE POLICY mine ON lineside.lot USING (true)",
    "makes a publication": "CREATE PUBLICATION mine FOR TABLE lineside.lot",
    "looks through statistics": "CREATE STATISTICS lineside.mine ON status, balance FROM lineside.lot",
    "takes over what the owner has": "REASSIGN OWNED BY lineside_owner TO CURRENT_USER",
    "drops what the owner has": "DROP OWNED BY lineside_owner",
    "opens what will be made": "ALTER DEFAULT PRIVILEGES FOR ROLE lineside_owner GRANT ALL ON TABLES TO PUBLIC",
    "labels a table": "COMMENT ON TABLE lineside.lot IS 'mine'",
    "moves a table": "ALTER TABLE lineside.lot SET SCHEMA public",
    "renames a column": "ALTER TABLE lineside.lot RENAME COLUMN status TO state",
    "hangs a table beneath one": "ALTER TABLE lineside.draft INHERIT lineside.task",
}
SERVER = {
    "runs a program": "COPY (SELECT 1) TO PROGRAM 'id'",
    "writes a file of the server": "COPY (SELECT 1) TO '/nowhere/attack'",
    "reads a file of the server": "COPY lineside.draft (id) FROM '/etc/passwd'",
    "reads a file by function": "SELECT pg_read_file('PG_VERSION')",
    "lists the server's folder": "SELECT pg_ls_dir('.')",
    "makes a large object": "SELECT lo_create(0)",
    "fills a large object": "SELECT lo_from_bytea(0, '\\x00')",
    "imports a large object": "SELECT lo_import('/etc/passwd')",
    "reads password hashes": "SELECT rolpassword FROM pg_authid",
    "reads the shadow view": "SELECT passwd FROM pg_shadow",
    "adds dblink": "CREATE EXTENSION dblink",
    "adds a foreign server": "CREATE EXTENSION postgres_fdw",
    "loads a library": "LOAD '/tmp/mine'",
    "silences the server's log": "SET log_min_messages = panic",
    "renames somebody": 'ALTER ROLE "xu.lan" RENAME TO "xu"',
    "sets somebody's password": "ALTER ROLE \"xu.lan\" PASSWORD 'mine'",
    "makes a login": "CREATE ROLE intruder LOGIN",
    "hands a job on": 'GRANT lineside_quality TO "chen.jing"',
    "hands a job on in the maker's name": 'GRANT lineside_quality TO "chen.jing" GRANTED BY lineside_people',
    "takes a job in the maker's name": 'REVOKE lineside_quality FROM "xu.lan" GRANTED BY lineside_people',
    "makes a member of the owner": 'GRANT lineside_owner TO "chen.jing" WITH SET TRUE',
    "keeps a setting with somebody else": 'ALTER ROLE "xu.lan" SET search_path = public',
    "keeps a setting with everybody": "ALTER ROLE ALL SET search_path = public",
    "lets a server in": "CREATE SUBSCRIPTION mine CONNECTION 'dbname=x' PUBLICATION x WITH (connect = false)",
    "copies out by a program": "COPY lineside.lot TO PROGRAM 'cat'",
    "makes himself a superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "reads the stream of changes": "SELECT pg_create_physical_replication_slot('mine')",
    "publishes the tables": "CREATE PUBLICATION mine FOR ALL TABLES",
    "stops every station's chain": "SELECT pg_advisory_lock(hashtextextended('IQC-02/ui', 4951763))",
    "stops a chain for a moment": "SELECT pg_try_advisory_xact_lock_shared(hashtextextended('IQC-02/ui', 4951763))",
    "takes a station's ticket": "SELECT lineside.take_ticket()",
    "moves a printer's label": "SELECT lineside.move_label(uuidv7(), 'printed', '')",
}
TRIES = {**RECORDS, **TRAIL, **SIGNATURES, **MACHINERY, **SERVER}


@pytest.mark.parametrize("login", EVERYBODY)
def test_nobody_gets_past_the_gates_from_a_sql_shell(target: Target, login: str):
    shell = target.plant.shell(login)
    answers = {what: sqlstate_of(shell, statement) for what, statement in TRIES.items()}
    assert {what: answer for what, answer in answers.items() if answer != DENIED} == {}


def test_every_try_would_work_for_somebody_so_that_the_list_tests_rights_and_not_typing_errors(target: Target):
    shell = target.plant.superuser()
    wrong = {}
    for what, statement in TRIES.items():
        with shell.transaction(force_rollback=True):
            shell.execute("SET LOCAL lock_timeout = '500ms'")
            try:
                with shell.transaction():
                    shell.execute(statement)
            except psycopg.errors.SyntaxError as trouble:
                if trouble.sqlstate == SYNTAX:
                    wrong[what] = str(trouble)
            except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedColumn) as trouble:
                wrong[what] = str(trouble)
            except psycopg.Error:
                continue
    assert wrong == {}


@pytest.mark.parametrize("login", [who for who in EVERYBODY if who not in ("wang.haiyan", "ma.lin")])
def test_only_auditor_and_quality_read_the_trail(target: Target, login: str):
    shell = target.plant.shell(login)
    for table in ("audit_log", "audit_chain", "login_record", "command", "sign_in_failure"):
        assert sqlstate_of(shell, f"SELECT * FROM lineside.{table}") == DENIED


@pytest.mark.parametrize("login", ["wang.haiyan", "ma.lin"])
def test_auditor_and_quality_read_the_trail_and_change_nothing_of_it(target: Target, login: str):
    shell = target.plant.shell(login)
    assert sqlstate_of(shell, "SELECT payload FROM lineside.audit_log") == DENIED  # as their job may see it, never past the mask
    assert sqlstate_of(shell, "SELECT payload FROM lineside.audit_log_seen") == "done"
    assert {sqlstate_of(shell, statement) for statement in TRAIL.values()} == {DENIED}


@pytest.mark.parametrize("login", [who for who in EVERYBODY if who not in ("wang.haiyan", "tom.becker")])
def test_who_may_neither_hold_nor_release_cannot_move_a_lot(target: Target, login: str):
    assert sqlstate_of(target.plant.shell(login), set_status(target.lot, "released")) == DENIED


@pytest.mark.parametrize(
    ("login", "status"), [("wang.haiyan", "released"), ("wang.haiyan", "rejected"), ("tom.becker", "held"), ("tom.becker", "released")]
)
def test_who_has_the_right_cannot_move_a_lot_without_a_signature(target: Target, login: str, status: str):
    shell = target.plant.shell(login)
    assert sqlstate_of(shell, set_status(target.lot, status)) == "LS030"
    assert sqlstate_of(shell, set_status(target.lot, status), "SET CONSTRAINTS ALL IMMEDIATE") == "LS030"
    assert target.plant.rows("SELECT status FROM lineside.lot WHERE id = %s", target.lot) == [("quarantine",)]


def test_a_deviation_is_not_decided_by_an_update(target: Target):
    decide = f"UPDATE lineside.deviation SET status = 'decided' WHERE id = '{target.deviation}'"
    assert sqlstate_of(target.plant.shell("tom.becker"), decide) == "LS030"
    assert sqlstate_of(target.plant.shell("li.ming"), decide) == DENIED


@pytest.mark.parametrize(
    "options",
    [
        "-c event_triggers=off",
        "-c session_replication_role=replica",
        "-c role=lineside_owner",
        "-c session_authorization=postgres",
        "-c log_disconnections=off",
    ],
)
def test_start_up_options_open_no_side_door(target: Target, options: str):
    place = target.plant.server
    with pytest.raises(psycopg.OperationalError, match=r"permission denied to set|cannot be set|not permitted"):
        psycopg.connect(host=place.host, port=place.port, dbname=place.dbname, user="wang.haiyan", password=SECRET, options=options)


def test_an_own_search_path_changes_nothing_in_the_gates(target: Target):
    shell = target.plant.shell("wang.haiyan")
    assert sqlstate_of(shell, "SET LOCAL search_path = pg_temp, public", set_status(target.lot, "released")) == "LS030"


def test_another_database_of_the_cluster_is_closed_to_people(target: Target):
    place = target.plant.server
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="does not have CONNECT privilege"):
            psycopg.connect(host=place.host, port=place.port, dbname=other, user="wang.haiyan", password=SECRET)


def test_the_servers_own_settings_are_out_of_reach(target: Target):
    shell = target.plant.shell("sun.wei")
    for statement in (
        "ALTER SYSTEM SET fsync = off",
        "ALTER DATABASE postgres SET event_triggers = off",
        "CREATE DATABASE mine",
        "CHECKPOINT",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            shell.execute(statement)


def test_a_session_of_somebody_else_cannot_be_ended(target: Target):
    target.plant.sign_in("wang.haiyan")
    pid = target.plant.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'wang.haiyan' LIMIT 1")[0][0]
    shell = target.plant.shell("sun.wei")
    assert sqlstate_of(shell, f"SELECT pg_terminate_backend({pid})") == DENIED
    assert sqlstate_of(shell, "SELECT lineside.end_sessions('wang.haiyan')") == DENIED
