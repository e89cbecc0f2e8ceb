"""Named points at which a client may die, put around the product's own calls in the tests' child alone.

Nothing of this is in the product: `watch` wraps three methods of the process that calls it. A point that is reached is said on standard
output before the process kills itself, so that whoever counts knows that it died there and nowhere else.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator
from typing import Any

from app.core.database import Line
from app.core.spool.outbox import Outbox

AROUND_A_COMMIT = ("before send", "after send", "before the reply", "after the reply")
"""COMMIT is not handed over yet; it is with the operating system; its answer has arrived and is unread; it is read."""
AROUND_THE_SPOOL = ("before the put", "after the put", *AROUND_A_COMMIT, "before the spool delete", "after the spool delete")
"""Of one entry: not on the disk yet; on the disk and nobody was told; its transaction; stored and still waiting; done."""


def say(*words: object) -> None:
    """One line, whole, whichever process or thread says it."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Points:
    """Counts how often the one fatal point is reached; dies the n-th time."""

    def __init__(self) -> None:
        self._fatal, self._left = "", 0
        self._lock = threading.Lock()

    def arm(self, point: str, nth: int) -> None:
        """From now on this point is fatal the n-th time."""
        assert point in AROUND_THE_SPOOL, point
        self._fatal, self._left = point, nth

    def reach(self, point: str) -> None:
        """Here we are."""
        with self._lock:
            if point != self._fatal:
                return
            self._left -= 1
            if self._left == 0:
                say("reached", point)
                os.kill(os.getpid(), signal.SIGKILL)


POINTS = Points()
_plain_command = Line._exec_command
_plain_settle = Outbox.settle


def _command_with_points(line: Line, command: Any, *more: Any) -> Generator[Any, Any, Any]:
    """What the driver does for COMMIT, however it was asked for; each step is named where it happens."""
    steps = _plain_command(line, command, *more)
    if command != b"COMMIT":
        return (yield from steps)
    POINTS.reach("before send")
    wanted = next(steps)  # handed over whole; the driver wants to read
    POINTS.reach("after send")
    ready = yield wanted
    while not ready:
        ready = yield steps.send(ready)
    POINTS.reach("before the reply")
    try:
        while True:
            ready = yield steps.send(ready)
    except StopIteration as answered:
        POINTS.reach("after the reply")
        return answered.value


def _settle_with_points(outbox: Outbox, rows: Any) -> None:
    POINTS.reach("before the spool delete")
    _plain_settle(outbox, rows)
    POINTS.reach("after the spool delete")


def watch() -> None:
    """Put the points around the calls of this process."""
    Line._exec_command = _command_with_points  # type: ignore[method-assign]
    Outbox.settle = _settle_with_points  # type: ignore[method-assign]
