"""What PostgreSQL's roles do that one would not expect, each met by the product (reliability 2b, "Role traps")."""

from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from app.base.errors import AppError
from app.base.ids import new_id
from app.core import schema
from app.core.people import CreatePerson, DisablePerson, GiveJob, TakeJob, verifier_of
from app.core.refusals import AccountLocked, JobRemains, NameTaken, NotAllowed, OwnJob, VerifierWanted
from app.core.server_settings import WORKSTATION
from app.core.session import sign_in
from app.demo.people import SECRET
from tests.attack.newcomers import Newcomers
from tests.attack.target import sqlstate_of
from tests.plant import TEMPLATE, Plant

CANARY = "canary sings at dawn 7731"


@pytest.mark.capability("K7")
def test_a_superusers_plain_revoke_leaves_the_job_and_taking_it_through_the_product_does_not(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("inspector")
    superuser = plant.superuser()
    superuser.execute(f'REVOKE lineside_inspector FROM "{login}"')
    has = "SELECT pg_has_role(%s, 'lineside_may_inspect_lot', 'USAGE')"
    assert plant.rows(has, login) == [(True,)]
    newcomers.administrator.give(TakeJob(command_id=new_id(), person=newcomers.ids[login], job="inspector"))
    assert plant.rows(has, login) == [(False,)]


def test_a_job_that_somebody_else_granted_too_is_not_reported_as_taken(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("inspector")
    plant.superuser().execute(f'GRANT lineside_inspector TO "{login}"')
    with pytest.raises(JobRemains):
        newcomers.administrator.give(TakeJob(command_id=new_id(), person=newcomers.ids[login], job="inspector"))
    assert plant.rows("SELECT count(*) FROM lineside.scope WHERE person = %s", newcomers.ids[login]) == [(1,)]


@pytest.mark.capability("K7")
def test_a_role_without_a_scope_is_no_right(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("receiver")
    plant.superuser().execute(f'GRANT lineside_inspector TO "{login}"')
    lot = plant.receive().lot
    begin = f"INSERT INTO lineside.inspection (id, code, lot) VALUES (uuidv7(), lineside.next_code('inspection'), '{lot}')"
    assert sqlstate_of(plant.shell(login), begin) == "LS010"


@pytest.mark.capability("K7", "R11-07")
def test_a_job_taken_away_bites_at_the_next_statement_of_an_open_session(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    shell = plant.shell(login)
    add = "INSERT INTO lineside.supplier (id, code, name_en, name_zh) VALUES (uuidv7(), '{}', 'x', 'x')"
    assert sqlstate_of(shell, add.format("FIRST")) == "done"
    newcomers.administrator.give(TakeJob(command_id=new_id(), person=newcomers.ids[login], job="planner"))
    assert sqlstate_of(shell, add.format("SECOND")) == "42501"
    assert plant.rows("SELECT count(*) FROM lineside.supplier WHERE code = 'SECOND'") == [(0,)]


@pytest.mark.capability("K10", "R11-04")
def test_somebody_who_was_disabled_loses_the_open_session_and_cannot_come_back_with_the_right_password(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    here = plant.sign_in(login, station=None)
    here.ask(lambda session: session.connection())
    newcomers.administrator.give(DisablePerson(command_id=new_id(), person=newcomers.ids[login]))
    with pytest.raises(AppError):
        here.ask(lambda session: session.connection().exec_driver_sql("SELECT count(*) FROM lineside.lot").scalar())
    for purpose in ("work", "sign"):
        with pytest.raises(AccountLocked):
            plant.shell(login, purpose=purpose)
    with pytest.raises(AccountLocked):
        sign_in(plant.server, login=login, password=SECRET, tickets=lambda: None)


def test_a_person_marked_as_locked_is_refused_by_the_login_trigger_too(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    plant.superuser().execute("UPDATE lineside.person SET enabled = false WHERE login = %s", [login])
    with pytest.raises(AccountLocked):
        plant.shell(login)


def test_a_session_that_survived_its_disabling_reads_nothing_any_more(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    shell = plant.shell(login)
    superuser = plant.superuser()
    superuser.execute(
        "CREATE OR REPLACE FUNCTION lineside.end_sessions(p_login text) RETURNS void LANGUAGE sql AS 'SELECT'"
    )  # as if it had slipped in
    newcomers.administrator.give(DisablePerson(command_id=new_id(), person=newcomers.ids[login]))
    assert sqlstate_of(shell, "SELECT * FROM lineside.lot") == "42501"


@pytest.mark.capability("K10", "R11-16")
def test_a_name_is_never_used_again(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    administrator = newcomers.administrator
    administrator.give(DisablePerson(command_id=new_id(), person=newcomers.ids[login]))
    again = CreatePerson(
        command_id=new_id(),
        id=new_id(),
        login=login,
        name_en="Somebody Else",
        name_zh="",
        badge=None,
        identity_check="seen",
        verifier=verifier_of(plant.superuser(), login, "another secret"),
    )
    with pytest.raises(NameTaken):
        administrator.give(again)
    with pytest.raises(psycopg.Error, match="stand for good"):
        plant.superuser().execute("DELETE FROM lineside.person WHERE login = %s", [login])
    with pytest.raises(psycopg.Error, match="stands for good"):
        plant.superuser().execute("UPDATE lineside.person SET login = 'free.now' WHERE login = %s", [login])


@pytest.mark.parametrize(
    "login", ["postgres", "lineside_owner", "lineside.x", "Sun.Wei", "a b", 'x"; DROP ROLE "li.ming', "x" * 41, "х.cyrillic"]
)
def test_no_person_gets_a_name_that_means_something_else(plant: Plant, newcomers: Newcomers, login: str):
    verifier = verifier_of(plant.superuser(), "x", "another secret")
    order = CreatePerson(
        command_id=new_id(), id=new_id(), login=login, name_en="X", name_zh="", badge=None, identity_check="seen", verifier=verifier
    )
    with pytest.raises(AppError):
        newcomers.administrator.give(order)
    assert plant.rows("SELECT count(*) FROM lineside.person WHERE login = %s", login) == [(0,)]
    assert plant.rows("SELECT count(*) FROM pg_roles WHERE rolname = 'li.ming'") == [(1,)]


@pytest.mark.capability("K7")
def test_an_administrator_gives_himself_no_job(plant: Plant, newcomers: Newcomers):
    administrator = newcomers.administrator
    himself = plant.rows("SELECT id FROM lineside.person WHERE login = 'sun.wei'")[0][0]
    with pytest.raises(OwnJob):
        administrator.give(GiveJob(command_id=new_id(), id=new_id(), person=himself, job="quality", site=newcomers.site(), line=None))
    assert plant.rows("SELECT pg_has_role('sun.wei', 'lineside_quality', 'USAGE')") == [(False,)]


@pytest.mark.parametrize(
    "secret",
    [
        "clear text of mine",
        "md5" + "0" * 32,
        "SCRAM-SHA-256$4096:c2FsdA==$YWJj:YWJj",  # right shape, wrong lengths: the server would take it for a clear password
        "SCRAM-SHA-256$1:" + "A" * 24 + "$" + "A" * 43 + "=:" + "A" * 43 + "=",
        "",
    ],
)
def test_only_a_verifier_reaches_the_server(plant: Plant, newcomers: Newcomers, secret: str):
    login = newcomers.hire("planner", own_secret=False)
    here = plant.shell(login, secret="first day at work")
    assert sqlstate_of(here, f"SELECT lineside.set_own_secret('{secret}')") == "LS014"
    order = CreatePerson(
        command_id=new_id(), id=new_id(), login="x.y", name_en="X", name_zh="", badge=None, identity_check="seen", verifier=secret
    )
    with pytest.raises(VerifierWanted):
        newcomers.administrator.give(order)


@pytest.mark.capability("R11-20")
def test_a_password_is_found_nowhere(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("quality", own_secret=False)
    superuser = plant.superuser()
    superuser.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(sql.Identifier(plant.server.dbname)))
    newcomers.set_own_secret(login, "first day at work", CANARY)
    here = sign_in(plant.server, login=login, password=CANARY, tickets=plant.link().ticket)
    with pytest.raises(AppError):
        plant.shell(login, secret=CANARY + "x")
    watched = superuser.execute("SELECT string_agg(a::text, ' ') FROM pg_stat_activity a").fetchone()[0]
    assert login in watched
    assert CANARY not in watched
    tables = [name for (name,) in plant.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'lineside'")]
    for table in tables:
        assert CANARY not in str(plant.rows(f"SELECT t::text FROM lineside.{table} t")), table
    assert CANARY not in repr(here.__dict__)
    here.close()
    data = Path(str(plant.rows("SHOW data_directory")[0][0]))
    said = "".join(file.read_text("utf-8", errors="replace") for file in data.rglob("*.log"))
    assert "set_own_secret" in said
    assert CANARY not in said


@pytest.mark.capability("K4")
def test_a_template_copy_is_open_until_it_is_hardened(plant: Plant):
    name = sql.Identifier(f"{plant.server.dbname}_copy")
    superuser = plant.superuser()
    superuser.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(name, sql.Identifier(TEMPLATE)))
    open_to_all = """SELECT has_database_privilege('lineside_operator', current_database(), 'TEMP'),
            has_function_privilege('lineside_operator', 'lo_create(oid)', 'EXECUTE')"""
    try:
        with psycopg.connect(plant.address.url(f"{plant.server.dbname}_copy"), autocommit=True) as copy:
            assert copy.execute("SELECT has_database_privilege('lineside_operator', current_database(), 'TEMP')").fetchone() == (True,)
            schema.harden(copy)
            assert copy.execute(open_to_all).fetchone() == (False, False)
            assert copy.execute("SELECT has_database_privilege('lineside_people', current_database(), 'CONNECT')").fetchone() == (False,)
    finally:
        superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_every_definer_function_pins_its_search_path_and_public_may_call_none(plant: Plant):
    offenders = plant.rows(
        """SELECT p.proname, p.prosecdef, p.proconfig, p.proacl FROM pg_proc p WHERE p.pronamespace = 'lineside'::regnamespace
            AND (p.prosecdef AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%%pg_temp')
            OR has_function_privilege('public', p.oid, 'EXECUTE'))"""
    )
    assert offenders == []
    unpinned = """SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'lineside'::regnamespace AND p.proconfig IS NULL
        AND p.proacl IS DISTINCT FROM ARRAY['lineside_owner=X/lineside_owner']::aclitem[]"""
    assert plant.rows(unpinned) == []  # those without a path of their own run only inside one that has it
    assert plant.rows("SELECT count(*) > 50 FROM pg_proc WHERE pronamespace = 'lineside'::regnamespace AND prosecdef") == [(True,)]


def test_definer_functions_belong_to_roles_nobody_logs_in_as_and_which_are_no_superusers(plant: Plant):
    owners = plant.rows(
        """SELECT DISTINCT r.rolname, r.rolcanlogin, r.rolsuper, r.rolbypassrls FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
            WHERE p.pronamespace = 'lineside'::regnamespace ORDER BY 1"""
    )
    assert owners == [("lineside_owner", False, False, False), ("lineside_people", False, False, False)]


def test_dynamic_sql_is_built_only_where_logins_and_triggers_are_made_and_never_by_joining_text(plant: Plant):
    found = {
        str(name)
        for (name,) in plant.rows(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'lineside'::regnamespace AND prosrc LIKE '%%EXECUTE %%'"
        )
    }
    assert found == {
        "create_person",
        "give_job",
        "let_in_again",
        "give_right",
        "withdraw_right",
        "strip_job",
        "disable_person",
        "set_own_secret",
        "enrol_station",
        "keep_trail",
        "keep_plain",
        "stand_for_good",
        "show_masked",  # views out of names of tables and columns that a function of ours lists
        "sample_month",  # a table per month; its name is made of a date, nothing of it comes from outside
    }
    for source in plant.rows(
        """SELECT prosrc FROM pg_proc WHERE pronamespace = 'lineside'::regnamespace AND proowner = 'lineside_people'::regrole
            AND prosrc LIKE '%%EXECUTE %%'"""
    ):
        lines = [line.strip() for line in str(source[0]).splitlines() if "EXECUTE " in line]
        assert all(line.startswith("EXECUTE format('") and "%s" not in line for line in lines), lines


@pytest.mark.capability("K4")
def test_the_login_trigger_stands_and_fires_always(plant: Plant):
    assert plant.rows("SELECT evtname, evtevent, evtenabled FROM pg_event_trigger") == [("lineside_login", "login", "A")]


@pytest.mark.capability("K10")
def test_a_password_costs_a_guesser_a_hundred_thousand_rounds_with_the_products_settings(plant: Plant):
    rounds = int(WORKSTATION["scram_iterations"])
    assert rounds >= 100_000
    assert WORKSTATION["password_encryption"] == "scram-sha-256"
    superuser = plant.superuser()
    superuser.execute(f"SET scram_iterations = {rounds}")
    assert verifier_of(superuser, "li.ming", "a secret of mine").startswith(f"SCRAM-SHA-256${rounds}:")


def test_people_and_stations_have_no_powers_of_the_server(plant: Plant):
    powers = plant.rows(
        """SELECT rolname FROM pg_roles WHERE (rolname LIKE 'lineside%%' OR rolname IN (SELECT login FROM lineside.person))
            AND (rolsuper OR rolcreatedb OR rolreplication OR rolbypassrls OR (rolcreaterole AND rolname <> 'lineside_people'))"""
    )
    assert powers == [("lineside_backup",)], "copies the whole server and does nothing else: tests/backup"
    may_become = plant.rows(
        """SELECT m.rolname, g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
            WHERE m.rolcanlogin AND NOT m.rolsuper AND (a.set_option OR a.admin_option)"""
    )
    assert may_become == []


def test_only_an_administrator_locks_somebody_out(plant: Plant):
    here = plant.sign_in("zhou.min", station=None)
    with pytest.raises(NotAllowed):
        here.give(DisablePerson(command_id=new_id(), person=plant.rows("SELECT id FROM lineside.person WHERE login = 'li.ming'")[0][0]))
