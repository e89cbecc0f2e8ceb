"""A simulated CAS indicator or Torrey scale."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale

Style = Literal["plain", "cas", "short"]


class CasSimulator(Scale):
    """Sends one of three lines; as an indicator it also knows the commands of command mode 1, ``?`` to anything else."""

    key = "cas"

    def __init__(
        self,
        *,
        line: SerialLine | None = None,
        capacity: Decimal | str = "30.000",
        unit: str = "kg",
        style: Style = "plain",
        number: int = 1,
    ) -> None:
        """A scale with ``capacity`` in ``unit``; ``number`` is its device number."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._style, self._number = style, number
        self._held = False

    def hold(self) -> None:
        """Press HOLD: the display keeps what it shows."""
        self._held = True

    def typical_frame(self) -> bytes:
        """The line of now."""
        moving = self._pan.look()
        state = "OL" if self._pan.limit else "US" if moving else "ST"
        sign, digits = ("-", str(-self._pan.net)) if self._pan.net < 0 else ("+", str(self._pan.net))
        if self._style == "short":
            return f"{'D' if moving else 'S'}{self._pan.net:>8} {self._unit:<2}\r\n".encode("ascii")
        if self._style == "plain":
            return f"{state},GS,{sign}{digits:>8}{self._unit:>2}\r\n".encode("ascii")
        head, shown = f"{state},GS,".encode("ascii"), f",{sign.replace('+', ' ')}{digits:>7} {self._unit:>2}\r\n"
        return head + bytes([0x30 + self._number, self._lamp(moving=moving)]) + shown.encode("ascii")

    def obey(self, command: bytes) -> None:
        """Answer what is said to its number."""
        said = command.decode("latin-1")
        if said[:2].isdigit() and said[:2] != f"{self._number:02}":
            return  # said to another one on the same line
        match said[2:]:
            case "RW":
                self.print_key()
            case "MT" | "MZ":
                self.changing_bytes += len(command)
                done = self._pan.set_tare() if said.endswith("T") else self._pan.set_zero()
                self.send((said if done else "!").encode("ascii") + b"\r\n")
            case _:
                self.send(b"?\r\n")

    def _lamp(self, *, moving: bool) -> int:
        return 0xA4 | (0 if moving else 0x40) | (0x10 if self._held else 0) | (0x02 if self._pan.tare else 0)
