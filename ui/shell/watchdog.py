"""Sees the window freeze: when one pass of the event loop takes longer than 100 ms, the stack of the window's thread is told.

The thread cannot be asked why it hangs, so another one looks at it. Only time inside the event loop counts: the dispatcher says when it
wakes, and the Python frame that runs the loop must still stand where it stood then. On in development and in tests.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QAbstractEventDispatcher, QObject

LONGEST_S = 0.1
LOOK_EVERY_S = 0.02


class Watchdog(QObject):
    """Watches the thread it is made on, from `start` to `stop`."""

    def __init__(self, report: Callable[[float, str], None], *, longest_s: float = LONGEST_S) -> None:
        """Args:
        report: Called on the watching thread once per freeze, with the seconds so far and the stack, oldest call first.
        longest_s: What is still no freeze.
        """
        super().__init__()
        self._report, self._longest_s = report, longest_s
        self._thread_id = threading.get_ident()
        self._awake_since: float | None = None
        self._loop: tuple[int, int] | None = None
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin; the application must exist.

        Raises:
            RuntimeError: no application, so there is no event loop to watch.
        """
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            raise RuntimeError("there is no event loop to watch")
        dispatcher.awake.connect(self._wakes)
        dispatcher.aboutToBlock.connect(self._sleeps)
        self._watcher.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopping.set()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.disconnect(self._wakes)
            dispatcher.aboutToBlock.disconnect(self._sleeps)
        if self._watcher.is_alive():
            self._watcher.join(1.0)

    def _wakes(self) -> None:
        runs_loop = sys._getframe(1)
        self._loop = (id(runs_loop), runs_loop.f_lasti)
        self._awake_since = time.monotonic()

    def _sleeps(self) -> None:
        self._awake_since = None

    def _watch(self) -> None:
        told: float | None = None
        while not self._stopping.wait(LOOK_EVERY_S):
            since = self._awake_since
            if since is None or since == told or time.monotonic() - since < self._longest_s:
                continue
            frame = sys._current_frames().get(self._thread_id)
            if frame is not None and self._in_loop(frame) and since == self._awake_since:
                told = since
                self._report(time.monotonic() - since, "".join(traceback.format_stack(frame)))

    def _in_loop(self, frame: FrameType) -> bool:
        """Whether the loop that woke up is still under way below what runs now."""
        top: FrameType | None = frame
        while top is not None:
            if (id(top), top.f_lasti) == self._loop:
                return True
            top = top.f_back
        return False
