"""A simulated Mark-10 force gauge that speaks GCL2."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator


class Mark10Simulator(Simulator):
    """A force on the hook, two peaks, a display; answers with CRLF, unknown commands with ``*10``."""

    key = "mark10"
    changing_commands = frozenset({b"CLR", b"Z", b"MEM", b"STA", b"PRE", b"SAVE", b"RST"})

    def __init__(self, *, line: SerialLine | None = None, unit: str = "N", resolution: Decimal | str = "0.001") -> None:
        """A gauge in ``unit`` whose display has the decimals of ``resolution``."""
        super().__init__(line=line)
        self._unit, self._resolution = unit, Decimal(resolution)
        self._tells_unit = self._tells_polarity = True
        self._force = self._tension = self._compression = Decimal(0).quantize(self._resolution)
        self._mode = "?C"

    def pull(self, force: Decimal | str) -> None:
        """Pull at the hook with so much; a peak stays until it is cleared."""
        self._load(-Decimal(force))

    def push(self, force: Decimal | str) -> None:
        """Press on the hook with so much."""
        self._load(Decimal(force))

    def show_peak(self, *, tension: bool) -> None:
        """Switch the display to a peak: a plain ``?`` brings that one."""
        self._mode = "?PT" if tension else "?PC"

    def switch_unit(self, unit: str) -> None:
        """Somebody pressed the unit key."""
        self._unit = unit

    def numeric_only(self) -> None:
        """Set the data format to numbers without their unit."""
        self._tells_unit = False

    def omit_polarity(self) -> None:
        """Set the data format to numbers without their direction."""
        self._tells_polarity = False

    def press(self) -> None:
        """Press DATA."""
        self.send(self.typical_frame())

    def typical_frame(self) -> bytes:
        """The reading as ``?`` would answer it."""
        return self._reading(self._mode).encode("ascii") + b"\r\n"

    def obey(self, command: bytes) -> None:
        """Answer; what it does not know with ``*10``."""
        match question := command.decode("latin-1"):
            case "?":
                self.press()
            case "?C" | "?PT" | "?PC":
                self._say(self._reading(question))
            case "LIST":
                self._say(f"V1.00;{self._unit.upper()};CUR;FLTC8;FLTP1;AOUT00;AOFF5;FULL;MIT;POL;B0")
            case "CLR":
                self._tension = self._compression = self._force
            case "Z":
                self._force = self._tension = self._compression = Decimal(0).quantize(self._resolution)
            case _:
                self._say("*10")

    def _load(self, force: Decimal) -> None:
        self._force = force.quantize(self._resolution)
        self._tension, self._compression = min(self._tension, self._force), max(self._compression, self._force)

    def _reading(self, question: str) -> str:
        value = {"?C": self._force, "?PT": self._tension, "?PC": self._compression}[question]
        shown = value if self._tells_polarity else abs(value)
        return f"{shown} {self._unit}" if self._tells_unit else str(shown)

    def _say(self, line: str) -> None:
        self.send(line.encode("ascii") + b"\r\n")
