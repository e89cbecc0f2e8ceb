"""What lies in a station's spool goes to the database, entry by entry; what the plant never takes is named, with the database's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import psycopg

from app.base.errors import AppError
from app.capture.delivery import KIND, machine_in, store
from app.capture.turned_away import TurnedAway
from app.core.spool.judging import refusal_of
from app.core.spool.refusals import EntryRefused
from app.core.spool.rows import Row
from app.core.stations import StationLink


class Forwarding:
    """The `Deliver` of a station's spool: every batch of samples is a transaction of its own, known by its id."""

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
            DatabaseAway: nobody knows of the one on its way; those before it are stored.
        """
        for row in rows:
            if row.id not in self._stored:
                self._store(row)
                self._stored.add(row.id)
        self._stored.clear()

    def _store(self, row: Row) -> None:
        if row.kind != KIND:
            raise EntryRefused(id=row.id, reason=f"nobody here knows entries of the kind {row.kind}")
        machine = machine_in(row.payload)
        try:
            store(self._link, row.id, row.payload)
        except (AppError, psycopg.Error) as trouble:
            reason = refusal_of(trouble)
            if reason is None:
                raise
            refusal = EntryRefused(id=row.id, reason=reason)
            if self._turned_away.refused(machine, why := trouble if isinstance(trouble, AppError) else refusal):
                self._turned(why)
            raise refusal from trouble
        self._turned_away.taken(machine)
