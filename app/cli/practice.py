"""Practice: a plant of its own on a server of its own, with every device simulated, under the data folder of this workstation.

Of the workstation's settings only the look, the language and the data folder are taken over. The plant's server, this computer's station
and its secret are never asked for: practice makes all three for itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.base.errors import OutageError, RuleViolation
from app.cli.client import OpenStation, served
from app.core import settings as workstation
from app.core.embedded_server import NO_SETTINGS
from app.core.file_locks import FileLock
from app.core.practice import NotForPractice
from app.core.settings import Settings
from app.core.station_files import read_secret, secret_file
from app.core.stations import StationLink
from app.demo.first_run import FirstRun, Tell, prepare

if TYPE_CHECKING:
    from app.cli.demo_line import DemoLine

TAKEN_OVER = ("language", "theme", "scale", "dpi_override", "idle_lock_s")
OPEN = "open"
"""The one line on standard output: the window stands."""
TO_FRONT = "front"
"""A line on standard input: the window comes to the front. Any other is a gesture at the simulated devices, as `simulate` knows them."""


class PracticeOpen(RuleViolation):
    code = "practice.open"
    text = "Practice was not opened: it is open already on this computer."
    next_step = "Look for the window with the amber frame, or close it first."


class NoPracticeWithoutDisplay(OutageError):
    code = "practice.no_display"
    text = "Practice was not opened: this computer has no display."
    next_step = "Start it where windows can open."


class PracticeSettings(Settings):
    """As any workstation's, with a log of its own: what simulated devices said never stands among what real ones said."""

    @property
    def log_folder(self) -> Path:
        """Beside everything else of practice."""
        return self.data_folder / "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A station of the plant for practice, and the hands at its devices."""

    station: OpenStation
    line: DemoLine


def practice_folder(data_folder: Path) -> Path:
    """Where everything of practice lies: server, settings, secrets, logs. Moved away, practice begins anew."""
    return data_folder / "practice"


@contextmanager
def practice_here(tell: Tell, *, server_settings: Mapping[str, str] = NO_SETTINGS) -> Iterator[Practice]:
    """Everything a window of practice needs; built at the first start.

    Args:
        tell: Hears what is being done, step by step.
        server_settings: PostgreSQL settings over our own, for throw-away servers.

    Raises:
        PracticeOpen, NotForPractice, SettingsUnreadable: nothing was opened.
        OutageError: the server of practice did not start.
    """
    from app.cli.demo_line import DemoLine  # simulators draw labels: whoever only opens the door does not wait for them

    usual = workstation.load(workstation.settings_file(), os.environ)
    folder = practice_folder(usual.data_folder)
    folder.mkdir(parents=True, exist_ok=True)
    alone = FileLock(folder / "window.lock")
    if not alone.take(shared=False, wait_s=0):
        raise PracticeOpen
    try:
        first = prepare(folder, folder / "settings.toml", tell, practice=True, server_settings=server_settings)
        try:
            with DemoLine(first_port=0) as line, _station(first, usual, folder, line) as station:
                yield Practice(station=station, line=line)
        finally:
            first.embedded.stop()
    finally:
        alone.release()


@contextmanager
def _station(first: FirstRun, usual: Settings, folder: Path, line: DemoLine) -> Iterator[OpenStation]:
    code = first.settings.station
    if code is None:
        raise NotForPractice(folder=folder)
    secret = read_secret(secret_file(folder / "settings.toml", code), code)
    _demand_practice(first, code, secret, folder)
    look = {name: getattr(usual, name) for name in TAKEN_OVER}
    settings = PracticeSettings(**{**first.settings.model_dump(), **look, "data_folder": folder})
    devices = line.at_one_station()
    with served(settings, server=first.server, station=code, secret=secret, devices=devices) as here:
        yield here


def _demand_practice(first: FirstRun, code: str, secret: str, folder: Path) -> None:
    """The database itself says that it is one for practice, or no window opens."""
    link = StationLink(first.server, code, secret)
    try:
        if not link.where().practice:
            raise NotForPractice(folder=folder)
    finally:
        link.close()
