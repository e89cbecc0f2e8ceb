"""Looks at ports beside the window: one thread for each, ended when nobody waits any more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event, Thread

from PySide6.QtCore import QObject, Qt, Signal

from app.base.errors import DeviceError
from app.devices.recognition.findings import Findings
from app.devices.recognition.search import recognise


class Finder(QObject):
    """`found` comes on the window's thread: url, and `Findings` or the `DeviceError` why the port could not be looked at."""

    found = Signal(str, object)
    _heard = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopping = Event()
        self._heard.connect(self.found, Qt.ConnectionType.QueuedConnection)

    def look(self, urls: Sequence[str]) -> None:
        """Look at these ports, all at once; what is still looked at goes on."""
        for url in urls:
            Thread(target=partial(self._look, url, self._stopping), name=f"finder {url}", daemon=True).start()

    def stop(self) -> None:
        """Nobody waits any more."""
        self._stopping.set()

    def _look(self, url: str, stopping: Event) -> None:
        result: Findings | DeviceError
        try:
            result = recognise(url, stopping=stopping)
        except DeviceError as trouble:
            result = trouble
        if not stopping.is_set():
            self._heard.emit(url, result)
