"""A lock that is handed to whoever has waited longest: without it the forwarder, always at work, overtakes every machine that puts."""

from __future__ import annotations

from collections import deque
from threading import Lock
from types import TracebackType


class Turns:
    """``with turns:`` one at a time, first come first served. Not to be entered twice by one thread."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._queue: deque[Lock] = deque()

    @property
    def queue(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._queue.append(mine)
        try:
            mine.acquire()  # released by whoever hands the turn over
        except BaseException:
            self._step_out(mine)
            raise

    def __exit__(self, kind: type[BaseException] | None, trouble: BaseException | None, where: TracebackType | None) -> None:
        with self._guard:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._queue:
            self._queue.popleft().release()
        else:
            self._taken = False

    def _step_out(self, mine: Lock) -> None:
        """Interrupted while waiting: leave the queue, or pass on the turn that came meanwhile."""
        with self._guard:
            if mine in self._queue:
                self._queue.remove(mine)
            else:
                self._hand_over()
