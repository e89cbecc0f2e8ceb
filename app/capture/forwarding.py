"""What lies in a station's spool goes to the database in its order; what the plant never takes is named, with the database's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

import psycopg

from app.base.errors import AppError
from app.capture.delivery import KIND, SpooledBatch, store_together, unpacked
from app.capture.turned_away import TurnedAway
from app.core.spool.judging import refusal_of
from app.core.spool.refusals import EntryRefused
from app.core.spool.rows import Row
from app.core.stations import StationLink

MOST_SAMPLES = 5_000
"""In one transaction, if several batches share one: a quarter of a second of the database, which others may wait for."""


class Forwarding:
    """The `Deliver` of a station's spool. Batches share a transaction, each is known by its id; beside a refused one they go one by one."""

    def __init__(self, link: StationLink, turned_away: TurnedAway, turned: Callable[[AppError], None]) -> None:
        """Args:
        link: The station's connection.
        turned_away: Hears what became of each machine's batches.
        turned: Hears once why a machine is turned away.
        """
        self._link, self._turned_away, self._turned = link, turned_away, turned
        self._stored: set[UUID] = set()
        """Of the entries that are asked for now: a refused one makes the others come again."""

    def __call__(self, rows: Sequence[Row]) -> None:
        """Store them in their order.

        Raises:
            EntryRefused: one of them will never be taken; those before it are stored.
            DatabaseAway: nobody knows of those on their way; those before them are stored.
        """
        for group in _together(row for row in rows if row.id not in self._stored):
            self._store(group)
        self._stored.clear()

    def _store(self, group: Sequence[SpooledBatch]) -> None:
        """All in one transaction; when it is refused one by one, which names the one it is about."""
        try:
            store_together(self._link, group)
        except (AppError, psycopg.Error) as trouble:
            reason = refusal_of(trouble)
            if reason is None:
                raise
            if len(group) == 1:
                raise self._refused(group[0], trouble, reason) from trouble
            for one in group:
                self._store([one])
            return
        for one in group:
            self._turned_away.taken(one.machine)
            self._stored.add(one.id)

    def _refused(self, batch: SpooledBatch, trouble: Exception, reason: str) -> EntryRefused:
        refusal = EntryRefused(id=batch.id, reason=reason)
        why = trouble if isinstance(trouble, AppError) else refusal
        if self._turned_away.refused(batch.machine, why):
            self._turned(why)
        return refusal


def _together(rows: Iterable[Row]) -> Iterator[list[SpooledBatch]]:
    """Batches in their order, as many in one transaction as `MOST_SAMPLES` allow; one that is larger stands alone.

    Raises:
        EntryRefused: an entry is of no kind that is known here; those before it were given.
    """
    group: list[SpooledBatch] = []
    samples = 0
    for row in rows:
        one = unpacked(row.id, row.payload) if row.kind == KIND else None
        if group and (one is None or samples + one.samples > MOST_SAMPLES):
            yield group
            group, samples = [], 0
        if one is None:
            raise EntryRefused(id=row.id, reason=f"nobody here knows entries of the kind {row.kind}")
        group.append(one)
        samples += one.samples
    if group:
        yield group
