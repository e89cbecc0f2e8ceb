"""A port whose bytes are seen by somebody else, too: for whoever opens a port for each errand, as a print queue does."""

from __future__ import annotations

from collections.abc import Callable

from app.devices.frame_log import Piece, Tap
from app.devices.protocol import SerialLine
from app.devices.settings import Clock
from app.devices.transport import Port

_OpenPort = Callable[[str, SerialLine], Port]


def tapped(open_port: _OpenPort, tap: Tap, clock: Clock) -> _OpenPort:
    """Opens ports as ``open_port`` does; the tap sees every byte of each, on the thread that uses it."""

    def opened(url: str, line: SerialLine) -> Port:
        return _TappedPort(open_port(url, line), tap, clock)

    return opened


class _TappedPort:
    def __init__(self, port: Port, tap: Tap, clock: Clock) -> None:
        self._port, self._tap, self._clock = port, tap, clock

    def read(self) -> bytes:
        return self._heard(self._port.read())

    def waiting(self) -> bytes:
        return self._heard(self._port.waiting())

    def write(self, message: bytes) -> None:
        self._port.write(message)
        self._tap(Piece(at=self._clock.now(), heard=False, content=message))

    def tune(self, line: SerialLine) -> None:
        self._port.tune(line)

    def close(self) -> None:
        self._port.close()

    def _heard(self, content: bytes) -> bytes:
        if content:
            self._tap(Piece(at=self._clock.now(), heard=True, content=content))
        return content
