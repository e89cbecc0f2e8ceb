"""Full disks: under the database's records and journal, and under a station's spool. Each is a small one in memory, mounted for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg

from app.base.errors import AppError
from app.capture.delivery import KIND, spooled
from app.capture.forwarding import Forwarding
from app.capture.turned_away import TurnedAway
from app.core.embedded_server import ServerAddress
from app.core.server_process import find_running
from app.core.spool.refusals import StoreDiskRefuses
from app.core.spool.spool import Spool
from app.core.spool.standing import Room
from tests.core.cluster import short_folder
from tests.core.spool_station import AT_ONCE
from tests.faults.client import MACHINE, samples
from tests.faults.clients import furnish_machine
from tests.faults.counting import Count, Told, counted, counted_samples
from tests.faults.kills import silence
from tests.faults.load import furnish
from tests.faults.servers import QUICK, Manner, OwnServer, copied, until
from tests.faults.writers import writing
from tests.plant import TEMPLATE, Plant

SERVER_MB = 400
"""Holds a copy of a run's server, with room for a journal."""
SPOOL_MB = 3


@cache
def why_not() -> str:
    """Why no small disk can be mounted here; empty when one can."""
    if sys.platform != "linux":
        return "a small disk is mounted on Linux only"
    if os.geteuid() != 0:
        return "mounting a small disk needs root"
    with short_folder() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
    return done.stderr.strip() and f"this system mounts nothing: {done.stderr.strip()}"


@contextmanager
def small_disk(mb: int) -> Iterator[Path]:
    """A file system of so many megabytes, in memory."""
    with short_folder() as folder:
        disk = folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mb}m,mode=0711", "tmpfs", disk], check=True)
        try:
            yield disk
        finally:
            subprocess.run(["umount", "-l", disk], check=True)


class Ballast:
    """A file that takes all the room there is, but for a little."""

    def __init__(self, disk: Path) -> None:
        self._disk, self._file = disk, disk / "ballast"

    def fill(self, *, but_kb: int = 0) -> None:
        """From now on the disk is full."""
        with self._file.open("ab") as out:
            while (left := shutil.disk_usage(self._disk).free - but_kb * 1024) > 0:
                out.write(b"\0" * min(left, 2**20))
                out.flush()

    def take_away(self) -> None:
        """Somebody makes room."""
        self._file.unlink(missing_ok=True)


@contextmanager
def small_server(source: ServerAddress, secrets: dict[str, str], manner: Manner = QUICK) -> Iterator[tuple[OwnServer, Plant, Path]]:
    """A copy of a server on a small disk, its template plant, and the disk."""
    with small_disk(SERVER_MB) as disk:
        server = copied(source, disk / "data", manner.settings)
        plant = Plant(server.start(), TEMPLATE, secrets)
        try:
            yield server, plant, disk
        finally:
            plant.close()
            server.stop()


def server_disk_full(server: OwnServer, plant: Plant, disk: Path, *, times: int) -> Count:
    """No room for the next page of a table: every order is refused, nothing half done; when there is room again, the same orders go on."""
    silent, ballast = [], Ballast(disk)
    with writing(plant, furnish(plant)) as writers:
        for _ in range(times):
            writers.until_more(5)
            ballast.fill()
            since = writers.until_nobody_is_answered()
            ballast.take_away()
            server.start()
            silent.append(writers.silence_since(since))
        told = writers.finish()
    return counted(plant, told, fault="disk of the server full", times=times, note=silence(silent))


def journal_disk_full(server: OwnServer, plant: Plant, disk: Path, *, times: int) -> Count:
    """No room for the next file of the journal: PostgreSQL stops at once rather than promise anything; it is started when there is room."""
    silent, ballast = [], Ballast(disk)
    with writing(plant, furnish(plant)) as writers:
        for _ in range(times):
            writers.until_more(5)
            _use_up_the_journal(plant, ballast)
            until(lambda: find_running(server.cluster) is None, "the server's own end")
            since = writers.until_nobody_is_answered()
            ballast.take_away()
            server.start()
            silent.append(writers.silence_since(since))
        told = writers.finish()
    return counted(plant, told, fault="disk of the journal full, server ends by itself", times=times, note=silence(silent))


def _use_up_the_journal(plant: Plant, ballast: Ballast) -> None:
    """Fill the disk, then one file of the journal after the other until there is none."""
    with suppress(psycopg.OperationalError), psycopg.connect(plant.address.url("postgres"), autocommit=True) as superuser:
        ballast.fill()  # not before: nobody is let in afterwards
        for _ in range(1_000):
            superuser.execute("SELECT pg_logical_emit_message(true, 'lineside', 'full')")
            superuser.execute("SELECT pg_switch_wal()")
        raise AssertionError("the journal found room for a thousand files")


def station_disk_full(plant: Plant, *, times: int) -> Count:
    """No room for the spool's next entry: it is refused loudly, what was kept is kept, and all of it reaches the database."""
    furnish_machine(plant)
    told, number = Told(), 0
    with small_disk(SPOOL_MB) as disk:
        for _ in range(times):
            spool = Spool(disk / "spool", room=Room(most_bytes=64 * 2**20, ballast_bytes=64 * 1024))
            spool.open()
            ballast = Ballast(disk)
            ballast.fill(but_kb=1_000)
            number = _put_until_refused(spool, told, number)
            ballast.take_away()
            _forward(spool, plant)
    return counted_samples(plant, told, fault="disk of a station full", times=times)


def _put_until_refused(spool: Spool, told: Told, number: int) -> int:
    while True:
        told.asked.add(str(number))
        try:
            spool.put(KIND, [spooled(MACHINE, samples(number))])
        except StoreDiskRefuses:
            return number + 1  # the station says so and stops recording; this one is nowhere, and nobody was told that it is
        told.acknowledged.add(str(number))
        number += 1


def _forward(spool: Spool, plant: Plant) -> None:
    link = plant.link("REC-01")
    spool.forward(Forwarding(link, TurnedAway(), turned_away), backoff=AT_ONCE)
    until(lambda: not spool.state().waiting, "an empty spool")
    spool.close(10)
    link.close()


def turned_away(trouble: AppError) -> None:
    """The plant takes everything these spools hold."""
    raise AssertionError(trouble)
