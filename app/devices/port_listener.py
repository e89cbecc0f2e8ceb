"""Listens on a port that no session has: for whoever writes a protocol for the device that hangs there. Nothing it hears is a reading."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Thread

from app.base.errors import DeviceError
from app.devices.frame_log import Piece, Tap
from app.devices.protocol import SerialLine
from app.devices.session import OpenPort
from app.devices.settings import Clock, StationClock
from app.devices.transport import Port, open_port

_STOP_WITHIN_S = 2.0


class PortListener:
    """One port from `start` to `stop`. Tap and trouble are called on its own thread."""

    def __init__(
        self, url: str, line: SerialLine, tap: Tap, trouble: Callable[[DeviceError], None], *, open_port: OpenPort = open_port
    ) -> None:
        """Prepare to listen; ``trouble`` hears why the port could not be opened, or broke off: then it is over."""
        self._url, self._line, self._tap, self._trouble, self._open_port = url, line, tap, trouble, open_port
        self._clock: Clock = StationClock()
        self._stopping = Event()
        self._to_say: SimpleQueue[bytes] = SimpleQueue()
        self._thread = Thread(target=self._run, name=f"listener {url}", daemon=True)

    def start(self) -> None:
        """Open the port; returns at once."""
        self._thread.start()

    def send(self, message: bytes) -> None:
        """Say something as soon as the port is open."""
        self._to_say.put(message)

    def stop(self) -> None:
        """Close the port; what is heard afterwards is told nobody."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN_S)

    def _run(self) -> None:
        try:
            port = self._open_port(self._url, self._line)
            try:
                self._listen(port)
            finally:
                port.close()
        except DeviceError as trouble:
            if not self._stopping.is_set():
                self._trouble(trouble)

    def _listen(self, port: Port) -> None:
        while not self._stopping.is_set():
            for message in iter(self._next, None):
                port.write(message)
                self._note(message, heard=False)
            if chunk := port.read():
                self._note(chunk, heard=True)

    def _next(self) -> bytes | None:
        try:
            return self._to_say.get_nowait()
        except Empty:
            return None

    def _note(self, content: bytes, *, heard: bool) -> None:
        if not self._stopping.is_set():
            self._tap(Piece(at=self._clock.now(), heard=heard, content=content))
