"""The embedded server's folder: made once, with its secret, its cluster and, at every start, its settings."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from app.core.server_account import ServerAccount
from app.core.server_errors import (
    ServerFolderTaken,
    ServerFolderUnreachable,
    ServerNotSetUp,
    ServerSecretMissing,
    ServerVersionDiffers,
)
from app.core.server_programs import brings, programs_for, wheel_version
from app.core.server_settings import AUTH_DELAY, LOOPBACK, SOCKET_PORT, WORKSTATION, MeetingPoint, as_conf, loopback_port, socket_folder

SUPERUSER = "postgres"
SECRET_FILE = "superuser"
OURS = {"cluster", "cluster.new", SECRET_FILE, "socket", "start.lock", "users.lock", "port"}
SET_UP_S = 300.0


def prepare_folder(folder: Path, account: ServerAccount) -> None:
    """Make the data folder when it is missing and give it to the server's account.

    Raises:
        ServerFolderTaken: it holds something that is not ours; nothing was changed.
        ServerFolderUnreachable: the account cannot get there; folders above are not opened for it.
    """
    try:
        _make_with_parents(folder)
        strangers = sorted(path.name for path in folder.iterdir() if path.name not in OURS and not path.name.startswith("programs-"))
    except (PermissionError, FileExistsError, NotADirectoryError) as trouble:
        raise ServerFolderUnreachable(folder=folder) from trouble
    if strangers and not (folder / SECRET_FILE).exists():
        raise ServerFolderTaken(folder=folder, example=strangers[0])
    account.own(folder)
    if not account.can_use(folder):
        raise ServerFolderUnreachable(folder=folder)


def make_cluster(folder: Path, account: ServerAccount) -> str:
    """Run `initdb` beside the final place and move the result there in one step, so that a power cut leaves none or a whole one.

    Returns:
        The superuser's secret. There is no moment at which the server trusts anybody without it.

    Raises:
        ServerNotSetUp: `initdb` could not finish, e.g. the disk is full.
    """
    secret_file = folder / SECRET_FILE
    if not secret_file.exists() or not secret_file.read_text("ascii").strip():
        write_private(secret_file, secrets.token_urlsafe(32) + "\n", account)
    half_done = folder / "cluster.new"
    shutil.rmtree(half_done, ignore_errors=True)
    initdb = [
        programs_for(account, folder) / "initdb",
        *("-D", half_done, "-U", SUPERUSER, "--pwfile", secret_file, "--auth=scram-sha-256", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums"),
    ]
    answer = account.run(initdb, folder=folder, timeout_s=SET_UP_S)
    if not answer.went_well:
        raise ServerNotSetUp(folder=folder, reason=_last_words(answer.said))
    with (half_done / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude_if_exists = 'lineside.conf'\n")
        conf.flush()
        os.fsync(conf.fileno())
    half_done.replace(folder / "cluster")
    return read_secret(folder)


def read_secret(folder: Path) -> str:
    """The superuser's secret of an existing cluster.

    Raises:
        ServerSecretMissing: the file is gone or empty.
    """
    file = folder / SECRET_FILE
    secret = file.read_text("ascii").strip() if file.exists() else ""
    if not secret:
        raise ServerSecretMissing(file=file)
    return secret


def refuse_other_version(cluster: Path) -> None:
    """Keep our programs off the data of another major version.

    Raises:
        ServerVersionDiffers: nothing was changed.
    """
    found = (cluster / "PG_VERSION").read_text("ascii").strip()
    ours = wheel_version().partition(".")[0]
    if found != ours:
        raise ServerVersionDiffers(found=found, ours=ours)


def write_settings(folder: Path, account: ServerAccount, settings: Mapping[str, str]) -> None:
    """Write the settings of this start: ours for a workstation, over them the caller's, over them where clients meet the server."""
    delay = AUTH_DELAY if brings("auth_delay") else {}
    conf = as_conf({**WORKSTATION, **delay, **settings, **_meeting_point(folder, account).settings()})
    write_private(folder / "cluster" / "lineside.conf", conf, account)


def why_not(cluster: Path, said: str) -> str:
    """The server's own last complaint: from its log, its first words, or what `pg_ctl` said."""
    logs = sorted((cluster / "log").glob("*.log"), key=lambda file: file.stat().st_mtime) if (cluster / "log").exists() else []
    for file in (*reversed(logs[-1:]), cluster / "start.log"):
        lines = file.read_text("utf-8", errors="replace").splitlines() if file.exists() else []
        if complaints := [line for line in lines[-20:] if "FATAL:" in line or "PANIC:" in line]:
            return complaints[-1].strip()
    return _last_words(said)


def _meeting_point(folder: Path, account: ServerAccount) -> MeetingPoint:
    if sys.platform == "win32":
        return MeetingPoint(host=LOOPBACK, port=loopback_port(folder / "port"))
    meeting = socket_folder(folder)
    meeting.mkdir(mode=0o700, exist_ok=True)
    owner = meeting.lstat().st_uid
    if meeting.is_symlink() or owner not in {os.geteuid(), account.user}:
        raise ServerFolderUnreachable(folder=meeting)  # somebody else put a folder of that name into the temporary folder
    account.own(meeting)
    return MeetingPoint(host=str(meeting), port=SOCKET_PORT)


def _make_with_parents(folder: Path) -> None:
    """Folders above that are missing are made for everybody to pass; those that exist stay as they are. The folder itself is private."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            parent.chmod(0o755)
    folder.mkdir(mode=0o700, exist_ok=True)


def write_private(file: Path, text: str, account: ServerAccount) -> None:
    """Replace the file in one step; only the server's account (and root) may read it."""
    half_done = file.with_name(file.name + ".new")
    half_done.unlink(missing_ok=True)
    with os.fdopen(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    account.own(half_done)
    half_done.replace(file)


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "no words"
