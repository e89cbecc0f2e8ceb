"""What all simulated devices share: a plug, a switch, bad manners, and a count of what a station did to them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from threading import Condition
from types import MappingProxyType, TracebackType
from typing import ClassVar, Self

from app.devices.protocol import SerialLine
from app.devices.simulators.serving import Serving

_kinds: dict[str, type[Simulator]] = {}


class Simulator:
    """A believable opposite for one protocol. Actions may come from any thread; they are done when the call returns."""

    key: ClassVar[str]
    """Key of the protocol it speaks."""
    changing_commands: ClassVar[frozenset[bytes]] = frozenset()
    """First words of commands that change, or would change, something in the device. What it does not know changes nothing."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "key" in cls.__dict__:  # what several kinds share has none
            _kinds[cls.key] = cls

    def __init__(self, *, line: SerialLine | None) -> None:
        """Prepare a device.

        Args:
            line: Its own line settings: it hangs on an RFC 2217 terminal server and a wrong setting garbles what is said.
                ``None``: plain TCP, which has no line settings.
        """
        self._serving = Serving(self._received, line=line)
        self._on = True
        self._news = Condition()
        self._command = b""
        self.received = bytearray()
        """Everything the station sent."""
        self.changing_bytes = 0
        """How many of those bytes were commands that changed, or would have changed, the state of the device; without their ends."""

    def start(self) -> str:
        """Plug in and switch on; returns the url for the device's settings."""
        return self._serving.start()

    def stop(self) -> None:
        """Take the device away."""
        self._serving.stop()

    def unplug(self) -> None:
        """Pull the plug out of the station."""
        self._serving.unplug()

    def plug(self) -> None:
        """Plug in again at the same port."""
        self._serving.plug()

    def switch_off(self) -> None:
        """Off, with the adapter still plugged in: the port stays open and nothing comes."""
        self._on = False

    def switch_on(self) -> None:
        """On again."""
        self._on = True

    def keep_while_alone(self) -> None:
        """The terminal server in between keeps what is said while no station is connected, and hands it over later."""
        self._serving.keep_while_alone()

    def until_received(self, message: bytes, *, times: int, within_s: float) -> None:
        """Wait until the station has sent ``message`` so often.

        Raises:
            TimeoutError: it has not.
        """
        with self._news:
            if not self._news.wait_for(lambda: self.received.count(message) >= times, within_s):
                raise TimeoutError(f"the station sent only {bytes(self.received)!r}")

    def babble(self, noise: bytes) -> None:
        """Bytes that are none of the protocol's: a bad cable, another device, a motor nearby."""
        self.send(noise)

    def half_frame(self) -> None:
        """Begin a frame and never end it."""
        whole = self.typical_frame()
        self.send(whole[: len(whole) // 2])

    def typical_frame(self) -> bytes:
        """A whole frame with terminator, as the device would send it now."""
        raise NotImplementedError

    def hear(self, message: bytes) -> None:
        """What the station said; every command up to CR or LF is obeyed."""
        self._command += message.replace(b"\n", b"\r")
        *commands, self._command = self._command.split(b"\r")
        for command in filter(None, commands):
            if command.partition(b" ")[0] in self.changing_commands:
                self.changing_bytes += len(command)
            self.obey(command)

    def obey(self, command: bytes) -> None:
        """React to one command, without its end. A device that takes none passes over it."""

    def send(self, message: bytes) -> None:
        """Put bytes on the line, unless the device is off."""
        if self._on:
            self._serving.say(message)

    def _received(self, message: bytes) -> None:
        if self._on:
            self.hear(message)
        with self._news:
            self.received += message
            self._news.notify_all()

    def __enter__(self) -> Self:
        self.url = self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def simulators() -> Mapping[str, type[Simulator]]:
    """Every kind of simulated device by the key of its protocol."""
    package = import_module("app.devices.simulators")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return MappingProxyType(_kinds)
