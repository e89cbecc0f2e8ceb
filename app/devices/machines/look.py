"""One look at a machine: everything its map names, and whether it all belongs to one cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.devices.machines.blocks import block_of, blocks_of
from app.devices.machines.decoding import number_of
from app.devices.machines.modbus import MachineLine
from app.devices.machines.register_map import Place, RegisterMap
from app.devices.settings import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look brought."""

    words: Mapping[Place, tuple[int, ...]]
    """The registers of every channel, counter and heartbeat."""
    at: Mapping[Place, datetime]
    """When the answer with them arrived, UTC."""
    before: int | None
    """The cycle counter before everything else was read; ``None``: the machine has none."""
    after: int | None
    """The cycle counter after everything else was read."""


class Looking:
    """The questions that make up one look, worked out once."""

    def __init__(self, map: RegisterMap, clock: Clock) -> None:
        self._clock = clock
        self._counter = map.cycle_counter.place if map.cycle_counter is not None else None
        places = [place for place in map.places if place != self._counter]
        self._plan = tuple((block, tuple(place for place in places if block.holds(place))) for block in blocks_of(places))

    def look(self, line: MachineLine) -> Look:
        """Read everything once. What came before an answer that failed is of no use and forgotten.

        Raises:
            DeviceError: a question was not answered.
        """
        words: dict[Place, tuple[int, ...]] = {}
        at: dict[Place, datetime] = {}
        before = self._count(line)
        for block, places in self._plan:
            answer = line.read(block)
            arrived = self._clock.now()
            for place in places:
                words[place], at[place] = block.cut(place, answer), arrived
        return Look(words=words, at=at, before=before, after=self._count(line))

    def _count(self, line: MachineLine) -> int | None:
        if self._counter is None:
            return None
        return int(number_of(tuple(line.read(block_of(self._counter))), self._counter))
