"""Which key does what: function keys are the window's, Enter and Esc the sheet's or the bar's, the rest the screen's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from ui.shell.window import Window

_ONCE = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, *(Qt.Key(Qt.Key.Key_F1 + n) for n in range(12))}


def press(window: Window, key: int, *, repeats: bool) -> bool:
    """Route one key press that no field took. A held-down Enter or function key counts once.

    Returns:
        Whether anybody took it.
    """
    if repeats and key in _ONCE:
        return True
    if _everywhere(window, key) or (window.gate is None and _at_work(window, key)):
        return True
    if window.frame.sheet is not None:
        if window.frame.sheet.press(key):
            return True
    elif window.frame.action_bar.press(key):
        return True
    return window.showing is not None and window.showing.on_key(key)


def _everywhere(window: Window, key: int) -> bool:
    act = {Qt.Key.Key_F1: window.help, Qt.Key.Key_F9: window.call, Qt.Key.Key_F12: window.other_language}.get(Qt.Key(key))
    if act is not None:
        act()
    return act is not None


def _at_work(window: Window, key: int) -> bool:
    if key == Qt.Key.Key_F2 and not (window.current is not None and window.current.on_key(key)):
        window.other_size()
        return True
    act = {
        Qt.Key.Key_F3: window.find_code,
        Qt.Key.Key_F4: window.show_evidence,
        Qt.Key.Key_F10: window.lock,
    }.get(Qt.Key(key))
    if act is not None:
        act()
    return act is not None or key == Qt.Key.Key_F2
