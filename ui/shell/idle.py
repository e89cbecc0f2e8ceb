"""What hands do at this station: nobody touched anything for a while and the window locks itself; the same press twice is one press."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
AGAIN_S = 0.3
"""A second press of the same button within this time, with nothing in between, is a hand that trembles."""
_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel})


class Idle(QObject):
    """Watches keys, mouse and touch of the whole application; `touch` counts for what else a hand does (scans, gauge keys)."""

    idle = Signal()

    def __init__(self, after_s: float, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(after_s * 1000))
        self._timer.timeout.connect(self.idle)
        self._inputs = 0
        self._pressed: tuple[object, int, float] | None = None
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def touch(self) -> None:
        """Somebody is here."""
        self._inputs += 1
        self._timer.start()

    def something_new(self) -> None:
        """A device spoke: what is pressed now means something else than before. A streaming scale is nobody's hand."""
        self._inputs += 1

    def is_second_press(self, button: object) -> bool:
        """Whether this button was pressed a moment ago and nothing else happened since."""
        now = time.monotonic()
        before, self._pressed = self._pressed, (button, self._inputs, now)
        if before is None or before[0] is not button or before[1] != self._inputs or now - before[2] >= AGAIN_S:
            return False
        self._pressed = before
        return True

    def rest(self) -> None:
        """Locked or nobody signed in: there is nothing to lock."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            if not (isinstance(event, QKeyEvent) and event.key() in _ENTERS):
                self._inputs += 1
            if self._timer.isActive():
                self._timer.start()
        return False
