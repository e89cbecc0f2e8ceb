"""The pan of a simulated scale: what lies on it, its tare, whether it stands still, and where its range ends."""

from __future__ import annotations

from decimal import Decimal


class Pan:
    """Weights in one unit; the digits of the capacity after the point are the scale's resolution."""

    def __init__(self, capacity: Decimal | str) -> None:
        self.capacity = Decimal(capacity)
        self._load = self._tare = self._nothing
        self._unsettled = 0

    @property
    def net(self) -> Decimal:
        """What the display shows."""
        return self._load - self._tare

    @property
    def tare(self) -> Decimal:
        """What was tared away."""
        return self._tare

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return len(f"{self.capacity:f}".partition(".")[2])

    @property
    def limit(self) -> str:
        """``+`` beyond the capacity, ``-`` more than 2 % of it below zero (the pan was taken off), else empty."""
        if self._load > self.capacity:
            return "+"
        return "-" if self._load < -self.capacity / 50 else ""

    def put(self, weight: Decimal | str, *, settle: int = 0) -> None:
        """Put this much on the pan in all; the next ``settle`` looks still move."""
        self._load = Decimal(weight).quantize(self.capacity)
        self._unsettled = settle

    def look(self) -> bool:
        """Whether the pan moves now; it comes nearer to standing still."""
        moving, self._unsettled = self._unsettled > 0, max(0, self._unsettled - 1)
        return moving

    def tare_now(self) -> bool:
        """Set the tare; whether it could be done."""
        if self._unsettled or self.limit:
            return False
        self._tare = self._load
        return True

    def zero_now(self) -> bool:
        """Set to zero; whether it could be done: standing still and within 2 % of the capacity."""
        if self._unsettled or abs(self._load) > self.capacity / 50:
            return False
        self._load = self._tare = self._nothing
        return True

    def forget_tare(self) -> None:
        """The tare is gone."""
        self._tare = self._nothing

    @property
    def _nothing(self) -> Decimal:
        return Decimal(0).quantize(self.capacity)
