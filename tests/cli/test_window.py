"""`main.py` without arguments: the window of this station, with the sign-in in front."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.demo.people import PEOPLE
from main import main
from ui.shell.sign_in import SignIn
from ui.shell.window import Window


class Passer:
    """Looks at the screen until a window asks who works here, writes down what stands there, and closes it."""

    def __init__(self) -> None:
        self.seen: dict[str, object] = {}
        self._looks = QTimer()
        self._looks.timeout.connect(self._look)
        self._looks.start(20)

    def _look(self) -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, Window) and window.isVisible() and isinstance(window.gate, SignIn) and window.gate._people:
                self.seen = {"title": window.windowTitle(), "people": set(window.gate._people), "whole screen": window.isMaximized()}
                self._looks.stop()
                window.close()


@pytest.fixture
def passer(qapp: QApplication) -> Iterator[Passer]:
    passing = Passer()
    yield passing
    passing._looks.stop()


def test_the_window_of_this_station_opens_on_the_whole_screen_and_asks_who_works_here(
    own_server: Path, passer: Passer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("XDG_STATE_HOME", str(own_server.parent))
    assert main([]) == 0
    assert passer.seen["title"] == "Lineside IQC-02"
    assert passer.seen["whole screen"] is True
    assert {person.login for person in PEOPLE} <= passer.seen["people"]
