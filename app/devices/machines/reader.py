"""What goes over a Modbus machine's line, for whoever looks at its console: the registers of an answer, or why there are none.

Only for the eye. What counts as a value is told by `modbus.ModbusLine` and `rtu.RtuLine`, which hold every answer against its question.
"""

from __future__ import annotations

from struct import unpack

from app.devices.machines.rtu_frames import REFUSED, is_sealed
from app.devices.meaning import Meaning

_TCP_HEADER = 6
"""Bytes of transaction, protocol and length in front of unit and function."""
_READS = {3: "holding", 4: "input"}


class ModbusReader:
    """One question and its answer; each comes whole, as the line logged it."""

    def __init__(self, *, over_tcp: bool) -> None:
        """``over_tcp``: frames have the header of Modbus TCP; else they end with the CRC of Modbus RTU."""
        self._over_tcp = over_tcp
        self._asked: tuple[int, int] | None = None

    def said(self, content: bytes) -> None:
        """A question: function and first address."""
        body = self._body(content)
        self._asked = (body[1], int.from_bytes(body[2:4], "big")) if body is not None and len(body) >= 4 else None

    def quiet(self, seconds: float) -> list[Meaning]:
        """Silence ends nothing here."""
        return []

    def feed(self, chunk: bytes) -> list[Meaning]:
        """What the answer says."""
        return [self._meaning(chunk, self._body(chunk))]

    def _meaning(self, frame: bytes, body: bytes | None) -> Meaning:
        if body is None or len(body) < 3 or self._asked is None:
            return Meaning(frame=frame, kind="reject")
        function, address = self._asked
        if body[1] == function | REFUSED:
            return Meaning(frame=frame, kind="error", text=f"exception {body[2]}")
        size = body[2]
        if body[1] != function or function not in _READS or size % 2 or len(body) != 3 + size:
            return Meaning(frame=frame, kind="reject")
        registers = unpack(f">{size // 2}H", body[3:])
        return Meaning(frame=frame, kind="registers", text=f"{_READS[function]} {address}: {' '.join(map(str, registers))}")

    def _body(self, frame: bytes) -> bytes | None:
        """Unit, function and what follows; ``None``: no whole frame."""
        if self._over_tcp:
            whole = len(frame) > _TCP_HEADER and int.from_bytes(frame[4:6], "big") == len(frame) - _TCP_HEADER
            return frame[_TCP_HEADER:] if whole else None
        return frame[:-2] if is_sealed(frame) else None
