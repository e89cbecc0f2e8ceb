"""Four tones, made here, never the only sign: whatever sounds stands on the screen too. Off per station.

Source: design/face.md §8: ok one short high tone, stop two low ones, wrong item low then high, device lost three short middle ones.
"""

from __future__ import annotations

import math
import shutil
import struct
import sys
import tempfile
import wave
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

RATE_HZ = 22_050
_FADE_S = 0.005
_GAP_S = 0.08
_HIGH, _MIDDLE, _LOW = 1760.0, 880.0, 330.0

TONES: dict[str, Sequence[tuple[float, float]]] = {
    "ok": ((_HIGH, 0.080),),
    "stop": ((_LOW, 0.250), (_LOW, 0.250)),
    "wrong_item": ((_LOW, 0.180), (_HIGH, 0.120)),
    "device_lost": ((_MIDDLE, 0.090),) * 3,
    "call": ((_MIDDLE, 0.180), (_HIGH, 0.180), (_MIDDLE, 0.180)),
}
"""Frequency in Hz and length in seconds of each beep."""


def samples(beeps: Sequence[tuple[float, float]]) -> bytes:
    """Signed 16-bit mono samples at `RATE_HZ`; edges are faded over 5 ms, because a hard edge clicks."""
    made = bytearray()
    for n, (pitch_hz, length_s) in enumerate(beeps):
        if n:
            made += bytes(2 * round(_GAP_S * RATE_HZ))
        count = round(length_s * RATE_HZ)
        fade = round(_FADE_S * RATE_HZ)
        for i in range(count):
            loud = min(1.0, i / fade, (count - 1 - i) / fade)
            made += struct.pack("<h", round(16_000 * loud * math.sin(2 * math.pi * pitch_hz * i / RATE_HZ)))
    return bytes(made)


def write_wave(file: Path, beeps: Sequence[tuple[float, float]]) -> None:
    """One tone as a WAV file."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples(beeps))


def player() -> Callable[[Path], None] | None:
    """What can play a file on this computer without waiting for its end; ``None``: only the system's beep."""
    if sys.platform == "win32":
        import winsound

        return lambda file: winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC)
    for program, *options in (("paplay",), ("aplay", "-q"), ("afplay",)):
        found = shutil.which(program)
        if found is not None:
            return partial(_start, found, options)
    return None


def _start(program: str, options: Sequence[str], file: Path) -> None:
    QProcess.startDetached(program, [*options, str(file)])


class Tones:
    """The station's voice. `play` returns at once; `last` is what a test or a deaf eye may ask for."""

    def __init__(self, *, on: bool, play: Callable[[Path], None] | None = None) -> None:
        self.on = on
        self.last: str | None = None
        self._play = play if play is not None else player()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def ok(self) -> None:
        """Taken."""
        self._sound("ok")

    def stop(self) -> None:
        """Refused."""
        self._sound("stop")

    def wrong_item(self) -> None:
        """A good code of the wrong thing."""
        self._sound("wrong_item")

    def device_lost(self) -> None:
        """A device went silent."""
        self._sound("device_lost")

    def call(self) -> None:
        """Somebody needs somebody."""
        self._sound("call")

    def close(self) -> None:
        """Remove the files."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _sound(self, name: str) -> None:
        self.last = name
        if not self.on:
            return
        if self._play is None:
            QApplication.beep()
            return
        self._play(self._file(name))

    def _file(self, name: str) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="lineside-tones-")
        file = Path(self._folder.name) / f"{name}.wav"
        if not file.exists():
            write_wave(file, TONES[name])
        return file
