"""Sees the window freeze: when the event loop answers a ping later than 100 ms, the stack of the window's thread is told.

The thread cannot be asked why it hangs, so another one looks at it. Only time inside the event loop counts: with every answer the window's
thread notes which place of the program runs the loop, and one such place must be on the stack. On in development and in tests.

It looks without touching: a frame object of the window's thread, held here while that thread goes on, would keep what stands in its
variables, and a painter that outlives its paint event, or ends on this thread, is a crash.
"""

from __future__ import annotations

import faulthandler
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from tempfile import TemporaryFile

from PySide6.QtCore import QObject, Qt, Signal

LONGEST_S = 0.1
LOOK_EVERY_S = 0.02
_CALL = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)
Place = tuple[str, int, str]
"""File, line and function of one call."""


class Watchdog(QObject):
    """Watches the thread it is made on, from `start` to `stop`."""

    _ping = Signal()

    def __init__(self, report: Callable[[float, str], None], *, longest_s: float = LONGEST_S) -> None:
        """Args:
        report: Called on the watching thread once per freeze, with the seconds so far and the stack, oldest call first.
        longest_s: What is still no freeze.
        """
        super().__init__()
        self._report, self._longest_s = report, longest_s
        self._thread_id = threading.get_ident()
        self._answered = threading.Event()
        self._loops: set[Place] = set()
        self._stopping = threading.Event()
        self._ping.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._watcher = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._watcher.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopping.set()
        self._answered.set()
        if self._watcher.is_alive():
            self._watcher.join(1.0)

    def _answer(self) -> None:
        runs_loop = sys._getframe(1)
        self._loops.add((runs_loop.f_code.co_filename, runs_loop.f_lineno, runs_loop.f_code.co_name))
        self._answered.set()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            asked = time.monotonic()
            self._answered.clear()
            self._ping.emit()
            told = self._answered.wait(self._longest_s)
            while not told and not self._stopping.is_set():
                told = self._tell(time.monotonic() - asked)
                self._answered.wait(LOOK_EVERY_S if not told else None)
                told = told or self._answered.is_set()

    def _tell(self, seconds: float) -> bool:
        """Say it, if the thread stands inside the event loop; whether it was said."""
        calls = calls_of(self._thread_id)
        if self._answered.is_set() or not self._loops & set(calls):
            return False
        self._report(seconds, "".join(traceback.format_list([(*call, None) for call in reversed(calls)])))
        return True


def calls_of(thread: int) -> list[Place]:
    """What a thread is doing, newest call first, at most 100; no object of that thread is touched.

    Args:
        thread: As `threading.get_ident` says.
    """
    with TemporaryFile("w+", encoding="ascii") as written:
        faulthandler.dump_traceback(file=written, all_threads=True)
        written.seek(0)
        stacks = written.read().split("\n\n")
    own = re.compile(rf"(?:Thread|Current thread) 0x0*{thread:x}\b")
    return [(file, int(line), name) for stack in stacks if own.match(stack) for file, line, name in _CALL.findall(stack)]
