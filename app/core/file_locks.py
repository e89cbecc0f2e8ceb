"""Locks between programs on one machine. The operating system drops them when a program dies, so no list of pids can grow stale."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

LOOK_AGAIN_S = 0.02
"""Pause between two tries while another program holds the lock."""

if sys.platform == "win32":
    import msvcrt

    _SEATS = 256
    """Windows knows no shared lock here: a user takes one byte of many, the last one takes them all."""

    def _take(handle: int, *, shared: bool) -> bool:
        seats = range(_SEATS) if shared else (0,)
        for seat in seats:
            os.lseek(handle, seat, os.SEEK_SET)
            with suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1 if shared else _SEATS)
                return True
        return False
else:
    import fcntl

    def _take(handle: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """One lock on one file, held from `take` to `release` or until this program ends."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._handle is not None

    def take(self, *, shared: bool, wait_s: float) -> bool:
        """Take the lock, alone or together with others; false when it was still taken after `wait_s` seconds (0: one try)."""
        if self._handle is not None:
            raise RuntimeError(f"{self._file} is held by this object already")
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        until = time.monotonic() + wait_s
        while not _take(handle, shared=shared):
            if time.monotonic() >= until:
                os.close(handle)
                return False
            time.sleep(LOOK_AGAIN_S)
        self._handle = handle
        return True

    def release(self) -> None:
        """Let go; nothing happens when the lock is not held. Closing the file drops the lock on every system."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
