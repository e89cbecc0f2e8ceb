"""Machines of which the plant takes nothing: what they say may not fill the station's store for ever."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from app.base.errors import AppError

MOST_IN_A_ROW = 5
"""Batches of one machine that are set aside, with none taken between, until nothing more of it is kept."""


class TurnedAway:
    """Counted by the forwarder's thread, asked by the recorder's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._in_a_row: dict[str, int] = {}
        self._why: dict[str, AppError] = {}

    def refused(self, machine: str, why: AppError) -> bool:
        """The plant will never take a batch of this machine; whether it is turned away from now on."""
        with self._lock:
            self._in_a_row[machine] = self._in_a_row.get(machine, 0) + 1
            if machine in self._why or self._in_a_row[machine] < MOST_IN_A_ROW:
                return False
            self._why[machine] = why
            return True

    def taken(self, machine: str) -> None:
        """The plant took a batch of this machine."""
        with self._lock:
            self._in_a_row.pop(machine, None)
            self._why.pop(machine, None)

    def __contains__(self, machine: str) -> bool:
        with self._lock:
            return machine in self._why

    @property
    def reasons(self) -> Mapping[str, AppError]:
        """Why, by machine."""
        with self._lock:
            return dict(self._why)
