"""`db install`: a plant's own database with its first administrator and station; twice changes nothing, secrets are never arguments."""

import os
import stat
import sys

import psycopg
import pytest

from app.core import settings as workstation
from app.core.database import Server
from app.core.session import sign_in
from app.core.station_files import secret_file
from app.core.stations import StationLink

SNAPSHOT = """
SELECT (SELECT count(*) FROM lineside.audit_log), (SELECT version_num FROM lineside_meta.alembic_version),
  (SELECT md5(string_agg(r::text, ',' ORDER BY rolname)) FROM pg_roles r),
  (SELECT md5(string_agg((m.roleid, m.member, m.grantor, m.admin_option, m.inherit_option, m.set_option)::text, ',' ORDER BY m.oid))
    FROM pg_auth_members m),
  (SELECT md5(string_agg(p.oid::text || p.prosrc || coalesce(p.proacl::text, ''), ',' ORDER BY p.oid))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'lineside'),
  (SELECT md5(string_agg(c.relname || coalesce(c.relacl::text, ''), ',' ORDER BY c.oid))
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'lineside'),
  (SELECT datacl::text FROM pg_database WHERE datname = current_database()),
  (SELECT md5(string_agg(s.setconfig::text, ','))
    FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname = current_database())
"""


def test_a_plants_own_server_gets_its_roles_schema_and_first_administrator(place, run_db) -> None:
    said = run_db(*place.install())
    assert said.code == 0, said.told
    secret = said.out.strip()
    here = sign_in(place.server, login=place.login, password=secret, tickets=lambda: None)
    try:
        assert here.who.jobs == {"administrator"}
    finally:
        here.close()
    assert place.row("SELECT code, zone FROM lineside.site") == ("SUZ", "Asia/Shanghai")
    assert secret not in said.told


def test_installing_twice_changes_nothing(place, run_db) -> None:
    arguments = place.install("--station", place.station, "--workbench", "inspect")
    assert run_db(*arguments).code == 0
    before = place.row(SNAPSHOT)
    files = workstation.settings_file().read_text("utf-8")
    again = run_db(*arguments)
    assert (again.code, again.out) == (0, "")
    assert "nobody was made" in again.told
    assert place.row(SNAPSHOT) == before
    assert workstation.settings_file().read_text("utf-8") == files


def test_a_second_database_on_the_same_server_keeps_the_roles_of_the_first(plant, place, run_db) -> None:
    of_jobs = (
        "SELECT count(*), md5(string_agg(m.roleid::text || m.member::text, ',' ORDER BY m.oid)) "
        "FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.rolname ~ '^lineside_may_'"
    )
    before = plant.rows(of_jobs)
    assert run_db(*place.install()).code == 0
    assert plant.rows(of_jobs) == before
    assert plant.sign_in("wang.haiyan").who.jobs == {"quality"}


def test_a_login_that_another_database_of_the_server_uses_is_not_taken_over(plant, place, run_db) -> None:
    said = run_db(*[("sun.wei" if word == place.login else word) for word in place.install()])
    assert said.code == 2
    assert "already a login sun.wei" in said.told
    with psycopg.connect(place.address.url("postgres")) as superuser:
        assert superuser.execute("SELECT FROM pg_database WHERE datname = %s", [place.server.dbname]).fetchone() is None


def test_this_computer_becomes_a_station_with_a_secret_of_its_own(place, run_db, settings_file) -> None:
    said = run_db(*place.install("--station", place.station, "--station-name", "Goods-in", "--station-name-zh", "收货"))
    assert said.code == 0, said.told
    settings = workstation.load(settings_file, {})
    file = secret_file(settings_file, place.station)
    assert (settings.station, settings.station_secret_file) == (place.station, file)
    assert Server.from_url(settings.server) == place.server
    assert file.read_text("utf-8").strip() not in said.out + said.told + settings_file.read_text("utf-8")
    if sys.platform != "win32":
        assert (stat.S_IMODE(file.stat().st_mode), file.stat().st_uid) == (0o600, os.geteuid())
    link = StationLink(Server.from_url(settings.server), place.station, file.read_text("utf-8").strip())
    try:
        assert (link.where().name.zh, link.where().workbench) == ("收货", "receive")
    finally:
        link.close()


def test_a_station_that_stands_elsewhere_is_not_enrolled_a_second_time(place, run_db, settings_file) -> None:
    assert run_db(*place.install("--station", place.station)).code == 0
    secret_file(settings_file, place.station).unlink()
    settings_file.unlink()
    said = run_db(*place.install("--station", place.station))
    assert said.code == 2
    assert "does not hold its secret" in said.told
    assert not settings_file.exists()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://postgres:hush@127.0.0.1/lineside", "holds a password"),
        ("postgresql://postgres@127.0.0.1/lineside?password=hush", "holds a password"),
        ("postgresql://127.0.0.1/lineside", "is no address"),
        ("postgresql://postgres@127.0.0.1:many/lineside", "is no address"),
        ("mysql://root@127.0.0.1/lineside", "is no address"),
        ("postgresql://postgres@127.0.0.1:1/lineside", "does not let this computer in"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_a_sentence_without_repeating_a_password(run_db, url, told) -> None:
    said = run_db("install", "--url", url)
    assert said.code == 2
    assert told in said.told
    assert "hush" not in said.told


def test_a_wrong_password_of_the_superuser_is_said_as_such(place, run_db, monkeypatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "not the one")
    said = run_db(*place.install())
    assert said.code == 2
    assert "do not belong together" in said.told


def test_without_terminal_and_password_nothing_hangs(place, run_db, monkeypatch) -> None:
    monkeypatch.delenv("PGPASSWORD")
    said = run_db(*place.install())
    assert said.code == 2
    assert "PGPASSWORD" in said.told


def test_somebody_who_is_no_superuser_cannot_install(plant, place, run_db, monkeypatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "lineside demo")
    with psycopg.connect(place.address.url("postgres"), autocommit=True) as superuser:
        superuser.execute("GRANT CONNECT ON DATABASE postgres TO lineside_person")
        try:
            said = run_db("install", "--url", place.url.replace("postgres@", "gao.yun@", 1))
        finally:
            superuser.execute("REVOKE CONNECT ON DATABASE postgres FROM lineside_person")
    assert said.code == 2
    assert "gao.yun is no superuser" in said.told


def test_a_server_that_is_too_old_is_refused_with_both_versions(place, run_db, monkeypatch) -> None:
    monkeypatch.setattr("app.cli.superuser.OLDEST_SERVER", 99)
    said = run_db(*place.install())
    assert said.code == 2
    assert "the server is PostgreSQL 18." in said.told
    assert "99 or newer is needed" in said.told
    with psycopg.connect(place.address.url("postgres")) as superuser:
        assert superuser.execute("SELECT FROM pg_database WHERE datname = %s", [place.server.dbname]).fetchone() is None


@pytest.mark.parametrize(
    ("left_out", "told"), [("--admin", "--admin is not given"), ("--zone", "--zone is not given"), ("--generate-secret", "first password")]
)
def test_what_nobody_can_be_asked_for_is_named_before_anything_is_made(place, run_db, left_out, told) -> None:
    words = list(place.install())
    at = words.index(left_out)
    del words[at : at + (1 if left_out == "--generate-secret" else 2)]
    said = run_db(*words)
    assert said.code == 2
    assert told in said.told
    with psycopg.connect(place.address.url("postgres")) as superuser:
        assert superuser.execute("SELECT FROM pg_database WHERE datname = %s", [place.server.dbname]).fetchone() is None


def test_a_zone_nobody_knows_is_refused(place, run_db) -> None:
    said = run_db(*[("Asia/Suzhou" if word == "Asia/Shanghai" else word) for word in place.install()])
    assert said.code == 2
    assert "Asia/Suzhou is no time zone" in said.told


def test_refusals_are_said_in_the_language_of_the_station(run_db, monkeypatch) -> None:
    monkeypatch.setenv("LINESIDE_LANGUAGE", "zh_CN")
    said = run_db("install", "--url", "postgresql://127.0.0.1/lineside")
    assert "未执行" in said.told
