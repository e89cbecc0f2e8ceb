"""A simulated A&D scale in its standard format."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale

_FACTS = {"?ID": "ID,000100", "?SN": "SN,T0312345", "?TN": "TN,FX-3000i"}


class AndScaleSimulator(Scale):
    """A pan, a print key, a comparator; answers commands that end with CR LF, unknown ones with an error."""

    key = "and_scale"
    changing_commands = frozenset({b"T", b"Z", b"R", b"PT", b"U", b"ON", b"OFF", b"P", b"CAL", b"EXC"})

    def __init__(
        self,
        *,
        line: SerialLine | None = None,
        capacity: Decimal | str = "3200.00",
        unit: str = "g",
        error_codes: bool = True,
    ) -> None:
        """A scale that weighs up to ``capacity`` in ``unit``; without ``error_codes`` it answers ``?`` and ``I`` and obeys in silence."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._error_codes = error_codes
        self._judged = ""
        self._in_menu = False

    def compare(self, judged: str) -> None:
        """The comparator is on and says ``LO``, ``OK``, ``HI`` or ``--``; empty: it is off."""
        self._judged = judged

    def open_menu(self) -> None:
        """Somebody is in the settings: there is no weight to be had."""
        self._in_menu = True

    def typical_frame(self) -> bytes:
        """The weight as ``Q`` would answer it."""
        return self._weight().encode("ascii") + b"\r\n"

    def obey(self, command: bytes) -> None:
        """Answer; what it does not know with an error."""
        match said := command.decode("latin-1"):
            case "C":
                self._acknowledge()
            case "?ID" | "?SN" | "?TN":
                self._say(_FACTS[said])
            case _ if self._in_menu:
                self._say("EC,E02" if self._error_codes else "I")
            case "Q" | "SI":
                self._say(self._weight())
            case "S":
                if not self._pan.moving:  # else it waits; nobody simulates so long a wait
                    self._say(self._weight())
            case "T" | "Z" | "R":
                self._acknowledge()
                if self._pan.set_tare() if said == "T" else self._pan.set_zero():
                    self._acknowledge()
                elif self._error_codes:
                    self._say("EC,E11" if self._pan.moving else "EC,E02")
            case _:
                self._say("EC,E01" if self._error_codes else "?")

    def _acknowledge(self) -> None:
        if self._error_codes:
            self._say("\x06")

    def _say(self, line: str) -> None:
        self.send(line.encode("ascii") + b"\r\n")

    def _weight(self) -> str:
        judged = f"{self._judged}," if self._judged else ""
        if self._pan.too_much or self._pan.too_little:
            return f"OL,{judged}{'+' if self._pan.too_much else '-'}999999.9{self._unit:>3}"
        if self._pieces is not None:
            return f"QT,{judged}{self._pieces:+09d} PC"
        return f"{'US' if self._pan.look() else 'ST'},{judged}{self._pan.net:+09f}{self._unit:>3}"
