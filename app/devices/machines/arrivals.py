"""When each value that is promised within a time was last told."""

from __future__ import annotations

from app.devices.machines.tag_map import Address, TagMap
from app.devices.settings import Clock


class Arrivals:
    """Watches the values of one map over one connection after the other."""

    def __init__(self, map: TagMap, clock: Clock) -> None:
        self._clock = clock
        self._within = {tag.address: float(tag.within_s) for tag in map.channels if tag.within_s is not None}
        if map.heartbeat is not None:
            self._within.setdefault(map.heartbeat.address, float(map.heartbeat.within_s))
        self._last: dict[Address, float] = {}
        self.opened()

    def opened(self) -> None:
        """A connection begins: everything is due from now on."""
        self._last = dict.fromkeys(self._within, self._clock.monotonic())

    def came(self, address: Address) -> None:
        """A value was told, good or bad."""
        if address in self._last:
            self._last[address] = self._clock.monotonic()

    @property
    def overdue(self) -> frozenset[Address]:
        """The addresses that told nothing in their time."""
        moment = self._clock.monotonic()
        return frozenset(address for address, last in self._last.items() if moment - last >= self._within[address])

    @property
    def all_overdue(self) -> bool:
        """Whether nothing that was promised came."""
        return bool(self._within) and len(self.overdue) == len(self._within)
