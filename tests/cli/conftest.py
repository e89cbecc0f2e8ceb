"""A workstation of a test's own, a database of a test's own on the common server, and command lines run to their end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from app.cli import db
from app.cli.superuser import address_without_user
from app.core.database import Server
from app.core.embedded_server import ServerAddress
from app.demo.first_run import prepare
from tests.core.cluster import CHEAP, short_folder

_numbers = itertools.count(1)
_LOGINS = (
    "SELECT rolname FROM pg_roles WHERE rolname ~ '^cli[0-9]' OR rolname ~ '^lineside_station_cli[0-9]'",
    "DROP ROLE {}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command line answered."""

    code: int
    out: str
    told: str
    """What stood on the error stream."""


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workstation that nobody has set up."""
    file = tmp_path / "workstation" / "settings.toml"
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    return file


@pytest.fixture
def run_db(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*arguments: str) -> Said:
        capsys.readouterr()
        code = db.main(arguments)
        heard = capsys.readouterr()
        return Said(code=code, out=heard.out, told=heard.err)

    return run


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a test installs."""

    address: ServerAddress
    server: Server
    login: str
    """A login that no other test uses: logins hold for a whole server."""
    station: str

    @property
    def url(self) -> str:
        """As the administrator types it."""
        return address_without_user(self.server, "postgres")

    def install(self, *more: str) -> tuple[str, ...]:
        """A whole command line that asks nothing."""
        who = ("--admin", self.login, "--admin-name", "Sun Wei", "--identity-check", "in person, identity card")
        return ("install", "--url", self.url, *who, "--site", "SUZ", "--zone", "Asia/Shanghai", "--generate-secret", *more)

    def row(self, question: str, *arguments: object) -> tuple[object, ...]:
        with psycopg.connect(self.address.url(self.server.dbname)) as superuser:
            found = superuser.execute(question, arguments).fetchone()
        assert found is not None
        return found


@pytest.fixture
def place(cluster: ServerAddress, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The common server, its superuser's password as the environment gives it, and a database that is not there yet."""
    number = next(_numbers)
    monkeypatch.setenv("PGPASSWORD", cluster.secret)
    server = Server(host=cluster.host, port=cluster.port, dbname=f"cli_{number}")
    yield Place(address=cluster, server=server, login=f"cli{number}.admin", station=f"CLI{number}-01")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(server.dbname)))
        for (login,) in superuser.execute(_LOGINS[0]).fetchall():
            superuser.execute(sql.SQL(_LOGINS[1]).format(sql.Identifier(login)))


@pytest.fixture(scope="session")
def embedded() -> Iterator[Path]:
    """A workstation whose own server runs with the demonstration plant; gives its settings file."""
    with short_folder() as folder:
        run = prepare(folder / "data", folder / "settings.toml", lambda _: None, practice=False, server_settings=CHEAP)
        yield folder / "settings.toml"
        run.embedded.stop()


@pytest.fixture
def own_server(embedded: Path, settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This workstation is that one."""
    monkeypatch.setenv("LINESIDE_SETTINGS", str(embedded))
    return embedded
