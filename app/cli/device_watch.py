"""``python main.py device watch URL --protocol KEY``: one device, byte by byte, and what each frame means.

A line for what went over the wire (time, ``<`` heard, ``>`` said, hex, text), and indented under it what it means. Nothing is stored. A
window that uses the port must be closed first: a serial port belongs to one program.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from threading import Event

from app.base.measurement import Reading
from app.cli.device_decode import family_of
from app.devices.errors import readable
from app.devices.events import DeviceState, Listener, Scan, Trouble
from app.devices.frame_log import Piece
from app.devices.hub import Hub
from app.devices.settings import DeviceSettings

CODE = "WATCHED"
_STABLE = {True: "stable", False: "moving", None: "unknown whether stable"}


def main(argv: Sequence[str]) -> int:
    """Watch until it is interrupted.

    Raises:
        UnknownProtocol: by ``--protocol``.
    """
    parser = argparse.ArgumentParser(prog="main.py device watch", description="Show what a device says and what it means.")
    parser.add_argument("url", help="/dev/…, COM5, socket://host:port, rfc2217://host:port or usb:SERIAL")
    parser.add_argument("--protocol", metavar="KEY", required=True, help="a kind of `main.py device list`")
    parser.add_argument("--unit", help="for instruments that send none")
    parser.add_argument("--ask-every", type=float, metavar="SECONDS", help="ask for a value again and again")
    asked = parser.parse_args(argv)
    family = family_of(asked.protocol)
    unit = asked.unit or (None if family.sends_unit or family.gives == "code" else "?")
    settings = DeviceSettings(code=CODE, protocol=family.key, url=asked.url, unit=unit)
    watch(settings, _print, asked.ask_every, Event())
    return 0


def watch(settings: DeviceSettings, tell: Callable[[str], None], ask_every_s: float | None, ended: Event) -> None:
    """Tell line by line until `ended` is set, or a `KeyboardInterrupt` comes."""
    hub = Hub(frame_logs=None)
    hub.subscribe(_Told(tell))
    hub.tap(settings.code, lambda piece: tell(line_of(piece)))
    hub.start(settings)
    try:
        if ask_every_s is not None:
            hub.watch(settings.code, ask_every_s)
        ended.wait()
    finally:
        hub.stop()


def line_of(piece: Piece) -> str:
    """Time, direction, hex, text: ``13:40:01.123 < 53 20 53  S S``."""
    return f"{piece.at:%H:%M:%S.%f}"[:12] + f" {'<' if piece.heard else '>'} {piece.content.hex(' ').upper()}  {readable(piece.content)}"


class _Told(Listener):
    """What was understood, in words."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def reading(self, reading: Reading) -> None:
        self._tell(f"    {reading.quantity}, {_STABLE[reading.stable]}")

    def scan(self, scan: Scan) -> None:
        self._tell(f"    {readable(scan.text.encode('latin-1'))}")

    def repeated(self, scan: Scan) -> None:
        self._tell(f"    again {readable(scan.text.encode('latin-1'))}")

    def trouble(self, trouble: Trouble) -> None:
        self._tell(f"    {trouble.error.what}")

    def state(self, state: DeviceState) -> None:
        self._tell(f"    {state.words}")


def _print(line: str) -> None:
    print(line, flush=True)
