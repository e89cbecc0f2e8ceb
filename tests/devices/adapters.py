"""USB adapters as this computer sees them: a name that changes when they are plugged in again, and a serial number that does not.

Each is a pseudo terminal; what hangs on the adapter's other end is a simulated device. POSIX only.
"""

from __future__ import annotations

import os
import select
import socket
import tty
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class PluggedIn:
    """What the operating system says of the port."""

    device: str
    serial_number: str
    description: str = "USB serial adapter"


class Adapter:
    """One adapter with a device on it. Plugged in, it is a port of this computer."""

    def __init__(self, serial_number: str, device_url: str, names: Iterable[Path]) -> None:
        """Lie on the table beside a simulated device, ``socket://…``. Plugged in, it gets the first of the names that is free."""
        where = urlsplit(device_url)
        self.serial_number, self._where, self._names = serial_number, (where.hostname or "", where.port or 0), tuple(names)
        self.port: PluggedIn | None = None
        self._thread: Thread | None = None

    def plug(self, *, name: str | None = None) -> str:
        """Plug in; returns the name the operating system gave the port, the first that is free unless one is wished for."""
        import pty

        self._ours, self._stations = pty.openpty()
        tty.setraw(self._stations)
        self._bell, self._ear = socket.socketpair()
        self._device = socket.create_connection(self._where)
        given = Path(name) if name is not None else next(one for one in self._names if not one.is_symlink())
        _serial_of(given).write_text(self.serial_number, encoding="ascii")
        given.symlink_to(os.ttyname(self._stations))
        self.port = PluggedIn(device=str(given), serial_number=self.serial_number)
        self._thread = Thread(target=self._pass_on, name=f"adapter {self.serial_number}", daemon=True)
        self._thread.start()
        return self.port.device

    def unplug(self) -> None:
        """Pull it out: the port is gone, whoever had it open loses it."""
        if self._thread is None or self.port is None:
            return
        Path(self.port.device).unlink()
        self.port = None
        self._bell.close()
        self._thread.join()
        self._thread = None
        for end in (self._ours, self._stations):
            os.close(end)
        self._ear.close()
        self._device.close()

    def _pass_on(self) -> None:
        while True:
            ready, _, _ = select.select([self._ours, self._device, self._ear], [], [])
            if self._ear in ready:
                return
            with suppress(OSError):  # the device or the station was faster
                if self._ours in ready:
                    self._device.sendall(os.read(self._ours, 4096))
                if self._device in ready:
                    if not (said := self._device.recv(4096)):
                        return
                    os.write(self._ours, said)


def ports_in(folder: Path) -> list[PluggedIn]:
    """The ports there are now, also for another process than the one that plugs."""
    return [PluggedIn(device=str(name), serial_number=_serial_of(name).read_text("ascii")) for name in _names(folder) if name.is_symlink()]


def _names(folder: Path) -> list[Path]:
    return [folder / f"ttyUSB{n}" for n in range(8)]


def _serial_of(name: Path) -> Path:
    return name.with_suffix(".serial")


class UsbPorts:
    """All adapters of one computer; called, it says which ports there are now."""

    def __init__(self, folder: Path) -> None:
        """Ports are named in this folder: ``ttyUSB0``, ``ttyUSB1`` …"""
        self._folder = folder
        self._adapters: list[Adapter] = []

    def adapter(self, serial_number: str, device_url: str) -> Adapter:
        """One more, not plugged in yet."""
        self._adapters.append(Adapter(serial_number, device_url, _names(self._folder)))
        return self._adapters[-1]

    def __call__(self) -> list[PluggedIn]:
        return ports_in(self._folder)

    def close(self) -> None:
        """Pull out every adapter."""
        for one in self._adapters:
            one.unplug()
