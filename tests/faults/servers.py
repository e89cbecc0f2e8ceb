"""Servers of a fault's own: copies of a running one by pg_basebackup, killed as a whole, followed by a standby, set on a small disk."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg

from app.core.database import Server
from app.core.embedded_server import EmbeddedServer, ServerAddress
from app.core.server_account import account_for_server
from app.core.server_process import find_running
from app.core.server_programs import programs_for
from app.core.server_set_up import SECRET_FILE, prepare_folder
from tests.core.cluster import CHEAP, short_folder


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How the servers of a run are kept."""

    settings: Mapping[str, str]
    """PostgreSQL's, over our own."""
    place: Path | None
    """The folder they lie in; ``None``: in memory, where there is room."""


QUICK = Manner(settings={**CHEAP, "synchronous_commit": "on", "restart_after_crash": "on"}, place=None)
"""No waiting for a disk that no power cut threatens; what a killed process had acknowledged is with the operating system all the same."""
SECOND = "second"
"""Name under which a standby follows."""
PATIENCE_S = 60.0
moment = threading.Event()
"""Never set: a wait on it is a pause between two looks."""


def until(so: Callable[[], object], what: str, *, every_s: float = 0.02) -> None:
    """Wait until it is so; `TimeoutError` says what was waited for."""
    end = time.monotonic() + PATIENCE_S
    while not so():
        if time.monotonic() > end:
            raise TimeoutError(what)
        moment.wait(every_s)


class OwnServer:
    """One server in a folder, started and killed as the fault wishes; what is committed in it survives both."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder, self.cluster = folder, folder / "cluster"
        self.settings = dict(settings)
        self._server = EmbeddedServer(folder, settings=self.settings)
        self.address: ServerAddress | None = None

    def start(self) -> ServerAddress:
        """Start, or come back after whatever happened."""
        self.address = self._server.start()
        return self.address

    def kill(self) -> None:
        """SIGKILL for the server and every process of it, as a power cut leaves them: nobody writes another byte."""
        running = find_running(self.cluster)
        assert running is not None, "nobody was there to be killed"
        parent = psutil.Process(running.pid)
        parent.suspend()  # makes no more children
        family = [parent, *parent.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        until(lambda: not any(_lives(process) for process in family), "the killed server's end", every_s=0.002)

    def kill_one_backend(self) -> None:
        """SIGKILL for one process that serves a client; the server throws everybody out and recovers."""
        assert self.address is not None
        with psycopg.connect(self.address.url("postgres"), autocommit=True) as superuser:
            busy = superuser.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                " AND usename <> 'postgres' ORDER BY state = 'active' DESC, random() LIMIT 1"
            ).fetchone()
        assert busy is not None, "nobody was served"
        psutil.Process(busy[0]).kill()

    def answers(self) -> bool:
        """Whether it takes connections now."""
        assert self.address is not None
        try:
            with psycopg.connect(self.address.url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def promote(self) -> None:
        """Let a standby lead from now on."""
        assert self.address is not None
        with psycopg.connect(self.address.url("postgres"), autocommit=True) as superuser:
            superuser.execute("SELECT pg_promote(true, 60)")

    def stop(self) -> None:
        """As a keeper stops it; one that ended by itself lets go of its folder."""
        self._server.stop()


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def copied(
    source: ServerAddress, folder: Path, settings: Mapping[str, str], *, host: str = "", port: int = 0, follows: bool = False
) -> OwnServer:
    """A server with everything the source holds, not started yet.

    Args:
        source: Running; where a standby follows it is met as the copy meets it.
        folder: Of the copy, empty and within reach of the server's account.
        settings: PostgreSQL's, over our own.
        host: A loopback address to listen on beside the socket; empty: none.
        port: Its port.
        follows: As a standby that streams from the source.
    """
    account = account_for_server()
    prepare_folder(folder, account)
    (folder / SECRET_FILE).write_text(source.secret + "\n", "ascii")
    account.own(folder / SECRET_FILE)
    place = f"{source.url('postgres')}&application_name={SECOND}"
    copy = [
        programs_for(account, folder) / "pg_basebackup",
        "-D",
        folder / "cluster",
        "-d",
        place,
        "-X",
        "stream",
        "-c",
        "fast",
        "--no-sync",
    ]
    answer = account.run([*copy, *(("-R", "-C", "-S", SECOND) if follows else ())], folder=folder, timeout_s=PATIENCE_S)
    assert answer.went_well, answer.said
    with (folder / "cluster" / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
        if host:
            conf.write(f"listen_addresses = '{host}'\nport = {port}\n")
        conf.write("synchronous_standby_names = ''\n")
    return OwnServer(folder, settings)


@contextmanager
def own_server(source: ServerAddress, manner: Manner = QUICK) -> Iterator[OwnServer]:
    """A running copy, thrown away afterwards."""
    with short_folder(manner.place) as folder:
        server = copied(source, folder / "data", manner.settings)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Pair:
    """A primary and its synchronous standby on two loopback addresses, one port; clients are told both, as in a plant."""

    def __init__(self, source: ServerAddress, folder: Path, settings: Mapping[str, str], *, synchronous: bool = True) -> None:
        self._folder, self._settings, self._synchronous = folder, settings, synchronous
        self._hosts, self._port, self._made = ["127.0.0.1", "127.0.0.2"], free_port(), 0
        self.primary = self._copy(source)
        self.standby = self._follow()

    def server(self, dbname: str) -> Server:
        """Where clients meet whichever of the two leads."""
        return Server(host="127.0.0.1,127.0.0.2", port=self._port, dbname=dbname)

    def lead(self) -> None:
        """The primary is dead: the standby leads from now on."""
        self.standby.promote()
        self.primary = self.standby

    def cut(self) -> None:
        """The standby hears nothing more of the primary."""
        assert self.standby.address is not None
        with psycopg.connect(self.standby.address.url("postgres"), autocommit=True) as superuser:
            superuser.execute("ALTER SYSTEM SET primary_conninfo = ''")
            superuser.execute("SELECT pg_reload_conf()")
            until(lambda: superuser.execute("SELECT count(*) FROM pg_stat_wal_receiver").fetchone() == (0,), "the cut")

    def mend(self) -> None:
        """A new standby for whoever leads now, where the dead one stood."""
        self.standby = self._follow()

    def wait_for(self, names: str) -> None:
        """Whose copies a commit waits for from now on; empty: nobody's."""
        with self.superuser() as superuser:
            superuser.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
            superuser.execute("SELECT pg_reload_conf()")
            until(lambda: superuser.execute("SHOW synchronous_standby_names").fetchone() == (names,), "the setting")

    def superuser(self) -> psycopg.Connection:
        """An administrator at the primary, in autocommit; commits of their own wait for nobody."""
        assert self.primary.address is not None
        return psycopg.connect(self.primary.address.url("postgres"), autocommit=True, options="-c synchronous_commit=local")

    def stop(self) -> None:
        """Both; the primary first waits for nobody."""
        for server in {self.standby, self.primary}:
            server.stop()

    def _copy(self, source: ServerAddress) -> OwnServer:
        self._made += 1
        server = copied(source, self._folder / f"s{self._made}", self._settings, host=self._hosts[0], port=self._port)
        server.start()
        return server

    def _follow(self) -> OwnServer:
        assert self.primary.address is not None
        self._made += 1
        self._hosts.reverse()
        settings = {**self._settings, "cluster_name": SECOND}
        standby = copied(
            self.primary.address, self._folder / f"s{self._made}", settings, host=self._hosts[0], port=self._port, follows=True
        )
        standby.start()
        self.wait_for(SECOND if self._synchronous else "")
        wanted = ("streaming", "sync" if self._synchronous else "async")
        with self.superuser() as superuser:
            until(lambda: superuser.execute("SELECT state, sync_state FROM pg_stat_replication").fetchone() == wanted, "the standby")
        return standby


@contextmanager
def pair(source: ServerAddress, manner: Manner = QUICK, *, synchronous: bool = True) -> Iterator[Pair]:
    """A primary with everything the source holds and its standby, thrown away afterwards."""
    with short_folder(manner.place) as folder:
        two = Pair(source, folder, manner.settings, synchronous=synchronous)
        try:
            yield two
        finally:
            two.stop()


def free_port() -> int:
    """One that is free on both loopback addresses."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        port = int(first.getsockname()[1])
        second.bind(("127.0.0.2", port))
        return port
