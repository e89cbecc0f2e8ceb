"""A simulated Ohaus scale in its own format."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale


class OhausSimulator(Scale):
    """A pan and a print key; answers commands that end with CR LF, unknown ones with ``ES``."""

    key = "ohaus"
    changing_commands = frozenset({b"T", b"Z", b"CP", b"0P", b"xP", b"PT", b"ON", b"OFF", b"PSI", b"POH"})

    def __init__(self, *, line: SerialLine | None = None, capacity: Decimal | str = "30.000", unit: str = "kg") -> None:
        """A scale that weighs up to ``capacity`` in ``unit``."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._judged = ""

    def check(self, judged: str) -> None:
        """Check weighing is on and says ``Under``, ``Accept`` or ``Over``; empty: it is off."""
        self._judged = judged

    def typical_frame(self) -> bytes:
        """The line as the print key sends it."""
        return self._print().encode("ascii") + b"\r\n"

    def obey(self, command: bytes) -> None:
        """Answer; what it does not know with ``ES``."""
        match said := command.decode("latin-1"):
            case "P" | "IP":
                self._say(self._print())
            case "SP":
                if not self._pan.moving:  # else it waits; nobody simulates so long a wait
                    self._say(self._print())
            case "T" | "Z":
                self._say("OK!" if (self._pan.set_tare() if said == "T" else self._pan.set_zero()) else "ES")
            case "PU":
                self._say(self._unit)
            case "PSN":
                self._say("B412345678")
            case "PV":
                self._say("T32XW  Sr 1.03")
            case _:
                self._say("ES")

    def _say(self, line: str) -> None:
        self.send(line.encode("ascii") + b"\r\n")

    def _print(self) -> str:
        if self._pan.too_much or self._pan.too_little:
            return "Err 8.3" if self._pan.too_much else "Err 8.4"
        tared = "N" if self._pan.tared else "G"
        if self._pieces is not None:
            return f"{self._pieces:>11} {'PCS':>5}   {tared}"
        moving = "?" if self._pan.look() else " "
        return f"{self._pan.net:>11f} {self._unit:>5} {moving} {tared}{f' {self._judged:>6}' if self._judged else ''}"
