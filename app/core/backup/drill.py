"""The drill: one backup restored into scratch and held against everything that is known of it. A backup counts only after this."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from app.base import clock
from app.base.errors import AppError
from app.core.backup.comparing import about_differs, counts_differ, heads_differ, witness_differs
from app.core.backup.facts import PlantFacts, facts_of
from app.core.backup.manifest import Manifest, read_manifest
from app.core.backup.restoring import Restored, as_superuser, prove_parts, refuse_other_version, scratch_cluster
from app.core.database import Opened
from app.core.embedded_server import EmbeddedServer, ServerAddress
from app.core.file_locks import FileLock
from app.core.trust.verifying import CHECKS as TRUST_CHECKS
from app.core.trust.verifying import verify
from app.core.trust.witness import Seen
from app.core.work import read

CHECKS = ("parts", "key", "files", "start", "origin", "counts", "heads", *TRUST_CHECKS[:-1], "witness", "living", "pages")
"""In their order; what follows one that cannot be passed is not done."""
PURPOSE_FOLDER = "lineside-drill-"
LOCK = "drill.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillCheck:
    """What one check of a drill found."""

    check: str
    """One of `CHECKS`."""
    compared: int
    """Bytes, files, tables, chains, entries or rows."""
    later: int
    """Of a witness: what it saw after the backup, which an older copy cannot hold."""
    took_s: float
    wrong: tuple[str, ...]
    """Each difference; empty: it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What a whole drill found."""

    backup: str
    """Name of its folder."""
    manifest_sha256: str
    manifest: Manifest
    begun_at: datetime
    took_s: float
    checks: tuple[DrillCheck, ...]
    not_done: tuple[str, ...]
    """Checks that could not be reached."""
    restored: Mapping[str, int]
    """Rows by table in the restored database; empty when it did not start."""

    @property
    def holds(self) -> bool:
        """Every check was made and holds; without a living database beside it that one is left out."""
        return not self.not_done and all(not one.wrong for one in self.checks)


def restore_drill(
    backup: Path,
    private_keys: Sequence[str],
    *,
    witnesses: Mapping[str, Mapping[str, Seen]],
    living: Callable[[Mapping[str, Seen]], list[str]] | None,
    scratch: Path | None,
) -> Drill:
    """Restore a backup where nobody reaches it, compare, and remove what was restored.

    Args:
        backup: Folder of a finished backup.
        private_keys: Of its recipients, one is enough.
        witnesses: By station, what was seen of the trail.
        living: Which of the given heads do not stand in the database that is worked with; ``None``: it is not at hand.
        scratch: Folder in which a folder is made for this; ``None``: where temporary files lie. The data lie there in clear meanwhile.

    Raises:
        NoBackup, OtherServerVersion: nothing was tried.
        KeyUnusable and the like are the caller's: keys are read before.
    """
    manifest, digest = read_manifest(backup)
    refuse_other_version(manifest)
    with _folder_in(scratch) as folder, scratch_cluster(folder / "server") as restored:
        course = _Course(backup, manifest, private_keys, witnesses, living, restored)
        begun_at, begun = clock.now(), time.monotonic()
        course.run()
    done = {one.check for one in course.checks} | ({"living"} if living is None else set())
    return Drill(
        backup=backup.name,
        manifest_sha256=digest,
        manifest=manifest,
        begun_at=begun_at,
        took_s=time.monotonic() - begun,
        checks=tuple(course.checks),
        not_done=tuple(check for check in CHECKS if check not in done),
        restored=course.found.rows if course.found is not None else {},
    )


class _Course:
    """One drill, check after check."""

    def __init__(
        self,
        backup: Path,
        manifest: Manifest,
        private_keys: Sequence[str],
        witnesses: Mapping[str, Mapping[str, Seen]],
        living: Callable[[Mapping[str, Seen]], list[str]] | None,
        restored: Restored,
    ) -> None:
        self._backup, self._manifest, self._private_keys = backup, manifest, private_keys
        self._witnesses, self._living, self._restored = witnesses, living, restored
        self.checks: list[DrillCheck] = []
        self.found: PlantFacts | None = None

    def run(self) -> None:
        restored = self._restored
        passed = (
            self._passes("parts", lambda: prove_parts(self._backup, self._manifest))
            and self._passes("key", lambda: restored.unpack(self._backup, self._private_keys))
            and self._passes("files", restored.check_files)
        )
        if not passed:
            return
        begun = time.monotonic()
        with ExitStack() as open_now:
            try:
                address = open_now.enter_context(restored.running())
                inside = open_now.enter_context(as_superuser(address, self._manifest.facts.database, autocommit=True))
                self.found = facts_of(inside)
            except (AppError, psycopg.Error) as trouble:
                self._add("start", 0, [str(trouble).strip()], time.monotonic() - begun)
                return
            self._add("start", 1, [], time.monotonic() - begun)
            self._compare(address, inside, self.found)

    def _passes(self, check: str, way: Callable[[], int]) -> bool:
        """What the rest stands on: a trouble ends the drill with its sentence."""
        begun, wrong, compared = time.monotonic(), [], 0
        try:
            compared = way()
        except AppError as trouble:
            wrong = [str(trouble)]
        self._add(check, compared, wrong, time.monotonic() - begun)
        return not wrong

    def _compare(self, address: ServerAddress, inside: psycopg.Connection[Any], found: PlantFacts) -> None:
        promised = self._manifest.facts
        self._timed("origin", lambda: (3, 0, list(about_differs(promised, found))))
        self._timed("counts", lambda: (len(promised.rows), 0, list(counts_differ(inside, promised, found))))
        self._timed("heads", lambda: (len(promised.heads), 0, list(heads_differ(inside, promised.heads))))
        self._trust(address)
        self._timed("witness", lambda: self._witness(inside))
        if self._living is not None:
            living = self._living
            self._timed("living", lambda: (len(found.heads), 0, living(found.heads)))
        self._timed("pages", lambda: (len(found.rows), 0, [said] if (said := self._restored.pages(address, promised.database)) else []))

    def _trust(self, address: ServerAddress) -> None:
        """Chains, seals, rows and schema, as ``main.py verify`` compares them."""
        begun = time.monotonic()
        opened = Opened([as_superuser(address, self._manifest.facts.database, autocommit=False)])
        try:
            outcomes = read(opened.engine, lambda session: verify(session, since=None, witnesses={}))
        except (AppError, DBAPIError) as trouble:  # e.g. a page that cannot be read
            self._add(TRUST_CHECKS[0], 0, [_first_line(trouble)], time.monotonic() - begun)
            return
        finally:
            opened.close()
        for one in outcomes[:-1]:
            wrong = [f"{one.wrong.where}: {one.wrong.why}"] if one.wrong is not None else []
            self._add(one.check, one.counted, wrong, one.took_s)

    def _witness(self, inside: psycopg.Connection[Any]) -> tuple[int, int, list[str]]:
        compared = later = 0
        wrong = []
        for station, seen in sorted(self._witnesses.items()):
            covered, differs = witness_differs(inside, seen)
            compared += covered
            later += len(seen) - covered
            wrong += [f"station {station} saw {one}" for one in differs]
        return compared, later, wrong

    def _timed(self, check: str, way: Callable[[], tuple[int, int, list[str]]]) -> None:
        begun = time.monotonic()
        try:
            compared, later, wrong = way()
        except psycopg.Error as trouble:
            compared, later, wrong = 0, 0, [_first_line(trouble)]
        self._add(check, compared, wrong, time.monotonic() - begun, later=later)

    def _add(self, check: str, compared: int, wrong: list[str], took_s: float, *, later: int = 0) -> None:
        self.checks.append(DrillCheck(check=check, compared=compared, later=later, took_s=took_s, wrong=tuple(wrong)))


def _is_ours(folder: Path) -> bool:
    """In a folder that everybody may write to, a name proves nothing."""
    return sys.platform == "win32" or (folder.lstat().st_uid == os.geteuid() and not folder.is_symlink())


def _first_line(trouble: Exception) -> str:
    return str(getattr(trouble, "orig", None) or trouble).strip().partition("\n")[0]


@contextmanager
def _folder_in(scratch: Path | None) -> Iterator[Path]:
    """A folder of a short name that the server's own account may pass under root; it is empty again when it is removed."""
    _sweep(scratch or Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PURPOSE_FOLDER, dir=scratch) as name:
        folder = Path(name)
        folder.chmod(0o711)
        lock = FileLock(folder / LOCK)
        lock.take(shared=False, wait_s=0)
        try:
            yield folder
        finally:
            lock.release()


def _sweep(parent: Path) -> None:
    """What a drill left that was killed: its server is stopped, and the data that lay there in clear are removed."""
    for left in parent.glob(PURPOSE_FOLDER + "*"):
        with suppress(OSError):  # gone meanwhile
            if not _is_ours(left):
                continue
            lock = FileLock(left / LOCK)
            if lock.take(shared=False, wait_s=0):
                EmbeddedServer(left / "server").stop()
                lock.release()
                shutil.rmtree(left)
