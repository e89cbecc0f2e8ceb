"""One device's line as an engineer sees it: the last bytes in both directions, what each frame means, and how the line does.

It reads beside the session and decides nothing. Bounded: a babbling device costs no more memory than a quiet one.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from app.devices.frame_log import Piece
from app.devices.meaning import Kind, LineReader, Meaning

MOST_ENTRIES = 400
MOST_BYTES = 64
"""Of one entry; what is longer is shown by its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Bytes that went over the line together, or a frame that they completed."""

    no: int
    """Counted from 1 since the watch began."""
    at: datetime
    heard: bool
    """From the device to us; else from us to the device."""
    content: bytes
    """At most `MOST_BYTES`."""
    size: int
    meaning: Meaning | None
    """Of a whole frame; ``None``: bytes that are no whole frame yet, or what we said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFigures:
    """How the line does since the watch began."""

    since: datetime | None
    """Of the first bytes; ``None``: none yet."""
    heard_bytes: int
    said_bytes: int
    frames: dict[Kind, int] = field(default_factory=dict)
    """Whole frames and noise (``reject``) by what they were."""


class LineWatch:
    """A tap on one device's line; `take` comes on the device's thread, everything else on any."""

    def __init__(self, reader: LineReader | None) -> None:
        """Watch one line; ``reader``: understands what goes over it, ``None``: only its bytes are shown."""
        self._reader = reader
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._count = self._heard = self._said = 0
        self._since: datetime | None = None
        self._last_heard: datetime | None = None
        self._frames: Counter[Kind] = Counter()
        self._lock = Lock()

    def take(self, piece: Piece) -> None:
        """Some bytes went by."""
        with self._lock:
            self._since = self._since or piece.at
            self._end_burst(piece)
            if not piece.heard:
                self._said += len(piece.content)
                if self._reader is not None:
                    self._reader.said(piece.content)
                self._keep(piece, piece.content, None)
                return
            self._heard += len(piece.content)
            found = self._reader.feed(piece.content) if self._reader is not None else []
            for meaning in found:
                self._frames[meaning.kind] += 1
                self._keep(piece, meaning.frame, meaning)
            if not found:
                self._keep(piece, piece.content, None)

    def entries(self) -> tuple[Entry, ...]:
        """The last ones, oldest first."""
        with self._lock:
            return tuple(self._entries)

    def figures(self) -> LineFigures:
        """How the line does."""
        with self._lock:
            return LineFigures(since=self._since, heard_bytes=self._heard, said_bytes=self._said, frames=dict(self._frames))

    def _end_burst(self, piece: Piece) -> None:
        """Where silence ends a frame, the next piece shows how long it was."""
        if not piece.heard or self._reader is None:
            return
        if self._last_heard is not None:
            for meaning in self._reader.quiet((piece.at - self._last_heard).total_seconds()):
                self._frames[meaning.kind] += 1
                self._keep(piece, meaning.frame, meaning)
        self._last_heard = piece.at

    def _keep(self, piece: Piece, content: bytes, meaning: Meaning | None) -> None:
        self._count += 1
        self._entries.append(
            Entry(no=self._count, at=piece.at, heard=piece.heard, content=content[:MOST_BYTES], size=len(content), meaning=meaning)
        )
