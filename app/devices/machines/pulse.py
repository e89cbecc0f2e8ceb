"""Whether the machine itself is alive behind its network card."""

from __future__ import annotations

from datetime import datetime

from app.devices.machines.register_map import Heartbeat
from app.devices.machines.tag_map import TagHeartbeat
from app.devices.settings import Clock


class Pulse:
    """Feels the heartbeat of one machine over one connection after the other."""

    def __init__(self, heartbeat: Heartbeat | TagHeartbeat | None, clock: Clock) -> None:
        """Prepare.

        Args:
            heartbeat: ``None`` for a machine that has none: it is taken for alive as long as it answers.
            clock: Whose time counts.
        """
        self.within_s = heartbeat.within_s if heartbeat is not None else None
        """How long the heartbeat may stand still; ``None``: there is none."""
        self._clock = clock
        self._last: tuple[object, ...] | None = None
        self.opened()

    def opened(self) -> None:
        """A connection begins: what was felt before says nothing of now."""
        self._last, self._moved = None, False
        self._touch()

    def feel(self, *counts: object) -> None:
        """What heartbeat and cycle counter say now; either moving is a sign of life. One that is told for the first time has not moved."""
        before = self._last or (None,) * len(counts)
        if any(None not in pair and pair[0] != pair[1] for pair in zip(before, counts, strict=True)):
            self._moved = True
            self._touch()
        self._last = counts

    @property
    def stood_since(self) -> datetime | None:
        """Since when it stands still, UTC, if that is longer than the map allows."""
        if self.within_s is None or self._clock.monotonic() - self._at_s < float(self.within_s):
            return None
        return self._at

    @property
    def is_proven(self) -> bool:
        """Whether it moved over this connection and has not stood still too long since."""
        return self.within_s is None or (self._moved and self.stood_since is None)

    def _touch(self) -> None:
        self._at_s, self._at = self._clock.monotonic(), self._clock.now()
