"""How scans reach this station: the setting of its keyboard scanner, and what is said when one does not arrive whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.base.errors import RuleViolation
from app.core.settings import Settings
from app.devices.settings import Patience
from ui.shell.wedge_filter import WedgeFilter
from ui.shell.wedge_setup import WedgeSetup

if TYPE_CHECKING:
    from ui.shell.window import Window


class HalfScan(RuleViolation):
    code = "SCN-22"
    text = "Not taken: only part of a scan came."
    next_step = "Scan again. If it happens again, let an engineer try the scanner: Devices, F6."


class ScanComposed(RuleViolation):
    """A scan went through an input method, which makes other characters of it."""

    code = "SCN-23"
    text = "Not taken: an input method stands between the scanner and this station."
    next_step = "Switch the input method to plain English letters, then scan again."


class Scanning(QObject):
    """One for each window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.wedge: WedgeFilter | None = None
        """The keyboard's filter; ``None`` until the application watches its keys."""

    def set_up(self, settings: Settings) -> None:
        """Scanners of this station are listened to so from now on; it is written down already."""
        bounce_s = settings.bounce_ms / 1000
        self._window.router.bounce_s = bounce_s
        if self._window.bridge.hub is not None:
            self._window.bridge.hub.be_patient(Patience(bounce_s=bounce_s))
        if self.wedge is not None:
            self.wedge.configure(WedgeSetup.of(settings))

    def lost(self, _: str) -> None:
        """Half a scan came; it acted on nothing. What it was is not shown: it may be half a badge."""
        self._say(HalfScan())

    def composed(self) -> None:
        """A scan came through an input method."""
        self._say(ScanComposed())

    def _say(self, refusal: RuleViolation) -> None:
        """On whatever stands in the window; the keyboard belongs to the window in front."""
        window = self._window
        if window.isActiveWindow() and window.showing is not None:
            window.showing.refuse(refusal)
