"""Who may what, written by hand a second time and compared with the cluster: rights per job, columns per job, commands per job."""

import csv
import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.base.errors import AppError
from app.base.ids import new_id
from app.core.command import COMMANDS, Permission
from app.core.embedded_server import ServerAddress
from app.core.refusals import NotAllowed, PerformerCannotSign
from app.core.session import SignedIn, Signer, sign_in
from app.core.signature import preview
from app.core.stations import station_role
from app.demo.people import ADMINISTRATOR, PEOPLE, SECRET
from tests.attack.target import Target, furnish
from tests.core.orders import one_of_each, signed_subject
from tests.plant import Plant, cloned

pytestmark = pytest.mark.capability("K7", "R11-07")

for room in pkgutil.walk_packages(app.__path__, "app."):
    if room.name.endswith(".commands") or room.name.startswith("app.core."):
        importlib.import_module(room.name)

HERE = Path(__file__).parent
JOBS = ("operator", "receiver", "inspector", "supervisor", "quality", "regulatory", "engineer", "planner", "administrator", "auditor")
BY_JOB = {person.job: person.login for person in (*PEOPLE, ADMINISTRATOR)}


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_is_somebody_for_every_job():
    assert set(BY_JOB) == set(JOBS)


def test_each_job_has_exactly_the_rights_of_the_matrix(plant: Plant):
    matrix = {(row["right"], job): row[job] == "x" for row in _rows("rights_matrix.csv") for job in JOBS}
    asked = """SELECT r, j, pg_has_role('lineside_' || j, 'lineside_may_' || r, 'USAGE'), pg_has_role('lineside_' || j,
            'lineside_may_' || r, 'SET')
        FROM unnest(%s::text[]) r, unnest(%s::text[]) j"""
    found = plant.rows(asked, sorted({right for right, _ in matrix}), list(JOBS))
    assert {(right, job): has for right, job, has, _ in found} == matrix
    assert not any(becomes for _, _, _, becomes in found)


def test_the_matrix_the_program_and_the_cluster_name_the_same_rights(plant: Plant):
    rights = {row["right"] for row in _rows("rights_matrix.csv")}
    assert rights == {str(permission) for permission in Permission} - {"everybody"}
    assert rights == {
        str(name).removeprefix("lineside_may_")
        for (name,) in plant.rows("SELECT rolname FROM pg_roles WHERE rolname LIKE 'lineside\\_may%%'")
    }


def _declared_columns() -> dict[tuple[str, str], dict[str, set[str]]]:
    """(holder, verb) → table → columns; ``*`` for whole tables, an empty set of columns for DELETE."""
    declared: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in _rows("table_matrix.csv"):
        who = (
            [*JOBS, *(["station"] if "station" in row["who"].split() else [])] if "everybody" in row["who"].split() else row["who"].split()
        )
        for holder in who:
            declared.setdefault((holder, row["verb"]), {}).setdefault(row["table"], set()).update(row["columns"].split() or {""})
    return declared


@pytest.mark.parametrize("holder", [*JOBS, "station"])
def test_each_job_and_a_station_reach_exactly_the_columns_of_the_matrix(plant: Plant, holder: str):
    login = station_role("IQC-02") if holder == "station" else BY_JOB[holder]
    declared = _declared_columns()
    columns: dict[str, set[str]] = {}
    for table, column in plant.rows(
        """SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0"""
    ):
        columns.setdefault(str(table), set()).add(str(column))
    for verb in ("SELECT", "INSERT", "UPDATE", "REFERENCES"):
        found = {
            (table, column)
            for table, column in plant.rows(
                """SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0
                    AND has_column_privilege(%s, c.oid, a.attnum, %s)""",
                login,
                verb,
            )
        }
        wanted = {
            (table, column)
            for table, named in declared.get((holder, verb), {}).items()
            for column in (columns[table] if "*" in named else named)
        }
        assert found == wanted, (holder, verb)
    for verb in ("DELETE", "TRUNCATE", "TRIGGER", "MAINTAIN"):
        reach = """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind = 'r'
            AND has_table_privilege(%s, c.oid, %s)"""
        assert {str(table) for (table,) in plant.rows(reach, login, verb)} == set(declared.get((holder, verb), {})), (holder, verb)


def test_nobody_reaches_a_number_sequence_or_the_migrations_own_schema(plant: Plant):
    for login in (*BY_JOB.values(), station_role("IQC-02")):
        reach = """SELECT s.name FROM (SELECT format('lineside.%%I', sequencename) AS name FROM pg_sequences OFFSET 0) s
            WHERE has_sequence_privilege(%s, s.name, 'USAGE, SELECT, UPDATE')"""
        assert plant.rows(reach, login) == []
        assert plant.rows("SELECT n.nspname FROM pg_namespace n WHERE has_schema_privilege(%s, n.oid, 'CREATE')", login) == []
        assert plant.rows("SELECT has_table_privilege(%s, 'lineside_meta.alembic_version', 'INSERT, UPDATE, DELETE, TRUNCATE')", login) == [
            (False,)
        ]


def test_every_command_has_its_row_and_every_row_its_command():
    declared = {row["command"]: (row["permission"], row["signature"]) for row in _rows("command_matrix.csv")}
    registered = {known.name: (str(known.permission), str(known.signature or "")) for known in COMMANDS.values()}
    assert registered == declared


def test_the_jobs_of_a_command_are_those_its_right_is_given_to():
    rights = {row["right"]: {job for job in JOBS if row[job] == "x"} for row in _rows("rights_matrix.csv")}
    for row in _rows("command_matrix.csv"):
        assert set(row["jobs"].split()) == rights.get(row["permission"], set(JOBS)), row["command"]


@pytest.fixture(scope="module")
def staffed(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[tuple[Target, dict[str, SignedIn]]]:
    """A furnished plant with one person of every job signed in at a station."""
    with cloned(cluster, station_secrets) as plant:
        target = furnish(plant)
        plant.receive(supplier_lot="NF26-0800")
        plant.close()
        link = plant.link("IQC-02")
        people = {job: sign_in(plant.server, login=login, password=SECRET, tickets=link.ticket) for job, login in BY_JOB.items()}
        yield target, people
        for at in people.values():
            at.close()


def _give(target: Target, at: SignedIn, order: object) -> AppError | None:
    signed = signed_subject(target, order)  # type: ignore[arg-type]
    try:
        if signed is None:
            at.give(order)  # type: ignore[arg-type]
        else:
            seen = at.ask(lambda session: preview(session, kind=signed[0], subject=signed[1])).digest
            at.give(order, signer=Signer(login=at.who.login, password=SECRET, seen=seen))  # type: ignore[arg-type]
    except AppError as refused:
        return refused
    return None


@pytest.mark.parametrize(
    "row", [row for row in _rows("command_matrix.csv") if row["permission"] != "everybody"], ids=lambda row: row["command"]
)
def test_a_command_is_refused_to_every_job_without_its_right(staffed: tuple[Target, dict[str, SignedIn]], row: dict[str, str]):
    target, people = staffed
    order = one_of_each(target)[row["command"]]
    for job in set(JOBS) - set(row["jobs"].split()):
        refused = _give(target, people[job], order)
        polite = (NotAllowed, PerformerCannotSign) if row["signature"] else (NotAllowed,)
        assert isinstance(refused, polite), (job, refused)


OF_ROLES = {
    "CreatePerson",
    "GiveJob",
    "TakeJob",
    "TakePlace",
    "LetInAgain",
    "DisablePerson",
    "GiveRight",
    "WithdrawRight",
    "EnrolStation",
    "ChangeOwnSecret",
}  # cluster-wide: their good case stands in tests/attack


def test_a_command_is_open_to_every_job_with_its_right(plant: Plant):
    target = furnish(plant)
    plant.receive(supplier_lot="NF26-0800")
    orders = one_of_each(target)
    for row in _rows("command_matrix.csv"):
        for job in set(row["jobs"].split()) - ({*JOBS} if row["command"] in OF_ROLES else set()):
            plant.close()
            order = dataclasses.replace(orders[row["command"]], command_id=new_id())  # type: ignore[type-var]
            refused = _give(target, plant.sign_in(BY_JOB[job]), order)
            assert not isinstance(refused, NotAllowed), (row["command"], job, refused)
