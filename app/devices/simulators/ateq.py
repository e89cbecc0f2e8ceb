"""A simulated ATEQ leak tester that prints its results on a serial line."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator


class AteqSimulator(Simulator):
    """Ends a test and prints its frame; it takes no commands."""

    key = "ateq"

    def __init__(self, *, line: SerialLine | None = None, programme: int = 1, reject: Decimal | str = "50", dated: bool = False) -> None:
        """A tester for differential pressure.

        Args:
            line: Its own line settings; ``None``: plain TCP.
            programme: Number of its test programme, 1 to 99.
            reject: Leak in Pa beyond which the test part is bad; as much below zero the reference part is.
            dated: Whether a line with date and time goes before each result.
        """
        super().__init__(line=line)
        self._programme, self._reject, self._dated = programme, Decimal(reject), dated
        self._pressure: str | None = "487.8 mbar"
        self._bad_test, self._bad_reference = "TD", "RD"
        self._last = self._judged(Decimal("29"))

    def end_test(self, leak: Decimal | str) -> None:
        """A test ends with this leak in Pa; the tester judges it and prints."""
        self._print(self._judged(Decimal(leak)))

    def end_flow_test(self, flow: Decimal | str, judged: str = "OK", unit: str = "ml/s") -> None:
        """A flow meter of the D series ends a test: ``OK``, ``PB``, ``F+`` or ``F-``."""
        self._print(f"({judged}): {_figures(Decimal(flow), 5)} {unit}")

    def speak_french(self) -> None:
        """Somebody changed the language of the menu: the letters of the codes change places."""
        self._bad_test, self._bad_reference = "DT", "DR"

    def print_no_pressure(self) -> None:
        """The pressure is left out of the frame, as older sets do."""
        self._pressure = None

    def lose_pressure(self) -> None:
        """The air supply is off: the next test ends in an alarm."""
        self._print("(AL): PRESSURE LOW")

    def overrun(self) -> None:
        """So large a leak that the sensor is beyond its full scale: an alarm too."""
        self._print("(AL): >> F.S. TEST")

    def typical_frame(self) -> bytes:
        """The last result as it was printed, without its date."""
        return self._framed(self._last)

    def _judged(self, leak: Decimal) -> str:
        code = self._bad_test if leak > self._reject else self._bad_reference if leak < -self._reject else "OK"
        return f"({code}): {_figures(leak, 3)} Pa"

    def _print(self, said: str) -> None:
        self._last = said
        if self._dated:
            self.send(f"<{self._programme:02}>:30/05/2012 16:52:01\r\n".encode("ascii"))
        self.send(self._framed(said))

    def _framed(self, said: str) -> bytes:
        pressure = f" {self._pressure}:" if self._pressure else ""
        return f"<{self._programme:02}>:{pressure}{said}\r\n".encode("ascii")


def _figures(value: Decimal, size: int) -> str:
    """So many characters with zeros in front and its own decimals; a minus sign stands before them."""
    return ("-" if value.is_signed() else "") + f"{abs(value):f}".rjust(size, "0")
