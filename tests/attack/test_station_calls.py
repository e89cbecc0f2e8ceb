"""A station calls for help while nobody is signed in: what its role may do with that, and what a stolen one makes of it."""

import json

import psycopg
import pytest

from app.base.ids import new_id
from app.core.database import connect
from app.core.refusals import AlreadyGiven, OlderMoment
from app.core.session import SignedIn
from app.core.stations import StationLink, station_role
from app.core.tasks import CALL_TOPICS, CalledAgain, CallForHelp, MoveTask, NoSuchTopic
from tests.attack.newcomers import Newcomers
from tests.attack.target import sqlstate_of
from tests.attack.test_shell_of_a_person import DENIED
from tests.plant import Plant

pytestmark = pytest.mark.capability("M2")

TASK = """SELECT kind, subject_kind, site = (SELECT site FROM lineside.station WHERE code = 'IQC-02'), station, for_job, facts, status,
    opened_by FROM lineside.task"""
CALL = "SELECT lineside.call_from_station('{id}', '{topic}')"
ROLE = "lineside_station_iqc_02"


def open_calls(plant: Plant) -> list[tuple[object, ...]]:
    counted = "SELECT facts ->> 'topic', count(*)::int FROM lineside.task WHERE kind = 'call' AND status = 'open' GROUP BY 1 ORDER BY 1"
    return plant.rows(counted)


def calls(plant: Plant) -> list[object]:
    """Every call there is, oldest first."""
    return [call for (call,) in plant.rows("SELECT id FROM lineside.task WHERE kind = 'call' ORDER BY opened_at")]


def move(at: SignedIn, task: object, status: str) -> None:
    at.give(MoveTask(command_id=new_id(), task=task, status=status))  # type: ignore[arg-type]


def test_a_call_names_the_station_alone_and_stands_in_its_device_chain(plant: Plant):
    plant.link("IQC-02").call_for_help(new_id(), "quality")
    assert plant.rows(TASK) == [
        ("call", "station", True, "IQC-02", "quality", {"topic": "quality"}, "open", ROLE),
    ]
    ((chain, payload, row),) = plant.rows("SELECT chain, payload, row_id FROM lineside.audit_log WHERE tab = 'task'")
    entry = json.loads(str(payload))
    assert [chain, row] == ["IQC-02/device", *calls(plant)]
    assert (entry["who"], entry["station"], entry["name"], entry["op"]) == (ROLE, "IQC-02", "CallFromStation", "INSERT")


@pytest.mark.parametrize("topic", CALL_TOPICS)
def test_the_station_calls_the_job_a_person_calls_for_the_same(plant: Plant, topic: str):
    plant.link("IQC-02").call_for_help(new_id(), topic)
    plant.sign_in("zhou.min", station="REC-01").give(CallForHelp(command_id=new_id(), id=new_id(), topic=topic))
    assert plant.rows("SELECT count(DISTINCT for_job), count(*) FROM lineside.task") == [(1, 2)]


@pytest.mark.parametrize("topic", ["'coffee'", "''", "NULL", "'quality '", "'Quality'"])
def test_nobody_is_called_for_anything_else(plant: Plant, topic: str):
    assert sqlstate_of(plant.station_shell(), f"SELECT lineside.call_from_station('{new_id()}', {topic})") == "LS091"
    with pytest.raises(NoSuchTopic):
        plant.link().call_for_help(new_id(), "coffee")
    assert plant.rows("SELECT count(*) FROM lineside.task") == [(0,)]


def test_the_database_lets_no_person_call_for_anything_else_either(plant: Plant):
    shell = plant.shell("li.ming")
    insert = """INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job, facts)
        SELECT uuidv7(), 'call', 'station', id, id, 'quality', '{facts}' FROM lineside.site"""
    for facts in ("{}", '{"topic": "coffee"}', '{"topic": null}'):
        assert sqlstate_of(shell, insert.replace("{facts}", facts)) == "23514"
    assert sqlstate_of(shell, insert.replace("{facts}", '{"topic": "safety"}')) == "done"


@pytest.mark.capability("K4", "K7")
def test_a_stolen_station_does_nothing_else_with_tasks(plant: Plant):
    link = plant.link("IQC-02")
    link.call_for_help(new_id(), "material")
    (mine,), shell = calls(plant), plant.station_shell("IQC-02")
    for attempt in (
        "SELECT * FROM lineside.task",
        "INSERT INTO lineside.task (id) VALUES (uuidv7())",
        f"UPDATE lineside.task SET status = 'done' WHERE id = '{mine}'",
        f"DELETE FROM lineside.task WHERE id = '{mine}'",
        "SELECT lineside.job_called('quality')",
    ):
        assert sqlstate_of(shell, attempt) == DENIED, attempt


@pytest.mark.capability("K4", "K7")
def test_a_stolen_station_gives_no_call_the_identity_of_another_record(plant: Plant):
    received, shell = plant.receive(), plant.station_shell("IQC-02")
    assert sqlstate_of(shell, CALL.format(id=received.lot, topic="safety")) == "done"
    assert received.lot not in calls(plant)
    given = plant.rows("SELECT id FROM lineside.command WHERE name = 'ReceiveLot'")[0][0]
    assert sqlstate_of(shell, CALL.format(id=given, topic="quality")) == "LS001"
    assert sqlstate_of(shell, "SELECT lineside.call_from_station(NULL, 'quality')") == "23502"
    assert len(calls(plant)) == 1


def test_only_a_station_calls_without_a_person_and_only_while_it_is_enabled(plant: Plant, newcomers: Newcomers):
    assert sqlstate_of(plant.shell("li.ming"), CALL.format(id=new_id(), topic="safety")) == DENIED
    assert sqlstate_of(plant.shell("sun.wei"), "SELECT * FROM lineside.calls_here()") == DENIED
    newcomers.enrol("NEW-77", "a station of its own")
    shell = plant.shell(station_role("NEW-77"), purpose="station", secret="a station of its own")
    plant.superuser().execute("UPDATE lineside.station SET enabled = false WHERE code = 'NEW-77'")
    assert sqlstate_of(shell, CALL.format(id=new_id(), topic="safety")) == "LS010"


def test_a_flood_of_calls_leaves_one_open_call_per_topic(plant: Plant):
    link = plant.link("IQC-02")
    assert all(link.call_for_help(new_id(), topic).is_new for topic in CALL_TOPICS)
    for _ in range(25):
        assert not any(link.call_for_help(new_id(), topic).is_new for topic in CALL_TOPICS)
    assert open_calls(plant) == [(topic, 1) for topic in sorted(CALL_TOPICS)]
    assert plant.rows("SELECT count(*) FROM lineside.command WHERE name = 'CallFromStation'") == [(4,)]
    assert plant.rows("SELECT count(*) FROM lineside.audit_log WHERE tab = 'task'") == [(4,)]


def test_all_connections_of_a_stolen_station_at_once_with_old_snapshots_open_none(plant: Plant):
    plant.link("IQC-02").call_for_help(new_id(), "material")
    plant.close()
    shells = [connect(plant.server, login=ROLE, password=plant.secrets["IQC-02"], purpose="station", ticket=None) for _ in range(4)]
    try:
        for shell in shells:
            shell.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            shell.execute("SELECT 1 FROM lineside.site")  # from here on it sees nothing newer
        answers = []
        for shell in shells:
            try:
                shell.execute(CALL.format(id=new_id(), topic="safety"))  # type: ignore[arg-type]
                shell.commit()
                answers.append("done")
            except psycopg.Error as refused:
                answers.append(str(refused.sqlstate))
                shell.rollback()
    finally:
        for shell in shells:
            shell.close()
    assert answers == [OlderMoment.sqlstate] * 4
    assert open_calls(plant) == [("material", 1)]


def test_no_second_open_call_of_a_station_stands_by_whatever_way_it_came(plant: Plant):
    plant.link("IQC-02").call_for_help(new_id(), "safety")
    again = """INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, station, for_job, facts, opened_by)
        SELECT uuidv7(), kind, subject_kind, subject_id, site, station, for_job, facts, opened_by FROM lineside.task"""
    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        plant.superuser().execute(again)
    assert refused.value.diag.constraint_name == "task_station_call"


def test_a_call_that_somebody_takes_makes_room_for_the_next_and_is_not_given_back_over_it(plant: Plant):
    link, supervisor = plant.link("IQC-02"), plant.sign_in("tom.becker", station="REC-01")
    link.call_for_help(new_id(), "safety")
    (first,) = calls(plant)
    move(supervisor, first, "taken")
    (shown,) = link.calls()
    assert (shown.id, shown.topic, str(shown.coming)) == (first, "safety", "Tom Becker")
    assert link.call_for_help(new_id(), "safety").is_new
    with pytest.raises(CalledAgain):
        move(supervisor, first, "open")
    move(supervisor, first, "done")
    assert [one.id for one in link.calls()] == calls(plant)[1:]


def test_a_lost_reply_asked_again_calls_nobody_twice_even_when_help_is_on_its_way(plant: Plant):
    link, lost = plant.link("IQC-02"), new_id()
    first = link.call_for_help(lost, "material")
    assert link.call_for_help(lost, "material") == first
    move(plant.sign_in("tom.becker", station="REC-01"), calls(plant)[0], "taken")
    assert link.call_for_help(lost, "material") == first
    assert len(calls(plant)) == 1
    with pytest.raises(AlreadyGiven):
        link.call_for_help(lost, "quality")


def test_what_a_person_called_for_at_this_station_is_not_called_for_again(plant: Plant):
    plant.sign_in("li.ming").give(CallForHelp(command_id=new_id(), id=new_id(), topic="quality"))
    assert not plant.link("IQC-02").call_for_help(new_id(), "quality").is_new
    assert plant.link("REC-01").call_for_help(new_id(), "quality").is_new


def test_a_station_sees_its_own_calls_alone(plant: Plant):
    mine: StationLink = plant.link("IQC-02")
    mine.call_for_help(new_id(), "safety")
    assert plant.link("REC-01").calls() == []
    assert [one.topic for one in mine.calls()] == ["safety"]


def test_the_program_and_the_database_know_the_same_reasons_to_call(plant: Plant):
    check = str(plant.rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'task_call_known'")[0][0])
    called = plant.rows("SELECT t, lineside.job_called(t) FROM unnest(%s::text[]) t", [*CALL_TOPICS, "coffee"])
    assert [topic for topic, job in called if job is not None] == list(CALL_TOPICS)
    assert {topic for topic in CALL_TOPICS if f"'{topic}'" in check} == set(CALL_TOPICS)
    the_databases_own, the_keepers = ("topic", "sign_in", "a station's name"), ("topic", "log_in", "record", "backup", "its name")
    of_emergencies = ("topic", "break_glass", "login")
    assert check.count("::text") == len(("call", "topic", *CALL_TOPICS, *the_databases_own, *the_keepers, *of_emergencies))
