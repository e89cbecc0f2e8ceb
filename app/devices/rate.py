"""How often something may happen: so many times in each second, not evenly spread."""

from __future__ import annotations


class Rate:
    """Used by one thread, which says what time it is."""

    def __init__(self, most_per_s: int) -> None:
        """Allow ``most_per_s`` times in each second that begins with the first of them."""
        self._most, self._begun, self._times = most_per_s, float("-inf"), 0

    def may(self, moment: float) -> bool:
        """Whether it may happen once more now; if so, it counts.

        Args:
            moment: Seconds of a clock that never runs backwards.
        """
        if moment - self._begun >= 1:
            self._begun, self._times = moment, 0
        self._times += 1
        return self._times <= self._most
