"""When a machine is looked at next."""

from __future__ import annotations

from app.devices.settings import Clock

_CATCH_UP_S = 0.25
"""A hiccup up to this long is made up for, each look with its own true time; after a longer one looks are counted as skipped."""

_ROUNDING = 1e-6


class Pace:
    """So many looks a second, without drift."""

    def __init__(self, looks_per_s: float, clock: Clock) -> None:
        self._every_s, self._clock = 1 / looks_per_s, clock
        self._due = 0.0

    def begin(self) -> None:
        """The first look is due now."""
        self._due = self._clock.monotonic()

    def done(self) -> int:
        """A look was made; the next is due one step after this one was.

        Returns:
            How many looks are left out because we are too late for them.
        """
        self._due += self._every_s
        late_s = self._clock.monotonic() - self._due
        if late_s <= max(_CATCH_UP_S, self._every_s):
            return 0
        skipped = int(late_s / self._every_s + _ROUNDING)
        self._due += skipped * self._every_s
        return skipped

    @property
    def wait_s(self) -> float:
        """How long until the next look; 0 when it is due."""
        return max(0.0, self._due - self._clock.monotonic())
