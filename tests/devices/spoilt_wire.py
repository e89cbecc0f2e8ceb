"""A wire between a station and a machine that a test can cut, swallow or spoil: what comes from the machine, never what goes there."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

_PATIENCE_S = 0.05


class SpoiltWire:
    """Listens on loopback and hands everything on, until it is told otherwise."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._swallows, self._spoils, self._ending, self._came = Event(), Event(), Event(), Event()
        self._garbage = b""
        self._ends: list[socket.socket] = []
        self._threads = [Thread(target=self._accept, name="spoilt wire", daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ending.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def swallow(self) -> None:
        """From now on nothing comes from the machine any more; the connection stays open."""
        self._swallows.set()

    def restore(self) -> None:
        """Hand on again. Connections whose bytes were touched are cut."""
        self._swallows.clear()
        self._spoils.clear()
        self.cut()

    def cut(self) -> None:
        """Break every connection; new ones are let through."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def instead(self, garbage: bytes) -> None:
        """The next thing that comes from the machine, and everything after it, is this."""
        self._garbage = garbage
        self._spoils.set()

    def until_somebody_came(self) -> None:
        assert self._came.wait(10)

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                station, _ = self._listener.accept()
            except OSError:
                return
            try:
                machine = socket.create_connection(("127.0.0.1", self._to_port))
            except OSError:
                station.close()
                continue
            self._came.set()
            self._ends += [station, machine]
            for source, target, spoilt in ((station, machine, False), (machine, station, True)):
                thread = Thread(target=self._carry, args=(source, target, spoilt), name="spoilt wire", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, target: socket.socket, spoilt: bool) -> None:
        source.settimeout(_PATIENCE_S)
        with source, suppress(OSError):
            while not self._ending.is_set():
                try:
                    content = source.recv(65536)
                except TimeoutError:
                    continue
                if not content:
                    break
                if spoilt and self._swallows.is_set():
                    continue
                target.sendall(self._garbage if spoilt and self._spoils.is_set() else content)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
