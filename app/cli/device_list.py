"""``python main.py device list``: the kinds of devices, the ports of this computer, the devices of this station."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence

from app.base.phrases import Language
from app.cli.telling import language_here
from app.core import settings as workstation
from app.core.devices_here import read_devices
from app.core.station_files import devices_file
from app.devices.protocol import Family, families
from app.devices.transport import ports_here, url_of


def main(argv: Sequence[str]) -> int:
    """Print three lists.

    Raises:
        SettingsUnreadable, DevicesUnreadable: of this station; kinds and ports are printed before.
    """
    parser = argparse.ArgumentParser(
        prog="main.py device list", description="Kinds of devices, ports of this computer, devices of this station."
    )
    parser.parse_args(argv)
    print("\n".join((*kinds(families().values(), language_here()), "", *ports(), "")), flush=True)
    print("\n".join(devices()), flush=True)
    return 0


def kinds(found: Iterable[Family], language: Language) -> list[str]:
    """One line for each kind: key, name, factory settings of its line."""
    return [f"{one.key:<16}{one.line.words:>10}  {one.name.in_language(language)}" for one in sorted(found, key=lambda one: one.key)]


def ports() -> list[str]:
    """One line for each serial port: path, the url that finds its adapter again wherever it is plugged in, what it calls itself."""
    return [f"{port.device:<16}{url_of(port):<24}{port.description}" for port in ports_here()]


def devices() -> list[str]:
    """One line for each device written down for this station."""
    file = workstation.settings_file()
    station = workstation.load(file, os.environ).station
    if station is None:
        return []
    here = read_devices(devices_file(file, station))
    return [f"{station}  {one.code:<12}{one.protocol:<16}{one.url}" for one in here.everything]
