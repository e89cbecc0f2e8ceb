"""A keeper's rounds, one every few seconds until it is told to stop: as a service, or beside the window of a single station."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.base.errors import AppError
from app.core.logs import log

if TYPE_CHECKING:
    from app.core.keeper.keeping import Keeper

EVERY_S = 10.0


class KeeperThread:
    """A keeper beside something else; what it cannot do now it tries again."""

    def __init__(self, make: Callable[[], Keeper], *, every_s: float = EVERY_S) -> None:
        """Args:
        make: Called in the thread, after the first wait: to make a keeper and its secrets costs time that the window needs to open.
            Raises `AppError` when it cannot be made now.
        every_s: Between two rounds, in seconds.
        """
        self._make, self._every_s = make, every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin; the first round leaves the window time to open."""
        self._thread.start()

    def stop(self, within_s: float) -> bool:
        """End; whether it did in time. A night's work that is under way ends with the program."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._stopping.wait(self._every_s)
        keep(self._make, self._stopping, self._every_s)


def keep(make: Callable[[], Keeper], stopping: threading.Event, every_s: float = EVERY_S) -> None:
    """Make a keeper, then round after round until told to stop."""
    keeper: Keeper | None = None
    trouble_before = ""
    while not stopping.is_set():
        try:
            keeper = keeper or make()
            keeper.round()
            trouble_before = ""
        except AppError as trouble:
            if trouble.code != trouble_before:  # said once, not every ten seconds
                log("keeper").warning("not kept", code=trouble.code, told=str(trouble))
            trouble_before = trouble.code
        stopping.wait(every_s)
    if keeper is not None:
        keeper.close()
