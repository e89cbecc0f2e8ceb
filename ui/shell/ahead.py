"""What the first scan, the screens, label and paper need is loaded on a thread of its own while somebody signs in.

Neither the start of the client nor the window's thread waits for it: the rules of GS1 alone take a tenth of a second to load.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from importlib import import_module

from PySide6.QtCore import QObject, Qt, Signal

from ui.shell.registry import load_screens

SCANNING = "app.scanning.interpret"
LATER = ("app.labels.emit.zpl_form", "app.labels.emit.pdf_form", "app.reports.pictures", "app.tracing.report")
CLOSE_S = 5.0


class LoadAhead(QObject):
    """`start` it once the sign-in stands; `stop` it before the program ends."""

    ready = Signal()
    """The rules of scanning are here: said once, on the thread this object was made on."""

    done = Signal()
    """Everything is here: said once, on that thread too."""

    _loaded = Signal()
    _ended = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        scanning: str = SCANNING,
        screens: Callable[[], None] = load_screens,
        later: Sequence[str] = LATER,
    ) -> None:
        """Args:
        parent: As Qt has it.
        scanning: The module a scan is read by; loaded first.
        screens: Loads the screens; next.
        later: What others will ask for.
        """
        super().__init__(parent)
        self._scanning, self._screens, self._later = scanning, screens, tuple(later)
        self._is_ready = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._loaded.connect(self._say, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self.done.emit, Qt.ConnectionType.QueuedConnection)

    @property
    def is_ready(self) -> bool:
        """Whether a scan can be read without waiting for its rules."""
        return self._is_ready

    def start(self) -> None:
        """Begin; a second time does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="load ahead", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Load nothing more than what is being loaded now."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(CLOSE_S)

    def _load(self) -> None:
        try:
            import_module(self._scanning)
        finally:
            self._loaded.emit()  # also when it failed: the first scan then says why, instead of being kept for ever
        self._screens()
        for module in self._later:
            if self._stopping.is_set():
                return
            import_module(module)
        self._ended.emit()

    def _say(self) -> None:
        self._is_ready = True
        self.ready.emit()
