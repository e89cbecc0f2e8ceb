"""A simulated T-Scale balance: an NHB or a QHW."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale


class TScaleSimulator(Scale):
    """Sends its line on the print key, all the time, or when asked with ``W``; it says nothing to what it does not know."""

    key = "t_scale"

    def __init__(
        self, *, line: SerialLine | None = None, capacity: Decimal | str = "3000.0", unit: str = "g", model: Literal["NHB", "QHW"] = "NHB"
    ) -> None:
        """A scale with ``capacity`` in ``unit``; the models differ in one comma and the place of the unit."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._model = model

    def typical_frame(self) -> bytes:
        """The line of now."""
        if self._pieces is not None:
            return self._line("ST", str(self._pieces), "pcs")
        if self._pan.limit:
            return self._line("OL", "-" * 6 if self._pan.limit == "+" else str(self._pan.net), self._unit)
        return self._line("US" if self._pan.look() else "ST", str(self._pan.net), self._unit)

    def hear(self, message: bytes) -> None:
        """``S`` and ``W`` ask for the weight, ``T`` and ``Z`` tare and zero it without a word."""
        for command in message.replace(b"\r", b"").replace(b"\n", b""):
            match chr(command):
                case "S" | "W":
                    self.print_key()
                case "T":
                    self.changing_bytes += 1
                    self._pan.set_tare()
                case "Z":
                    self.changing_bytes += 1
                    self._pan.set_zero()

    def _line(self, state: str, shown: str, unit: str) -> bytes:
        sign, digits = (shown[0], shown[1:]) if shown.startswith("-") and shown.strip("-") else (" ", shown)
        header, unit = (f"{state},GS", f"{unit:<3}") if self._model == "NHB" else (f"{state},GS,", f"{unit:>2}")
        return f"{header}{sign}{digits:>7}{unit}\r\n".encode("ascii")
