"""The serial port of a simulated machine: a Modbus RTU unit on a line, with a machine's bad manners.

It cuts frames by silence, as a machine does: what is glued to a question makes it unreadable, and nobody answers it.

Source:
    MODBUS over Serial Line V1.02, 2.4.1 (no answer to a broadcast, to another unit, to a wrong CRC) and 2.5.1.1 (silence);
    Modbus Application Protocol V1.1b3, 6 (which functions only read) and 7 (exceptions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from struct import pack, unpack
from threading import Event
from time import monotonic

from app.devices.machines.blocks import MOST_REGISTERS
from app.devices.machines.register_map import RegisterKind
from app.devices.machines.rtu import silence_s
from app.devices.machines.rtu_frames import REFUSED, is_sealed, sealed
from app.devices.protocol import SerialLine
from app.devices.simulators.modbus_server import Machine
from app.devices.simulators.serving import Serving

_READS = {3: RegisterKind.HOLDING, 4: RegisterKind.INPUT}
_CHANGING_NOTHING = frozenset({1, 2, *_READS, 7, 11, 12, 17, 20, 24, 43})
"""Functions that only read; every other one counts as changing something, those a maker defined himself too."""
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE = 1, 2, 3
_EVERYBODY = 0
_ASKING = 8
"""Bytes of a question for registers."""


class RtuServer:
    """One unit on a line of its own. Acts may come from any thread."""

    def __init__(self, machine: Machine, addresses: Iterable[tuple[RegisterKind, int]], *, unit_id: int, line: SerialLine) -> None:
        """Prepare to serve.

        Args:
            machine: Whose registers these are.
            addresses: All registers it has; asking for any other is refused with exception 2.
            unit_id: Which unit it is; no other is answered.
            line: How its line is set; another setting at the station garbles what is said, a wrong parity is dropped.
        """
        self._machine, self._addresses, self._unit_id, self._line = machine, frozenset(addresses), unit_id, line
        self.refusal: int | None = None
        """The exception with which everything is refused now."""
        self.manner: Callable[[bytes], bytes] = bytes
        """What becomes of an answer on its way out."""
        self.echoes = False
        """Whether the station's adapter hears what it sends, as on two wires."""
        self.turn_s = 0.0
        """How long one turn of its program takes, in seconds: it answers after it."""
        self._turn = Event()
        self.writes = 0
        """How often a station tried to write, or did anything else that is no reading. None of ours ever does."""
        self.changing_bytes = 0
        """Bytes of the frames in which it tried."""
        self.asked = 0
        """Whole questions for this unit."""
        self._heard, self._heard_at = b"", monotonic()
        self._serving = Serving(self._hear, line=line)

    @property
    def port(self) -> int:
        """Where it listens; 0 before it is started takes whatever is free."""
        return self._serving._port

    @port.setter
    def port(self, port: int) -> None:
        self._serving._port = port

    def start(self) -> str:
        """Plug in; returns the url for the device's settings."""
        return self._serving.start()

    def stop(self) -> None:
        """Take the machine away."""
        self._serving.stop()

    def unplug(self) -> None:
        """Pull the plug out of the station."""
        self._serving.unplug()

    def plug(self) -> None:
        """Plug in again at the same port."""
        self._serving.plug()

    def say(self, message: bytes) -> None:
        """Something on the line that nobody asked for: another unit, a motor nearby."""
        self._serving.say(message)

    def _hear(self, message: bytes) -> None:
        now = monotonic()
        if now - self._heard_at > silence_s(self._line):
            self._heard = b""
        self._heard, self._heard_at = self._heard + message, now
        if self.echoes:
            self._serving.say(message)
        if is_sealed(self._heard) and self._heard[0] in (self._unit_id, _EVERYBODY):
            self._obey(self._heard)

    def _obey(self, frame: bytes) -> None:
        if frame[1] not in _CHANGING_NOTHING:
            self.writes += 1
            self.changing_bytes += len(frame)
        if frame[0] == self._unit_id:
            self.asked += 1
            self._turn.wait(self.turn_s)
            if answer := self.manner(sealed(frame[:1] + self._reply(frame))):
                self._serving.say(answer)

    def _reply(self, frame: bytes) -> bytes:
        function = frame[1]
        exception = self.refusal
        if exception is None and function not in _READS:
            exception = _ILLEGAL_FUNCTION
        if exception is None and len(frame) != _ASKING:
            exception = _ILLEGAL_VALUE
        return self._registers(frame) if exception is None else bytes((function | REFUSED, exception))

    def _registers(self, frame: bytes) -> bytes:
        function, address, count = unpack(">BHH", frame[1:6])
        if not 1 <= count <= MOST_REGISTERS:
            return bytes((function | REFUSED, _ILLEGAL_VALUE))
        wanted = [(_READS[function], place) for place in range(address, address + count)]
        if not self._addresses.issuperset(wanted):
            return bytes((function | REFUSED, _ILLEGAL_ADDRESS))
        registers = self._machine.registers()
        return pack(f">BB{count}H", function, 2 * count, *(registers[place] for place in wanted))
