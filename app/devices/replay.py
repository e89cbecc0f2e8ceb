"""A recorded frame log played back as if the device hung on the line: same bytes, same splits, same pauses.

`Replay` brings its own time and waits for nothing: for whoever asks what a recording means. `Playing` takes its time beside a person, in
practice alone: a recording is no device, and a plant's record takes nothing of one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import monotonic

from app.base.errors import RuleViolation
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.frame_log import Piece, read_log
from app.devices.protocol import SerialLine

_BREATH = timedelta(seconds=0.05)
_LONGEST_PAUSE_S = 2.0
"""Beside a person: nobody sits through the night that was recorded."""


class NothingToReplay(RuleViolation):
    code = "device.nothing_to_replay"
    text = "Nothing was replayed: {file} is no frame log, or the device says nothing in it."
    next_step = "Take a file that was written with “Frame log” at the console of a device."


class NoReplayHere(RuleViolation):
    """A recording among real devices would make records of what nobody measured."""

    code = "device.no_replay_here"
    text = "Nothing was replayed: a recording is played in practice only, never where records are kept."
    next_step = "Open practice at the sign-in and replay it there, or look at it with: python main.py device replay FILE --protocol KEY"


def pieces_of(file: Path) -> list[Piece]:
    """What a frame log recorded, oldest first.

    Raises:
        NothingToReplay: it is not there, is no frame log, or holds nothing that was heard.
    """
    try:
        pieces = list(read_log(file))
    except (ValueError, OSError) as trouble:  # text that is no ASCII is a ValueError too
        raise NothingToReplay(file=file) from trouble
    if not any(piece.heard for piece in pieces):
        raise NothingToReplay(file=file)
    return pieces


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


class Playing:
    """A port that plays a recording beside a person, at its own pace; no pause is longer than two seconds."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        """Play these pieces, oldest first.

        Raises:
            ValueError: nothing to play.
        """
        heard = [piece for piece in pieces if piece.heard]
        if not heard:
            raise ValueError("the frame log holds nothing that was heard")
        moments = [piece.at for piece in heard]
        pauses = [0.5, *(min(_LONGEST_PAUSE_S, max(0.0, (b - a).total_seconds())) for a, b in pairwise(moments))]
        self._waiting = list(zip(pauses, (piece.content for piece in heard), strict=True))
        self._quiet, self._due = Event(), 0.0
        self.finished = Event()
        """Set when the last piece was played; the line is quiet from then on."""

    def open(self, url: str, line: SerialLine) -> Playing:
        """The recorded line, whatever url and settings say."""
        self._due = monotonic() + (self._waiting[0][0] if self._waiting else 0.0)
        return self

    def read(self) -> bytes:
        """The next piece when its time has come; else a short moment of quiet passes."""
        if not self._waiting or monotonic() < self._due:
            self._quiet.wait(_BREATH.total_seconds())
            return b""
        _, content = self._waiting.pop(0)
        if self._waiting:
            self._due = monotonic() + self._waiting[0][0]
        else:
            self.finished.set()
        return content

    def waiting(self) -> bytes:
        """Nothing: a recording speaks in its own time."""
        return b""

    def write(self, message: bytes) -> None:
        """What the station says goes nowhere: the device is a recording."""

    def tune(self, line: SerialLine) -> None:
        """A recording stays as it was recorded."""

    def close(self) -> None:
        """Nothing to close."""
