"""The first start makes everything it needs, the second one nothing, and a killed one leaves nothing half-made."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from app.core import schema
from app.core import settings as workstation
from app.core.database import Server
from app.core.embedded_server import EmbeddedServer
from app.core.installing import FirstAdministrator, make_first_administrator
from app.core.schema import SchemaTooNew
from app.core.session import sign_in
from app.core.station_files import read_secret, secret_file, server_folder
from app.core.stations import StationLink
from app.demo.first_run import HALF_BUILT, FirstRun, prepare, throw_away_folder
from app.demo.people import PEOPLE, SECRET
from tests.core.cluster import CHEAP
from tests.core.test_trail import BROKEN

ADMINISTRATOR = FirstAdministrator(
    login="sun.wei",
    name_en="Sun Wei",
    name_zh="孙伟",
    identity_check="passport seen by the plant manager",
    site_code="SZ1",
    site_name_en="Suzhou",
    site_name_zh="苏州",
    zone="Asia/Shanghai",
)


def again(folder: Path) -> tuple[FirstRun, list[str]]:
    heard: list[str] = []
    return prepare(
        folder / "data", folder / "settings.toml", lambda phrase: heard.append(str(phrase)), practice=False, server_settings=CHEAP
    ), heard


def row(run: FirstRun, question: str, dbname: str = "lineside") -> tuple[object, ...]:
    with psycopg.connect(run.address.url(dbname)) as superuser:
        found = superuser.execute(question).fetchone()
    assert found is not None
    return found


def test_after_the_first_start_everybody_of_the_plant_can_sign_in_at_this_computer(first_run) -> None:
    run, folder, _ = first_run
    settings = workstation.load(folder / "settings.toml", {})
    assert (settings.station, settings.server, settings.data_folder) == ("IQC-02", "embedded", folder / "data")
    link = StationLink(run.server, "IQC-02", read_secret(settings.station_secret_file, "IQC-02"))
    try:
        assert {person.login for person in link.people()} >= {person.login for person in PEOPLE}
        here = sign_in(run.server, login="zhou.min", password=SECRET, tickets=link.ticket)
        assert here.where.code == "IQC-02"
        here.close()
    finally:
        link.close()


def test_the_first_start_says_what_it_does(first_run) -> None:
    _, _, heard = first_run
    assert [sentence.split(":")[0] for sentence in heard] == [
        "The database is being started.",
        "The database is being made ready.",
        "The demonstration plant is being built",
        "This computer is being enrolled as station IQC-02.",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_this_account_may_read_the_secrets_of_the_stations(first_run) -> None:
    run, folder, _ = first_run
    for code, secret in run.secrets.items():
        file = secret_file(folder / "settings.toml", code)
        assert (stat.S_IMODE(file.stat().st_mode), file.stat().st_uid) == (0o600, os.geteuid())
        assert file.read_text("utf-8").strip() == secret
    assert set(run.secrets) == {"IQC-02", "PK-03", "REC-01"}
    assert "receiving station secret" not in repr(run)


def test_a_second_start_changes_nothing(first_run) -> None:
    run, folder, _ = first_run
    counted = "SELECT (SELECT count(*) FROM lineside.audit_log), (SELECT count(*) FROM lineside.person), (SELECT count(*) FROM pg_roles)"
    before, files = row(run, counted), sorted(path for path in folder.rglob("*") if "server" not in path.parts)
    second, heard = again(folder)
    second.embedded.stop()
    assert heard == ["The database is being started."]
    assert row(run, counted) == before
    assert sorted(path for path in folder.rglob("*") if "server" not in path.parts) == files


def test_settings_that_were_lost_are_written_again_and_others_are_left_alone(first_run, tmp_path: Path) -> None:
    run, folder, _ = first_run
    lost = prepare(folder / "data", tmp_path / "settings.toml", lambda _: None, practice=False, server_settings=CHEAP)
    lost.embedded.stop()
    assert lost.settings.station == "IQC-02"
    (tmp_path / "settings.toml").write_text('station = "REC-01"\nlanguage = "zh_CN"\n', "utf-8")
    other = prepare(folder / "data", tmp_path / "settings.toml", lambda _: None, practice=False, server_settings=CHEAP)
    other.embedded.stop()
    assert (other.settings.station, other.settings.language.value) == ("REC-01", "zh_CN")
    assert run.embedded.running()


@pytest.mark.capability("R5")
def test_a_database_of_a_newer_program_is_left_as_it_is_and_let_only_the_window_of_an_enrolled_station_open(
    first_run, tmp_path: Path
) -> None:
    run, folder, _ = first_run
    with psycopg.connect(run.address.url("lineside")) as superuser:
        superuser.execute("UPDATE lineside_meta.alembic_version SET version_num = '9001'")
    try:
        with pytest.raises(SchemaTooNew, match="9001"):
            prepare(folder / "data", tmp_path / "settings.toml", lambda _: None, practice=False, server_settings=CHEAP)
        assert run.embedded.running()
        window, _ = again(folder)
        window.embedded.stop()
        assert (window.settings.station, window.secrets) == ("IQC-02", {})
        link = StationLink(window.server, "IQC-02", run.secrets["IQC-02"])
        with pytest.raises(SchemaTooNew, match="9001"):
            link.where()
    finally:
        with psycopg.connect(run.address.url("lineside")) as superuser:
            superuser.execute("UPDATE lineside_meta.alembic_version SET version_num = %s", [schema.HEAD])
    assert row(run, "SELECT count(*) > 5 FROM lineside.person") == (True,)


@pytest.mark.capability("R5")
def test_a_plant_of_an_older_program_is_brought_to_this_version_with_everything_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "HEAD", "0001")
        _plant_with_its_first_administrator(folder)
    run, heard = again(folder)
    try:
        assert f"The database is being brought from version 0001 to {schema.HEAD}." in heard
        assert row(run, "SELECT version_num FROM lineside_meta.alembic_version") == (schema.HEAD,)
        assert row(run, "SELECT login, badge FROM lineside.person") == ("sun.wei", None)
        assert row(run, f"SELECT count(*) FROM ({BROKEN}) b") == (0,)
        of_a_person = "SELECT count(*) FROM lineside.audit_log WHERE tab = 'person' AND payload LIKE '%sun.wei%'"
        assert row(run, of_a_person) == (2,), "made, and at the upgrade when the identity was checked"
    finally:
        run.embedded.stop()


def _plant_with_its_first_administrator(folder: Path) -> None:
    embedded = EmbeddedServer(server_folder(folder / "data"), settings=CHEAP)
    address = embedded.start()
    server = Server(host=address.host, port=address.port, dbname="lineside")
    with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
        schema.install(superuser, server)
    with psycopg.connect(address.url("lineside")) as inside:
        schema.upgrade(inside)
    with psycopg.connect(address.url("lineside")) as inside:
        make_first_administrator(inside, ADMINISTRATOR, SECRET)
    embedded.stop()


def test_a_start_killed_while_it_builds_is_made_good_by_the_next_one(folder: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-m", "tests.demo.being_killed", str(folder)], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    while "being built" not in killed.stdout.readline():
        assert killed.poll() is None
    embedded = EmbeddedServer(server_folder(folder / "data"), settings=CHEAP)
    address = embedded.start()
    try:
        _until_people_are_entered(address)
        killed.kill()
        killed.wait()
        killed.stdout.close()
        finished, heard = again(folder)
        try:
            assert any("being built" in sentence for sentence in heard)
            assert row(finished, "SELECT count(*) FROM lineside.person") == (len(PEOPLE) + 1,)
            assert row(finished, f"SELECT count(*) FROM pg_database WHERE datname = '{HALF_BUILT}'", "postgres") == (0,)
            assert finished.settings.station == "IQC-02"
        finally:
            finished.embedded.stop()
    finally:
        embedded.stop()


def _until_people_are_entered(address) -> None:
    """Wait until the half-built plant holds somebody: its logins are in the whole server then."""
    with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
        while superuser.execute("SELECT count(*) FROM pg_roles WHERE rolname IN ('sun.wei', 'li.ming')").fetchone() != (2,):
            superuser.execute("SELECT pg_sleep(0.01)")


def test_a_throw_away_folder_is_gone_afterwards() -> None:
    with throw_away_folder() as made:
        (made / "something").write_text("x", "utf-8")
    assert not made.exists()
