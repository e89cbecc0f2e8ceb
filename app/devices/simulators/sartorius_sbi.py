"""A simulated Sartorius balance that speaks SBI."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale


class SartoriusSbiSimulator(Scale):
    """A pan, a print key, a serial number. Takes ESC commands that end with CR LF; to unknown ones it says nothing, as the real one."""

    key = "sartorius_sbi"
    changing_commands = frozenset(
        {b"\x1bT", b"\x1bU", b"\x1bV", b"\x1bK", b"\x1bL", b"\x1bM", b"\x1bN", b"\x1bO", b"\x1bR", b"\x1bS", b"\x1bZ", b"\x1bW"}
    )

    def __init__(
        self,
        *,
        line: SerialLine | None = None,
        serial_number: str = "0047304196",
        capacity: Decimal | str = "620.000",
        unit: str = "g",
        headings: bool = True,
        marked_digit: bool = False,
    ) -> None:
        """A balance with ``capacity`` in ``unit``; its lines have 22 characters with ``headings``, else 16."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._serial_number, self._headings, self._marked = serial_number, headings, marked_digit
        self._special = ""

    def show(self, special: str) -> None:
        """The display shows no weight, e.g. ``Cal.Int.``, ``OFF`` or ``Err 102``; empty: it does again."""
        self._special = special

    def typical_frame(self) -> bytes:
        """The line as the print key sends it."""
        return self._print().encode("ascii") + b"\r\n"

    def obey(self, command: bytes) -> None:
        """To unknown commands it says nothing, as the real one."""
        match command.decode("latin-1").removeprefix("\x1b"):
            case "P" | "kP_":
                self._say(self._print())
            case "T" | "U":
                self._pan.set_tare()
            case "V":
                self._pan.set_zero()
            case "x1_":
                self._say("Model  BCE6202I-1SKR")
            case "x2_":
                self._say(f"SerNo.{self._serial_number:>14}" if self._headings else f"{self._serial_number:>14}")
            case "x3_":
                self._say("BAC:        00-39-21")

    def _say(self, line: str) -> None:
        self.send(line.encode("ascii") + b"\r\n")

    def _print(self) -> str:
        if special := self._special or ("High" if self._pan.too_much else "Low" if self._pan.too_little else ""):
            return self._line("Stat", f"   {special}".ljust(14))
        if self._pieces is not None:
            return self._line("Qnt", f"+{self._pieces:>9} pcs")
        moving, net = self._pan.look(), self._pan.net
        digits = f"{abs(net):f}"
        shown = f"{digits[:-1]}[{digits[-1]}]" if self._marked else digits + " "
        return self._line("N", f"{'-' if net.is_signed() else '+'}{shown:>10}{'' if moving else self._unit:<3}")

    def _line(self, heading: str, body: str) -> str:
        return f"{heading:<6}{body}" if self._headings else body
