"""Looks every minute how much room the disk of the data folder has. A disk may hang, so it has a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from app.core.logs import log
from app.core.station_health import LEAST_FREE_BYTES, DiskRoom, free_bytes

EVERY_S = 60.0


class DiskWatch:
    """One daemon thread from `start` to `stop`; its listener is called on it."""

    def __init__(
        self, folder: Path, told: Callable[[DiskRoom], None], *, least_bytes: int = LEAST_FREE_BYTES, every_s: float = EVERY_S
    ) -> None:
        """Args:
        folder: The data folder; it need not be there yet.
        told: Hears every look.
        least_bytes: Below it the room is short.
        every_s: Between two looks.
        """
        self._folder, self._told, self._least_bytes, self._every_s = folder, told, least_bytes, every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def stop(self, within_s: float) -> bool:
        """End; whether it did in time. One that hangs ends with the program."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._look()
            self._stopping.wait(self._every_s)

    def _look(self) -> None:
        try:
            free = free_bytes(self._folder)
        except OSError as trouble:
            log("disk").warning("the disk of the data folder does not answer", told=str(trouble))
            free = None
        if not self._stopping.is_set():
            self._told(DiskRoom(free_bytes=free, least_bytes=self._least_bytes))
