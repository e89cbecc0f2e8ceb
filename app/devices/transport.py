"""The wire: one open port, whatever kind it is. The only place that knows pyserial.

A url is a device path (``/dev/ttyUSB0``, ``COM5``), ``socket://host:port``, ``rfc2217://host:port`` for terminal servers, or
``usb:SERIAL``: the port of the USB adapter with that serial number, wherever it turned up after plugging in again.

``socket://`` goes through the standard library: pyserial 3.5 waits up to 5 s for a host that is away and 0.3 s at every close, longer
than a station may take to stop, and hands out one byte per read.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

import serial
from serial.tools import list_ports

from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.protocol import SerialLine

PATIENCE_S = 0.05
"""How long one read waits; also the longest a question waits behind it."""
_CONNECT_S = 1.5
_WRITE_S = 2.0
_MOST = 4096
_BY_ADAPTER = "usb:"


class Port(Protocol):
    """An open connection to a device; all methods are called from one thread."""

    def read(self) -> bytes:
        """What arrived; empty after `PATIENCE_S` without anything.

        Raises:
            ConnectionLost: the other side is gone.
        """

    def write(self, message: bytes) -> None:
        """Send all of it.

        Raises:
            ConnectionLost: the other side is gone.
        """

    def tune(self, line: SerialLine) -> None:
        """Set the line anew; without effect on a socket, which has none.

        Raises:
            ConnectionLost: the other side is gone, or the port cannot be set so.
        """

    def close(self) -> None: ...


class PortFacts(Protocol):
    """What the operating system says of one serial port."""

    @property
    def device(self) -> str: ...

    @property
    def serial_number(self) -> str | None: ...

    @property
    def description(self) -> str: ...


def ports_here() -> list[PortFacts]:
    """The serial ports of this computer, by path."""
    found: list[PortFacts] = list(list_ports.comports())
    return sorted(found, key=lambda port: port.device)


def open_port(url: str, line: SerialLine) -> Port:
    """Open a port with its line settings, for us alone where the operating system can.

    Raises:
        PortUnavailable: nobody there, taken by another program, adapter not plugged in, or a url nobody knows.
    """
    try:
        if url.startswith("socket://"):
            return _SocketPort(url)
        where = port_of_adapter(url.removeprefix(_BY_ADAPTER), ports_here()) if url.startswith(_BY_ADAPTER) else url
        port = serial.serial_for_url(
            where,
            do_not_open=True,
            baudrate=line.baud,
            bytesize=line.bytesize,
            parity=line.parity,
            stopbits=line.stopbits,
            xonxoff=line.xonxoff,
            timeout=PATIENCE_S,
        )
        if "://" not in where:
            port.exclusive = True
            port.write_timeout = _WRITE_S
        port.open()
    except (OSError, ValueError) as trouble:  # SerialException is an OSError
        raise PortUnavailable(url=url, reason=str(trouble)) from trouble
    return _SerialPort(port)


def connect(url: str, *, within_s: float) -> socket.socket:
    """A connection to ``socket://host:port``, without Nagle's delay.

    Raises:
        OSError: nobody there.
        ValueError: no such url.
    """
    where = urlsplit(url)
    if where.scheme != "socket" or where.hostname is None or where.port is None:
        raise ValueError("a socket needs socket://host:port")
    connection = socket.create_connection((where.hostname, where.port), timeout=within_s)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # a server that vanished is noticed some day
    return connection


def port_of_adapter(serial_number: str, ports: Iterable[PortFacts]) -> str:
    """The device path of the adapter with this USB serial number.

    Raises:
        OSError: it is not plugged in, or two say they are it; a guess could bind a reading to the wrong gauge.
    """
    found = [port.device for port in ports if port.serial_number == serial_number]
    if len(found) != 1:
        raise OSError(f"{len(found)} adapters with serial number {serial_number}")
    return found[0]


class _SerialPort:
    def __init__(self, port: Any) -> None:
        self._port = port

    def read(self) -> bytes:
        try:
            heard = bytearray(self._port.read(max(1, self._port.in_waiting)))
        except OSError as trouble:
            raise ConnectionLost(reason=str(trouble)) from trouble
        while heard and len(heard) < _MOST:
            try:
                # Never more than waits: a read that meets the end of the connection throws away what it already holds.
                waiting = self._port.in_waiting
                if not waiting:
                    break
                heard += self._port.read(waiting)
            except OSError:
                break  # hand over what came; the next read meets the same end
        return bytes(heard)

    def write(self, message: bytes) -> None:
        try:
            self._port.write(message)
        except OSError as trouble:
            raise ConnectionLost(reason=str(trouble)) from trouble

    def tune(self, line: SerialLine) -> None:
        wanted = {
            "baudrate": line.baud,
            "bytesize": line.bytesize,
            "parity": line.parity,
            "stopbits": line.stopbits,
            "xonxoff": line.xonxoff,
        }
        try:
            self._port.apply_settings(wanted)  # sets only what differs
        except (OSError, ValueError) as trouble:
            raise ConnectionLost(reason=str(trouble)) from trouble

    def close(self) -> None:
        left = getattr(self._port, "_socket", None)
        self._port.close()
        if left is not None:
            left.close()  # pyserial 3.5 forgets it open where a terminal server hung up first


class _SocketPort:
    def __init__(self, url: str) -> None:
        self._socket = connect(url, within_s=_CONNECT_S)

    def read(self) -> bytes:
        self._socket.settimeout(PATIENCE_S)
        try:
            heard = self._socket.recv(_MOST)
        except TimeoutError:
            return b""
        except OSError as trouble:
            raise ConnectionLost(reason=str(trouble)) from trouble
        if not heard:
            raise ConnectionLost(reason="the other side hung up")
        return heard

    def write(self, message: bytes) -> None:
        self._socket.settimeout(_WRITE_S)
        try:
            self._socket.sendall(message)
        except OSError as trouble:
            raise ConnectionLost(reason=str(trouble)) from trouble

    def tune(self, line: SerialLine) -> None:
        """A socket has no line."""

    def close(self) -> None:
        self._socket.close()
