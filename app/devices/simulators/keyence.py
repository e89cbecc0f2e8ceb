"""A simulated Keyence controller with two outputs."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator

_CHARACTERS = 7
_COMMANDS = {"M0": (1, 2), "M1": (1,), "M2": (2,)}


class KeyenceSimulator(Simulator):
    """Measures all the time and tells it when asked; ends every answer with CR."""

    key = "keyence"
    changing_commands = frozenset({b"Q0", b"R0", b"T1", b"T0", b"V0", b"W0", b"VR", b"KL,1", b"KL,0"})
    """Measurement stopped and begun again, timing, auto-zero, reset, key lock; LK-G user's manual p. 5-5."""

    def __init__(self, *, line: SerialLine | None = None) -> None:
        super().__init__(line=line)
        self._outputs = {1: "+00.0000", 2: "+00.0000"}
        self._limits: tuple[Decimal, Decimal] | None = None
        self._being_set_up = False

    def place(self, value: Decimal | str, *, output: int = 1) -> None:
        """Put a target in the beam: the output measures this, with these decimals.

        Raises:
            ValueError: more digits than the seven characters of an output can hold.
        """
        shown = Decimal(value)
        digits = f"{abs(shown):f}".rjust(_CHARACTERS, "0")
        if len(digits) != _CHARACTERS:
            raise ValueError(f"{value} does not fit the output")
        self._outputs[output] = ("-" if shown.is_signed() else "+") + digits

    def leave_range(self, *, above: bool) -> None:
        """Move the target out of the measuring range of the first output."""
        self._outputs[1] = ("+" if above else "-") + "F" * _CHARACTERS

    def wait(self) -> None:
        """The first output waits for its trigger: the display shows dashes."""
        self._outputs[1] = "X" * (_CHARACTERS + 1)

    def compare(self, lower: Decimal | str, upper: Decimal | str) -> None:
        """Let the controller judge by these limits and send its result."""
        self._limits = Decimal(lower), Decimal(upper)

    def set_up(self) -> None:
        """Somebody opened its settings: it measures nothing meanwhile."""
        self._being_set_up = True

    def typical_frame(self) -> bytes:
        """Both outputs as ``M0`` would answer them."""
        return self._answer("M0").encode("ascii") + b"\r"

    def obey(self, command: bytes) -> None:
        """Answer, in upper or lower case."""
        self.send(self._answer(command.decode("latin-1").upper()).encode("latin-1") + b"\r")

    def _answer(self, command: str) -> str:
        if command not in _COMMANDS:
            return f"ER,{command.partition(',')[0]},00"
        if self._being_set_up:
            return f"ER,{command},01"
        return ",".join([command, *(self._told(self._outputs[output]) for output in _COMMANDS[command])])

    def _told(self, shown: str) -> str:
        return shown if self._limits is None else f"{shown},{_compared(shown, *self._limits)}"


def _compared(shown: str, lower: Decimal, upper: Decimal) -> str:
    if not shown[-1].isdigit():
        return "HH" if shown.startswith("+") else "LL"
    return "LO" if Decimal(shown) < lower else "HI" if Decimal(shown) > upper else "GO"
