"""Asks one address as one kind of device, beside the window: the newest question alone is heard."""

from __future__ import annotations

from functools import partial
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal

from app.base.errors import DeviceError
from app.core.devices_here import PRINTER_LINE
from app.devices.recognition.hearing import hear_once
from app.devices.recognition.trying import Tried, try_device
from app.devices.settings import DeviceSettings


class Trier(QObject):
    """`tried` comes on the window's thread with what was asked."""

    tried = Signal(object)
    """`Tried`; what could not be asked says why."""
    _came = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked = 0
        self._came.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def ask(self, settings: DeviceSettings) -> None:
        """Ask now; what is still on its way is of no interest any more."""
        self._asked += 1
        Thread(target=partial(self._ask, self._asked, settings), name=f"trier {settings.url}", daemon=True).start()

    def stop(self) -> None:
        """Nobody waits any more."""
        self._asked += 1

    def _ask(self, number: int, settings: DeviceSettings) -> None:
        try:
            told = settings.tags
            tried = hear_once(settings, told) if told is not None else try_device(settings, printer_line=PRINTER_LINE)
        except DeviceError as trouble:
            tried = Tried(answered=False, says=trouble.what, more=trouble.next)
        if number == self._asked:
            self._came.emit(number, tried)

    def _hear(self, number: int, tried: Tried) -> None:
        if number == self._asked:
            self.tried.emit(tried)
