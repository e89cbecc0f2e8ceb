"""Questions and answers over Modbus RTU, on a serial port or a terminal server; pymodbus is not needed for it (decision 0013).

Source:
    MODBUS over Serial Line Specification and Implementation Guide V1.02, 2.4.1 (one question at a time), 2.5.1.1 (silence of 3.5
    characters between frames, 1.75 ms above 19200 baud).
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from time import monotonic

from app.devices.errors import ConnectionLost
from app.devices.machines.blocks import Block
from app.devices.machines.errors import LineSilent, LineUnreadable
from app.devices.machines.rtu_frames import LONGEST, Question
from app.devices.protocol import SerialLine
from app.devices.session import OpenPort
from app.devices.transport import open_port

_SHORTEST_SILENCE_S = 0.00175
_SILENT_CHARACTERS = 3.5
_MOST_OLD_READS = 20


class RtuLine:
    """One machine on a serial line; one question at a time, from one thread. After a `DeviceError` it is of no more use."""

    def __init__(self, url: str, *, line: SerialLine, unit_id: int, answer_s: float, open_port: OpenPort = open_port) -> None:
        """Open the port, and wait until nobody speaks: what is under way answers a question of before.

        Args:
            url: Any url of a port that is no socket.
            line: How the machine's own line is set.
            unit_id: Which machine on that line, 1…247.
            answer_s: How long to wait for an answer, beside the time that question and answer take on the wire.
            open_port: How ports are opened.

        Raises:
            PortUnavailable: nobody there, or taken.
            ConnectionLost: gone again.
            LineUnreadable: somebody speaks there all the time.
        """
        self._unit_id, self._answer_s = unit_id, answer_s
        self._line = line
        self.said = self.heard = b""
        """The last question and what has come of its answer."""
        self._hung_up = Event()
        self._quiet_since = monotonic()
        self._port = open_port(url, line)
        try:
            self._await_silence()
        except BaseException:
            self._port.close()
            raise

    def read(self, block: Block) -> Sequence[int]:
        """See `MachineLine`."""
        question = Question(unit_id=self._unit_id, block=block)
        self.said, self.heard = question.frame, self._port.waiting()
        if self.heard:  # nobody was asked: whose it is, and how old, cannot be told
            raise LineUnreadable(frame=self.heard)
        self._keep_silence()
        self._port.write(self.said)
        try:
            return self._answer(question)
        except LineUnreadable:
            self._hear_out()
            raise LineUnreadable(frame=self.heard) from None
        finally:
            self._quiet_since = monotonic()

    def hang_up(self) -> None:
        """End a wait for an answer at once; may be called from any thread."""
        self._hung_up.set()

    def close(self) -> None:
        """Close the port."""
        self._port.close()

    def _answer(self, question: Question) -> Sequence[int]:
        until = monotonic() + self._answer_s + characters_s(2 * len(question.frame) + question.longest_answer, self._line)
        while (registers := question.answered_by(self.heard)) is None:
            if self._hung_up.is_set():
                raise ConnectionLost(reason="the station hung up")
            if monotonic() >= until:
                raise LineUnreadable(frame=self.heard) if self.heard else LineSilent
            self.heard += self._port.read()
        return registers

    def _hear_out(self) -> None:
        """The rest of what is no answer, until the line is quiet: for the log, and so that it meets no later question."""
        while len(self.heard) < LONGEST and not self._hung_up.is_set() and (more := self._port.read()):
            self.heard += more

    def _await_silence(self) -> None:
        for _ in range(_MOST_OLD_READS):
            if not (old := self._port.read()):
                return
            self.heard = (self.heard + old)[-LONGEST:]
        raise LineUnreadable(frame=self.heard)

    def _keep_silence(self) -> None:
        self._hung_up.wait(max(0.0, self._quiet_since + silence_s(self._line) - monotonic()))


def silence_s(line: SerialLine) -> float:
    """How long a line must be quiet between two frames, in seconds."""
    return max(_SHORTEST_SILENCE_S, characters_s(_SILENT_CHARACTERS, line))


def characters_s(count: float, line: SerialLine) -> float:
    """How long so many characters take on the wire, in seconds: start bit, data, parity and stop bits of each."""
    return count * (1 + line.bytesize + (line.parity != "N") + line.stopbits) / line.baud
