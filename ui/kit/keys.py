"""The key printed in a button is the key that presses it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

_NAMES = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_PageDown: "PgDn",
    Qt.Key.Key_PageUp: "PgUp",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Delete: "Del",
}


def key_name(key: Qt.Key) -> str:
    """What stands on the cap: the same in every language, because it stands on the keyboard."""
    return _NAMES.get(key) or QKeySequence(key).toString()


def same_key(one: Qt.Key | int, other: Qt.Key | int) -> bool:
    """Whether two keys are one to the hand: both Enter keys are."""
    enters = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return one == other or (one in enters and other in enters)
