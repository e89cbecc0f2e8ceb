"""What this workstation is: which server, which station, how it looks. One TOML file, over it `LINESIDE_*` of the environment.

No secret stands in here: the station's secret has a file of its own that only the station's account may read.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.base.errors import OutageError, RuleViolation
from app.base.phrases import Language

PREFIX = "LINESIDE_"
PROGRAM = "lineside"
SYSTEM_DATA = Path("/var/lib/lineside")
"""Data folder under root: the server's own account cannot reach root's home."""


class SettingsUnreadable(RuleViolation):
    """The settings cannot be used as they are; nothing is guessed in their place."""

    code = "settings.unreadable"
    text = "The settings in {source} were not used: {reason}"
    next_step = "Mend the line that is named here, or delete it to get the usual value, then start again."


class SettingsNotWritten(OutageError):
    """The file of this workstation takes nothing."""

    code = "settings.not_written"
    text = "The settings were not changed: {file} takes no change ({reason})."
    next_step = "Ask for the right to write there or make room on the disk, then press again."


def _server(value: str) -> str:
    if value == "embedded":
        return value
    parts = urlsplit(value)
    if parts.scheme != "postgresql" or not parts.hostname or not parts.path.strip("/"):
        raise ValueError("must be 'embedded' or 'postgresql://host:port/database'")
    if parts.username or parts.password or "password" in parts.query:
        raise ValueError("must name no user and no password: people sign in, the station has a secret file")
    return value


def usual_data_folder() -> Path:
    """The user's data folder; under root one of the system, which the server's account can reach."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return SYSTEM_DATA
    return Path(platformdirs.user_data_path(PROGRAM, appauthor=False))


class Settings(BaseModel):
    """One workstation. Frozen: a change is a new object, written with `save`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: Annotated[str, AfterValidator(_server)] = "embedded"
    """``embedded``, or the plant's own server as ``postgresql://host:port/database``."""
    station: str | None = Field(default=None, min_length=1, max_length=40)
    """Code of this station as it was enrolled; ``None`` before enrolment."""
    station_secret_file: Path | None = None
    language: Language = Language.EN
    """Until somebody signs in; then each person's own."""
    theme: Literal["light", "dark"] = "light"
    scale: Literal["1.0", "1.15", "1.3"] = "1.0"
    """Multiplies all sizes (face.md, Sizes)."""
    dpi_override: float | None = Field(default=None, ge=50, le=600)
    """Physical dots per inch where the monitor lies about its size."""
    idle_lock_s: int = Field(default=300, ge=30, le=3600)
    """Seconds without touch or scan until the window locks."""
    picture_folder: Path = Field(default_factory=lambda: Path(platformdirs.user_pictures_path()))
    """Where the station's camera puts its pictures; the folders within it are looked into too."""
    data_folder: Path = Field(default_factory=usual_data_folder)

    wedge_prefix: str = Field(default="none", pattern=r"^(none|stx|f1[3-9]|f2[0-4])$")
    """What the keyboard scanner of this station sends in front of every scan; ``none``: a scan is told by its speed."""
    wedge_suffix: Literal["enter", "tab", "both"] = "both"
    """What it sends behind it."""
    wedge_gap_ms: int = Field(default=35, ge=10, le=100)
    """Keys that follow each other so fast belong to one scan."""
    wedge_idle_ms: int = Field(default=70, ge=30, le=300)
    """After so long a silence what was held back was typed by a person."""
    wedge_fewest: int = Field(default=4, ge=3, le=12)
    """So many characters make a scan; fewer are a person."""
    bounce_ms: int = Field(default=300, ge=300, le=500)
    """The same code again within this time is the same scan, whatever scanner sent it."""

    backup_folder: Path | None = None
    """Where the keeper puts backups; ``None``: this computer takes none by itself."""
    backup_recipients: Path | None = None
    """File with the public keys (``age1…``, one a line) of whoever may open a backup."""
    backup_key: Path | None = None
    """File with a private key, only on the computer that drills; ``None``: drills are done elsewhere."""
    backup_keep: int = Field(default=30, ge=2, le=1000)
    """How many finished backups are kept; older ones are removed after a new one is finished."""
    backup_scratch: Path | None = None
    """Folder for drills; the plant's data lie there in clear meanwhile. ``None``: where temporary files lie."""
    backup_programs: Path | None = None
    """Folder with ``pg_basebackup`` of the plant's own server, where it demands TLS; ``None``: the programs that come with Lineside."""
    keeper_at: str = Field(default="02:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """When the keeper's night begins, by this computer's clock and zone."""
    drill_on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "sunday"
    """The night on which the newest backup is restored and compared, where there is a private key."""
    server_log: Path | None = None
    """Folder of the plant's server's own log, where the keeper may read it; of an embedded server it is known."""

    @property
    def frame_logs(self) -> Path:
        """Where what goes over the lines of the devices is written."""
        return self.log_folder / "frames"

    @property
    def log_folder(self) -> Path:
        """Where this program writes its log."""
        return Path(platformdirs.user_log_path(PROGRAM, appauthor=False))


def settings_file() -> Path:
    """``settings.toml`` in the user's configuration folder; `LINESIDE_SETTINGS` names another one."""
    named = os.environ.get(PREFIX + "SETTINGS")
    return Path(named) if named else Path(platformdirs.user_config_path(PROGRAM, appauthor=False)) / "settings.toml"


def load(file: Path, environment: Mapping[str, str]) -> Settings:
    """Read the file, if it is there, and the environment over it.

    Raises:
        SettingsUnreadable: not TOML, an unknown name, or a value that cannot be; the first one is named.
    """
    rows: dict[str, object] = {}
    try:
        rows.update(tomllib.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        pass
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as trouble:
        raise SettingsUnreadable(source=file, reason=str(trouble)) from trouble
    named = {name: PREFIX + name.upper() for name in Settings.model_fields}
    rows.update({name: environment[variable] for name, variable in named.items() if variable in environment})
    try:
        return Settings.model_validate(rows)
    except ValidationError as trouble:
        first = trouble.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        from_environment = named.get(name) in environment
        source = named[name] if from_environment else file
        raise SettingsUnreadable(source=source, reason=f"{name}: {first['msg']}") from trouble


def save(settings: Settings, file: Path) -> None:
    """Write every setting that differs from the usual one; the file is replaced in one step."""
    rows = settings.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    half_done = file.with_name(file.name + ".new")
    with half_done.open("w", encoding="utf-8") as out:
        out.writelines(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in rows.items())  # such JSON is TOML
        out.flush()
        os.fsync(out.fileno())
    half_done.replace(file)


def own_settings() -> Settings:
    """What the file of this workstation says by itself, without the environment.

    Raises:
        SettingsUnreadable: see `load`.
    """
    return load(settings_file(), {})


def change_settings(changes: Mapping[str, object]) -> Settings:
    """Write some settings of this workstation otherwise; the others stay as they are in its file.

    Returns:
        All of them.

    Raises:
        SettingsUnreadable: the file cannot be read, or a value cannot be; nothing was written.
        SettingsNotWritten: the disk, or a right, is in the way.
    """
    file = settings_file()
    try:
        changed = Settings.model_validate({**own_settings().model_dump(), **changes})
    except ValidationError as trouble:
        first = trouble.errors(include_url=False, include_input=False)[0]
        raise SettingsUnreadable(source=file, reason=f"{first['loc'][0]}: {first['msg']}") from trouble
    try:
        save(changed, file)
    except OSError as trouble:
        raise SettingsNotWritten(file=file, reason=trouble.strerror or type(trouble).__name__) from trouble
    return changed
