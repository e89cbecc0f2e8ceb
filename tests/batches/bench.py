"""A window in front of a batch: the operator's station with its gauges, keys and scans as a hand gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.exceptions import TimeoutError as NeverSeen
from pytestqt.qtbot import QtBot

from app.core.devices_here import PrinterHere
from app.devices.settings import DeviceSettings
from tests.batches.runs import OPERATOR, Run
from tests.inspection.station import Station, elsewhere, open_station
from ui.kit import ScanSlot
from ui.shell.signing_sheet import SigningSheet

PRINTER = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url="socket://127.0.0.1:9", unit=None))


class Bench(Station):
    """The station with a batch open."""

    run: Run

    @property
    def step(self) -> str:
        """Key of the open step; empty while none is."""
        view = self.screen.view
        return view.step.key if view is not None and view.step is not None else ""

    @property
    def slot(self) -> str:
        """What scan is awaited; empty while none is."""
        corner = self.window.frame.action_bar.primary
        return corner.accessibleName() if isinstance(corner, ScanSlot) else ""

    def reads(self, sentence: str) -> None:
        """Wait until the next band says so, with nothing under way."""
        try:
            self.until(lambda: self.sentence == sentence and not self.screen.do_it.is_busy)
        except NeverSeen as late:
            raise AssertionError(f"wanted {sentence!r}, is {self.sentence!r}, banner {self.banner!r}, primary {self.primary!r}") from late

    def enter(self, then: str) -> None:
        """Press Enter, and wait for the sentence that follows."""
        self.window.idle.touch()  # a hand takes longer than a bounce between two presses; a test does not wait for it
        self.press(Qt.Key.Key_Return)
        self.reads(then)

    def write(self, text: str, then: str) -> None:
        """Type into the field in focus, press Enter, wait for the sentence that follows."""
        self.type(text)
        self.enter(then)

    def sign(self, badge: str, then: str) -> None:
        """Press the primary that opens the sheet; somebody scans a badge, enters the password, signs."""
        self.window.idle.touch()
        self.press(Qt.Key.Key_Return)
        self.until(lambda: isinstance(self.window.frame.sheet, SigningSheet))
        sheet = self.window.frame.sheet
        self.until(lambda: "Four eyes" in self.glass() or "ign" in self.glass())
        self.scan(f"BDG:{badge}")
        self.until(lambda: "Enter the password" in self.glass())
        self.type("lineside demo")
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.frame.sheet is not sheet)
        self.reads(then)

    def does(self, act: Callable[[], Any]) -> Any:
        """Somebody else does this at another station."""
        return elsewhere(act)


@contextmanager
def open_bench(
    run: Run, bot: QtBot, folder: Path, *, login: str = OPERATOR, size: tuple[int, int] = (1920, 1080), scale: bool = False
) -> Iterator[Bench]:
    """The window at the batch, somebody signed in; what was done by commands before is signed out."""
    run.home()
    screens = ("ui.shell", "ui.batches", "ui.deviations")
    with open_station(run.plant, bot, folder, size=size, printers=(PRINTER,), screens=screens, scale=scale) as station:
        bench = Bench(station.shell, station.plant, station.gauges, station.bot, station.size)
        bench.run = run
        bench.sign_in(login)
        bench.window.open("batches.step", {"batch": str(run.batch)})
        bench.until(lambda: bench.screen.key == "batches.step" and bench.screen.view is not None)
        yield bench
