"""``make faults``: every fault many times on servers with the product's own settings, counted; then the faults that are planted.

One table on standard output, as `docs/reliability.md` keeps it; what is going on is said on standard error. 1 when anything was lost, came
twice or has no trail, or when a planted fault was not counted.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.core.embedded_server import NO_SETTINGS, EmbeddedServer, ServerAddress
from tests.batches.killed_station import Bot
from tests.core.cluster import short_folder
from tests.faults import disks, failover, kills, planted, presses
from tests.faults.clients import Clients, clients, killed_anywhere, killed_receiving, killed_recording
from tests.faults.counting import Count, head, line
from tests.faults.points import AROUND_A_COMMIT, AROUND_THE_SPOOL
from tests.faults.power import table
from tests.faults.servers import Manner, own_server
from tests.plant import Plant, build_template, cloned

AS_SHIPPED = Manner(settings=NO_SETTINGS, place=Path(tempfile.gettempdir()))
"""fsync on, 100,000 SCRAM iterations, on the disk that temporary files lie on."""

Fault = Callable[[], Count]


class Faults:
    """All of them, over one server whose copies are harmed."""

    def __init__(self, source: ServerAddress, secrets: dict[str, str], program: Clients, folder: Path) -> None:
        self._source, self._secrets, self._program, self._folder = source, secrets, program, folder

    def all(self) -> Iterator[Fault]:
        """One row of the table each."""
        for point in AROUND_A_COMMIT:
            yield partial(self._in_a_plant, partial(killed_receiving, program=self._program, point=point, times=25))
        for point in AROUND_THE_SPOOL:
            folder = self._folder / point.replace(" ", "-")
            yield partial(self._in_a_plant, partial(killed_recording, program=self._program, folder=folder, point=point, times=15))
        anywhere = partial(killed_anywhere, program=self._program, folder=self._folder / "anywhere", times=60)
        yield partial(self._in_a_plant, anywhere)
        yield partial(self._in_a_plant, partial(presses.pressed_twice, folder=self._folder, bot=Bot(), times=12))
        yield partial(self._in_a_plant, partial(presses.given_twice_at_once, times=30))
        for what in ("reply", "request"):
            yield partial(self._in_a_plant, partial(presses.lost_on_the_line, what=what, times=15))
        yield partial(self._on_a_server, partial(kills.server_killed, times=12, between=20))
        yield partial(self._on_a_server, partial(kills.backend_killed, times=12, between=20))
        yield self._failed_over
        yield self._waits_cancelled
        if not disks.why_not():
            yield partial(self._on_a_small_disk, partial(disks.server_disk_full, times=3))
            yield partial(self._on_a_small_disk, partial(disks.journal_disk_full, times=3))
            yield partial(self._in_a_plant, partial(disks.station_disk_full, times=4))

    def planted(self) -> Iterator[Fault]:
        """What must be counted."""
        yield partial(self._in_a_plant, partial(planted.done_before_it_was_asked, program=self._program))
        yield self._lagging_promoted
        yield partial(self._in_a_plant, planted.same_pack_under_another_identity)
        yield partial(self._in_a_plant, planted.half_of_it)
        yield partial(self._in_a_plant, planted.put_in_past_the_trail)
        yield partial(self._in_a_plant, planted.taken_out_of_the_trail)

    def _in_a_plant(self, fault: Callable[[Plant], Count]) -> Count:
        with cloned(self._source, self._secrets) as plant:
            return fault(plant)

    def _on_a_server(self, fault: Callable[..., Count]) -> Count:
        with own_server(self._source, AS_SHIPPED) as server, cloned(server.start(), self._secrets) as plant:
            return fault(plant, server)

    def _on_a_small_disk(self, fault: Callable[..., Count]) -> Count:
        with disks.small_server(self._source, self._secrets, AS_SHIPPED) as (server, plant, disk):
            return fault(server, plant, disk)

    def _failed_over(self) -> Count:
        with failover.paired_plant(self._source, self._secrets, AS_SHIPPED) as (two, plant):
            return failover.failed_over(two, plant, times=4, between=50)

    def _waits_cancelled(self) -> Count:
        with failover.paired_plant(self._source, self._secrets, AS_SHIPPED) as (two, plant):
            return failover.waits_cancelled(two, plant, times=5)

    def _lagging_promoted(self) -> Count:
        with failover.paired_plant(self._source, self._secrets, AS_SHIPPED, synchronous=False) as (two, plant):
            return failover.lagging_promoted(two, plant, more=40)


@contextmanager
def source() -> Iterator[tuple[ServerAddress, dict[str, str]]]:
    """A server with the demonstration plant as a template, and the secrets of its stations."""
    with short_folder(AS_SHIPPED.place) as folder:
        server = EmbeddedServer(folder / "data", settings=AS_SHIPPED.settings)
        address = server.start()
        try:
            yield address, build_template(address)
        finally:
            server.stop()


def counts_of(faults: Iterator[Fault]) -> list[Count]:
    """Each in its turn, said as soon as it was counted."""
    found = []
    print(head(), flush=True)
    for fault in faults:
        begun = time.monotonic()
        found.append(fault())
        print(line(found[-1]), flush=True)
        print(f"{time.monotonic() - begun:6.1f} s  {found[-1].fault}", file=sys.stderr, flush=True)
    return found


def summed(counts: list[Count]) -> str:
    """The whole table in one line."""
    acknowledged, unknown = sum(one.acknowledged for one in counts), sum(one.unknown for one in counts)
    sums = ", ".join(f"{sum(getattr(one, column) for one in counts)} {column}" for column in ("lost", "duplicate", "unaudited", "breaks"))
    return f"{acknowledged} acknowledged; {sums}; {unknown} answers lost, each order asked again and stored once"


def main() -> int:
    """Harm, count, say it."""
    application = QApplication(["faults"])
    with source() as (address, secrets), clients() as program, tempfile.TemporaryDirectory(prefix="ls-faults-") as name:
        os.environ["XDG_STATE_HOME"] = name
        faults = Faults(address, secrets, program, Path(name))
        counts = counts_of(faults.all())
        if disks.why_not():
            print(f"\nnot tried, a full disk: {disks.why_not()}")
        print(f"\n{summed(counts)}\n\nPlanted, so that the count can be seen to fail:\n")
        controls = counts_of(faults.planted())
    application.quit()
    print("\nPower cuts on the spool:\n")
    cut = table.counted(table.held())
    print("\nPlanted, so that it can be seen to lose:\n")
    lossy = table.counted(table.planted())
    for one in counts:
        if not one.holds:
            print(f"\nDOES NOT HOLD: {one.fault}")
    for one in controls:
        if one.holds:
            print(f"\nNOT COUNTED: {one.fault}")
    for name, tally in cut:
        if not tally.holds:
            print(f"\nDOES NOT HOLD: {name}: {'; '.join(tally.telling)}")
    for name, tally in lossy:
        if not tally.lost:
            print(f"\nLOST NOTHING: {name}")
    hold = all(one.holds for one in counts) and all(tally.holds for _, tally in cut)
    return 0 if hold and not any(one.holds for one in controls) and all(tally.lost for _, tally in lossy) else 1


sys.exit(main())
