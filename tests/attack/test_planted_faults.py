"""Every check of the house can fail: one fault of each kind is planted, and the check names it."""

import dataclasses
from uuid import UUID

import pytest

from app.core.command import COMMANDS, Command, Permission
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, sign, sqlstate_of
from tests.attack.walls import walls_that_fell
from tests.core.matrices import (
    JOBS,
    calls_beyond_the_matrix,
    columns_beyond_the_matrix,
    commands_beyond_the_matrix,
    definers_out_of_order,
    refused_to,
    tables_outside_the_trail,
)
from tests.core.test_trail import NOT_FOLLOWED
from tests.plant import Plant

pytestmark = pytest.mark.capability("K4", "K7")


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("GRANT UPDATE (balance) ON lineside.lot TO lineside_operator", "lineside_operator has UPDATE on lot.balance"),
        ("GRANT SELECT ON lineside.station_ticket TO PUBLIC", "public has SELECT on station_ticket.digest"),
        ("GRANT INSERT (id) ON lineside.ledger TO lineside_may_calibrate", "lineside_may_calibrate has INSERT on ledger.id"),
        ("GRANT DELETE ON lineside.lot TO lineside_people", "lineside_people has DELETE on lot."),
        ("GRANT TRIGGER ON lineside.task TO lineside_station", "lineside_station_iqc_02 has TRIGGER on task."),
        ('GRANT REFERENCES (id) ON lineside.lot TO "chen.jing"', "chen.jing has REFERENCES on lot.id"),
        ('GRANT lineside_quality TO "chen.jing"', "chen.jing has UPDATE on lot.status"),
        ('GRANT pg_read_all_data TO "chen.jing"', "chen.jing has SELECT on person_secret.digest"),
        ("CREATE ROLE intruder; GRANT SELECT ON lineside.lot TO intruder", "intruder has SELECT on lot.balance"),
        ("REVOKE SELECT ON lineside.site FROM lineside_station", "lineside_station lacks SELECT on site.zone"),
        ("ALTER TABLE lineside.task ADD COLUMN mine text; GRANT SELECT ON lineside.task TO PUBLIC", "public has SELECT on task.mine"),
    ],
    ids=lambda one: one if " on " in one else "",
)
def test_a_grant_too_many_or_too_few_is_named(plant: Plant, fault: str, named: str):
    superuser = plant.superuser()
    with superuser.transaction(force_rollback=True):  # roles are the whole cluster's
        superuser.execute(fault)  # type: ignore[call-overload]
        assert named in columns_beyond_the_matrix(superuser)
    assert columns_beyond_the_matrix(superuser) == []


def test_a_grant_too_many_is_found_by_who_really_tries_as_well(plant: Plant):
    plant.superuser().execute("GRANT UPDATE (balance) ON lineside.lot TO lineside_may_run_batch")
    assert ("lot", "balance", "UPDATE") not in refused_to(plant.shell("chen.jing"))
    assert ("lot", "balance", "UPDATE") in refused_to(plant.shell("ma.lin"))


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("GRANT EXECUTE ON FUNCTION lineside.append_seal TO lineside_person", "person may call append_seal"),
        ("GRANT EXECUTE ON FUNCTION lineside.end_sessions TO PUBLIC", "public may call end_sessions"),
        ("GRANT EXECUTE ON FUNCTION lineside.take_ticket TO lineside_may_read_trail", "may_read_trail may call take_ticket"),
        ("CREATE FUNCTION lineside.door() RETURNS int LANGUAGE sql AS 'SELECT 1'", "public may call door"),
        ("REVOKE EXECUTE ON FUNCTION lineside.people_here FROM lineside_station", "station may not call people_here"),
    ],
    ids=lambda one: one if " may " in one else "",
)
def test_a_function_open_to_one_too_many_is_named(plant: Plant, fault: str, named: str):
    superuser = plant.superuser()
    with superuser.transaction(force_rollback=True):
        superuser.execute(fault)  # type: ignore[call-overload]
        assert named in calls_beyond_the_matrix(superuser)


MADE = (
    "CREATE FUNCTION lineside.door() RETURNS void LANGUAGE sql SECURITY DEFINER {} AS 'SELECT'; ALTER FUNCTION lineside.door() OWNER TO {}"
)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (MADE.format("", "lineside_owner"), "door looks in no path of its own"),
        (MADE.format("SET search_path = pg_catalog, lineside", "lineside_owner"), "door looks in pg_catalog, lineside"),
        (MADE.format("SET search_path = pg_temp, pg_catalog, lineside", "lineside_owner"), "door looks in pg_temp, pg_catalog, lineside"),
        (MADE.format("SET search_path = pg_catalog, public, pg_temp", "lineside_owner"), "door looks in pg_catalog, public, pg_temp"),
        (MADE.format("SET search_path = pg_catalog, lineside, pg_temp", "postgres"), "door belongs to postgres"),
        ("ALTER FUNCTION lineside.sign_record RESET ALL", "sign_record looks in no path of its own"),
        ("GRANT EXECUTE ON FUNCTION lineside.chain_of TO lineside_person", "chain_of looks in no path of its own"),
    ],
    ids=lambda one: one if " in " in one[:40] else "",
)
def test_a_definer_function_out_of_order_is_named(plant: Plant, fault: str, named: str):
    superuser = plant.superuser()
    with superuser.transaction(force_rollback=True):
        superuser.execute(fault)  # type: ignore[call-overload]
        assert definers_out_of_order(superuser) == [named]


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("CREATE TABLE lineside.beside (id uuid PRIMARY KEY)", "beside has no audit_update"),
        ("ALTER TABLE lineside.lot DISABLE TRIGGER audit_update", "lot has no audit_update"),
        ("ALTER TABLE lineside.lot ENABLE TRIGGER audit_delete", "lot has no audit_delete"),
        ("DROP TRIGGER audit_truncate ON lineside.measurement", "measurement has no audit_truncate"),
    ],
    ids=lambda one: one if " has no " in one else "",
)
def test_a_table_beside_the_trail_is_named(plant: Plant, fault: str, named: str):
    superuser = plant.superuser()
    with superuser.transaction(force_rollback=True):
        superuser.execute(fault)  # type: ignore[call-overload]
        assert named in tables_outside_the_trail(superuser, NOT_FOLLOWED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PourAway:
    """An order nobody wrote into the matrix."""

    command_id: UUID


def test_a_command_without_its_row_and_one_with_another_right_are_named(monkeypatch: pytest.MonkeyPatch):
    assert commands_beyond_the_matrix(COMMANDS) == []
    hold = next(known for known in COMMANDS.values() if known.name == "HoldLot")
    new: Command = dataclasses.replace(hold, name="PourAway", permission=Permission.EVERYBODY, signature=None)
    monkeypatch.setitem(COMMANDS, PourAway, new)
    assert commands_beyond_the_matrix(COMMANDS) == ["PourAway has no row"]
    monkeypatch.delitem(COMMANDS, PourAway)
    (order,) = (order for order, known in COMMANDS.items() if known.name == "HoldLot")
    monkeypatch.setitem(COMMANDS, order, dataclasses.replace(hold, permission=Permission.EVERYBODY))
    assert commands_beyond_the_matrix(COMMANDS) == ["HoldLot asks for everybody, held"]


def test_a_gate_that_forgets_the_place_lets_somebody_in_whom_the_check_names(fresh: Target, newcomers: Newcomers):
    """What the check of every command × place sees, tried on one."""
    newcomers.open_site("BER")
    login = newcomers.hire("quality", site="BER")
    hold = [
        sign(kind="lot", subject=fresh.lot, version=1, meaning="held"),
        f"UPDATE lineside.lot SET status = 'held' WHERE id = '{fresh.lot}'",
    ]
    assert sqlstate_of(fresh.plant.shell(login, purpose="sign"), *hold) == "LS010"
    fresh.plant.superuser().execute(
        """CREATE OR REPLACE FUNCTION lineside.demand(p_right text, p_site uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
            SET search_path = pg_catalog, lineside, pg_temp AS $$ BEGIN PERFORM lineside.demand_somewhere(p_right); END $$"""
    )
    assert sqlstate_of(fresh.plant.shell(login, purpose="sign"), *hold) == "done"


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("ALTER TABLE lineside.deviation DROP CONSTRAINT deviation_check", "deviation_check"),
        ("ALTER TABLE lineside.signature DROP CONSTRAINT signature_once_per_person", "signature_once_per_person"),
        (
            """CREATE OR REPLACE FUNCTION lineside.performers(p_kind text, p_id uuid) RETURNS SETOF text LANGUAGE sql STABLE
                SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS 'SELECT NULL::text WHERE false'""",
            "performers",
        ),
    ],
    ids=["the CHECK", "the key", "the function"],
)
def test_a_wall_of_four_eyes_that_was_taken_down_is_named(fresh: Target, fault: str, named: str):
    first = sign(kind="deviation", subject=fresh.deviation, version=fresh.deviation_version, meaning="approved by supervisor")
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), first) == "done"
    assert walls_that_fell(fresh) == []
    fresh.plant.superuser().execute(fault)  # type: ignore[call-overload]
    assert walls_that_fell(fresh) == [named]


def test_a_job_that_got_a_right_too_many_is_named(plant: Plant):
    superuser = plant.superuser()
    asked = "SELECT pg_has_role('lineside_' || j, 'lineside_may_release_lot', 'USAGE') FROM unnest(%s::text[]) j"
    with superuser.transaction(force_rollback=True):
        superuser.execute("GRANT lineside_may_release_lot TO lineside_operator WITH SET FALSE")
        given = [job for job, (has,) in zip(JOBS, superuser.execute(asked, [list(JOBS)]), strict=True) if has]
        assert given == ["operator", "quality"]
        assert "lineside_operator has UPDATE on lot.status" in columns_beyond_the_matrix(superuser)
