"""A simulated Mettler Toledo scale that speaks MT-SICS level 0 and 1."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale


class MtSicsSimulator(Scale):
    """A pan, a display, a serial number; answers every command with CRLF, unknown ones with ``ES``."""

    key = "mt_sics"
    changing_commands = frozenset({b"@", b"T", b"TA", b"TAC", b"TI", b"Z", b"ZI", b"D", b"DW", b"K", b"M21", b"COM", b"PWR", b"FSET"})

    def __init__(
        self,
        *,
        line: SerialLine | None = None,
        serial_number: str = "B123456789",
        software: str = "2.10 10.28.0.493.142",
        capacity: Decimal | str = "4100.00",
        unit: str = "g",
    ) -> None:
        """A scale with ``capacity`` in ``unit``; its digits after the point are the scale's resolution."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._serial_number, self._software = serial_number, software
        self._repeating = False

    def put(self, weight: Decimal | str, *, settle: int = 0) -> None:
        """Put this much on the pan in all; the next ``settle`` answers still move."""
        super().put(weight, settle=settle)
        if self._repeating:
            self._say(self._weight_now())

    def power_cycle(self) -> None:
        """Off and on: the tare is gone and the scale announces its serial number unasked."""
        self._pan.lose_tare()
        self._repeating = False
        self._say(self._identity())

    def print_key(self) -> None:
        """Press the print key on the scale."""
        self._say(self._weight_when_stable())

    def typical_frame(self) -> bytes:
        """The weight as ``SI`` would answer it."""
        return self._weight_now().encode("ascii") + b"\r\n"

    def obey(self, command: bytes) -> None:
        """Answer; what it does not know with ``ES``."""
        said = command.decode("latin-1")
        self._repeating = said in ("SIR", "SR")
        match said:
            case "S" | "SR":
                self._say(self._weight_when_stable())
            case "SI" | "SIR":
                self._say(self._weight_now())
            case "T":
                self._say(self._set_tare())
            case "Z":
                self._say(self._set_zero())
            case "I2":
                self._say(f'I2 A "MS4002S {self._pan.capacity} {self._unit}"')
            case "I3":
                self._say(f'I3 A "{self._software}"')
            case "I4" | "@":
                self._say(self._identity())
            case _:
                self._say("ES")

    def _say(self, line: str) -> None:
        self.send(line.encode("ascii") + b"\r\n")

    def _identity(self) -> str:
        return f'I4 A "{self._serial_number}"'

    def _weight_now(self) -> str:
        if limit := self._pan.limit:
            return f"S {limit}"
        return f"S {'D' if self._pan.look() else 'S'} {self._pan.net:>10} {self._unit}"

    def _weight_when_stable(self) -> str:
        if self._pan.limit or not self._pan.look():
            return self._weight_now()
        return "S I"

    def _set_tare(self) -> str:
        return f"T S {self._pan.tare:>10} {self._unit}" if self._pan.set_tare() else "T I"

    def _set_zero(self) -> str:
        if self._pan.moving:
            return "Z I"
        return "Z A" if self._pan.set_zero() else "Z +"
