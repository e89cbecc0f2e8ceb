"""A simulated Mettler Toledo balance that believes a printer hangs on its port."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale


class MtPrintoutSimulator(Scale):
    """Its print key sends the line a printer would print. It takes no commands."""

    key = "mt_printout"

    def __init__(self, *, line: SerialLine | None = None, capacity: Decimal | str = "220.0000", unit: str = "g") -> None:
        """A balance with ``capacity`` in ``unit``."""
        super().__init__(line=line, capacity=capacity, unit=unit)

    def print_key(self) -> None:
        """Press the print key; beyond its range the balance prints nothing."""
        if not self._pan.limit:
            self.send(self.typical_frame())

    def print_record(self) -> None:
        """Print a record with a heading: gross, tare, net."""
        self.send(b"------- WEIGHING -------\r\n")
        for which, weight in (("G", self._pan.net + self._pan.tare), ("T", self._pan.tare), ("N", self._pan.net)):
            self.send(self._line(which, weight))

    def typical_frame(self) -> bytes:
        """The net weight as the print key sends it."""
        return self._line("N", self._pan.net)

    def _line(self, which: str, weight: Decimal) -> bytes:
        return f"     {which}{weight:>13} {self._unit:<4}\r\n".encode("ascii")
