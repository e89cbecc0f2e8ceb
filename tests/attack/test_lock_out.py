"""Guessing a password at a station: five tries, then it is closed to that person there, whatever comes; a supervisor is called."""

import psycopg
import pytest

from app.core.database import WrongNameOrPassword, connect
from app.core.refusals import ClosedHere
from app.demo.people import SECRET
from tests.plant import Plant

pytestmark = [pytest.mark.capability("K1"), pytest.mark.capability("R11-15")]


def tries(plant: Plant, password: str, *, station: str = "IQC-02", login: str = "li.ming", purpose: str = "work") -> str:
    """What a client does: a ticket of the station, a login, and a wrong password is reported."""
    link = plant.link(station)
    try:
        connect(plant.server, login=login, password=password, purpose=purpose, ticket=link.ticket()).close()
    except WrongNameOrPassword:
        link.report_failed_sign_in(login)
        return "wrong"
    except ClosedHere as closed:
        return "closed" if 1 <= int(str(closed.facts["minutes"])) <= 15 else str(closed)
    finally:
        link.close()
    return "in"


def guessed(plant: Plant, times: int, **where: str) -> None:
    for n in range(times):
        assert tries(plant, f"guess {n}", **where) == "wrong"


def calls(plant: Plant) -> list[tuple[object, ...]]:
    return plant.rows(
        "SELECT station, for_job, facts ->> 'topic', facts ->> 'login', status FROM task WHERE kind = 'call' ORDER BY opened_at"
    )


def test_five_wrong_ones_close_the_station_to_that_person_even_for_the_right_password_and_call_a_supervisor(plant: Plant):
    guessed(plant, 4)
    assert calls(plant) == []
    guessed(plant, 1)
    assert tries(plant, SECRET) == "closed"
    assert tries(plant, SECRET, purpose="sign") == "closed", "nor does signing open a door"
    assert calls(plant) == [("IQC-02", "supervisor", "sign_in", "li.ming", "open")]


def test_others_here_and_the_same_person_elsewhere_go_on(plant: Plant):
    guessed(plant, 5)
    assert tries(plant, SECRET, login="tom.becker") == "in"
    assert tries(plant, SECRET, station="REC-01") == "in"


def test_a_right_one_in_between_begins_the_count_anew(plant: Plant):
    guessed(plant, 4)
    assert tries(plant, SECRET) == "in"
    guessed(plant, 4)
    assert tries(plant, SECRET) == "in"


def test_after_a_quarter_of_an_hour_it_is_open_again(plant: Plant):
    guessed(plant, 5)
    shell = plant.superuser()
    shell.execute("ALTER TABLE lineside.sign_in_failure DISABLE TRIGGER ALL")
    shell.execute("UPDATE lineside.sign_in_failure SET at = at - interval '16 min'")
    shell.execute("ALTER TABLE lineside.sign_in_failure ENABLE TRIGGER ALL")
    assert tries(plant, SECRET) == "in"


def test_guessing_on_while_it_is_closed_keeps_it_closed_and_calls_nobody_twice(plant: Plant):
    guessed(plant, 9)
    assert tries(plant, SECRET) == "closed"
    assert len(calls(plant)) == 1


def test_the_count_survives_what_a_client_does_not_report_to_its_end(plant: Plant):
    """A reported failure stands; a transaction that is rolled back afterwards takes nothing of it away."""
    guessed(plant, 5)
    link = plant.link()
    with pytest.raises(psycopg.Error), link._open().transaction():
        link._open().execute("DELETE FROM lineside.sign_in_failure")
    link.close()
    assert tries(plant, SECRET) == "closed"


def test_no_person_calls_for_it(plant: Plant):
    shell = plant.shell("li.ming")
    with pytest.raises(psycopg.errors.CheckViolation):
        shell.execute(
            """INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job, facts)
                SELECT uuidv7(), 'call', 'station', id, id, 'supervisor', '{"topic": "sign_in"}' FROM lineside.site"""
        )
