"""``python main.py practice``: the window of practice, with the hands at its simulated devices beside it."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.cli.client import has_display
from app.cli.demo_line import DemoLine
from app.cli.gestures import obey
from app.cli.practice import OPEN, TO_FRONT, NoPracticeWithoutDisplay, Practice, practice_here
from app.cli.telling import say, told
from app.demo.people import PRACTICE_SECRET
from ui.practice.line_window import LINE_KEY, LineWindow
from ui.shell.side_door import SideDoor
from ui.shell.start import open_window
from ui.shell.window import Window

_ROOM = 4096


class WayBack(SideDoor):
    """Practice ends; the window of the plant, if one was open, stands where it stood."""

    def __init__(self) -> None:
        hint = Phrase("Practice: nothing here is a record. Everybody's password: {password}. F8: the devices.", password=PRACTICE_SECRET)
        super().__init__(Phrase("End practice"), icon="leave", hint=hint)
        self.window: Window | None = None

    def open(self) -> None:
        """Close the window of practice."""
        if self.window is not None:
            self.window.close()


class Lines(QObject):
    """What is written to this program's standard input, line by line, on the window's thread; `ended` when whoever wrote is gone."""

    line = Signal(str)
    ended = Signal()

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def start(self) -> None:
        """Begin to read; whoever listens is connected before, or what was written already is lost."""
        threading.Thread(target=self._read, name="standard input", daemon=True).start()

    def _read(self) -> None:
        rest = b""
        while read := os.read(self._descriptor, _ROOM):  # not sys.stdin: its lock would still be held when the program ends
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                self.line.emit(line.decode("utf-8", "replace"))
        self.ended.emit()


def main(argv: Sequence[str]) -> int:
    """Open practice and stay until its window is closed.

    Args:
        argv: The arguments after ``practice``.
    """
    parser = argparse.ArgumentParser(prog="main.py practice", description="The plant for practice, with simulated devices.")
    parser.add_argument(
        "--obey", action="store_true", help=f"obey lines on standard input as simulate does, and “{TO_FRONT}”; close when they end"
    )
    asked = parser.parse_args(argv)
    return told(lambda: _open(obeys=asked.obey or sys.stdin.isatty()))


def _open(*, obeys: bool) -> int:
    if not has_display():
        raise NoPracticeWithoutDisplay
    with practice_here(say) as practice:
        return _window(practice, obeys=obeys)


def _window(practice: Practice, *, obeys: bool) -> int:
    here, back = practice.station, WayBack()
    shell = open_window(
        here.settings,
        server=here.server,
        station=here.station,
        station_secret=here.secret,
        devices=here.devices,
        printing=here.printing,
        recording=here.recording,
        development=False,
        side_door=back,
    )
    back.window = shell.window
    hands = LineWindow(practice.line, shell.window)
    QShortcut(LINE_KEY, shell.window, hands.show_or_hide)
    shell.window.showMaximized()
    hands.show_or_hide()
    lines = Lines(sys.stdin.fileno()) if obeys else None
    if lines is not None:
        lines.line.connect(lambda text: _obey(practice.line, text, shell.window), Qt.ConnectionType.QueuedConnection)
        lines.ended.connect(shell.window.close, Qt.ConnectionType.QueuedConnection)
        lines.start()
    print(OPEN, flush=True)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        return app.exec()
    finally:
        hands.close()
        shell.close()


def _obey(line: DemoLine, text: str, window: QWidget) -> None:
    said = " ".join(text.split())
    if said == TO_FRONT:
        bring_to_front(window)
    elif said:
        try:
            say(obey(line, said))
        except RuleViolation as trouble:
            say(trouble.what)
            say(trouble.next)


def bring_to_front(window: QWidget) -> None:
    """Also when it was made small; a desktop that lets no program push itself forward shows it in its list of windows instead."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized | Qt.WindowState.WindowActive)
    window.raise_()
    window.activateWindow()
