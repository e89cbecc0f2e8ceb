"""A simulated Mitutoyo gauge behind a USB input tool."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator

_CHARACTERS = 8


class MitutoyoSimulator(Simulator):
    """Shows a value; its DATA button sends it. It takes no commands."""

    key = "mitutoyo"

    def __init__(self, *, line: SerialLine | None = None, value: Decimal | str = "0.000") -> None:
        super().__init__(line=line)
        self._value = Decimal(value)
        self._reachable = True

    def show(self, value: Decimal | str) -> None:
        """Close the jaws on a part: the display shows this value, with these decimals.

        Raises:
            ValueError: more digits than the eight characters of the frame can hold.
        """
        shown = Decimal(value)
        if len(_eight(shown)) != _CHARACTERS:
            raise ValueError(f"{value} does not fit the display")
        self._value = shown

    def lose_gauge(self) -> None:
        """Pull the gauge's own cable out of the input tool; the button answers 911."""
        self._reachable = False

    def press(self) -> None:
        """Press DATA."""
        self.send(self.typical_frame())

    def typical_frame(self) -> bytes:
        """The value as the button sends it."""
        if not self._reachable:
            return b"911\r"
        return b"01A" + (b"-" if self._value.is_signed() else b"+") + _eight(self._value) + b"\r"


def _eight(value: Decimal) -> bytes:
    """Eight characters with the display's own decimals, zeros in front, always with a point."""
    digits = f"{abs(value):f}"
    return (digits if "." in digits else digits + ".").rjust(_CHARACTERS, "0").encode("ascii")
