"""A reserve on the station's disk: let go when the disk is full, so that what is in the hand can still be written down."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

_PIECE = 2**20


class Ballast:
    """One file of a given size that holds nothing worth reading."""

    def __init__(self, file: Path, size: int) -> None:
        self._file, self._size = file, size

    @property
    def held(self) -> bool:
        """Whether the reserve is there; one of no bytes always is."""
        try:
            return self._size == 0 or self._file.stat().st_size == self._size
        except OSError:
            return False

    def hold(self) -> bool:
        """Take the reserve if the disk has twice as much to give; whether it is held then."""
        if self.held:
            return True
        try:
            if shutil.disk_usage(self._file.parent).free < 2 * self._size:
                return False
            self._write()
        except OSError:
            self.release()
        return self.held  # it may have been released while it was written

    def half_left(self) -> bool:
        """Whether the disk still has half of what was given back: one half is for what is in the hand, the other for closing down."""
        try:
            return shutil.disk_usage(self._file.parent).free >= self._size // 2
        except OSError:
            return False

    def release(self) -> None:
        """Give the reserve back to the disk."""
        with suppress(OSError):
            self._file.unlink()

    def _write(self) -> None:
        piece = os.urandom(_PIECE)  # zeros would take no room on a disk that compresses
        with self._file.open("wb") as out:
            for begin in range(0, self._size, _PIECE):
                out.write(piece[: self._size - begin])
            out.flush()
            os.fsync(out.fileno())
