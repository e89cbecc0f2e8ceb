"""The spool's file, safe for every thread: quota and reserve, and a new file when the old one is damaged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.database import refuse_closed_thread
from app.core.spool.ballast import Ballast
from app.core.spool.boot import boot_id
from app.core.spool.chain_check import ChainFindings, beginning, step
from app.core.spool.outbox_file import OutboxFile
from app.core.spool.purging import purge
from app.core.spool.refusals import EntryRotten, StoreClosed, StoreDiskRefuses
from app.core.spool.rows import Row, State, Stored
from app.core.spool.sqlite import FileDamaged
from app.core.spool.standing import Quarantined, Room
from app.core.spool.store_folder import StoreFolder
from app.core.spool.tally import News, Tally
from app.core.spool.telling import Bulletin
from app.core.spool.turns import Turns
from app.devices.settings import Clock

Answer = TypeVar("Answer")

ENTRY_BYTES = 400
"""What an entry takes beside its payload, with its share of the indexes; rather too much than too little."""
KEPT_SHARE = 0.4
"""Forwarded entries may fill this share of the quota: they are gone before anybody is warned."""
MOST_REASON = 1_000
"""Characters."""


class Outbox:
    """All that happens to entries between `put` and the database. Every method may raise `StoreClosed` and `StoreDiskRefuses`."""

    def __init__(self, folder: Path, *, room: Room, clock: Clock, bulletin: Bulletin) -> None:
        self._room, self._clock, self._bulletin = room, clock, bulletin
        self._path, self._lock = folder, Turns()
        self._folder = StoreFolder(folder)
        self._ballast = Ballast(folder / "ballast", room.ballast_bytes)
        self._boot_id = boot_id()
        self._file: OutboxFile | None = None
        self._tally = Tally(room)

    def open(self) -> None:
        """Open the station's file; see `StoreFolder.open` for what it raises."""
        refuse_closed_thread()
        news = News()
        try:
            with self._lock:
                self._folder.enter()
                try:
                    self._open()
                except StoreDiskRefuses:
                    self._let_go()
                    self._ballast.release()  # the next start may find room enough
                    raise
                except BaseException:
                    self._let_go()
                    raise
                news = self._news()
        finally:
            self._bulletin.tell(news)

    def put(self, kind: str, payloads: Sequence[bytes], ids: Sequence[UUID] | None = None) -> tuple[UUID, ...]:
        """Keep entries, all or none; they are on the disk when this returns. See `Spool.put`."""
        wall, mono_ns = self._now(), int(self._clock.monotonic() * 1_000_000_000)
        ids = tuple(new_id() for _ in payloads) if ids is None else tuple(ids)
        entries = [
            Stored(0, one.bytes, kind, payload, wall, mono_ns, self._boot_id, b"", b"", State.WAITING.value, "", "")
            for one, payload in zip(ids, payloads, strict=True)
        ]
        if entries:
            self._do(partial(self._append, entries=entries))
        return ids

    def next_batch(self, limit: int) -> list[Row]:
        """The oldest entries that wait and are still what was kept; rotten ones among them are set aside."""
        while True:
            chain, waiting = self._do(lambda file: (file.chain, file.waiting(limit)))
            found = [(entry, entry.sound) for entry in waiting]
            rotten = [entry for entry, sound in found if not sound]
            if rotten:
                self._do(partial(self._put_rotten_aside, chain=chain, entries=rotten))
            rows = [entry.row for entry, sound in found if sound]
            if rows or not rotten:
                return rows

    def settle(self, rows: Sequence[Row]) -> None:
        """Entries are in the database."""

        def act(file: OutboxFile) -> None:
            settled = file.settle(rows, self._now())
            self._tally.waiting -= settled
            self._tally.kept += settled

        self._do(act)

    def settle_named(self, ids: Collection[UUID], note: str) -> None:
        """Entries came to their end on another way; those that do not wait stay as they are."""

        def act(file: OutboxFile) -> None:
            settled = file.settle_named([one.bytes for one in ids], note[:MOST_REASON], self._now())
            self._tally.waiting -= settled
            self._tally.kept += settled

        self._do(act)

    def set_aside(self, row: Row, reason: str) -> None:
        """The database will never take this entry."""

        def act(file: OutboxFile) -> None:
            entry = file.find(row)
            self._put_aside(file, [entry] if entry else [], reason)

        self._do(act)

    def quarantined(self) -> tuple[Quarantined, ...]:
        """Everything that was set aside, oldest first."""
        return self._do(lambda file: tuple(_quarantined(entry) for entry in file.quarantined()))

    def send_again(self, ids: Collection[UUID]) -> int:
        """Let entries wait again that were set aside; returns how many."""

        def act(file: OutboxFile) -> int:
            again = file.send_again([one.bytes for one in ids])
            self._tally.quarantined -= again
            self._tally.waiting += again
            return again

        return self._do(act)

    def check(self) -> ChainFindings:
        """Walk the whole chain in short steps, while others go on putting."""
        place = self._do(beginning)
        found = ChainFindings(entries=0)
        while True:
            place, more = self._do(partial(step, place=place))
            found = found.and_then(more)
            if not more.entries:
                return found

    def purge(self, *, expired: bool) -> int:
        """Take out up to a thousand of the oldest forwarded entries; returns how many went.

        Args:
            expired: Those that were kept long enough; else those that give way because room is short, whatever their age.
        """
        before = (self._clock.now() - self._room.kept_for).isoformat(timespec="microseconds") if expired else None

        def act(file: OutboxFile) -> int:
            short = file.used_bytes() >= KEPT_SHARE * self._room.most_bytes
            return self._purge(file, before) if self._tally.kept and (expired or short) else 0

        return self._do(act)

    def hold_reserve(self) -> None:
        """Take the reserve back if the disk has room again."""
        held = self._ballast.hold()
        self._do(lambda _: self._tally.reserve(held=held))

    def close(self) -> None:
        """Let go of everything; a second time nothing happens."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        file, self._file = self._file, None
        try:
            if file is not None:
                with suppress(FileDamaged, StoreDiskRefuses):
                    file.close()
        finally:
            self._folder.leave()

    def _open(self) -> None:
        with self._as_outage():
            file, damage = self._folder.open(self._now())
            if damage is not None:
                self._tally.tell(damage)
            try:
                self._take_over(file)
            except FileDamaged as why:
                self._renew(file, why)
        self._tally.reserve(held=self._ballast.hold())

    def _append(self, file: OutboxFile, *, entries: Sequence[Stored]) -> None:
        if self._tally.disk_refused and not self._ballast.half_left():
            raise StoreDiskRefuses(folder=self._path, reason=Phrase("what is left is for closing down"))
        need = sum(len(entry.payload) + ENTRY_BYTES for entry in entries)
        while file.used_bytes() + need > self._room.most_bytes:
            if not self._tally.kept or not self._purge(file, None):
                raise self._tally.refuse()
        file.append(entries)
        self._folder.note(file.head)
        self._tally.waiting += len(entries)

    def _do(self, act: Callable[[OutboxFile], Answer]) -> Answer:
        """Act on the file, alone; what there is to tell is told when it is free again, also after trouble."""
        refuse_closed_thread()
        news = News()
        try:
            with self._lock:
                try:
                    return self._act(act)
                finally:
                    news = self._news()
        finally:
            self._bulletin.tell(news)

    def _act(self, act: Callable[[OutboxFile], Answer]) -> Answer:
        """A damaged file is left for a new one, and the act done there; a disk that refuses gets its reserve back."""
        if self._file is None:
            raise StoreClosed()
        try:
            with self._as_outage():
                try:
                    return act(self._file)
                except FileDamaged as why:
                    self._renew(self._file, why)
                    return act(self._file)
        except StoreDiskRefuses as trouble:
            self._ballast.release()
            self._tally.disk_refuses(trouble)
            raise

    @contextmanager
    def _as_outage(self) -> Iterator[None]:
        """A new file that is damaged at once is no file's fault."""
        try:
            yield
        except FileDamaged as why:
            raise StoreDiskRefuses(folder=self._path, reason=why.reason) from why

    def _renew(self, file: OutboxFile, why: FileDamaged) -> None:
        """Go on in a new file while the program runs; when even that fails the store is closed."""
        self._file = None
        try:
            renewed, damage = self._folder.renew(file, why, self._now())
        except BaseException:
            self._folder.leave()
            raise
        self._tally.tell(damage)
        self._take_over(renewed)

    def _take_over(self, file: OutboxFile) -> None:
        self._file = file
        self._folder.note(file.head)
        self._tally.count(file)

    def _put_aside(self, file: OutboxFile, entries: Sequence[Stored], reason: str) -> None:
        changed = file.set_aside([entry.seq for entry in entries], reason[:MOST_REASON], self._now())
        self._tally.waiting -= changed
        self._tally.quarantined += changed
        for entry in entries:
            self._tally.tell_set_aside(_quarantined(entry._replace(error=reason[:MOST_REASON])))

    def _put_rotten_aside(self, file: OutboxFile, *, chain: bytes, entries: Sequence[Stored]) -> None:
        """Known by their place alone, because anything else of them may have rotted: only in the file they were read from."""
        if file.chain == chain:
            self._put_aside(file, entries, EntryRotten.code)

    def _purge(self, file: OutboxFile, settled_before: str | None) -> int:
        went = purge(file, settled_before=settled_before)
        self._tally.kept -= went
        return went

    def _news(self) -> News:
        """Counts for the strip, and what happened."""
        if self._file is not None:
            with suppress(FileDamaged, StoreDiskRefuses):  # what was done is done; the next act finds the damage
                self._tally.weigh(self._file.used_bytes())
        tally = self._tally
        self._bulletin.count(waiting=tally.waiting, quarantined=tally.quarantined, fill=tally.fill)
        return tally.take_news()

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="microseconds")


def _quarantined(entry: Stored) -> Quarantined:
    one = entry.id if isinstance(entry.id, bytes) else b""
    return Quarantined(
        id=str(UUID(bytes=one)) if len(one) == 16 else one.hex(),
        kind=entry.kind,
        payload=entry.payload,
        wall=entry.wall,
        reason=entry.error,
        sound=entry.sound,
    )
