"""``python main.py device …``: what hangs on this computer, what it says and what that means. No database is needed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from app.cli.telling import told
from app.core import settings as workstation
from app.core.own_protocols import protocols_file, speak_kept
from app.core.settings import SettingsUnreadable
from app.core.station_files import devices_file

TOOLS: Mapping[str, tuple[str, str]] = {
    "list": (
        "app.cli.device_list",
        "the kinds of devices this program speaks with, the ports of this computer and the devices of this station",
    ),
    "find": ("app.cli.device_find", "[URL …]: what hangs on these ports, at which speed and settings; asks nothing that changes a device"),
    "watch": (
        "app.cli.device_watch",
        "URL --protocol KEY: every byte of one device and its meaning, until it is interrupted; --map MODEL: a machine",
    ),
    "replay": (
        "app.cli.device_replay",
        "FILE --protocol KEY: a frame log of the console once more, byte by byte and what a station would have made of it",
    ),
    "decode": (
        "app.cli.device_decode",
        "--jsonl [--protocol KEY]: lines of instruments from standard input, what they are to standard output",
    ),
    "host-status": ("app.cli.device_host_status", "--jsonl: replies of ZPL printers from standard input, what they say to standard output"),
}


def main(argv: Sequence[str]) -> int:
    """Run one of the tools.

    Args:
        argv: The arguments after ``device``.
    """
    parser = argparse.ArgumentParser(prog="main.py device", description="Devices of this computer, without the database.")
    tools = parser.add_subparsers(metavar="", title="tools", required=True, dest="tool")
    for name, (_, line) in TOOLS.items():
        tools.add_parser(name, help=line, add_help=False)
    tool = parser.parse_args(argv[:1]).tool
    speak_here()
    run: Callable[[Sequence[str]], int] = import_module(TOOLS[tool][0]).main
    return told(lambda: run(argv[1:]))


def speak_here() -> None:
    """The plant's own protocols as the window of this station wrote them down last; a computer that is no station speaks none of them."""
    file = workstation.settings_file()
    try:
        station = workstation.load(file, os.environ).station
    except SettingsUnreadable:
        return  # `device list` says it, beside what needs no settings
    if station is not None:
        speak_kept(protocols_file(devices_file(file, station)))
