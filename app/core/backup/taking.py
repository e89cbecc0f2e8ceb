"""Take a backup: the server's own base backup streams through the encryption to the disk, so that nothing readable is ever written.

The base backup is one stream with the log it needs at its end. A slot that lives only as long as our own connection keeps the server from
recycling that log meanwhile. A backup has its name only when it is whole: until then its folder ends in ``.part``.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

import psycopg

from app.base import clock
from app.base.errors import OutageError
from app.core.backup import keys
from app.core.backup.facts import facts_of
from app.core.backup.manifest import BASE, FORM, PREFIX, UNFINISHED, Manifest, Part, finished_in, write_manifest
from app.core.backup.programs import streamed
from app.core.database import CONNECT_TIMEOUT_S, Server
from app.core.file_locks import FileLock

_POINT = re.compile(r"write-ahead log (start|end) point: ([0-9A-F]+/[0-9A-F]+)(?: on timeline (\d+))?")


class BackupFailed(OutageError):
    code = "BAK-07"
    text = "No backup was taken: {reason}"
    next_step = "Mend what is named here, then take it again; backups that were finished before stand as they are."


class BackupUnderWay(OutageError):
    code = "BAK-08"
    text = "No backup was taken: another program is taking one into {folder} just now."
    next_step = "Wait until it is finished."


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """Who copies the server: a login that may replicate."""

    server: Server
    user: str
    password: str | None = field(repr=False)
    """``None``: libpq finds it by itself."""
    programs: Path
    """Folder with ``pg_basebackup``."""


def take_backup(reader: psycopg.Connection[Any], source: Replication, folder: Path, recipients: Sequence[str]) -> Path:
    """Take one backup of the whole server.

    Args:
        reader: Of somebody who may read the records, idle and in autocommit: says what the backup must hold.
        source: Who copies.
        folder: Where backups lie; made when it is missing.
        recipients: Public keys.

    Returns:
        The folder of the backup, named by the moment of its facts.

    Raises:
        BackupUnderWay, BackupFailed: no folder of that name was made; what was half done is gone or ends in ``.part``.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / "backup.lock")
        if not lock.take(shared=False, wait_s=0):
            raise BackupUnderWay(folder=folder)
        try:
            return _take(reader, source, folder, recipients)
        finally:
            lock.release()
    except OSError as trouble:
        raise BackupFailed(reason=str(trouble)) from trouble


def forget_older(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` finished backups; returns what was removed."""
    old = finished_in(folder)[:-keep]
    for one in old:
        gone = one.with_name(one.name + UNFINISHED)
        one.replace(gone)
        shutil.rmtree(gone)
    return old


def _take(reader: psycopg.Connection[Any], source: Replication, folder: Path, recipients: Sequence[str]) -> Path:
    for left in folder.glob(f"{PREFIX}*{UNFINISHED}"):  # of a program that died: we hold the lock
        shutil.rmtree(left)
    facts = facts_of(reader)
    done = folder / f"{PREFIX}{facts.at:%Y%m%dT%H%M%S}Z"
    half_done = done.with_name(done.name + UNFINISHED)
    half_done.mkdir(mode=0o700)
    try:
        with _log_kept(source):
            part, said = _base_backup(source, half_done / BASE, recipients)
    except BaseException:
        shutil.rmtree(half_done, ignore_errors=True)
        raise
    points = {which: (lsn, timeline) for which, lsn, timeline in _POINT.findall(said)}
    if set(points) != {"start", "end"}:
        shutil.rmtree(half_done, ignore_errors=True)
        raise BackupFailed(reason=said.strip().rpartition("\n")[2] or "no words")
    manifest = Manifest(
        form=FORM,
        facts=facts,
        finished_at=clock.now(),
        timeline=int(points["start"][1]),
        wal_start=points["start"][0],
        wal_stop=points["end"][0],
        recipients=tuple(recipients),
        parts=(part,),
    )
    write_manifest(half_done, manifest)
    _settle(half_done)
    half_done.replace(done)
    _settle(folder)
    return done


def _base_backup(source: Replication, file: Path, recipients: Sequence[str]) -> tuple[Part, str]:
    server = source.server
    command = [
        source.programs / "pg_basebackup",
        *("--host", server.host, "--port", server.port, "--username", source.user, "--no-password", "--verbose"),
        *("--pgdata", "-", "--format", "tar", "--wal-method", "fetch", "--checkpoint", "fast", "--compress", "client-gzip:1"),
        *("--manifest-checksums", "SHA256", "--label", file.parent.name.removesuffix(UNFINISHED)),
    ]
    secrets = {f"PG{name.upper()}": value for name, value in server.tls.items()}
    if source.password is not None:
        secrets["PGPASSWORD"] = source.password
    with file.open("wb") as out, streamed(command, secrets) as program:
        counting = _Counting(out)
        keys.encrypt(program.out, counting, recipients)
        said = program.ended()
        if said.code != 0:
            raise BackupFailed(reason=said.last_words)
        out.flush()
        os.fsync(out.fileno())
    return Part(name=file.name, size=counting.size, sha256=counting.digest.hexdigest()), said.words


@contextmanager
def _log_kept(source: Replication) -> Iterator[None]:
    """The server keeps the log from now on as long as this lasts; the slot is gone with the connection, whatever happens to us."""
    server = source.server
    try:
        with psycopg.connect(
            host=server.host or None,
            port=server.port,
            user=source.user,
            password=source.password,
            **server.tls,
            connect_timeout=CONNECT_TIMEOUT_S,
            replication="true",
            autocommit=True,
        ) as connection:
            connection.execute(f"CREATE_REPLICATION_SLOT lineside_{token_hex(8)} TEMPORARY PHYSICAL RESERVE_WAL")
            yield
    except psycopg.Error as trouble:
        raise BackupFailed(reason=str(trouble).strip().splitlines()[-1]) from None  # the chained error may repeat connection details


class _Counting:
    """A file that is written once, front to back: its size and fingerprint are known at the end."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, block: bytes) -> int:
        self.digest.update(block)
        self.size += len(block)
        return self._out.write(block)

    def flush(self) -> None:
        self._out.flush()


def _settle(folder: Path) -> None:
    """What stands in a folder is on the disk when this returns; Windows does so by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
