"""Files of this workstation: where its own server lies, and one folder per station it stands for, with the station's secret and devices.

A station's folder lies beside ``settings.toml``: ``stations/IQC-02/secret`` and ``stations/IQC-02/devices.toml``.
What is on its way to the database lies in the data folder, one folder per station too.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from urllib.parse import quote

from app.base.errors import RuleViolation

OWN_DATABASE = "lineside"
"""Name of the database in the embedded server."""


class StationSecretMissing(RuleViolation):
    code = "station.secret_missing"
    text = "Station {station} was not opened: the file {file} with its secret is missing or empty."
    next_step = "Put the file back, or let the administrator enrol this computer as a new station: python main.py db install --station CODE"


class StationSecretOpen(RuleViolation):
    """A secret that others can read proves no station."""

    code = "station.secret_open"
    text = "Station {station} was not opened: other accounts of this computer can read its secret in {file}."
    next_step = "Take their right to read the file away (chmod 600), and tell the administrator if somebody may have read it."


def server_folder(data_folder: Path) -> Path:
    """Where the embedded server keeps everything; nothing else may lie there."""
    return data_folder / "server"


def spool_folder(data_folder: Path, station: str) -> Path:
    """Where a station keeps what is on its way to the database; nothing else lies there."""
    return data_folder / "spool" / quote(station, safe="")


def entries_folder(data_folder: Path, station: str) -> Path:
    """Where a station keeps what people entered there until the database has it; nothing else lies there."""
    return data_folder / "entries" / quote(station, safe="")


def secret_file(settings_file: Path, station: str) -> Path:
    """Where the secret of a station lies that was enrolled on this computer."""
    return _folder(settings_file, station) / "secret"


def devices_file(settings_file: Path, station: str) -> Path:
    """Where it is written which asset hangs on which port of a station."""
    return _folder(settings_file, station) / "devices.toml"


def keep_secret(file: Path, secret: str) -> None:
    """Write a secret so that only this account may read it (0600, folder 0700); an older one is replaced in one step."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_done = file.with_name(file.name + ".new")
    half_done.unlink(missing_ok=True)
    with os.fdopen(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(secret + "\n")
        out.flush()
        os.fsync(out.fileno())
    half_done.replace(file)


def read_secret(file: Path, station: str) -> str:
    """The secret of a station.

    Raises:
        StationSecretMissing: there is none.
        StationSecretOpen: other accounts may read it (not checked on Windows, where the profile folder is closed).
    """
    try:
        secret = file.read_text("utf-8").strip()
        mode = stat.S_IMODE(file.stat().st_mode)
    except FileNotFoundError:
        secret, mode = "", 0
    if not secret:
        raise StationSecretMissing(station=station, file=file)
    if sys.platform != "win32" and mode & 0o077:
        raise StationSecretOpen(station=station, file=file)
    return secret


def _folder(settings_file: Path, station: str) -> Path:
    return settings_file.parent / "stations" / quote(station, safe="")
