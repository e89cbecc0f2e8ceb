"""A way out of this window that its sign-in offers: into practice, or back from it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.kit import Words


class SideDoor(QObject):
    """Made once per window, before its sign-in; `open` is pressed there."""

    told = Signal(object)
    """Words of how it goes, ``""`` when there is nothing more to say."""
    failed = Signal(object)
    """`Notice` of what went wrong."""

    def __init__(self, words: Words, *, icon: str, hint: Words = "") -> None:
        super().__init__()
        self.words, self.icon = words, icon
        self.hint = hint
        """What the sign-in says above its sentence; empty: the name of the station."""

    def open(self) -> None:
        """Go through."""
        raise NotImplementedError

    def close(self) -> None:
        """The window goes: whatever was started through this door ends with it."""
