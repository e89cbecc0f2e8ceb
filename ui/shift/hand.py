"""Somebody in front of a station: presses keys, types, looks. Scans and readings come from the devices, not from here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.devices.events import Standing
from ui.kit import Piece
from ui.shell.sign_in import SignIn
from ui.shell.signing_sheet import SigningSheet
from ui.shell.start import Shell
from ui.shift.camera import Camera

WAIT_S, WAIT_SPOILED_S = 15.0, 6.0
"""Longest wait for something to be seen, which takes less than a second on a quiet machine; a spoiled shift is not waited for as long."""
REFUSED_S = 4.0
"""As long a message that came instead may stand: whoever reads a refusal does not wait on."""
LOOK_EVERY_MS = 20


class ShiftFailed(Exception):
    """What a person, or the database, should have shown and did not."""


class Hand:
    """One person's hand and eye at one window; everything goes through the window's own events."""

    def __init__(self, shell: Shell, camera: Camera, *, patience_s: float) -> None:
        self.shell, self.window = shell, shell.window
        self._camera, self._patience_s = camera, patience_s
        self.pictured: set[str] = set()
        """Keys of the screens that were pictured."""

    def until(self, seen: Callable[[], object], what: str) -> None:
        """Wait until something can be seen.

        Raises:
            ShiftFailed: it was not seen in time; says what stood there instead.
        """
        end = time.monotonic() + self._patience_s
        stood = self.banner
        with _looking():
            while not seen():
                if self.banner not in ("", stood):
                    stood, end = self.banner, min(end, time.monotonic() + REFUSED_S)
                if time.monotonic() > end:
                    raise ShiftFailed(f"expected {what}; the screen says: {self.sentence!r}, banner: {self.banner!r}")
                _look()

    def reads(self, *words: str) -> None:
        """Wait until all these words stand in the window, wherever."""
        self.until(lambda: all(word in self.words for word in words), " and ".join(map(repr, words)))

    def breathe(self) -> None:
        """As long as a scanner takes two equal scans for one: nobody's hand is faster."""
        end = time.monotonic() + 0.4
        with _looking():
            while time.monotonic() < end:
                _look()

    def devices_live(self) -> None:
        """Wait until every device of the station is connected, as its chip says."""
        states = self.shell.hub.states
        self.until(lambda: all(one.standing is Standing.LIVE for one in states().values()), "every device live")

    def press(self, key: Qt.Key) -> None:
        """One key, to whatever has the focus."""
        QTest.keyClick(self.window.windowHandle(), key)

    def type(self, text: str) -> None:
        """Into the field that has the focus, without a scanner's hurry."""
        for character in text:
            target = QApplication.focusWidget() or self.window
            QTest.sendKeyEvent(QTest.KeyAction.Click, target, Qt.Key.Key_unknown, character, Qt.KeyboardModifier.NoModifier)

    def tap(self, words: str) -> None:
        """A finger on the place where these words stand.

        Raises:
            ShiftFailed: they do not stand in the window.
        """
        self.until(lambda: self._place_of(words) is not None, repr(words))
        place = self._place_of(words)
        assert place is not None
        widget, at = place
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def _place_of(self, words: str) -> tuple[QWidget, QPoint] | None:
        for piece in self._pieces():
            for said in piece.said():
                if said.text == words:
                    return piece, said.room.center().toPoint()  # type: ignore[return-value]
        return None

    def sign_in(self, login: str, secret: str) -> None:
        """At the sign-in or the lock: the person was chosen by badge or list, then the password and Enter."""
        gate = self.window.gate
        if not isinstance(gate, SignIn):
            raise ShiftFailed("nobody is asked to sign in")
        self.until(lambda: gate.chosen == login, f"{login} chosen")
        gate.password.edit.setFocus()
        self.type(secret)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.gate is None, f"{login} signed in")

    @property
    def sheet(self) -> SigningSheet:
        """The signing sheet.

        Raises:
            ShiftFailed: none is open.
        """
        sheet = self.window.frame.sheet
        if not isinstance(sheet, SigningSheet):
            raise ShiftFailed("the signing sheet is not open")
        return sheet

    @property
    def sentence(self) -> str:
        """What the next band says."""
        return self.window.frame.next_band.accessibleName()

    @property
    def banner(self) -> str:
        """What the banner says; empty when there is none."""
        banner = self.window.frame.banner
        return banner.text if banner is not None else ""

    @property
    def words(self) -> str:
        """Everything that can be read in the window now."""
        return "\n".join(said.text for piece in self._pieces() for said in piece.said())

    def picture(self, name: str) -> None:
        """Keep what the window shows."""
        if self.window.showing is not None:
            self.pictured.add(self.window.showing.key)
        self._camera.take(self.window, name)

    def _pieces(self) -> list[Piece]:
        return [widget for widget in self.window.findChildren(QWidget) if isinstance(widget, Piece) and widget.isVisible()]


@contextmanager
def _looking() -> Iterator[None]:
    """While this lasts `_look` comes back at least every 20 ms, also when nothing happens in the window."""
    blink = QTimer()
    blink.start(LOOK_EVERY_MS)
    try:
        yield
    finally:
        blink.stop()


def _look() -> None:
    """Whatever happens next in the window. Waited for, as a person does: asking on and on would take the threads behind it their time."""
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
