"""A recorded frame log played back as if the device hung on the line: same bytes, same splits, same pauses, no waiting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Event

from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.frame_log import Piece
from app.devices.protocol import SerialLine

_BREATH = timedelta(seconds=0.05)


class Replay:
    """A port and its clock in one: time is what the log says, so pauses, bounces and half frames come out as they did.

    Hand `open` to a session as ``open_port`` and the replay itself as ``clock``. What the station says is not compared: the log
    knows what was said then, and an answer recorded is played whether or not it is asked for again.
    """

    def __init__(self, pieces: Iterable[Piece]) -> None:
        """Play these pieces, oldest first.

        Raises:
            ValueError: nothing to play.
        """
        self._waiting = [piece for piece in pieces if piece.heard]
        if not self._waiting:
            raise ValueError("the frame log holds nothing that was heard")
        self._begun = self._waiting[0].at - 2 * _BREATH  # a moment of quiet first: what comes at once counts as kept from before
        self._time = self._end = self._begun
        self.finished = Event()
        """Set when the last piece was played and two seconds of quiet after it."""

    def open(self, url: str, line: SerialLine) -> Replay:
        """The recorded line, whatever url and settings say.

        Raises:
            PortUnavailable: it was played to its end; it is not played twice.
        """
        if self.finished.is_set():
            raise PortUnavailable(url=url, reason="the recording is over")
        return self

    def read(self) -> bytes:
        """The next piece when its time has come; else a short moment of quiet passes.

        Raises:
            ConnectionLost: the recording is over.
        """
        if not self._waiting:
            return self._fade_out()
        if self._time + _BREATH < self._waiting[0].at:
            # Long pauses pass in strides, so that a night is played in a moment and every rule about quiet still sees its time.
            self._time += max(_BREATH, (self._waiting[0].at - self._time) / 50)
            return b""
        piece = self._waiting.pop(0)
        self._time = max(self._time, piece.at)
        self._end = self._time + timedelta(seconds=2)
        return piece.content

    def waiting(self) -> bytes:
        """Nothing: a recording speaks in its own time."""
        return b""

    def write(self, message: bytes) -> None:
        """What the station says goes nowhere: the device is a recording."""

    def tune(self, line: SerialLine) -> None:
        """A recording stays as it was recorded."""

    def close(self) -> None:
        """Nothing to close."""

    def now(self) -> datetime:
        """The recording's time."""
        return self._time

    def monotonic(self) -> float:
        """Seconds since the recording began."""
        return (self._time - self._begun).total_seconds()

    def _fade_out(self) -> bytes:
        if self._time >= self._end:
            self.finished.set()
            raise ConnectionLost(reason="the recording is over")
        self._time += _BREATH
        return b""
