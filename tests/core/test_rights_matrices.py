"""Who may what, written by hand a second time and compared with the cluster: rights per job, columns per job, commands per job."""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.command import COMMANDS, Order, Permission
from app.core.embedded_server import ServerAddress
from app.core.refusals import NotAllowed, PerformerCannotSign
from app.core.session import SignedIn, Signer, sign_in
from app.core.signature import preview
from app.core.stations import station_role
from app.demo.people import SECRET
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, furnish
from tests.batches.runs import Run
from tests.core.matrices import (
    BY_JOB,
    EVERYBODY,
    JOBS,
    TRIED_VERBS,
    calls_beyond_the_matrix,
    columns_beyond_the_matrix,
    columns_of,
    commands_beyond_the_matrix,
    refused_to,
    wanted,
)
from tests.core.matrices import rows as _rows
from tests.core.orders import one_of_each, signed_subject
from tests.plant import Plant, cloned
from tests.triggers import triggers_off

pytestmark = pytest.mark.capability("K7", "R11-07")


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


def test_every_role_and_every_login_reaches_exactly_the_columns_of_the_matrix_and_nobody_else_any(plant: Plant):
    assert columns_beyond_the_matrix(plant.superuser()) == []


def test_every_function_is_called_by_those_who_stand_in_its_matrix_and_by_nobody_else(plant: Plant):
    beyond = calls_beyond_the_matrix(plant.superuser())
    assert not beyond, beyond
    assert all(row["why"] for row in _rows("function_matrix.csv"))


@pytest.mark.parametrize("holder", [*JOBS, "station"])
def test_each_job_and_a_station_reach_exactly_the_columns_of_the_matrix(shared_plant: Plant, holder: str):
    """Every column of every table really read, written and changed in a shell of their own, over no rows."""
    columns = columns_of(shared_plant.superuser())
    shell = shared_plant.station_shell() if holder == "station" else shared_plant.shell(BY_JOB[holder])
    views = {str(name) for (name,) in shared_plant.rows("SELECT viewname FROM pg_views WHERE schemaname = 'lineside'")}
    tables = {table: named for table, named in columns.items() if table not in views}
    everything = {(table, column, "SELECT") for table, named in columns.items() for column in named}
    everything |= {(table, column, verb) for table, named in tables.items() for column in named for verb in ("INSERT", "UPDATE")}
    everything |= {(table, "", "DELETE") for table in tables}
    open_to = wanted(columns, *(["station"] if holder == "station" else [EVERYBODY, holder]))
    assert everything - refused_to(shell) == {one for one in open_to if one[2] in TRIED_VERBS}
    shared_plant.close()


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
    assert commands_beyond_the_matrix(COMMANDS) == []


def test_the_jobs_of_a_command_are_those_its_right_is_given_to():
    rights = {row["right"]: {job for job in JOBS if row[job] == "x"} for row in _rows("rights_matrix.csv")}
    for row in _rows("command_matrix.csv"):
        assert set(row["jobs"].split()) == rights.get(row["permission"], set(JOBS)), row["command"]


@pytest.fixture(scope="module")
def shared_plant(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Plant]:
    """A plant for tries that leave nothing behind."""
    with cloned(cluster, station_secrets) as plant:
        yield plant


@pytest.fixture(scope="module")
def staffed(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[tuple[Target, dict[str, SignedIn], Mapping[str, Order]]]:
    """A furnished plant with one person of every job signed in at a station, and an order of every kind."""
    with cloned(cluster, station_secrets) as plant:
        target = furnish(plant)
        plant.receive(supplier_lot="NF26-0800")
        plant.close()
        link = plant.link("IQC-02")
        people = {job: sign_in(plant.server, login=login, password=SECRET, tickets=link.ticket) for job, login in BY_JOB.items()}
        yield target, people, one_of_each(target)
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
def test_a_command_is_refused_to_every_job_without_its_right(
    staffed: tuple[Target, dict[str, SignedIn], Mapping[str, Order]], row: dict[str, str]
):
    target, people, orders = staffed
    order = orders[row["command"]]
    for job in set(JOBS) - set(row["jobs"].split()):
        refused = _give(target, people[job], order)
        polite = (NotAllowed, PerformerCannotSign) if row["signature"] else (NotAllowed,)
        assert isinstance(refused, polite), (job, refused)


ANY_SITE = {
    "AddItem": "items belong to all sites",
    "AddSupplier": "suppliers belong to all sites",
    "CreatePerson": "an account belongs to no site before it has a job",
    "OpenSite": "a site that is being opened is nobody's yet",
    "GiveRight": "jobs are those of the whole plant",
    "WithdrawRight": "jobs are those of the whole plant",
    "PartRights": "pairs hold for a person wherever the jobs are",
    "EndPair": "pairs hold for a person wherever the jobs are",
    "SetSecretDays": "a password is a person's wherever they work",
    "SetMaskRule": "a job sees the same at every site",
}


def test_what_needs_its_right_at_no_certain_site_says_why():
    assert {row["command"] for row in _rows("command_matrix.csv") if row["scope"] == "any site"} == set(ANY_SITE)
    assert {row["scope"] for row in _rows("command_matrix.csv")} == {"its site", "any site", "everybody"}
    assert all((row["scope"] == "everybody") is (row["permission"] == "everybody") for row in _rows("command_matrix.csv"))


def _hired_elsewhere(newcomers: Newcomers) -> str:
    newcomers.open_site("BER")
    return newcomers.hire_for_all(
        *sorted(JOBS, key="administrator".__eq__), site="BER"
    )  # a site with an administrator is staffed by its own


def _hired_on_a_line(newcomers: Newcomers) -> str:
    newcomers.enrol("LNA-01", "station secret of a", line="A")
    return newcomers.hire_for_all(*JOBS, line="A")


FOR_OTHER_REASONS = {
    "GiveRight": "nobody adds a right to a job of their own, and this person has all of them",
    "WithdrawRight": "a reason is missing",
    "PartRights": "and so holds both rights of every pair",
    "EndPair": "a reason is missing",
    "SetMaskRule": "a reason is missing",
    "SetSecretDays": "a reason is missing",
}
PLACES = {"another site": (_hired_elsewhere, {"any site"}), "another line": (_hired_on_a_line, set())}
"""How somebody comes by every right, and has none where the record is; what counts all the same. Asked at a station of no line."""


@contextmanager
def a_day_under_way(cluster: ServerAddress, secrets: dict[str, str]) -> Iterator[Target]:
    """A plant where every order finds what it is about: lots in every state, a batch with units, a label, a kit."""
    with cloned(cluster, secrets) as plant:
        hubs, clips = plant.released_lot(supplier_lot="NF26-0801"), plant.released_clips()
        target = furnish(plant)
        plant.begin(plant.receive(supplier_lot="NF26-0802").lot)
        plant.receive(supplier_lot="NF26-0800")
        plant.close()
        run = Run(plant, target.batch, hubs, clips)
        run.clear()
        run.load()
        run.start("assembly")
        _label_and_kit(plant, run)
        run.home()
        yield target


def _label_and_kit(plant: Plant, run: Run) -> None:
    """A label of a unit and a kit, past the steps that would make them: whom they open themselves to is what is asked."""
    superuser = plant.superuser()
    with triggers_off(superuser, "label", "kit", "batch_step"):
        superuser.execute("UPDATE lineside.batch_step SET status = 'started', started_by = 'chen.jing' WHERE key = 'unit_labels'")
        superuser.execute(
            """INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, status, requested_by)
                SELECT uuidv7(), 'unit', 'unit', u.id, 1, 'LP-02', 'PK-03', '{}', 'unknown', 'chen.jing' FROM lineside.unit u LIMIT 1"""
        )
        superuser.execute(
            """INSERT INTO lineside.kit (id, batch, container, laid_by) SELECT uuidv7(), %s, c.id, 'zhou.min' FROM lineside.container c
                LIMIT 1""",
            [run.batch],
        )
        superuser.execute("UPDATE lineside.label SET status = 'printed' WHERE kind = 'container'")


def _answer(target: Target, at: SignedIn, order: object) -> str:
    """What somebody was told, and whether it was the database that refused."""
    refused = _give(target, at, order)
    state = getattr(getattr(refused.__cause__, "orig", None), "sqlstate", "") if refused is not None else ""
    return "elsewhere" if isinstance(refused, NotAllowed) and state == NotAllowed.sqlstate else repr(refused)


@pytest.mark.parametrize("place", PLACES)
def test_every_command_is_refused_by_the_database_to_who_has_its_right_in_another_place_only(
    cluster: ServerAddress, station_secrets: dict[str, str], place: str
):
    asked = {row["command"]: row["scope"] for row in _rows("command_matrix.csv") if row["scope"] != "everybody"}
    with a_day_under_way(cluster, station_secrets) as target:
        newcomers = Newcomers(target.plant)
        try:
            hire, counts = PLACES[place]
            login = hire(newcomers)
            target.plant.close()
            stranger, orders = target.plant.sign_in(login), one_of_each(target)
            answers = {name: _answer(target, stranger, orders[name]) for name in asked}
            target.plant.close()
        finally:
            newcomers.leave()
            target.plant.superuser().execute('DROP ROLE IF EXISTS "x.x"')  # an account may be opened from anywhere
    let_in = {name: answer for name, answer in answers.items() if answer != "elsewhere"}
    assert set(let_in) == {name for name, scope in asked.items() if scope in counts}
    assert {name for name, answer in let_in.items() if answer != repr(None)} <= set(FOR_OTHER_REASONS)


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
OF_THEIR_ENTRY = {("ConfirmLateFor", "operator"), ("ConfirmLateFor", "supervisor"), ("ConfirmLateFor", "quality")}
"""Who stands for somebody's reading has the right to take one: tests/late."""


def test_a_command_is_open_to_every_job_with_its_right(plant: Plant):
    target = furnish(plant)
    plant.receive(supplier_lot="NF26-0800")
    orders = one_of_each(target)
    for row in _rows("command_matrix.csv"):
        for job in set(row["jobs"].split()) - ({*JOBS} if row["command"] in OF_ROLES else set()):
            if (row["command"], job) in OF_THEIR_ENTRY:
                continue
            plant.close()
            order = dataclasses.replace(orders[row["command"]], command_id=new_id())  # type: ignore[type-var]
            refused = _give(target, plant.sign_in(BY_JOB[job]), order)
            assert not isinstance(refused, NotAllowed), (row["command"], job, refused)
