"""Everything that must stand before the window of this station opens: server, secret, devices, print queue, recorder of machines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from app.base.errors import AppError, RuleViolation
from app.base.phrases import Phrase
from app.capture.recorder import Recorder
from app.cli.telling import say
from app.core import settings as workstation
from app.core.database import Server
from app.core.devices_here import DevicesHere, read_devices
from app.core.embedded_server import EmbeddedServer
from app.core.keeper.rounds import KeeperThread
from app.core.logs import log
from app.core.own_protocols import protocols_file, speak_kept, speak_newest
from app.core.settings import Settings
from app.core.station_files import devices_file, read_secret, secret_file, spool_folder
from app.core.stations import StationLink
from app.demo.first_run import FirstRun, Tell, prepare
from app.labels.queue import PrintQueue

if TYPE_CHECKING:
    from app.core.keeper.keeping import Keeper

STOP_WITHIN_S = 5.0


class NotEnrolled(RuleViolation):
    code = "station.not_enrolled"
    text = "The window was not opened: this computer is no station of the plant yet."
    next_step = "Let the administrator of the database enrol it here: python main.py db install --url … --station CODE"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStation:
    """What the window of a station needs."""

    settings: Settings
    server: Server
    station: str
    secret: str = field(repr=False)
    devices: DevicesHere
    printing: PrintQueue
    """Begins when the first printer is connected; stopped by `station_here`."""
    recording: Recorder
    """Begins when the first machine is connected, or at once where one has left anything; stopped by `station_here`."""


def can_show_windows(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window can open: on Linux a display must be named, or Qt must have been told what to draw on."""
    if not platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def has_display() -> bool:
    """Whether a window can open on this computer now."""
    return can_show_windows(os.environ, sys.platform)


def say_no_display() -> None:
    """Say why no window opens, and what happens instead."""
    say(
        Phrase(
            "This computer has no display, so no window opens. The guided shift runs instead and says where its pictures and papers lie."
        )
    )


@contextmanager
def station_here(tell: Tell) -> Iterator[OpenStation]:
    """This computer as a station, from the settings: the embedded server is started and furnished when it is the one that is named.

    Raises:
        SettingsUnreadable, DevicesUnreadable, NotEnrolled, StationSecretMissing, StationSecretOpen: nothing was opened.
        OutageError: the embedded server did not start.
    """
    file = workstation.settings_file()
    settings = workstation.load(file, os.environ)
    embedded: EmbeddedServer | None = None
    keeper: KeeperThread | None = None
    if settings.server == "embedded":
        first = prepare(settings.data_folder, file, tell, practice=False)
        embedded, server = first.embedded, first.server
        settings = workstation.load(file, os.environ)
        keeper = keeper_beside(settings, first)
    else:
        server = Server.from_url(settings.server)
    try:
        if settings.station is None:
            raise NotEnrolled()
        secret = read_secret(settings.station_secret_file or secret_file(file, settings.station), settings.station)
        written = devices_file(file, settings.station)
        speak(server, settings.station, secret, written)
        devices = read_devices(written)
        with served(settings, server=server, station=settings.station, secret=secret, devices=devices) as here:
            yield here
    finally:
        if keeper is not None:
            keeper.stop(STOP_WITHIN_S)
        if embedded is not None:
            embedded.stop()


def speak(server: Server, station: str, secret: str, devices: Path) -> None:
    """The plant's own protocols, before the devices are read: those in effect today, or those of the last start where nobody answers."""
    file = protocols_file(devices)
    speak_kept(file)
    with closing(StationLink(server, station, secret)) as link:
        try:
            speak_newest(link, file)
        except AppError as trouble:
            log("devices").warning("the own protocols are those of the last start", reason=str(trouble.what))


def keeper_beside(settings: Settings, first: FirstRun) -> KeeperThread:
    """A single station keeps itself: while its window is open, as there is no other program."""

    def make() -> Keeper:
        from app.core.keeper.enrolling import keeper_of, new_secrets  # in its thread, as it is made
        from app.core.keeper.link import KeeperRefused

        try:
            with psycopg.connect(first.address.url("postgres"), autocommit=True) as superuser:
                made = new_secrets(superuser)
        except psycopg.Error as trouble:
            raise KeeperRefused() from trouble
        return keeper_of(settings, first.server, made, embedded=True)

    keeper = KeeperThread(make)
    keeper.start()
    return keeper


@contextmanager
def served(settings: Settings, *, server: Server, station: str, secret: str, devices: DevicesHere) -> Iterator[OpenStation]:
    """A station with its print queue and the recorder of its machines running, both on one connection of their own."""
    spool = spool_folder(settings.data_folder, station)
    link = StationLink(server, station, secret)
    with closing(link), _printing(link, devices, settings) as printing, _recording(link, devices, spool) as recording:
        yield OpenStation(
            settings=settings, server=server, station=station, secret=secret, devices=devices, printing=printing, recording=recording
        )


@contextmanager
def _printing(link: StationLink, devices: DevicesHere, settings: Settings) -> Iterator[PrintQueue]:
    """The station's print queue; where no printer is connected it waits for the first one and asks nothing."""
    queue = PrintQueue(link, devices.printers, language=settings.language, frame_logs=settings.frame_logs)
    if devices.printers:
        queue.start()
    try:
        yield queue
    finally:
        queue.stop(STOP_WITHIN_S)


@contextmanager
def _recording(link: StationLink, devices: DevicesHere, folder: Path) -> Iterator[Recorder]:
    """What records the station's machines; where there is none, and nothing of an earlier run waits, it touches no disk."""
    recorder = Recorder(link, folder)
    if any(one.is_machine for one in devices.instruments) or folder.exists():
        recorder.start()
    try:
        yield recorder
    finally:
        recorder.stop(STOP_WITHIN_S)
