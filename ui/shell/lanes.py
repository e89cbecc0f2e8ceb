"""Threads that do one thing after the other, so that the window's thread never waits for a database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.base.errors import AppError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Errand:
    """One thing to be done elsewhere, and who wants to hear what came of it."""

    act: Callable[[], Any]
    done: Callable[[Any], None]
    refused: Callable[[AppError], None]
    owner: QObject | None
    """What comes too late for it is dropped."""

    @property
    def is_wanted(self) -> bool:
        """Whether somebody is still there to hear it."""
        return self.owner is None or isValid(self.owner)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What came of an errand: an answer, a refusal, or a defect of this program."""

    errand: Errand
    answer: Any = None
    refusal: AppError | None = None
    defect: Exception | None = field(default=None)


def owner_of(callback: Callable[..., Any] | None) -> QObject | None:
    """The object a callback belongs to, when it is one that Qt may delete."""
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, QObject) else None


class Lane:
    """One daemon thread; errands are done in the order they were put."""

    def __init__(self, name: str, tell: Callable[[Outcome], None]) -> None:
        """Args:
        name: For the log and the debugger.
        tell: Called on the lane's own thread with every outcome; hands over to the window's thread.
        """
        self._queue: SimpleQueue[Errand | None] = SimpleQueue()
        self._tell = tell
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, errand: Errand) -> None:
        """Do this after what waits already."""
        self._queue.put(errand)

    def finish(self) -> None:
        """End after what waits already; returns at once."""
        self._queue.put(None)

    def join(self, within_s: float) -> bool:
        """Whether the thread ended in time."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (errand := self._queue.get()) is not None:
            self._tell(self._do(errand))

    @staticmethod
    def _do(errand: Errand) -> Outcome:
        try:
            return Outcome(errand=errand, answer=errand.act())
        except AppError as refusal:
            return Outcome(errand=errand, refusal=refusal)
        except Exception as defect:  # noqa: BLE001 - the bridge's threads, one of three places of the house that may
            return Outcome(errand=errand, defect=defect)
