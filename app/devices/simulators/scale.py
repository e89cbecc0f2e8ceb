"""What hands can do at every simulated scale, whatever it speaks."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator
from app.devices.simulators.weighing_pan import WeighingPan


class Scale(Simulator):
    """A pan, a unit, a print key. What a line looks like is told by `typical_frame`."""

    def __init__(self, *, line: SerialLine | None, capacity: Decimal | str, unit: str) -> None:
        """A scale that weighs up to ``capacity`` in ``unit``; its digits after the point are the scale's resolution."""
        super().__init__(line=line)
        self._pan, self._unit = WeighingPan(capacity), unit
        self._pieces: int | None = None

    def put(self, weight: Decimal | str, *, settle: int = 0) -> None:
        """Put this much on the pan in all; the next ``settle`` lines still move."""
        self._pan.put(weight, settle=settle)

    def switch_unit(self, unit: str) -> None:
        """Somebody pressed the unit key."""
        self._unit = unit

    def count(self, pieces: int | None) -> None:
        """Somebody switched to counting, so many pieces lie there; ``None`` ends it."""
        self._pieces = pieces

    def tare_key(self) -> None:
        """Press the tare key."""
        self._pan.set_tare()

    def print_key(self) -> None:
        """Press the print key."""
        self.send(self.typical_frame())

    def stream(self, lines: int) -> None:
        """Set it to continuous output and let so many lines pass."""
        for _ in range(lines):
            self.send(self.typical_frame())
