"""Brings entries to the database in their order, as often as it takes; what the database will never take is set aside."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Container, Sequence
from datetime import datetime
from itertools import takewhile
from threading import Event, Thread
from time import monotonic
from uuid import UUID

from app.core.logs import log
from app.core.spool.judging import FORESEEN, cause_of, refusal_of
from app.core.spool.outbox import Outbox
from app.core.spool.purging import AT_ONCE
from app.core.spool.refusals import EntryRefused, StoreClosed, StoreDiskRefuses
from app.core.spool.rows import Row
from app.core.spool.standing import Standing
from app.core.spool.telling import TELL_EVERY_S, Bulletin
from app.devices.settings import Backoff, Clock

Deliver = Callable[[Sequence[Row]], None]
"""Brings one batch to the database in one transaction and returns when it is committed; the same entry may come again."""

IDLE_S = 1.0
PURGE_EVERY_S = 600.0
RESERVE_EVERY_S = 60.0
AWAY_AFTER = 2
"""Tries in a row that fail before the strip says so: a deadlock or a restarted backend is no outage."""


class Forwarder:
    """One thread, from `start` to `stop`."""

    def __init__(
        self, outbox: Outbox, deliver: Deliver, *, held: Container[UUID], bulletin: Bulletin, backoff: Backoff, batch: int, clock: Clock
    ) -> None:
        """Prepare.

        Args:
            outbox: Whose entries; open.
            deliver: See `Deliver`.
            held: Entries that are on another way just now; neither they nor what was put behind them is forwarded meanwhile.
            bulletin: Hears whether the database is here.
            backoff: Between two tries; up to half of each wait is left out by chance, so that stations do not come back together.
            batch: Most entries at once.
            clock: Whose time counts for purging.
        """
        self._outbox, self._deliver, self._bulletin, self._backoff, self._batch = outbox, deliver, bulletin, backoff, batch
        self._clock, self._held = clock, held
        self._stopping, self._wake = Event(), Event()
        self._parts: deque[Sequence[Row]] = deque()
        """What is on its way, in order: a batch, or what is left of one that was refused."""
        self._failures = 0
        self._failing_since: datetime | None = None
        self._purge_at = self._reserve_at = float("-inf")
        self._thread = Thread(target=self._run, name="spool forwarder", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._bulletin.stand(Standing.HERE, None, None)
        self._thread.start()

    def wake(self) -> None:
        """Something was put."""
        self._wake.set()

    def stop(self, within_s: float) -> bool:
        """End the thread after the batch that is on its way.

        Returns:
            Whether it ended in time. Else its batch stays waiting here and is sent again after the next start, with the same ids.
        """
        self._stopping.set()
        self._wake.set()
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                if not self._round() and not self._stopping.is_set():
                    self._wake.wait(IDLE_S)
        except StoreClosed:
            log("spool").info("the store was closed while a batch was on its way")
        finally:
            self._bulletin.stand(Standing.STOPPED, None, None)

    def _round(self) -> bool:
        """Forward one batch, look after the file; whether there is more to do at once."""
        try:
            if not self._parts and (rows := self._next_batch()):
                self._parts.append(rows)
            busy = bool(self._parts)
            self._forward()
            busy = self._look_after() or busy
        except StoreClosed:
            raise
        except StoreDiskRefuses:
            self._failures += 1
            self._rest()  # told by the outbox; what was delivered is sent again, with the same ids
            return True
        except FORESEEN as trouble:
            self._failed(trouble)
            return True
        self._bulletin.tell_state()
        return busy

    def _next_batch(self) -> Sequence[Row]:
        """In order, up to the first one that is held."""
        return list(takewhile(lambda row: row.id not in self._held, self._outbox.next_batch(self._batch)))

    def _forward(self) -> None:
        """Deliver what is begun; a refused part is narrowed down to the entries that cause it, in order, and the rest goes on.

        What was found so far outlives a broken line: the search goes on where it stopped.
        """
        while self._parts and not self._stopping.is_set():
            part = self._parts[0]
            try:
                self._deliver(part)
            except FORESEEN as trouble:
                left = self._narrowed(part, trouble)
            else:
                self._outbox.settle(part)
                left = []
            self._parts.popleft()
            self._parts.extendleft(reversed(left))
            self._reached()

    def _narrowed(self, part: Sequence[Row], trouble: Exception) -> list[Sequence[Row]]:
        """What is left to deliver of a part that was refused; an entry that stands alone is set aside."""
        if isinstance(trouble, EntryRefused) and (named := [row for row in part if row.id == trouble.id]):
            self._set_aside(named[0], f"{trouble.code} {trouble.facts['reason']}".rstrip())
            rest = [row for row in part if row.id != trouble.id]
            return [rest] if rest else []
        reason = refusal_of(trouble)
        if reason is None:
            raise trouble
        if len(part) > 1:
            middle = len(part) // 2
            return [part[:middle], part[middle:]]
        self._set_aside(part[0], reason)
        return []

    def _set_aside(self, row: Row, reason: str) -> None:
        log("spool").warning("set aside", id=str(row.id), kind=row.kind, reason=reason)
        self._outbox.set_aside(row, reason)

    def _reached(self) -> None:
        """The database took something, or said why not: it is here."""
        self._failures, self._failing_since = 0, None
        self._bulletin.stand(Standing.HERE, None, None)

    def _failed(self, trouble: Exception) -> None:
        """Nobody knows whether the batch was taken; it goes again, with the same ids, after a rest."""
        self._failures += 1
        self._failing_since = self._failing_since or self._clock.now()
        if self._failures == AWAY_AFTER:
            log("spool").warning("database away", reason=str(trouble))
        if self._failures >= AWAY_AFTER:
            self._bulletin.stand(Standing.AWAY, cause_of(trouble), self._failing_since)
        self._rest()

    def _rest(self) -> None:
        """Wait, tell the strip what has come meanwhile, and go on looking after the file."""
        until = monotonic() + self._backoff.wait_s(max(self._failures, 1)) * random.uniform(0.5, 1.0)
        while (left := until - monotonic()) > 0 and not self._stopping.wait(min(left, TELL_EVERY_S)):
            self._bulletin.tell_state()
            try:
                self._look_after()
            except StoreDiskRefuses:
                continue

    def _look_after(self) -> bool:
        """Purge what is due, and take the reserve back, each at its own pace; whether there is more to purge at once."""
        moment = self._clock.monotonic()
        if moment >= self._reserve_at:
            self._reserve_at = moment + RESERVE_EVERY_S
            self._outbox.hold_reserve()
        if self._outbox.purge(expired=False):
            return True
        if moment < self._purge_at:
            return False
        if self._outbox.purge(expired=True) == AT_ONCE:
            return True
        self._purge_at = moment + PURGE_EVERY_S
        return False
