"""Writes down everything the spool's own code does to its disk: SQLite's part through a VFS, the rest as the operating system hears it.

The product runs as it is, on another build of SQLite (`apsw`, which lets Python stand below it) that `sqlite3.connect` is led to; see
`borrowed`. What is written past SQLite (the witness, copies of a journal) is found by looking, before every event.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any
from unittest.mock import patch

import apsw

from tests.faults.power.borrowed import Connection
from tests.faults.power.disk import Cut, Event, Made, MadeFolder, Removed, Renamed, Waited, Written
from tests.faults.power.known import KILLED, Said

SMALL = 4_096
"""Files of so many bytes are compared whole; a clock of the file system is too coarse for two notes in one moment."""
_numbers = count()


Tape = list[Event | Said]


class Recorder:
    """One folder, watched."""

    refuse_at = 0
    """The how manieth write, wait or cut of SQLite's the disk refuses; 0: none."""

    def __init__(self, root: Path) -> None:
        self.asked = 0
        """How many writes, waits and cuts of SQLite's were asked of the disk until the program was killed or ended."""
        self.refused = False
        self._killed = False
        self.root, self.tape = root, list[Event | Said]()
        self._lock = RLock()
        self._by_sqlite: set[str] = set()
        self._seen: dict[str, bytes | tuple[int, int] | None] = {}
        self._look(silently=True)

    def say(self, what: Said) -> None:
        """Between two events of the disk."""
        with self._lock:
            self._look()
            self.tape.append(what)
            self._killed = self._killed or what == KILLED

    def note(self, event: Event) -> None:
        """What is done now."""
        with self._lock:
            self._look()
            self.tape.append(event)

    def ask(self, event: Event) -> None:
        """What SQLite is about to do; a write that is refused may have been done by half, a wait that is refused has waited for nothing.

        Raises:
            apsw.IOError: the disk refuses, this once.
        """
        self.asked += not self._killed
        if self._killed or self.asked != self.refuse_at:
            self.note(event)
            return
        self.refused = True
        if isinstance(event, Written):
            self.note(Written(event.path, event.offset, event.content[: len(event.content) // 2]))
        refused = apsw.IOError("the disk refuses")
        refused.extendedresult = apsw.SQLITE_IOERR_FSYNC if isinstance(event, Waited) else apsw.SQLITE_IOERR_WRITE
        raise refused

    def made_by_sqlite(self, path: str, *, new: bool) -> None:
        """From now on SQLite tells what is written there."""
        with self._lock:
            self._look()
            self._by_sqlite.add(path)
            if new:
                self.tape.append(Made(path))

    def renamed(self, path: str, to: str) -> None:
        with self._lock:
            self.note(Renamed(path, to))
            self._seen[to] = self._seen.pop(path, None)
            if path in self._by_sqlite:
                self._by_sqlite.remove(path)
                self._by_sqlite.add(to)

    def removed(self, path: str) -> None:
        with self._lock:
            self.note(Removed(path))
            self._by_sqlite.discard(path)
            self._seen.pop(path, None)

    def inside(self, path: object) -> str | None:
        """The path on the disk; ``None``: elsewhere."""
        try:
            return Path(os.fsdecode(path)).relative_to(self.root).as_posix()  # type: ignore[arg-type]
        except (ValueError, TypeError):
            return None

    def of_handle(self, handle: int) -> str | None:
        """Which path an open handle is."""
        return self.inside(Path(f"/proc/self/fd/{handle}").readlink())

    def _look(self, *, silently: bool = False) -> None:
        for path, entry in _everything(self.root, ""):
            if path in self._by_sqlite:
                continue
            found, content = _sign(entry)
            if self._seen.get(path, b"never") == found:
                continue
            new, self._seen[path] = path not in self._seen, found
            if not silently:
                self.tape.extend(_changes(path, content, new=new))


def _everything(folder: Path, above: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            yield above + entry.name, entry
            if entry.is_dir():
                yield from _everything(Path(entry.path), f"{above}{entry.name}/")


def _sign(entry: os.DirEntry[str]) -> tuple[bytes | tuple[int, int] | None, bytes | None]:
    """By what a change is noticed, and the content where it was read for that."""
    about = entry.stat()
    if stat.S_ISDIR(about.st_mode):
        return None, None
    content = Path(entry.path).read_bytes()
    return (content, content) if about.st_size <= SMALL else ((about.st_mtime_ns, about.st_size), content)


def _changes(path: str, content: bytes | None, *, new: bool) -> Iterator[Event]:
    if content is None:
        yield MadeFolder(path)
        return
    if new:
        yield Made(path)
    yield Written(path, 0, content)
    yield Cut(path, len(content))


class _File(apsw.VFSFile):
    """A file of SQLite's. A new journal's name is waited for with its first content, as SQLite's own unix VFS does it."""

    def __init__(self, recorder: Recorder, path: str, name: Any, flags: list[int], *, waits_for_name: bool) -> None:
        super().__init__("", name, flags)
        self._recorder, self._path, self._waits_for_name = recorder, path, waits_for_name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._recorder.ask(Written(self._path, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._recorder.ask(Cut(self._path, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._recorder.ask(Waited(self._path))
        if self._waits_for_name:
            self._waits_for_name = False
            self._recorder.note(Waited(f"{self._path.rpartition('/')[0]}"))
        super().xSync(flags)


_JOURNAL = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL


class _Vfs(apsw.VFS):
    def __init__(self, recorder: Recorder) -> None:
        self.name = f"recording {next(_numbers)}"
        self._recorder = recorder
        super().__init__(self.name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        where = name.filename() if isinstance(name, apsw.URIFilename) else name
        path = self._recorder.inside(where)
        if path is None:
            return apsw.VFSFile("", name, flags)
        creates = bool(flags[0] & apsw.SQLITE_OPEN_CREATE)
        self._recorder.made_by_sqlite(path, new=creates and not Path(where).exists())
        return _File(self._recorder, path, name, flags, waits_for_name=creates and bool(flags[0] & _JOURNAL))

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        path = self._recorder.inside(filename)
        if path is not None and Path(filename).exists():
            self._recorder.removed(path)
            if syncdir:
                self._recorder.note(Waited(path.rpartition("/")[0]))
        super().xDelete(filename, syncdir)


@contextmanager
def recording(root: Path, *, checkpoint_pages: int) -> Iterator[Recorder]:
    """While it lasts, whatever the spool does below `root` is on the tape.

    Args:
        root: The disk, as it is now.
        checkpoint_pages: SQLite brings its journal into the file after so many (its own habit: 1000).
    """
    recorder = Recorder(root)
    vfs = _Vfs(recorder)
    plain_replace, plain_unlink, plain_fsync = os.replace, os.unlink, os.fsync

    def connect(where: str, **how: Any) -> Connection:
        return Connection(where, vfs=vfs.name, checkpoint_pages=checkpoint_pages, **how)

    def replace(source: Any, target: Any, **how: Any) -> None:
        inside = recorder.inside(source), recorder.inside(target)
        if inside[0] is not None and inside[1] is not None:
            recorder.renamed(inside[0], inside[1])
        plain_replace(source, target, **how)

    def unlink(path: Any, **how: Any) -> None:
        inside = recorder.inside(path)
        if inside is not None and Path(path).exists():
            recorder.removed(inside)
        plain_unlink(path, **how)

    def fsync(handle: int) -> None:
        inside = recorder.of_handle(handle)
        if inside is not None:
            recorder.note(Waited("" if inside == "." else inside))
        plain_fsync(handle)

    with ExitStack() as stack:
        for where, name, what in (
            (sqlite3, "connect", connect),
            (os, "replace", replace),
            (os, "unlink", unlink),
            (os, "fsync", fsync),
        ):
            stack.enter_context(patch.object(where, name, what))
        yield recorder
    vfs.unregister()
