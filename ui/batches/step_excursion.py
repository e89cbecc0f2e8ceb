"""Whether a channel is outside its limits just now: its figure goes on record when it came back, or when ten seconds have passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from app.base.measurement import Limits, Quantity, Verdict

SETTLED_AFTER = timedelta(seconds=10)


class ExcursionWatch:
    """Hears one channel in the order of time. Nothing is judged here: the database computes the figure and its verdict."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._since: datetime | None = None
        self._heard: datetime | None = None
        self._value: Decimal | None = None
        self.happened = False
        """Something lay outside since `settled` was said last."""

    @property
    def value(self) -> Decimal | None:
        """The newest good value."""
        return self._value

    @property
    def heard(self) -> datetime | None:
        """When it came."""
        return self._heard

    def hear(self, at: datetime, value: Decimal) -> None:
        """One good value; the station's clock."""
        self._heard, self._value = at, value
        if self.limits.judge(Quantity(value, self.limits.unit)) is Verdict.CONFORMS:
            self._since = None
        else:
            self._since = self._since or at
            self.happened = True

    @property
    def is_outside(self) -> bool:
        """Whether the newest value lies outside."""
        return self._since is not None

    def is_fresh(self, now: datetime) -> bool:
        """Whether it is outside for less than ten seconds: it may be back at once, and then there is one figure and not two."""
        return self._since is not None and now - self._since < SETTLED_AFTER

    def silent_s(self, now: datetime) -> int | None:
        """Seconds since the newest value; ``None``: there was none."""
        return None if self._heard is None else int((now - self._heard).total_seconds())

    def settled(self) -> None:
        """What happened is on record."""
        self.happened = self.is_outside
