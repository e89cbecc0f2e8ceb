"""Lineside: arguments → a tool of `app.cli`, the window (`ui.shell.start`), practice, or the guided shift."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from app.cli import arguments


def main(argv: Sequence[str]) -> int:
    """Run what is asked for; returns the exit code. What is heavy is imported when it is wanted."""
    tool, rest = arguments.read(argv)
    if tool == arguments.CLIENT:
        from app.cli.telling import told

        return told(open_client)
    if tool == "gallery":
        tool, rest = "shift", ["--gallery", *rest]
    with_windows = {"shift": "ui.shift.guided", "practice": "ui.practice.opening"}
    return int(import_module(with_windows.get(tool, f"app.cli.{tool}")).main(rest))


def open_client() -> int:
    """The window of this station; where no window can open, the guided shift without one."""
    from app.cli.client import has_display, say_no_display, station_here
    from app.cli.telling import say

    if not has_display():
        say_no_display()
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return main(["shift"])
    with station_here(say) as here:
        who = {"server": here.server, "station": here.station, "station_secret": here.secret, "development": False}
        run = import_module("ui.shell.start").run
        return int(run(here.settings, **who, devices=here.devices, printing=here.printing, recording=here.recording))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
