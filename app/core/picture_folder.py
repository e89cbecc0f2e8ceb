"""Where a station's camera puts its pictures: a folder, looked at again and again. Whatever can save into a folder is a camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.base.errors import OutageError
from app.core.attachments import LARGEST, FileTooLarge

ENDINGS = frozenset({".jpg", ".jpeg", ".png"})
MOST = 200
"""Older ones are not offered."""


class NoPictureFolder(OutageError):
    code = "FIL-03"
    text = "No picture can be offered: the folder {folder} does not answer."
    next_step = "Connect the camera, or have “picture_folder” mended in the settings of this station."


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """A file that may be a picture. ``taken_at``: when it was written, by the clock that wrote it."""

    path: Path
    taken_at: datetime
    size_bytes: int

    @property
    def name(self) -> str:
        """As people know it."""
        return self.path.name


def pictures_in(folder: Path) -> tuple[PictureFile, ...]:
    """What lies in the folder and in the folders within it (cameras make one a day), newest first, `MOST` at most.

    Raises:
        NoPictureFolder: it is not there, or cannot be read.
    """
    try:
        found = sorted(_pictures(folder, deeper=True), key=lambda one: (one.taken_at, one.name), reverse=True)
    except OSError as trouble:
        raise NoPictureFolder(folder=folder) from trouble
    return tuple(found[:MOST])


def _pictures(folder: Path, *, deeper: bool) -> Iterator[PictureFile]:
    for path in folder.iterdir():
        try:
            if deeper and path.is_dir():
                yield from _pictures(path, deeper=False)
            elif path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file():
                told = path.stat()
                yield PictureFile(path=path, taken_at=datetime.fromtimestamp(told.st_mtime, UTC), size_bytes=told.st_size)
        except (OSError, ValueError, OverflowError):  # gone meanwhile, closed to this account, or of a year that is none: the others count
            continue


def content_of(picture: PictureFile) -> bytes:
    """Its bytes.

    Raises:
        FileTooLarge: more than a record keeps, or nothing yet.
        NoPictureFolder: it went away.
    """
    if not 1 <= picture.size_bytes <= LARGEST:
        raise FileTooLarge(file=picture.name, largest=LARGEST // 1024 // 1024)
    try:
        return picture.path.read_bytes()
    except OSError as trouble:
        raise NoPictureFolder(folder=picture.path.parent) from trouble
