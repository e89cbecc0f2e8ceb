"""Which cycle a look belongs to, and when one was finished. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.machines.look import Look
from app.devices.machines.register_map import CycleCounter
from app.devices.machines.tag_map import TagCounter

_MOST_OVER_THE_END = 1000
"""A counter that went back went over its end when it came to stand so little beyond it; else the machine counts anew."""
_WORD = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The counter moved on."""

    cycle: int
    missed: int | None
    """Cycles in between that nobody read; ``None``: the machine counts anew."""


class Cycles:
    """Follows one machine's count of finished cycles, over broken connections too."""

    def __init__(self, counter: CycleCounter | TagCounter | None) -> None:
        self._counter = counter
        self._last: int | None = None

    def is_plausible(self, count: int) -> bool:
        """Whether the counter can stand there."""
        if self._counter is None:
            return False
        low, high = self._counter.plausible
        return low <= count <= high and not self._looks_swapped(count)

    def belonging(self, look: Look) -> int | None:
        """The cycle to which everything in this look belongs; ``None`` when the counter moved meanwhile or cannot be true."""
        if look.before is None or look.before != look.after or not self.is_plausible(look.before):
            return None
        return look.before

    def see(self, cycle: int | None) -> Finished | None:
        """Note the count of a look; the cycle it tells the end of, if it is news.

        The first count of all tells nothing: that cycle was over before anybody looked.
        """
        if cycle is None or cycle == self._last:
            return None
        last, self._last = self._last, cycle
        return None if last is None else Finished(cycle=cycle, missed=self._missed(last, cycle))

    def _looks_swapped(self, count: int) -> bool:
        """Whether a count of two registers behaves as with its halves the wrong way round: it goes in steps of 65536."""
        last = self._last
        if self._counter is None or not self._counter.has_halves or count in (last, 0) or last == count - 1:
            return False
        return count % _WORD == 0 or (last is not None and (count - last) % _WORD == 0)

    def _missed(self, last: int, cycle: int) -> int | None:
        if cycle > last:
            return cycle - last - 1
        size = self._counter.size if self._counter is not None else None
        beyond = cycle + size - last if size is not None else _MOST_OVER_THE_END + 1
        return beyond - 1 if beyond <= _MOST_OVER_THE_END else None
