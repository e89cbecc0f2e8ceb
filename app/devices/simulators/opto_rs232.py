"""A simulated gauge on an Opto RS-232 cable: a Sylvac, or a Millimar that sends its unit."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator


class OptoRs232Simulator(Simulator):
    """Shows a value; sends it when it is asked or its button is pressed, with its tolerance sign when it has limits."""

    key = "opto_rs232"
    changing_commands = frozenset({b"PRE", b"OUT1", b"OUT0", b"MM", b"IN", b"REF1", b"REF2", b"KEY0", b"KEY1", b"RST", b"OFF"})

    def __init__(self, *, line: SerialLine | None = None, value: Decimal | str = "0.000", sends_unit: bool = False) -> None:
        """A gauge in millimetres; ``sends_unit`` makes a Millimar of it, that ends its lines with CRLF."""
        super().__init__(line=line)
        self._value, self._preset = Decimal(value), Decimal(0).quantize(Decimal(value))
        self._unit, self._sends_unit = "mm", sends_unit
        self._limits: tuple[Decimal, Decimal] | None = None
        self._trouble: int | None = None

    def touch(self, value: Decimal | str) -> None:
        """Let the probe touch a part: the display shows this value, with these decimals."""
        self._value, self._trouble = Decimal(value), None

    def tolerate(self, lower: Decimal | str, upper: Decimal | str) -> None:
        """Switch the tolerance mode on."""
        self._limits = Decimal(lower), Decimal(upper)

    def switch_unit(self, unit: str) -> None:
        """Somebody pressed the unit key; only a Millimar tells."""
        self._unit = unit

    def move_too_fast(self) -> None:
        """The sensor lost its count: ERR0 until the next part."""
        self._trouble = 0

    def leave_range(self) -> None:
        """Drive the probe beyond its scale: ERR3 until the next part."""
        self._trouble = 3

    def press(self) -> None:
        """Press the data button, or the pedal."""
        self.send(self.typical_frame())

    def typical_frame(self) -> bytes:
        """The value as ``?`` would answer it."""
        return self._line(self._reading())

    def hear(self, message: bytes) -> None:
        """Upper or lower case, with spaces or without; a byte with its eighth bit set is a parity error."""
        if max(message, default=0) > 0x7F:
            self.send(self._line("ERR2"))
        else:
            super().hear(message.replace(b" ", b"").upper())

    def obey(self, command: bytes) -> None:
        """Answer; what it does not know with ``ERR1``."""
        match said := command.decode("ascii"):
            case "?" | "PRI":
                self.press()
            case "ID?":
                self.send(self._line("MAHR GMBH,C1208 " if self._sends_unit else "SY276"))
            case "SET?":
                self.send(self._line(f"{self._unit.upper()} RES2 REF1 KEY1 B1"))
            case "UNI?":
                self.send(self._line(self._unit if self._sends_unit else self._unit.upper()))
            case "NUM?":
                self.send(self._line("NUM DG-021"))
            case "PRE":
                self._value = self._preset
                self.send(self._line(said))
            case _:
                self.send(self._line("ERR1"))

    def _reading(self) -> str:
        if self._trouble is not None:
            return f"ERR{self._trouble}"
        return f"{self._value} {self._unit} {self._sign()}".rstrip() if self._sends_unit else f"{self._value:+}{self._sign()}"

    def _sign(self) -> str:
        if self._limits is None:
            return ""
        lower, upper = self._limits
        return "<" if self._value < lower else ">" if self._value > upper else "="

    def _line(self, said: str) -> bytes:
        return said.encode("ascii") + (b"\r\n" if self._sends_unit else b"\r")
