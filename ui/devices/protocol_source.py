"""The bytes a protocol is tried on: tapped from a connected device, listened for at a free port, or given at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from app.base import clock
from app.base.phrases import Phrase
from app.devices.frame_log import Piece, read_log
from app.devices.patterns.trying import MOST_PIECES, Trial
from app.devices.port_listener import PortListener
from app.devices.protocol import SerialLine
from ui.bridge import Bridge
from ui.kit import Words

_OF_A_SOCKET = SerialLine(baud=9600)
"""Without meaning there."""


class ProtocolSource(QObject):
    """One source at a time; `told` says why a port gave nothing."""

    told = Signal(object)
    _broke = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.trial = Trial()
        self.name: Words = ""
        self._device: str | None = None
        self._listener: PortListener | None = None
        self._broke.connect(self.told, Qt.ConnectionType.QueuedConnection)

    def listen_to_device(self, code: str) -> None:
        """What it said lately, from its frame log, and what it says from now on. Its own session goes on beside."""
        self.end()
        hub = self._bridge.hub
        if hub is None:
            return
        self._device, self.name = code, code
        log = hub.wires.frame_log(code)
        if log is None:
            self._tap(code, [])
        else:
            self._bridge.fetch(lambda: list(read_log(log))[-MOST_PIECES:], done=partial(self._tap, code), owner=self)

    def listen_to_port(self, url: str, line: SerialLine | None) -> None:
        """Open a port that nobody has and listen."""
        self.end()
        self.trial.forget()
        self.name = url
        self._listener = PortListener(url, line or _OF_A_SOCKET, self.trial.take, self._broke.emit)
        self._listener.start()

    def read(self, content: bytes) -> None:
        """These bytes, as if they had come just now."""
        self.end()
        self.name = Phrase("pasted")
        self.trial.forget([Piece(at=clock.now(), heard=True, content=content)])

    def send(self, message: bytes) -> None:
        """Ask; nothing is asked of pasted bytes."""
        hub = self._bridge.hub
        if self._listener is not None:
            self._listener.send(message)
        elif self._device is not None and hub is not None:
            hub.send(self._device, message)

    def end(self) -> None:
        """Nobody listens any more; what was heard stays."""
        hub = self._bridge.hub
        if self._device is not None and hub is not None:
            hub.wires.untap(self._device, self.trial.take)
        if self._listener is not None:
            self._listener.stop()
        self._device, self._listener = None, None

    def _tap(self, code: str, before: list[Piece]) -> None:
        hub = self._bridge.hub
        if self._device != code or hub is None:
            return  # something else was chosen meanwhile
        self.trial.forget(before)
        hub.wires.tap(code, self.trial.take)
