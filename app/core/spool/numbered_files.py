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
_BESIDE = re.compile(r"outbox-(\d{4,})\.sqlite.+")


def current_file(folder: Path) -> Path | None:
    """The file with the highest number; ``None`` in a folder without any."""
    with explained(folder):
        found = {int(match[1]): file for file in folder.iterdir() if (match := _NAME.fullmatch(file.name))}
    return found[max(found)] if found else None


def first_file(folder: Path, former: Former, *, opened: str) -> OutboxFile:
    """Begin the spool of a station that has none.

    Args:
        folder: The station's own.
        former: `NO_FORMER`, or the file that is gone.
        opened: Workstation time, ISO 8601.
    """
    new = begin(folder, former, opened)
    for above in folder.absolute().parents:  # the folder may be as new as its file: else a power cut takes away its name, and all in it
        with suppress(OSError):  # those that we may not read were not made by us
            _wait_for_names(above)
    return open_file(finish(new, _free(folder, least=1 if former is NO_FORMER else 2)))


def next_name(file: Path) -> Path:
    """The name of the file that follows."""
    match = _NAME.fullmatch(file.name)
    if match is None:
        raise ValueError(f"{file.name} is no file of a spool")
    return _free(file.parent, least=int(match[1]) + 1)


def _free(folder: Path, *, least: int) -> Path:
    """A name that nothing is left of: SQLite would read the journal of a file that is gone into the new one."""
    with explained(folder):
        left = [int(match[1]) for file in folder.iterdir() if (match := _BESIDE.fullmatch(file.name))]
    return folder / f"outbox-{max(least, *(number + 1 for number in left), 1):04}.sqlite"


def begin(folder: Path, former: Former, opened: str) -> OutboxFile:
    """Build a file aside; what an earlier try left there goes."""
    unfinished = folder / "outbox.new"
    with explained(folder):
        for leftover in (unfinished, _journal(unfinished), Path(f"{unfinished}-journal")):
            leftover.unlink(missing_ok=True)
    return create_file(unfinished, former=former, opened=opened)


def finish(new: OutboxFile, path: Path) -> Path:
    """Bring the journal of the new file into it, and give it its name for good.

    Raises:
        StoreDiskRefuses: not all of it is in the file; the old one stays in charge.
    """
    new.bring_in()
    new.close()
    with explained(path.parent):
        new.path.replace(path)
        _wait_for_names(path.parent)
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


def _wait_for_names(folder: Path) -> None:
    """Bring the names of a folder to the disk; Windows offers no such thing."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _journal(file: Path) -> Path:
    return Path(f"{file}-wal")


def _as_found(file: Path) -> Path:
    return Path(f"{file}-wal.found")
