"""Restore a backup into a folder of its own: proven, decrypted, unpacked, checked file by file, and started where nobody else reaches it.

Nothing of the origin's settings comes along: who gets in, where it listens, what it archives or replicates to is ours alone. The cluster
has no network address (off Windows), a superuser secret of its own, and no moment in which it trusts anybody.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg

from app.base.errors import OutageError, RuleViolation
from app.core.backup import keys
from app.core.backup.manifest import BASE, Manifest
from app.core.embedded_server import EmbeddedServer, ServerAddress
from app.core.server_account import NO_SECRETS, Answer, ServerAccount, account_for_server
from app.core.server_programs import programs_for, wheel_version
from app.core.server_set_up import SECRET_FILE, SUPERUSER, write_private

CHECK_S = 3600.0
SCRATCH: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "archive_mode": "off",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "logging_collector": "off",
    "log_connections": "",
}
"""Of a cluster that is looked at once and thrown away."""
_HBA = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"
_CONF = "include_if_exists = 'lineside.conf'\n"
_LET_IN = """DO $in$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{user}') THEN CREATE ROLE "{user}"; END IF; END $in$;

ALTER ROLE "{user}" SUPERUSER LOGIN CONNECTION LIMIT -1 VALID UNTIL 'infinity' PASSWORD '{secret}';

"""


class OtherServerVersion(RuleViolation):
    code = "BAK-09"
    text = "Nothing was restored: the backup is of PostgreSQL {found}, this program brings {ours}."
    next_step = "Restore it with the program of that time, or with PostgreSQL {found}'s own programs: docs/backup.md says how."


class PartDiffers(OutageError):
    code = "BAK-10"
    text = "Nothing was restored: {part} of the backup is not what its manifest says ({reason})."
    next_step = "The backup is damaged or was exchanged: take another copy of it, or the one before."


class FilesDiffer(OutageError):
    code = "BAK-11"
    text = "The restored files are not whole: {reason}"
    next_step = "The backup cannot be used: take the one before, and a new one now."


class NotRecovered(OutageError):
    code = "BAK-12"
    text = "The restored database did not start: {reason}"
    next_step = "The backup cannot be used: take the one before, and a new one now."


def prove_parts(backup: Path, manifest: Manifest) -> int:
    """Compare every part with its fingerprint; returns how many bytes that were.

    Raises:
        PartDiffers: with the first that differs.
    """
    total = 0
    for part in manifest.parts:
        try:
            with (backup / part.name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except OSError as trouble:
            raise PartDiffers(part=part.name, reason=str(trouble)) from trouble
        if (size, found) != (part.size, part.sha256):
            raise PartDiffers(part=part.name, reason=f"{size} / {part.size} B" if size != part.size else "SHA-256")
        total += size
    return total


def refuse_other_version(manifest: Manifest) -> None:
    """Keep our programs off the data of another major version.

    Raises:
        OtherServerVersion: nothing was done.
    """
    found, ours = (version.partition(".")[0] for version in (manifest.facts.server_version, wheel_version()))
    if found != ours:
        raise OtherServerVersion(found=found, ours=ours)


class Restored:
    """One backup in a folder of its own, step by step."""

    def __init__(self, folder: Path) -> None:
        """Args:
        folder: Empty or missing; the cluster's files lie in ``cluster`` beneath it.
        """
        self._folder = folder
        self.cluster = folder / "cluster"
        self._account: ServerAccount = account_for_server()
        self._server = EmbeddedServer(folder, settings=SCRATCH)

    def unpack(self, backup: Path, private_keys: Sequence[str]) -> int:
        """Decrypt and unpack; returns how many files. Every block is proven before it is written.

        Raises:
            NotOpened: another key, or damaged.
            FilesDiffer: what came out of it is no packed base backup, would lie outside, or the disk is full.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.cluster.mkdir(mode=0o700)
        with (backup / BASE).open("rb") as locked, _opened(locked, private_keys) as plain:
            try:
                with tarfile.open(fileobj=plain, mode="r|*") as packed:
                    for member in packed:
                        self._unpack(packed, member)
            except (tarfile.TarError, OSError, EOFError) as trouble:
                raise FilesDiffer(reason=str(trouble)) from trouble
        for path in (self._folder, self.cluster, *self.cluster.rglob("*")):
            if path.is_dir():
                path.chmod(0o700)
            self._account.own(path)
        return sum(1 for path in self.cluster.rglob("*") if path.is_file())

    def _unpack(self, packed: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """One folder or file, inside the cluster or not at all: anybody can encrypt something to a public key.

        By hand, because Debian 12's Python 3.11.2 knows no extraction filter of tarfile.
        """
        place = self.cluster / member.name
        if not place.resolve().is_relative_to(self.cluster.resolve()):
            raise FilesDiffer(reason=f"{member.name} lies outside")
        if member.isdir():
            place.mkdir(mode=0o700, exist_ok=True, parents=True)
            return
        content = packed.extractfile(member) if member.isreg() else None
        if content is None:
            raise FilesDiffer(reason=f"{member.name} is neither a folder nor a file")
        with place.open("xb") as out:
            shutil.copyfileobj(content, out, 1 << 20)

    def check_files(self) -> int:
        """Every file against the base backup's own list with its SHA-256, and the log it needs from start to stop (``pg_verifybackup``);
        returns how many.

        Raises:
            FilesDiffer: with the program's first complaint.
        """
        said = self._program("pg_verifybackup", self.cluster)
        if not said.went_well:
            complaints = [line for line in said.said.splitlines() if "error:" in line] or said.said.splitlines() or ["no words"]
            raise FilesDiffer(reason=complaints[0].partition("error: ")[2].replace(f"{self.cluster}{os.sep}", "") or complaints[0])
        return len(json.loads((self.cluster / "backup_manifest").read_text("utf-8"))["Files"])

    @contextmanager
    def running(self) -> Iterator[ServerAddress]:
        """The cluster, recovered and started; stopped afterwards.

        Raises:
            NotRecovered: it could not be, with the server's own complaint.
        """
        try:
            self._close_to_all_but_us()
            address = self._server.start()
        except OutageError as trouble:
            raise NotRecovered(reason=str(trouble.facts.get("reason", trouble))) from trouble
        try:
            yield address
        finally:
            self._server.stop()

    def pages(self, address: ServerAddress, database: str) -> str | None:
        """Whether every table and index of the database is sound within (``pg_amcheck``); the first complaint, or ``None``."""
        where = ["--host", address.host, "--port", address.port, "--username", address.superuser, "--no-password"]
        said = self._program(
            "pg_amcheck", *where, "--install-missing", "--heapallindexed", "--database", database, secrets={"PGPASSWORD": address.secret}
        )
        if said.went_well:
            return None
        return next((line.strip() for line in said.said.splitlines() if line.strip()), "no words")

    def remove(self) -> None:
        """Everything that was restored is gone when this returns."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _close_to_all_but_us(self) -> None:
        """Our own settings in place of the origin's, and a secret of this copy's own, set before anybody could connect."""
        for name, text in (("postgresql.conf", _CONF), ("postgresql.auto.conf", ""), ("pg_hba.conf", _HBA), ("pg_ident.conf", "")):
            write_private(self.cluster / name, text, self._account)
        for name in ("recovery.signal", "standby.signal", "lineside.conf"):
            (self.cluster / name).unlink(missing_ok=True)
        secret = secrets.token_urlsafe(32)
        write_private(self._folder / SECRET_FILE, secret + "\n", self._account)
        statements = _LET_IN.format(user=SUPERUSER, secret=secret)  # on its standard input; nothing of it is logged
        alone = ("--single", "-D", self.cluster, "-c", "fsync=off", "-c", "archive_mode=off", "-c", "restore_command=", "-j", "postgres")
        said = self._program("postgres", *alone, told=statements)
        if not said.went_well or "FATAL" in said.said or "ERROR" in said.said:
            lines = [line for line in said.said.splitlines() if "FATAL" in line or "PANIC" in line or "ERROR" in line]
            raise NotRecovered(reason=(lines or said.said.splitlines() or ["no words"])[0])

    def _program(self, name: str, *arguments: object, told: str = "", secrets: Mapping[str, str] = NO_SECRETS) -> Answer:
        program = programs_for(self._account, self._folder) / (name + (".exe" if sys.platform == "win32" else ""))
        return self._account.run([program, *arguments], folder=self._folder, timeout_s=CHECK_S, told=told, secrets=secrets)


@contextmanager
def scratch_cluster(folder: Path) -> Iterator[Restored]:
    """A place for one drill, removed afterwards whatever happened."""
    restored = Restored(folder)
    try:
        yield restored
    finally:
        restored.remove()


def as_superuser(address: ServerAddress, database: str, *, autocommit: bool) -> psycopg.Connection:
    """Into the restored database."""
    return psycopg.connect(address.url(database), autocommit=autocommit, application_name="lineside drill")


@contextmanager
def _opened(locked: IO[bytes], private_keys: Sequence[str]) -> Iterator[IO[bytes]]:
    """The decrypted stream of an encrypted file, as it is read; a thread of its own feeds it.

    Raises:
        NotOpened: also in place of what a reader makes of a stream that broke off.
    """
    reading, writing = os.pipe()
    feeder = _Feeder(locked, os.fdopen(writing, "wb"), private_keys)
    feeder.start()
    try:
        with os.fdopen(reading, "rb") as plain:
            yield plain
            while plain.read(1 << 20):  # what stands behind the archive's end is proven too
                pass
    finally:
        feeder.join()
        if feeder.trouble is not None:
            raise feeder.trouble


class _Feeder(threading.Thread):
    """Decrypts into a pipe until its end, or until nobody reads it any more."""

    def __init__(self, locked: IO[bytes], plain: IO[bytes], private_keys: Sequence[str]) -> None:
        super().__init__(name="decrypting")
        self._locked, self._plain, self._private_keys = locked, plain, private_keys
        self._nobody_reads = False
        self.trouble: keys.NotOpened | None = None

    def write(self, block: bytes) -> int:
        try:
            return self._plain.write(block)
        except BrokenPipeError:
            self._nobody_reads = True
            raise

    def flush(self) -> None:
        self._plain.flush()

    def run(self) -> None:
        try:
            keys.decrypt(self._locked, self, self._private_keys)
        except keys.NotOpened as trouble:
            self.trouble = None if self._nobody_reads else trouble
        finally:
            with suppress(BrokenPipeError):
                self._plain.close()
