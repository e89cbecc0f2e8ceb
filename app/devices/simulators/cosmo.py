"""A simulated Cosmo air leak tester set to its T format."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator

_NO_DATA, _LOW, _GOOD, _HIGH, _ERROR = "0", "1", "2", "4", "D"
_VERY_LOW, _VERY_HIGH = "9", "C"
_WIDTH = 5
"""Characters of the leak after its sign."""
_ACK = b"\x06"


class CosmoSimulator(Simulator):
    """Ends tests and sends their leaks; answers commands ending with CR, unknown ones with error 80."""

    key = "cosmo"
    changing_commands = frozenset({b"STT", b"STP", b"WCHN", b"WDT"})

    def __init__(
        self,
        *,
        line: SerialLine | None = None,
        identification: int = 0,
        leak: Decimal | str = "0.123",
        limits: tuple[str, str] = ("-5", "5"),
        second_limits: tuple[str, str] = ("-50", "50"),
    ) -> None:
        """A tester that has just made a test.

        Args:
            line: Its own line settings; ``None``: plain TCP.
            identification: Its number on a shared line, 0 to 99.
            leak: What it measured, in the leak unit of its settings.
            limits: Below the first it judges Lo NG, above the second Hi NG.
            second_limits: The same for LL NG and HH NG.
        """
        super().__init__(line=line)
        self._identification = identification
        self._limits = tuple(map(Decimal, limits))
        self._second_limits = tuple(map(Decimal, second_limits))
        self._last = self._judged(Decimal(leak))
        self._testing = False

    def end_test(self, leak: Decimal | str) -> None:
        """A test ends with this leak.

        Raises:
            ValueError: more digits than the field can hold.
        """
        self._testing = False
        self._last = self._judged(Decimal(leak))
        self.send(self.typical_frame())

    def break_valve(self) -> None:
        """A test ends with an error: an air operated valve does not move."""
        self._testing = False
        self._last = f"{_ERROR} +999."
        self.send(self.typical_frame())

    def begin_test(self) -> None:
        """Press START; until the test ends the tester takes no commands."""
        self._testing = True

    def forget(self) -> None:
        """Off and on: there is no test to tell of."""
        self._last = f"{_NO_DATA} +0.000"

    def miscount(self) -> None:
        """Send the last result with a wrong checksum, as after a flipped bit."""
        frame = self.typical_frame()
        self.send(frame[:-2] + (b"0" if frame[-2:-1] != b"0" else b"1") + b"\r")

    def typical_frame(self) -> bytes:
        """The last result as it was sent."""
        return self._framed(self._last)

    def obey(self, command: bytes) -> None:
        """STT starts a test; reading the last result changes nothing."""
        if self._testing:
            self.send(self._framed("00 10"))
        elif command == b"RLD":
            self.send(self.typical_frame())
        elif command == b"STT":
            self._testing = True
            self.send(_ACK)
        else:
            self.send(self._framed("00 80"))

    def _judged(self, leak: Decimal) -> str:
        (low, high), (very_low, very_high) = self._limits, self._second_limits
        judgements = ((leak < very_low, _VERY_LOW), (leak > very_high, _VERY_HIGH), (leak < low, _LOW), (leak > high, _HIGH), (True, _GOOD))
        judged = next(letter for holds, letter in judgements if holds)
        figures = f"{abs(leak):f}".rjust(_WIDTH, "0")
        if len(figures) > _WIDTH:
            raise ValueError(f"{leak} does not fit the field")
        return f"{judged} {'-' if leak.is_signed() else '+'}{figures}"

    def _framed(self, said: str) -> bytes:
        summed = f"#{self._identification:02} 00 {said}:".encode("ascii")
        return summed + f"{256 - sum(summed) % 256 & 0xFF:02X}\r".encode("ascii")
