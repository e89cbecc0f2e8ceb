"""Who can open a backup: public keys of its recipients on the computer that backs up, the private key elsewhere. Format: age, version 1.

A backup can be opened without this program as well: ``age --decrypt -i KEY -o base.tar.gz base.tar.gz.age`` (https://age-encryption.org/v1).
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Protocol

import pyrage

from app.base.errors import OutageError, RuleViolation

_CREATED = "# public key: "


class Writes(Protocol):
    """Whatever takes bytes in their order."""

    def write(self, block: bytes, /) -> int: ...
    def flush(self) -> None: ...


class RecipientsUnusable(RuleViolation):
    code = "BAK-01"
    text = "No backup was taken: {file} names nobody who could open it ({reason})."
    next_step = "Make a key with: python main.py db backup-key --out FILE, and write its public key (age1…) into the file, one a line."


class KeyUnusable(RuleViolation):
    code = "BAK-02"
    text = "Nothing was restored: {file} holds no private key of a backup ({reason})."
    next_step = "Name the file that db backup-key made, or one of age-keygen; it stands where docs/backup.md says it is kept."


class KeyOpen(RuleViolation):
    """A private key that others can read opens every backup to them."""

    code = "BAK-03"
    text = "Nothing was restored: other accounts of this computer can read the private key in {file}."
    next_step = "Take their right to read the file away (chmod 600); if somebody may have read it, make a new key and take a new backup."


class KeyThere(RuleViolation):
    code = "BAK-04"
    text = "No key was made: there is already a file {file}."
    next_step = "Choose another name. An old key is kept as long as a backup that only it can open."


class NotOpened(OutageError):
    code = "BAK-05"
    text = "The backup was not opened with this key: {reason}"
    next_step = "Take the key whose public part its manifest names under “recipients”; if it is that one, the backup is damaged."


def make_key(file: Path) -> str:
    """Write a new private key (0600, as ``age-keygen`` writes it); returns its public key.

    Raises:
        KeyThere: nothing was written.
    """
    key = pyrage.x25519.Identity.generate()
    public = str(key.to_public())
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(f"{_CREATED}{public}\n{key}\n")
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError as trouble:
        raise KeyThere(file=file) from trouble
    return public


def recipients_in(file: Path) -> tuple[str, ...]:
    """Public keys, one a line, as ``age -R`` reads them; lines with # are remarks.

    Raises:
        RecipientsUnusable: the file is not there, names nobody, or a line is no public key.
    """
    lines = _lines(file, RecipientsUnusable)
    for number, line in enumerate(lines, 1):
        try:
            pyrage.x25519.Recipient.from_str(line)
        except pyrage.RecipientError as trouble:
            raise RecipientsUnusable(file=file, reason=f"{number}: {trouble}") from trouble
    return tuple(lines)


def private_keys_in(file: Path) -> tuple[str, ...]:
    """Private keys, one a line, as ``age -i`` reads them.

    Raises:
        KeyUnusable: the file is not there, or a line is no private key.
        KeyOpen: other accounts may read it (not checked on Windows, where the profile folder is closed).
    """
    lines = _lines(file, KeyUnusable)
    if sys.platform != "win32" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise KeyOpen(file=file)
    for line in lines:
        try:
            pyrage.x25519.Identity.from_str(line)
        except pyrage.IdentityError as trouble:
            raise KeyUnusable(file=file, reason=str(trouble)) from trouble
    return tuple(lines)


def encrypt(plain: IO[bytes], locked: Writes, recipients: Sequence[str]) -> None:
    """Read one stream to its end and write it so that only the recipients' private keys open it.

    Raises:
        OSError: the one could not be read or the other not written.
    """
    pyrage.encrypt_io(plain, locked, [pyrage.x25519.Recipient.from_str(public) for public in recipients])


def decrypt(locked: IO[bytes], plain: Writes, private_keys: Sequence[str]) -> None:
    """The opposite; every block is proven before it is written.

    Raises:
        NotOpened: another key, a changed byte, or its end is missing.
    """
    try:
        pyrage.decrypt_io(locked, plain, [pyrage.x25519.Identity.from_str(key) for key in private_keys])
    except (pyrage.DecryptError, OSError) as trouble:
        raise NotOpened(reason=str(trouble)) from trouble


def _lines(file: Path, trouble: type[RecipientsUnusable | KeyUnusable]) -> list[str]:
    try:
        written = [line.strip() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as why:
        raise trouble(file=file, reason=str(why)) from why
    lines = [line for line in written if line and not line.startswith("#")]
    if not lines:
        raise trouble(file=file, reason="-")
    return lines
