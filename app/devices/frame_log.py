"""What went over the wire, byte by byte, with direction and time: for the person who looks for a fault, and for replay.

One line per piece: time, ``<`` heard or ``>`` said, the bytes with everything unprintable escaped. Bounded: when a file is full it
becomes ``NAME.1`` and the former ``NAME.1`` goes. Not a record: the raw frame of an accepted value is stored with the value.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TextIO

from app.base.errors import OutageError
from app.devices.errors import readable

_log = logging.getLogger(__name__)

HEARD, SAID = "<", ">"


class FrameLogUnreadable(OutageError):
    """What was logged cannot be taken along."""

    code = "device.frame_log_unreadable"
    text = "The frame log was not taken along: {file} cannot be read ({reason})."
    next_step = "Ask for the right to read it, or have the disk looked at, then press again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some bytes that went over the wire together."""

    at: datetime
    heard: bool
    """From the device to us; else from us to the device."""
    content: bytes


Tap = Callable[[Piece], None]
"""Whoever sees the bytes themselves go by; called on the device's own thread, must return quickly."""


class FrameLog:
    """The log of one device; at most twice ``most_bytes`` on disk."""

    def __init__(self, path: Path, *, most_bytes: int) -> None:
        """Write to ``path``, which may exist; its folder must."""
        self.path, self._most = path, most_bytes
        self._file: TextIO | None = None
        self._size = 0
        self._lock = Lock()
        self._gone = False

    def note(self, direction: str, content: bytes, at: datetime) -> None:
        """Keep one piece. A full or lost disk ends the log with one warning; it never ends the connection to the device."""
        line = f"{at.isoformat()} {direction} {readable(content)}\n"
        with self._lock:
            if self._gone:
                return
            try:
                self._write(line)
            except OSError as trouble:
                self._gone = True
                _log.warning("frame log %s ends here: %s", self.path, trouble)

    def close(self) -> None:
        """Close the file; a later note opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def _write(self, line: str) -> None:
        if self._file is not None and self._size + len(line) > self._most:
            self._file.close()
            self._file = None
            self.path.replace(older(self.path))
        if self._file is None:
            self._file = self.path.open("a", encoding="ascii", newline="\n")
            self._size = self._file.tell()
        self._file.write(line)
        self._file.flush()
        self._size += len(line)


def older(path: Path) -> Path:
    """The file that holds what came before ``path``."""
    return path.with_name(path.name + ".1")


def content_of(path: Path) -> bytes:
    """All that is still there, oldest first, as one file; empty where nothing was logged yet.

    Raises:
        FrameLogUnreadable: the disk, or a right, is in the way.
    """
    try:
        return b"".join(one.read_bytes() for one in (older(path), path) if one.exists())
    except OSError as trouble:
        raise FrameLogUnreadable(file=path, reason=trouble.strerror or type(trouble).__name__) from trouble


def read_log(path: Path) -> Iterator[Piece]:
    """All pieces still there, oldest first.

    Raises:
        ValueError: a line that no log of ours wrote; its number is named. A last line cut by a power failure is left out.
    """
    for file in (older(path), path):
        if not file.exists():
            continue
        for number, line in enumerate(file.read_text(encoding="ascii").splitlines(keepends=True), start=1):
            if line.endswith("\n"):
                yield _piece(line[:-1], f"{file.name}:{number}")


def _piece(line: str, place: str) -> Piece:
    stamp, _, rest = line.partition(" ")
    direction, gap, content = rest[:1], rest[1:2], rest[2:]
    if direction not in (HEARD, SAID) or gap != " ":
        raise ValueError(f"{place} is no line of a frame log")
    return Piece(
        at=datetime.fromisoformat(stamp),
        heard=direction == HEARD,
        content=content.encode("ascii").decode("unicode_escape").encode("latin-1"),
    )
