"""What simulated scales have in common: a pan, a tare, and a display that takes its time."""

from __future__ import annotations

from decimal import Decimal


class WeighingPan:
    """One pan. Its capacity's digits after the point are its resolution."""

    def __init__(self, capacity: Decimal | str) -> None:
        """An empty pan that stands still."""
        self.capacity = Decimal(capacity)
        self._load = self._tare = self._round(0)
        self._unsettled = 0

    @property
    def net(self) -> Decimal:
        """What the display shows."""
        return self._load - self._tare

    @property
    def tare(self) -> Decimal:
        """What was on it when the tare key was pressed."""
        return self._tare

    @property
    def tared(self) -> bool:
        """Whether the display shows a net weight."""
        return not self._tare.is_zero()

    @property
    def moving(self) -> bool:
        """Whether the next look is still one at a moving value."""
        return self._unsettled > 0

    @property
    def too_much(self) -> bool:
        """Whether more lies on it than it can weigh."""
        return self._load > self.capacity

    @property
    def too_little(self) -> bool:
        """Whether the pan was taken off: more than 2 % of the capacity below zero."""
        return self._load < -self.capacity / 50

    @property
    def limit(self) -> str:
        """``+`` beyond the range, ``-`` below it, else empty."""
        return "+" if self.too_much else "-" if self.too_little else ""

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return len(f"{self.capacity:f}".partition(".")[2])

    def put(self, weight: Decimal | str, *, settle: int = 0) -> None:
        """Put this much on it in all; the next ``settle`` looks still find it moving."""
        self._load, self._unsettled = self._round(weight), settle

    def look(self) -> bool:
        """Look at the display once; whether it moves."""
        moving, self._unsettled = self.moving, max(0, self._unsettled - 1)
        return moving

    def set_tare(self) -> bool:
        """Press the tare key; whether it did something."""
        if self.moving or self.too_much or self.too_little:
            return False
        self._tare = self._load
        return True

    def lose_tare(self) -> None:
        """Off and on: the tare is gone."""
        self._tare = self._round(0)

    def set_zero(self) -> bool:
        """Press the zero key; whether it did something."""
        if self.moving or abs(self._load) > self.capacity / 50:
            return False
        self._load = self._tare = self._round(0)
        return True

    def _round(self, weight: Decimal | str | int) -> Decimal:
        return Decimal(weight).quantize(self.capacity)
