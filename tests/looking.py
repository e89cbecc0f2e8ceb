"""What a careful eye finds in a window once it stands still."""

from contextlib import suppress

from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import TimeoutError as NotYet
from pytestqt.qtbot import QtBot

from ui.kit.check import look_over

SETTLED_MS = 6000
"""Layouts settle over a few passes of the event loop; what still stands after this is trouble."""


def troubles_of(window: QWidget, bot: QtBot) -> list[str]:
    """Everything that is cut, faint or too small, in words; waits only while there is something."""
    with suppress(NotYet):
        bot.waitUntil(lambda: not look_over(window), timeout=SETTLED_MS)
    return [str(one) for one in look_over(window)]
