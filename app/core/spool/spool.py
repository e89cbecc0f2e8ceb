"""The spool of one station: put, and it is on the disk; forwarded in order; gone only when the database has it.

Whoever puts may be any thread but the window's. Where entries go is handed in: `deliver` brings a batch to the database and returns
when it is committed. It must be idempotent by `Row.id`, because a batch whose answer was lost comes again, and it compares
`Row.digest` for an id that came twice (`OtherContent`): ``ON CONFLICT DO NOTHING`` alone would hide a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import UUID

from app.core.spool.chain_check import ChainFindings
from app.core.spool.forwarder import Deliver, Forwarder
from app.core.spool.outbox import Outbox
from app.core.spool.standing import Fill, Quarantined, Room, SpoolSink, SpoolState
from app.core.spool.telling import Bulletin
from app.devices.settings import Backoff, Clock, StationClock

BATCH = 500
BACKOFF = Backoff(first_s=0.2, longest_s=15.0)


class Spool:
    """Prepared by its constructor, usable from `open` to `close`; forwards from `forward` on."""

    def __init__(self, folder: Path, *, room: Room, clock: Clock | None = None) -> None:
        """Prepare; nothing is opened yet.

        Args:
            folder: The station's own, see `station_files.spool_folder`; made on first use.
            room: How much it may keep.
            clock: Whose time counts; the station's own unless a test brings another.
        """
        self._clock = clock or StationClock()
        self._bulletin = Bulletin(self._clock)
        self._outbox = Outbox(folder, room=room, clock=self._clock, bulletin=self._bulletin)
        self._forwarder: Forwarder | None = None
        self._held: set[UUID] = set()

    def subscribe(self, sink: SpoolSink) -> None:
        """From now on the sink hears; subscribe before `open` to hear of a damaged file."""
        self._bulletin.subscribe(sink)

    def unsubscribe(self, sink: SpoolSink) -> None:
        """The sink hears nothing any more."""
        self._bulletin.unsubscribe(sink)

    def state(self) -> SpoolState:
        """How the spool stands now; from any thread, at no cost."""
        return self._bulletin.state()

    def can_start(self) -> bool:
        """Whether a step that will put entries may start: no from 90 % of the quota on, and while the disk has no reserve."""
        return self.state().fill in (Fill.ROOM, Fill.HALF)

    def open(self) -> None:
        """Open the station's file and check it. Takes as long as its pages and what waits are to read: about 2 s for 300 000 that wait.

        Raises:
            StoreTaken: another program of this station is open.
            StoreNewer, StoreUnsafe, StoreDiskRefuses: see their next step; nothing was changed.
        """
        self._outbox.open()

    def put(self, kind: str, payloads: Sequence[bytes]) -> tuple[UUID, ...]:
        """Keep entries; when this returns they outlive a power cut.

        Args:
            kind: What they are, 1 to 100 characters; `deliver` knows what to do with it.
            payloads: One or many, kept all or none with one wait for the disk. Their order is the order of arrival.

        Returns:
            The identity of each, in the same order.

        Raises:
            StoreFull: the quota is used up; nothing was kept, nothing was dropped.
            StoreDiskRefuses: nothing was kept. The reserve was released: half of it is for putting once more what is in
                the hand, half for closing down.
            StoreClosed: nothing was kept.
        """
        ids = self._outbox.put(kind, payloads)
        self._wake()
        return ids

    def put_held(self, kind: str, payload: bytes, id: UUID) -> None:
        """Keep one entry whose identity is made already, and do not forward it yet: somebody is bringing it on another way.

        Nothing that is put later overtakes it. `let_go` gives it to the forwarder, `settle` ends it; after a restart it is forwarded.

        Raises:
            StoreFull, StoreDiskRefuses, StoreClosed: as `put`; nothing was kept.
        """
        self._held.add(id)
        try:
            self._outbox.put(kind, [payload], [id])
        except BaseException:
            self._held.discard(id)
            raise

    def let_go(self, ids: Collection[UUID]) -> None:
        """The other way failed, or nobody knows: these are forwarded now. Costs no disk."""
        self._held.difference_update(ids)
        self._wake()

    def settle(self, ids: Collection[UUID], note: str = "") -> None:
        """The other way brought these to their end; they are kept as long as forwarded ones.

        Args:
            ids: Entries that were put held.
            note: What was said of them, e.g. why the database refused them; for the log and for IT.
        """
        self._outbox.settle_named(ids, note)
        self.let_go(ids)

    def forward(self, deliver: Deliver, *, backoff: Backoff = BACKOFF, batch: int = BATCH) -> None:
        """Begin to forward, on a thread of its own; once between `open` and `close`.

        Args:
            deliver: Brings a batch to the database, see above. What it may raise, and what happens then:
                `EntryRefused`, `OtherContent`: the named entry is set aside, the rest of the batch goes again at once;
                a refusal of the content (`judging.OF_THE_CONTENT`): the batch is halved until the entry stands alone;
                any other `AppError`, `psycopg.Error`, `DBAPIError` or `OSError`: the same entries go again after a rest;
                anything else is a defect: forwarding stops, the crash report hears of it, everything is kept.
            backoff: Between two tries.
            batch: Most entries at once.
        """
        if self._forwarder is not None:
            raise RuntimeError("this spool forwards already")
        self._forwarder = Forwarder(
            self._outbox, deliver, held=self._held, bulletin=self._bulletin, backoff=backoff, batch=batch, clock=self._clock
        )
        self._forwarder.start()

    def quarantined(self) -> tuple[Quarantined, ...]:
        """Everything that was set aside and waits for a person, oldest first."""
        return self._outbox.quarantined()

    def send_again(self, ids: Collection[UUID]) -> int:
        """Let entries go once more that were set aside, after their cause was mended; returns how many. A rotten one comes back."""
        again = self._outbox.send_again(ids)
        self._wake()
        return again

    def _wake(self) -> None:
        if self._forwarder is not None:
            self._forwarder.wake()

    def check(self) -> ChainFindings:
        """Read every entry that is still in the file against its hash and its place in the chain; others may put meanwhile."""
        return self._outbox.check()

    def close(self, within_s: float) -> bool:
        """End forwarding and let go of the file; whatever waits stays and is forwarded after the next start.

        Returns:
            Whether the batch on its way came to its end within `within_s` seconds; the file is closed in any case.
        """
        forwarder, self._forwarder = self._forwarder, None
        ended = forwarder is None or forwarder.stop(within_s)
        self._outbox.close()
        return ended
