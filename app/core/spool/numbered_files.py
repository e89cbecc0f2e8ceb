"""Which file of the folder is the station's spool, and how the next one takes its place in one step.

Files are numbered: ``outbox-0001.sqlite``. The one with the highest number is in use; a new one is built aside and takes its name when
it is whole, so a power cut in between leaves the old one in charge.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from app.core.spool.outbox_file import NO_FORMER, Former, OutboxFile, create_file, open_file
from app.core.spool.sqlite import explained

_NAME = re.compile(r"outbox-(\d{4,})\.sqlite")


def current_file(folder: Path) -> Path | None:
    """The file with the highest number; ``None`` in a folder without any."""
    with explained(folder):
        found = {int(match[1]): file for file in folder.iterdir() if (match := _NAME.fullmatch(file.name))}
    return found[max(found)] if found else None


def first_file(folder: Path, *, opened: str) -> OutboxFile:
    """Begin the spool of a station that has none; ``opened`` is the workstation's time, ISO 8601."""
    return open_file(finish(begin(folder, NO_FORMER, opened), numbered(folder, 1)))


def next_name(file: Path) -> Path:
    """The name of the file that follows."""
    match = _NAME.fullmatch(file.name)
    if match is None:
        raise ValueError(f"{file.name} is no file of a spool")
    return numbered(file.parent, int(match[1]) + 1)


def numbered(folder: Path, number: int) -> Path:
    """The name of a file, counted from 1."""
    return folder / f"outbox-{number:04}.sqlite"


def begin(folder: Path, former: Former, opened: str) -> OutboxFile:
    """Build a file aside; what an earlier try left there goes."""
    unfinished = folder / "outbox.new"
    with explained(folder):
        for leftover in (unfinished, _journal(unfinished), Path(f"{unfinished}-journal")):
            leftover.unlink(missing_ok=True)
    return create_file(unfinished, former=former, opened=opened)


def finish(new: OutboxFile, path: Path) -> Path:
    """Close the new file, which brings its journal into it, and give it its name for good."""
    new.close()
    with explained(path.parent):
        new.path.replace(path)
        if sys.platform != "win32":
            handle = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    return path


def keep_journal_as_found(file: Path) -> None:
    """After a crash: copy the journal before SQLite reads it, because it forgets whatever follows a damaged byte.

    A disk without room for the copy keeps nobody from what is in the journal.
    """
    journal, copy = _journal(file), _as_found(file)
    try:
        if journal.exists() and journal.stat().st_size:
            shutil.copyfile(journal, copy)
    except OSError:
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def forget_journal(file: Path) -> None:
    """The file is sound: the copy of its journal is not needed."""
    with explained(file.parent):
        _as_found(file).unlink(missing_ok=True)


def _journal(file: Path) -> Path:
    return Path(f"{file}-wal")


def _as_found(file: Path) -> Path:
    return Path(f"{file}-wal.found")
