"""``python main.py device watch URL --protocol KEY``: one device, byte by byte, and what each frame means.

A line for what went over the wire (time, ``<`` heard, ``>`` said, hex, text), and indented under it what it means. Nothing is stored. A
window that uses the port must be closed first: a serial port belongs to one program. A machine that tells by itself is watched by its map:
``--map MODEL``, see `device_watch_machine`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from app.cli.device_decode import family_of
from app.cli.device_watch_machine import settings_of, watch_machine
from app.cli.telling import language_here
from app.devices.errors import readable
from app.devices.events import DeviceState, Listener
from app.devices.frame_log import Piece
from app.devices.hub import Hub
from app.devices.meaning import Meaning, Reader
from app.devices.protocol import UNNAMED, families
from app.devices.settings import DeviceSettings

CODE = "WATCHED"
_STABLE = {True: "stable", False: "moving", None: "unknown whether stable"}


def main(argv: Sequence[str]) -> int:
    """Watch until it is interrupted.

    Raises:
        UnknownProtocol: by ``--protocol``.
        MapMissing, MapUnreadable: by ``--map``.
    """
    parser = argparse.ArgumentParser(prog="main.py device watch", description="Show what a device says and what it means.")
    parser.add_argument("url", help="/dev/…, COM5, socket://host:port, rfc2217://host:port, usb:SERIAL, opc.tcp://… or mqtt://…")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--protocol", metavar="KEY", help="a kind of `main.py device list`")
    kind.add_argument("--map", metavar="MODEL", help="the map of a machine at opc.tcp://… or mqtt://…")
    parser.add_argument("--maps", metavar="FOLDER", type=Path, help="of a plant's own maps")
    parser.add_argument("--unit", help="of the asset's record")
    parser.add_argument("--ask-every", type=float, metavar="SECONDS", help="ask for a value again and again")
    asked = parser.parse_args(argv)
    if asked.map is not None:
        watch_machine(settings_of(asked.url, asked.map, asked.maps), _print, Event())
        return 0
    settings = DeviceSettings(code=CODE, protocol=family_of(asked.protocol).key, url=asked.url, unit=asked.unit)
    watch(settings, _print, asked.ask_every, Event())
    return 0


def told_by(hub: Hub, settings: DeviceSettings, tell: Callable[[str], None]) -> None:
    """Tell every byte of a device of this hub from now on, what it means, and how the device stands."""
    reader = Reader(families()[settings.protocol], unit=settings.unit)

    def passed(piece: Piece) -> None:
        tell(line_of(piece))
        for meaning in reader.feed(piece.content) if piece.heard else ():
            tell(f"    {meaning_of(meaning)}")

    hub.subscribe(_Standing(tell))
    hub.wires.tap(settings.code, passed)


def named(settings: DeviceSettings) -> DeviceSettings:
    """With a unit where the kind cannot do without one: nobody knows the asset's record here."""
    needs = families()[settings.protocol].needs_unit and settings.unit is None
    return replace(settings, unit=UNNAMED) if needs else settings


def watch(settings: DeviceSettings, tell: Callable[[str], None], ask_every_s: float | None, ended: Event) -> None:
    """Tell line by line until `ended` is set, or a `KeyboardInterrupt` comes."""
    hub = Hub(frame_logs=None)
    told_by(hub, settings, tell)
    hub.start(named(settings))
    try:
        if ask_every_s is not None:
            hub.watch(settings.code, ask_every_s)
        ended.wait()
    finally:
        hub.stop()


def line_of(piece: Piece) -> str:
    """Time, direction, hex, text: ``13:40:01.123 < 53 20 53  S S``."""
    return f"{piece.at:%H:%M:%S.%f}"[:12] + f" {'<' if piece.heard else '>'} {piece.content.hex(' ').upper()}  {readable(piece.content)}"


def meaning_of(one: Meaning) -> str:
    """``weight 12.50 g, moving``; what no station would take with the reason in the station's language."""
    value = f"{one.kind} {one.value:f} {one.unit or ''}".rstrip() + f", {_STABLE[one.stable]}" if one.value is not None else one.kind
    refused = one.refusal.what.in_language(language_here()) if one.refusal is not None else ""
    return "  ".join(filter(None, (value, readable(one.text.encode("latin-1", "replace")), refused)))


class _Standing(Listener):
    """How the device stands, in words."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def state(self, state: DeviceState) -> None:
        self._tell(f"    {state.words.in_language(language_here())}")


def _print(line: str) -> None:
    print(line, flush=True)
