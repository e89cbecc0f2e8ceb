"""The operating-system account the embedded server runs as, and what that account can reach.

PostgreSQL refuses to run as root. When Lineside itself runs as root, the server gets an account of its own; folders above
the data folder are never opened for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType

from app.base.errors import OutageError

ACCOUNT = "lineside-db"
NO_SECRETS: Mapping[str, str] = MappingProxyType({})


class ServerAccountMissing(OutageError):
    """Root may not run PostgreSQL, and the account for it could not be made."""

    code = "server.account_missing"
    text = "The database server was not started: this computer has no account {account} and it could not be made: {reason}."
    next_step = "Let the administrator create the system account {account}, or start Lineside as an ordinary user."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one of the server's programs answered."""

    went_well: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAccount:
    """Who runs the server's programs: an own account under root, otherwise whoever runs Lineside."""

    user: int | None
    """``None``: ourselves."""
    group: int | None

    def run(
        self, command: Sequence[object], *, folder: Path, timeout_s: float, told: str = "", secrets: Mapping[str, str] = NO_SECRETS
    ) -> Answer:
        """Run one program as this account in `folder`, in plain English and without our PG* variables; its words come back as text.

        A program that has not ended after `timeout_s` seconds is killed and did not go well.

        Args:
            command: The program and its arguments, which every account can see.
            folder: Where it works.
            timeout_s: See above.
            told: What it reads from its standard input.
            secrets: What stands in its environment besides, e.g. ``PGPASSWORD``.

        Raises:
            PermissionError: the account cannot reach the program.
        """
        with TemporaryFile() as words, TemporaryFile() as heard:  # a pipe would stay open as long as the server that pg_ctl leaves behind
            heard.write(told.encode())
            heard.seek(0)
            try:
                done = subprocess.run(
                    [str(word) for word in command],
                    cwd=folder,
                    env={**_environment(), **secrets},
                    stdin=heard,
                    stdout=words,
                    stderr=subprocess.STDOUT,
                    check=False,
                    timeout=timeout_s,
                    umask=0o077,
                    user=self.user,
                    group=self.group,
                    extra_groups=None if self.user is None else [],
                )
            except subprocess.TimeoutExpired as trouble:
                return Answer(went_well=False, said=str(trouble))
            words.seek(0)
            said = words.read().decode(errors="replace").strip()
        return Answer(went_well=done.returncode == 0, said=said)

    def can_use(self, folder: Path) -> bool:
        """Whether the account gets into the folder and may write there."""
        if self.user is None:
            return os.access(folder, os.W_OK | os.X_OK)
        return self._asks('test -w "$1" && cd "$1"', folder)

    def can_run(self, program: Path) -> bool:
        """Whether the account reaches the program and may run it."""
        return os.access(program, os.X_OK) if self.user is None else self._asks('test -x "$1"', program)

    def own(self, path: Path) -> None:
        """Give one file or folder to the account; nothing changes when the account is ourselves."""
        if sys.platform != "win32" and self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)

    def _asks(self, question: str, path: Path) -> bool:
        return self.run(["/bin/sh", "-c", question, "sh", path], folder=Path("/"), timeout_s=10).went_well


def account_for_server() -> ServerAccount:
    """Ourselves, or under root the account `lineside-db`, made on first use.

    Raises:
        ServerAccountMissing: we are root, and `useradd` is missing or refused.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return ServerAccount(user=None, group=None)
    import pwd

    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        _make_account()
        entry = pwd.getpwnam(ACCOUNT)
    return ServerAccount(user=entry.pw_uid, group=entry.pw_gid)


def _make_account() -> None:
    make = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        ACCOUNT,
    ]
    try:
        done = subprocess.run(make, capture_output=True, text=True, check=False, timeout=30)
    except (FileNotFoundError, subprocess.TimeoutExpired) as trouble:
        raise ServerAccountMissing(account=ACCOUNT, reason=str(trouble)) from trouble
    already_made_by_another_start = done.returncode == 9  # useradd(8): name in use
    if done.returncode != 0 and not already_made_by_another_start:
        raise ServerAccountMissing(account=ACCOUNT, reason=done.stderr.strip())


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG", "LD_"))}
    return {**kept, "LC_ALL": "C"}
