"""``python main.py simulate``: the devices of the demonstration plant, played from the keyboard or from lines on standard input."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.cli.demo_line import FIRST_PORT, DemoLine
from app.cli.gestures import help_text, obey
from app.cli.telling import language_here, say, told
from app.core import settings as workstation
from app.core.devices_here import write_devices
from app.core.station_files import devices_file
from app.demo.people import STATIONS
from app.devices.settings import MACHINES, MODBUS

HEADING = "Written by `python main.py simulate`: the devices of the demonstration plant. It is written anew at every start."


class OwnDevicesKept(RuleViolation):
    """Somebody wrote real devices down for this station."""

    code = "simulate.own_devices"
    text = "The devices of station {station} were not replaced: {file} was written by somebody else."
    next_step = "Rename that file if simulated devices shall hang there, then start again."


def main(argv: Sequence[str]) -> int:
    """Start the devices, write them into the settings of the demonstration stations, and obey line by line until ``quit`` or the end.

    Args:
        argv: The arguments after ``simulate``.
    """
    parser = argparse.ArgumentParser(prog="main.py simulate", description="Play the devices of the demonstration plant.")
    parser.add_argument(
        "--first-port", type=int, default=FIRST_PORT, metavar="PORT", help="of the row of loopback ports (usually %(default)s)"
    )
    parser.add_argument("--show", action="store_true", help="only print what would be written, station by station")
    parser.add_argument("--sealer", choices=MACHINES, default=MODBUS, help="what the sealer speaks (usually %(default)s)")
    arguments = parser.parse_args(argv)
    return told(lambda: _play(arguments.first_port, sealer=arguments.sealer, show=arguments.show))


def _play(first_port: int, *, sealer: str, show: bool) -> int:
    with DemoLine(first_port=first_port, sealer=sealer) as line:
        for station, *_ in STATIONS:
            file = devices_file(workstation.settings_file(), station)
            if show:
                for one in line.at(station).everything:
                    print(station, one.code, one.protocol, one.url)
            else:
                _write(line, station, file)
        if show:
            return 0
        say(Phrase("The devices are plugged in. Open the window of the station now, or again, so that it connects them. Type help."))
        obey_all(line, _typed())
    return 0


def _write(line: DemoLine, station: str, file: Path) -> None:
    if file.exists() and HEADING not in file.read_text("utf-8", errors="replace"):
        trouble = OwnDevicesKept(station=station, file=file)
        say(trouble.what)
        say(trouble.next)
        return
    write_devices(file, line.at(station), heading=HEADING)
    say(Phrase("The devices of station {station} stand in {file}.", station=station, file=file))


def _typed() -> Iterable[str]:
    """Lines from a person, with a prompt, or from a file or another program, without."""
    asking = sys.stdin.isatty()
    while True:
        if asking:
            print("simulate> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


def obey_all(line: DemoLine, typed: Iterable[str]) -> None:
    """Obey line by line until ``quit``; what is not understood is said, and the next line is read."""
    for text in typed:
        said = " ".join(text.split())
        match said:
            case "":
                continue
            case "quit" | "exit":
                return
            case "help" | "?":
                print(help_text(), flush=True)
            case _:
                _obey(line, said)


def _obey(line: DemoLine, said: str) -> None:
    try:
        done = obey(line, said)
    except RuleViolation as trouble:
        say(trouble.what)
        say(trouble.next)
    else:
        print(done.in_language(language_here()), flush=True)
