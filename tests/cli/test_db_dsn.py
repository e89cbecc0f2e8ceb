"""`db upgrade` and `db dsn`: what the administrator does later, and how a person reaches the database with psql."""

from pathlib import Path

import psycopg
import pytest

from app.cli import db
from app.core import schema
from app.core.database import Server
from app.core.embedded_server import EmbeddedServer
from app.core.settings import Settings, save
from app.core.station_files import server_folder
from app.demo.people import SECRET


def test_a_database_that_is_not_ours_is_not_upgraded(place, run_db) -> None:
    said = run_db("upgrade", "--url", place.url)
    assert said.code == 2
    assert "is not one of ours" in said.told
    said = run_db("upgrade", "--url", place.url.replace(place.server.dbname, "postgres"))
    assert "is not one of ours" in said.told


def test_a_database_at_the_programs_version_stays_as_it_is(place, run_db) -> None:
    assert run_db(*place.install()).code == 0
    said = run_db("upgrade", "--url", place.url)
    assert said.code == 0
    assert "Nothing was to be done" in said.told


@pytest.mark.capability("R5")
def test_a_database_of_a_newer_program_is_left_alone(place, run_db) -> None:
    assert run_db(*place.install()).code == 0
    with psycopg.connect(place.address.url(place.server.dbname)) as superuser:
        superuser.execute("UPDATE lineside_meta.alembic_version SET version_num = '9001'")
    for words in (("upgrade", "--url", place.url), place.install()):
        said = run_db(*words)
        assert said.code == 2
        assert "9001" in said.told
        assert schema.HEAD in said.told
    assert place.row("SELECT version_num FROM lineside_meta.alembic_version") == ("9001",)


def test_the_address_of_a_plants_server_names_the_person_and_no_password(run_db, settings_file: Path) -> None:
    save(Settings(server="postgresql://db.plant.example:5433/lineside?sslmode=verify-full"), settings_file)
    said = run_db("dsn", "--person", "wang.haiyan")
    assert said.out == "postgresql://wang.haiyan@db.plant.example:5433/lineside?sslmode=verify-full\n"


def test_a_person_reaches_the_stations_own_server_with_the_printed_address_and_their_own_password(own_server, run_db) -> None:
    said = run_db("dsn", "--person", "wang.haiyan")
    assert said.code == 0, said.told
    assert SECRET not in said.out
    with psycopg.connect(said.out.strip(), password=SECRET) as shell:
        assert shell.execute("SELECT session_user, count(*) > 0 FROM lineside.item GROUP BY 1").fetchone() == ("wang.haiyan", True)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            shell.execute("UPDATE lineside.item SET code = 'X'")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(said.out.strip(), password="another one")


def test_the_server_goes_on_for_the_open_window_when_the_address_was_printed(own_server, run_db) -> None:
    assert run_db("dsn", "--person", "li.ming").code == 0
    assert EmbeddedServer(server_folder(own_server.parent / "data")).running()


def test_nobody_unknown_gets_an_address(own_server, run_db) -> None:
    said = run_db("dsn", "--person", "nobody.here")
    assert (said.code, said.out) == (2, "")
    assert "no person nobody.here" in said.told


def test_installing_over_the_plant_in_the_own_server_makes_nobody(own_server, run_db) -> None:
    said = run_db("install")
    assert said.code == 0
    assert "nobody was made" in said.told


def test_an_address_in_the_settings_leads_to_the_same_server_again() -> None:
    for server in (
        Server(host="/run/db", port=5432, dbname="lineside"),
        Server(host="db", port=5433, dbname="l", sslmode="verify-full"),
        Server(host="db1,db2", port=5432, dbname="lineside"),
    ):
        assert Server.from_url(db.address_without_user(server)) == server
        assert Server.from_url(Settings(server=db.address_without_user(server)).server) == server
