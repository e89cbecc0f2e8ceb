"""Whether the embedded server really runs: its pid file says so, and the process behind the pid is a server on this very cluster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from app.core.server_settings import MeetingPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A live server process and what its pid file says."""

    pid: int
    meeting_point: MeetingPoint
    ready: bool
    """It takes connections; otherwise it is still starting, recovering or stopping."""


def find_running(cluster: Path) -> RunningServer | None:
    """The live server on this cluster; ``None`` when there is none, also after a power cut when somebody else has its number now.

    Source:
        Lines of postmaster.pid: src/include/utils/pidfile.h (pid, data folder, start, port, socket folder, listen address, shm, status).
    """
    try:
        lines = (cluster / "postmaster.pid").read_text("utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if not _serves(pid, cluster):
        return None
    if len(lines) < 6:
        return RunningServer(pid=pid, meeting_point=MeetingPoint(host="", port=0), ready=False)
    return RunningServer(
        pid=pid,
        meeting_point=MeetingPoint(host=lines[4].strip() or lines[5].strip(), port=int(lines[3])),
        ready=len(lines) >= 8 and lines[7].strip() == "ready",
    )


def forget_stale_pid(cluster: Path) -> bool:
    """Remove the pid file of a dead server whose number another process has now, or which a power cut left empty.

    PostgreSQL itself would refuse to start over it.
    A number that nobody has is left to PostgreSQL, which looks with the file's help whether server processes outlived their parent.
    Only for a caller that holds the start lock and has just seen `find_running` return ``None``.

    Returns:
        False: processes of the dead server still work on the cluster; nothing may be started, nothing was changed.
    """
    file = cluster / "postmaster.pid"
    if not file.exists():
        return True
    number = file.read_text("utf-8").partition("\n")[0].strip()
    if number.isdigit() and not psutil.pid_exists(int(number)):
        return True
    if any(_works_on(process, cluster) for process in psutil.process_iter()):
        return False
    file.unlink()
    return True


def forget_stale_lock(sockets: Path) -> None:
    """Remove the lock beside the socket of a dead server: it names a process too, and PostgreSQL starts over no number that somebody has.

    Only for a caller for whom `forget_stale_pid` has just returned ``True``; the folder is the cluster's own.
    """
    for lock in sockets.glob(".s.PGSQL.*.lock"):
        lock.unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    try:
        return _works_on(psutil.Process(pid), cluster)
    except psutil.NoSuchProcess:
        return False


def _works_on(process: psutil.Process, cluster: Path) -> bool:
    """Whether it is a PostgreSQL process with the cluster as its working folder. The cluster is private: a stranger's cannot be."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE or Path(process.name()).stem != "postgres":
            return False
        return Path(process.cwd()).resolve() == cluster.resolve()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
