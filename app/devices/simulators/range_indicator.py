"""A simulated Shinko VIBRA or KERN PES balance."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale


class RangeIndicatorSimulator(Scale):
    """Sends its line all the time until an output command says otherwise; answers ``A00`` or ``E..`` to commands."""

    key = "range_indicator"
    changing_commands = frozenset({b"T", b"Z", *(b"O%d" % n for n in range(10))})

    def __init__(
        self, *, line: SerialLine | None = None, capacity: Decimal | str = "620.00", unit: str = "G", verified: bool = False
    ) -> None:
        """A balance with ``capacity`` in ``unit``; a verified one has a slash before the last digit of its display."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._verified = verified
        self._limits: tuple[Decimal, Decimal] | None = None

    def set_limits(self, low: Decimal | str, high: Decimal | str) -> None:
        """Switch the limit function on."""
        self._limits = (Decimal(low), Decimal(high))

    def typical_frame(self) -> bytes:
        """The line of now; beyond the range only its ``E`` counts."""
        status = "E" if self._pan.limit else "U" if self._pan.look() else "S"
        sign = "-" if self._pan.net < 0 else "+"
        digits = f"{abs(self._pan.net):f}".rjust(7, "0")[-7:]
        shown = f"{digits[:-1]}/{digits[-1]}" if self._verified else digits
        return f"{sign}{shown}{self._unit:>2}{self._judged()}{status}\r\n".encode("ascii")

    def obey(self, command: bytes) -> None:
        """Answer; what it does not know with ``E00``."""
        match command.decode("latin-1"):
            case "T ":
                self.send(b"A00\r\n" if self._pan.set_tare() else b"E01\r\n")
            case "O8" | "O9":
                self.print_key()
            case _:
                self.send(b"E00\r\n")

    def _judged(self) -> str:
        if self._limits is None:
            return " "
        low, high = self._limits
        return "L" if self._pan.net < low else "H" if self._pan.net > high else "G"
