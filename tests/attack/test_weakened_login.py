"""Whoever asks for commits that wait for less than the server's is on record; our own client never asks (reliability 2b, 2f)."""

import psycopg
import pytest
from sqlalchemy import text

from app.demo.people import SECRET
from tests.attack.newcomers import Newcomers
from tests.plant import Plant

pytestmark = pytest.mark.capability("R2")

AS_SET = "SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'"


def shell(plant: Plant, login: str, options: str) -> psycopg.Connection:
    """psql with somebody's own password and start-up options."""
    return psycopg.connect(plant.address.url(plant.server.dbname, user=login, secret=SECRET), options=options, autocommit=True)


def recorded(plant: Plant, pid: int) -> object:
    return plant.rows("SELECT weakened FROM lineside.login_record WHERE pid = %s ORDER BY id DESC LIMIT 1", pid)[0][0]


def test_a_shell_that_asks_for_less_at_its_start_is_on_record_with_what_it_asked(plant: Plant):
    for login, asked in (("chen.jing", "off"), ("wang.haiyan", "local"), ("sun.wei", "remote_write")):
        with shell(plant, login, f"-c synchronous_commit={asked}") as weak:
            assert recorded(plant, weak.info.backend_pid) == asked


def test_who_asks_for_nothing_or_for_more_is_not(plant: Plant):
    for options in ("", "-c synchronous_commit=on", "-c synchronous_commit=remote_apply"):
        with shell(plant, "chen.jing", options) as plain:
            assert recorded(plant, plain.info.backend_pid) is None


@pytest.mark.parametrize("where", ["", " IN DATABASE {}"])
def test_a_setting_somebody_leaves_on_their_own_role_is_on_record_at_each_login_until_it_is_gone(
    plant: Plant, newcomers: Newcomers, where: str
):
    who = newcomers.hire("operator")
    own = plant.shell(who)
    own.execute(f'ALTER ROLE "{who}"{where.format(plant.server.dbname)} SET synchronous_commit = off')
    assert recorded(plant, own.info.backend_pid) is None
    for _ in range(2):
        assert recorded(plant, plant.shell(who).info.backend_pid) == "off"
    at = plant.sign_in(who)
    newest = "SELECT weakened FROM lineside.login_record WHERE who = %s AND purpose = 'work' ORDER BY id DESC LIMIT 2"
    assert plant.rows(newest, who) == [("off",), ("off",)], "the program's own connections say it too"
    at.close()
    own.execute(f'ALTER ROLE "{who}"{where.format(plant.server.dbname)} RESET synchronous_commit')
    assert recorded(plant, plant.shell(who).info.backend_pid) is None


def test_what_was_recorded_is_changed_by_nobody_and_read_by_who_reads_the_trail(plant: Plant):
    with shell(plant, "chen.jing", "-c synchronous_commit=off") as weak:
        for statement in ("UPDATE lineside.login_record SET weakened = NULL", "SELECT weakened FROM lineside.login_record"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                weak.execute(statement)  # type: ignore[call-overload]
        weak.execute("SET synchronous_commit = on")
        assert recorded(plant, weak.info.backend_pid) == "off"
        seen = plant.shell("wang.haiyan").execute("SELECT who, weakened FROM lineside.login_record WHERE weakened IS NOT NULL")
        assert seen.fetchall() == [("chen.jing", "off")]


def test_our_own_connections_leave_it_at_what_the_server_says_whatever_stands_in_the_environment(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGOPTIONS", "-c synchronous_commit=off")
    plant.superuser().execute(f"ALTER DATABASE {plant.server.dbname} SET synchronous_commit = on")
    person = plant.sign_in("chen.jing")
    assert person.ask(lambda session: tuple(session.execute(text(AS_SET)).one())) == ("on", "database")
    assert plant.link().ask(AS_SET)[0] == {"setting": "on", "source": "database"}
    assert plant.rows("SELECT count(*) FROM lineside.login_record WHERE weakened IS NOT NULL AND purpose <> 'shell'") == [(0,)]
