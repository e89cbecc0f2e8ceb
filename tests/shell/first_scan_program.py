"""A client of its own, fresh from its start: `python -m tests.shell.first_scan_program`, told by one JSON line where and as which station.

Opens the window, scans as soon as the sign-in stands, and says as one JSON line what was loaded when, and on which thread.
"""

import json
import sys
import threading
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.core.database import Server
from app.core.devices_here import DevicesHere
from app.core.settings import Settings
from ui.shell.ahead import LATER
from ui.shell.sign_in import SignIn
from ui.shell.start import Shell, open_window
from ui.shell.tones import Tones

HEAVY = ["biip", "reportlab", "PIL", "pypdfium2", "numpy", "ui.shell.home_screen", "ui.batches.step_screen"]
SCANS = ("BDG:T-0117", "]d201095211015300251729093010NF26-0931\x1d304000", "BDG:T-0240")


def loaded() -> list[str]:
    """Which of the heavy libraries are here."""
    return [name for name in HEAVY if name in sys.modules]


class Doorkeeper:
    """Stands before every finder and notes which module is looked for on which thread; finds none itself."""

    def __init__(self) -> None:
        self.on_the_window: list[str] = []
        self.beside: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        here = threading.current_thread() is threading.main_thread()
        (self.on_the_window if here else self.beside).append(name)


def main() -> None:
    told, door = json.loads(sys.stdin.readline()), Doorkeeper()
    shell = open_window(
        Settings(dpi_override=96, data_folder=Path(told["folder"])),
        server=Server(**told["server"]),
        station=told["station"],
        station_secret=told["secret"],
        devices=DevicesHere(),
        development=False,
        tones=Tones(on=False),
        catch_defects=False,
    )
    try:
        shell.window.show()
        gate = shell.window.gate
        assert isinstance(gate, SignIn)
        while not gate._people:
            QApplication.processEvents()
        at_sign_in = loaded()
        sys.meta_path.insert(0, door)  # type: ignore[arg-type]
        scan(shell, *SCANS)
        chosen = gate.chosen
    finally:
        shell.close()
    print(
        json.dumps(
            {
                "at_sign_in": at_sign_in,
                "after": loaded(),
                "on_the_window": door.on_the_window,
                "beside": door.beside,
                "chosen": chosen,
                "scans": [str(one.words) for one in shell.window.router.last],
            }
        )
    )


def scan(shell: Shell, *texts: str) -> None:
    """All at once, before anything else can happen; then wait until they came out and the last module is being loaded."""
    for text in texts:
        shell.window.router.take(text, "SC-12")
    gate = shell.window.gate
    assert isinstance(gate, SignIn)
    while len(shell.window.router.last) < len(texts) or gate.chosen != "wang.haiyan" or LATER[-1] not in sys.modules:
        QApplication.processEvents()


main()
