"""One thread for one device: connects, connects again by itself, and ends in bounded time whatever the device does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from app.base.errors import DeviceError
from app.devices.errors import SessionBroke
from app.devices.settings import Backoff

_log = logging.getLogger(__name__)


class DeviceThread:
    """The life of a connection, from `start` to `stop`. A session fills in what is said over it."""

    def __init__(self, code: str, backoff: Backoff) -> None:
        self._code, self._backoff = code, backoff
        self._was_open = False
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"device {code}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once, the sink hears how it goes."""
        self._thread.start()

    def stop(self, within_s: float) -> bool:
        """End the thread and close the port.

        Returns:
            Whether it ended in time. A port stuck in the operating system ends by itself later and tells nobody any more.
        """
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _begin(self) -> None:
        """The thread begins."""
        raise NotImplementedError

    def _connect(self) -> None:
        """Open, talk until `_stopping` is set, close.

        Raises:
            DeviceError: it cannot be opened, or broke off; `_was_open` says which, and how patient the next wait is.
        """
        raise NotImplementedError

    def _lost(self, cause: DeviceError) -> None:
        """It could not be opened or broke off."""
        raise NotImplementedError

    def _closed(self) -> None:
        """The thread ends because somebody stopped it."""
        raise NotImplementedError

    def _run(self) -> None:
        self._guarded(self._begin)
        failures = 0
        while not self._stopping.is_set():
            self._was_open = False
            trouble = self._guarded(self._connect)
            if trouble is not None and not self._stopping.is_set():
                failures = 1 if self._was_open else failures + 1
                self._guarded(partial(self._lost, trouble))
                self._stopping.wait(self._backoff.wait_s(failures))
        self._guarded(self._closed)

    def _guarded(self, act: Callable[[], None]) -> DeviceError | None:
        """Do it; what goes wrong becomes a fault on the chip, never a dead thread."""
        try:
            act()
        except DeviceError as trouble:
            return trouble
        except Exception as defect:  # noqa: BLE001 - the device thread, one of three places of the house that may
            _log.exception("device %s: defect in its session", self._code)
            return SessionBroke(defect=repr(defect))
        return None
