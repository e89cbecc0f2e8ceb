"""Whoever looks at the bytes of a device: its frame log on the disk, and everybody who taps its line just now."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from urllib.parse import quote

from app.devices.frame_log import HEARD, SAID, FrameLog, Piece, Tap

_FRAME_LOG_BYTES = 2_000_000
_MOST_LOGGED = 4_096
"""Bytes of one piece in the log: a label's picture may have half a megabyte, and pushed out what an engineer looks for."""


class Wires:
    """The lines of all devices of one speaker: of the hub, or of the print queue. Safe to use from several threads."""

    def __init__(self, frame_logs: Path | None) -> None:
        """``frame_logs``: folder for one frame log per device; ``None`` keeps none."""
        self._frame_logs = frame_logs
        self._logs: dict[str, FrameLog] = {}
        self._taps: tuple[tuple[str, Tap], ...] = ()
        self._lock = Lock()

    def of(self, code: str) -> Tap:
        """Where the bytes of one device go, on its own thread."""
        log: FrameLog | None = None
        if self._frame_logs is not None:
            self._frame_logs.mkdir(parents=True, exist_ok=True)
            log = self._logs[code] = FrameLog(self._frame_logs / f"{quote(code, safe='')}.log", most_bytes=_FRAME_LOG_BYTES)

        def passed(piece: Piece) -> None:
            if log is not None:
                log.note(HEARD if piece.heard else SAID, piece.content[:_MOST_LOGGED], piece.at)
            self.show(code, piece)

        return passed

    def show(self, code: str, piece: Piece) -> None:
        """Only to those who look just now; nothing of it is kept."""
        for tapped, tap in self._taps:
            if tapped == code:
                tap(piece)

    def tap(self, code: str, tap: Tap) -> None:
        """From now on the tap sees what this device and the station say."""
        with self._lock:
            self._taps = (*self._taps, (code, tap))

    def untap(self, code: str, tap: Tap) -> None:
        """The tap sees nothing any more, except what is passing at this moment."""
        with self._lock:
            self._taps = tuple(one for one in self._taps if one != (code, tap))

    def is_tapped(self, code: str) -> bool:
        """Whether anybody looks at this device just now."""
        return any(tapped == code for tapped, _ in self._taps)

    def frame_log(self, code: str) -> Path | None:
        """Where the bytes of a device are kept; ``None``: nowhere."""
        return self._logs[code].path if code in self._logs else None

    def end(self, code: str) -> None:
        """This device is gone from here; close its log."""
        log = self._logs.pop(code, None)
        if log is not None:
            log.close()

    def close(self) -> None:
        """Close the logs; a later piece opens its own again."""
        for log in list(self._logs.values()):
            log.close()
