"""What a person accepted lies on this station's disk before anybody is told that it was taken, and stays until it came to its end.

While the database answers it is brought on the person's own connection, and this store only looks on: `settle` says that it is there, or
why it was refused. When nobody knows, `let_go` gives it to the forwarder, which brings it as a draft over the station's connection, in
order, under the order's own identity. What an earlier run left goes the same way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from uuid import UUID

import psycopg

from app.base.errors import AppError
from app.core.command import Order, written
from app.core.late.rules import LateOtherContent
from app.core.logs import log
from app.core.refusals import Unfit
from app.core.spool.judging import refusal_of
from app.core.spool.refusals import EntryRefused, OtherContent, StoreClosed
from app.core.spool.rows import Row
from app.core.spool.spool import Spool
from app.core.spool.standing import Room, SpoolSink, SpoolState
from app.core.stations import StationLink
from app.devices.settings import Backoff, Clock

KIND = "entry"
ROOM = Room(most_bytes=256 * 2**20, ballast_bytes=16 * 2**20)
"""A hundred thousand entries with the longest frames; a busy station makes some thousand a day."""
RHYTHM = Backoff(first_s=0.2, longest_s=3.0)
"""Few and small entries, and somebody waits for them: tried more often than samples."""
LONGEST = 20_000
"""Signs of an order as text; the database takes no more."""
CLOSE_S = 2.0


class LateStore:
    """Usable at once from any thread but the window's; opened when first needed. `close` ends it for good."""

    def __init__(
        self, link: StationLink, folder: Path, *, sink: SpoolSink, room: Room = ROOM, backoff: Backoff = RHYTHM, clock: Clock | None = None
    ) -> None:
        """Nothing is opened yet.

        Args:
            link: The station's connection; closed by whoever made it.
            folder: The station's own, see `station_files.entries_folder`.
            sink: Hears how it stands, on the store's threads.
            room: How much may be kept on the disk.
            backoff: Between two tries to reach the database.
            clock: Whose time counts.
        """
        self._link, self._folder, self._sink = link, folder, sink
        self._room, self._backoff, self._clock = room, backoff, clock
        self._spool: Spool | None = None
        self._opening, self._closed = Lock(), False

    def open(self) -> None:
        """Open the file and begin to forward what an earlier run left.

        Raises:
            StoreTaken, StoreNewer, StoreUnsafe, StoreDiskRefuses: see their next step; the next `keep` tries again.
        """
        self._opened()

    def state(self) -> SpoolState | None:
        """How it stands; from any thread, at no cost. ``None``: not open."""
        spool = self._spool
        return spool.state() if spool is not None else None

    def keep(self, order: Order, author: str) -> None:
        """Keep an accepted entry; when this returns it outlives a power cut. It is not forwarded before `let_go`.

        Raises:
            StoreFull, StoreDiskRefuses, StoreClosed: nothing was kept; and what `open` raises.
            Unfit: the order is longer than the database takes.
        """
        content = written(order)
        if len(content) > LONGEST:
            raise Unfit(rule=f"{LONGEST}")
        payload = json.dumps({"author": author, "content": content}, ensure_ascii=False).encode()
        try:
            self._opened().put_held(KIND, payload, order.command_id)
        except StoreClosed:
            self._let_go_of_file()  # and open it again at the next entry
            raise

    def let_go(self, entries: Sequence[UUID]) -> None:
        """Nobody knows whether these are on record: they are brought as drafts. Costs no disk; may be called on any thread."""
        spool = self._spool
        if spool is not None:
            spool.let_go(entries)

    def settle(self, entry: UUID, note: str = "") -> None:
        """It is on record, or the person was told why not (`note`); kept 7 days more."""
        spool = self._spool
        if spool is not None:
            spool.settle([entry], note)

    def close(self) -> None:
        """Let go of the file; what waits is forwarded after the next start."""
        self._closed = True
        self._let_go_of_file()

    def _opened(self) -> Spool:
        with self._opening:
            if self._closed:
                raise StoreClosed()
            if self._spool is None:
                spool = Spool(self._folder, room=self._room, clock=self._clock)
                spool.subscribe(self._sink)
                spool.open()
                spool.forward(self._deliver, backoff=self._backoff)
                self._spool = spool
            return self._spool

    def _let_go_of_file(self) -> None:
        with self._opening:
            spool, self._spool = self._spool, None
        if spool is not None:
            spool.close(CLOSE_S)

    def _deliver(self, rows: Sequence[Row]) -> None:
        for row in rows:
            try:
                found = store(self._link, row)
            except (AppError, psycopg.Error) as trouble:
                reason = refusal_of(trouble)
                if reason is None:
                    raise
                raise (
                    OtherContent(id=row.id) if isinstance(trouble, LateOtherContent) else EntryRefused(id=row.id, reason=reason)
                ) from trouble
            log("late").info("arrived", entry=str(row.id), found=found)


def store(link: StationLink, row: Row) -> str:
    """Bring one entry as it lies in the store; asked again with the same content it changes nothing.

    Returns:
        ``waiting``: it is a draft. ``on record``: the order itself had come through.

    Raises:
        LateCannotBe, LateOtherContent: the database will never take it.
        DatabaseAway: unknown whether it was taken; ask again.
    """
    told = json.loads(row.payload)
    found = link.ask(
        "SELECT lineside.store_late_entry(%s, %s, %s, %s, %s, %s) AS found",
        row.id,
        told["author"],
        told["content"],
        row.wall,
        row.boot_id,
        row.mono_ns,
    )
    return str(found[0]["found"])
