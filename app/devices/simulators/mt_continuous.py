"""A simulated Mettler Toledo terminal with standard continuous output."""

from __future__ import annotations

from decimal import Decimal

from app.devices.protocol import SerialLine
from app.devices.simulators.scale import Scale

FRAMES_PER_S = 20
_CODES = {"kg": (0x10, 0), "lb": (0, 0), "g": (0, 1), "t": (0, 2), "oz": (0, 3)}


class MtContinuousSimulator(Scale):
    """Never stops speaking; takes ``T``, ``Z``, ``C`` and ``P`` and passes over everything else."""

    key = "mt_continuous"

    def __init__(
        self, *, line: SerialLine | None = None, capacity: Decimal | str = "60.00", unit: str = "kg", checksum: bool = False
    ) -> None:
        """A terminal whose platform bears ``capacity`` in ``unit``, up to five decimals; perhaps its menu has the checksum on."""
        super().__init__(line=line, capacity=capacity, unit=unit)
        self._checksum = checksum
        self._zeroed, self._expanded, self._printing = True, False, False

    def expand(self) -> None:
        """Somebody switched the display to a tenth of its division."""
        self._expanded = True

    def power_cycle(self) -> None:
        """Off and on with a load on the platform: the tare is gone and it could not set itself to zero."""
        self._pan.lose_tare()
        self._zeroed = False

    def stream(self, lines: int = FRAMES_PER_S) -> None:
        """Let so many frames pass, one second of them unless told otherwise."""
        super().stream(lines)

    def typical_frame(self) -> bytes:
        """The frame of now, with its check byte if the menu says so."""
        shown, places = self._pan.net, self._pan.decimals
        frame = b"\x02" + self._status() + _six(shown, places) + _six(self._pan.tare, places) + b"\r"
        self._printing = False
        return frame + bytes([-sum(frame) & 0x7F]) if self._checksum else frame

    def hear(self, message: bytes) -> None:
        """Each command is one capital letter; CR, LF and all else are passed over."""
        for command in message:
            match chr(command):
                case "T" | "Z" | "C":
                    self.changing_bytes += 1
                    self._obey(chr(command))
                case "P":
                    self._printing = True

    def _obey(self, command: str) -> None:
        if command == "T":
            self._pan.set_tare()
        elif command == "C":
            self._pan.lose_tare()
        elif self._pan.set_zero():
            self._zeroed = True

    def _status(self) -> bytes:
        of_lb_or_kg, unit = _CODES[self._unit]
        limit, net = self._pan.limit, self._pan.net
        a = 0x28 | self._pan.decimals + 2
        b = 0x20 | bool(self._pan.tare) | (net < 0) << 1 | bool(limit) << 2 | self._pan.look() << 3 | of_lb_or_kg | (not self._zeroed) << 6
        c = 0x20 | unit | self._printing << 3 | self._expanded << 4
        return bytes([a, b, c])


def _six(value: Decimal, places: int) -> bytes:
    """Six digits without point and sign; a zero before the point is shown, those before it are blank."""
    return str(abs(value).scaleb(places).to_integral_value()).rjust(places + 1, "0").rjust(6).encode("ascii")
