"""The socket a simulated device hangs on: plain TCP, or an RFC 2217 terminal server with a real line behind it.

With pyserial's `transport.py` the second of two places that know pyserial: its `PortManager` is the server's half of RFC 2217.
"""

from __future__ import annotations

import select
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread, current_thread
from typing import Literal

from serial.rfc2217 import PortManager

from app.devices.protocol import SerialLine
from app.devices.simulators.wire import carry

_HOST = "127.0.0.1"
_LONGEST_S = 5.0


class _HostLine:
    """The station's end of the line as RFC 2217 sets it; `PortManager` writes these attributes as it would a port's."""

    def __init__(self) -> None:
        self.baudrate = 9600
        self.bytesize: Literal[7, 8] = 8
        self.parity: Literal["N", "E", "O"] = "N"
        self.stopbits: Literal[1, 2] = 1
        self.xonxoff = self.rtscts = self.dtr = self.rts = self.break_condition = False
        self.cts = self.dsr = self.cd = True
        self.ri = False

    def reset_input_buffer(self) -> None:
        """Nothing waits here: what arrives goes on at once."""

    def reset_output_buffer(self) -> None:
        """Nothing waits here: what arrives goes on at once."""

    @property
    def line(self) -> SerialLine:
        return SerialLine(baud=self.baudrate, bytesize=self.bytesize, parity=self.parity, stopbits=self.stopbits)


class _Client:
    """One station on the socket; bytes pass as they are, or through RFC 2217 and the wire."""

    def __init__(self, connection: socket.socket, device_line: SerialLine | None) -> None:
        self.connection = connection
        connection.settimeout(_LONGEST_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._device_line, self._host_line = device_line, _HostLine()
        self._manager = PortManager(self._host_line, self) if device_line else None

    def write(self, message: bytes) -> None:
        self.connection.sendall(message)

    def say(self, message: bytes) -> None:
        """Device to station."""
        if self._manager is None or self._device_line is None:
            self.write(message)
            return
        arrived = carry(message, sender=self._device_line, receiver=self._host_line.line)
        self.write(b"".join(self._manager.escape(arrived)))

    def hear(self) -> bytes | None:
        """Station to device; ``None`` when the station hung up."""
        received = self.connection.recv(4096)
        if not received:
            return None
        if self._manager is None or self._device_line is None:
            return received
        sent = b"".join(self._manager.filter(received))
        return carry(sent, sender=self._host_line.line, receiver=self._device_line, checks_parity=True)

    def hang_up(self) -> None:
        with suppress(OSError):  # the station was faster
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


class Serving:
    """Serves one station at a time, as a port does; a second one is turned away."""

    def __init__(self, hear: Callable[[bytes], None], *, line: SerialLine | None) -> None:
        """Prepare to serve.

        Args:
            hear: Called on the serving thread with what the station said, as the device receives it.
            line: The device's own line settings: serve RFC 2217 and let a wrong setting garble the bytes. ``None``: plain TCP.
        """
        self._hear, self._line = hear, line
        self._jobs: deque[tuple[Callable[[], None], Event]] = deque()
        self._listener: socket.socket | None = None
        self._client: _Client | None = None
        self._kept: bytearray | None = None
        self._ending = False
        self._port = 0
        self._thread = Thread(target=self._serve, name="simulated device", daemon=True)

    def start(self) -> str:
        """Listen on loopback; the url a device's settings name."""
        self._bell, self._ear = socket.socketpair()
        self._listen()
        self._thread.start()
        return f"{'rfc2217' if self._line else 'socket'}://{_HOST}:{self._port}"

    def stop(self) -> None:
        """Hang up and end the thread."""
        if self._thread.is_alive():
            self._do(self._end)
            self._thread.join(_LONGEST_S)
            self._bell.close()
            self._ear.close()

    def say(self, message: bytes) -> None:
        """Send bytes to the station; without one they are lost, as on a wire that ends nowhere."""
        self._do(lambda: self._say(message))

    def keep_while_alone(self) -> None:
        """From now on do as many terminal servers do: keep what is said while no station is connected, and hand it over later."""
        self._kept = bytearray()

    def unplug(self) -> None:
        """Pull the plug: the station's connection breaks, a new one is refused."""
        self._do(self._unplug)

    def plug(self) -> None:
        """Plug in again at the same place."""
        self._do(self._listen)

    def _do(self, act: Callable[[], None]) -> None:
        """Have the serving thread do it, and wait until it is done."""
        if current_thread() is self._thread:
            act()
            return
        done = Event()
        self._jobs.append((act, done))
        self._bell.send(b"!")
        if not done.wait(_LONGEST_S):
            raise TimeoutError("the simulated device hangs")

    def _serve(self) -> None:
        while not self._ending:
            ears = [self._ear, *([self._client.connection] if self._client else []), *([self._listener] if self._listener else [])]
            ready, _, _ = select.select(ears, [], [])
            if self._client and self._client.connection in ready:
                self._listen_to_client(self._client)
            if self._listener and self._listener in ready:
                self._welcome(self._listener)
            if self._ear in ready:
                self._ear.recv(1)
                act, done = self._jobs.popleft()
                act()
                done.set()

    def _listen_to_client(self, client: _Client) -> None:
        try:
            heard = client.hear()
        except OSError:
            heard = None
        if heard is None:
            client.hang_up()
            self._client = None
        elif heard:
            self._hear(heard)

    def _welcome(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        if self._client is not None:
            connection.close()
            return
        self._client = _Client(connection, self._line)
        if self._kept:
            self._client.say(bytes(self._kept))
            self._kept.clear()

    def _say(self, message: bytes) -> None:
        if self._client is None:
            if self._kept is not None:
                self._kept += message
            return
        try:
            self._client.say(message)
        except OSError:
            self._client.hang_up()
            self._client = None

    def _listen(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server((_HOST, self._port))
            self._port = self._listener.getsockname()[1]

    def _unplug(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._client is not None:
            self._client.hang_up()
            self._client = None

    def _end(self) -> None:
        self._unplug()
        self._ending = True
