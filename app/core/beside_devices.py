"""What lies beside a station's ``devices.toml`` for a machine that tells by itself: name and password, and the certificate that is trusted.

Neither ever stands in the file, on record or in a log. They change together with the entry: what was there before is put back when the
entry could not be written.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.core.devices_here import PrinterHere
from app.devices.settings import DeviceSettings

_log = logging.getLogger(__name__)

Papers = Mapping[Path, bytes | None]
"""What each file shall say from now on; ``None``: it is no more."""


def secret_beside(file: Path, code: str) -> Path:
    """Where name and password at a machine lie, one a line."""
    return file.parent / "machines" / f"{code}.secret"


def papers_of(file: Path, device: DeviceSettings | PrinterHere) -> Papers:
    """What must lie beside ``devices.toml`` for a device; a certificate nobody accepted now stays as it lies there."""
    tags = device.tags if isinstance(device, DeviceSettings) else None
    if tags is None:
        return {}
    access, papers = tags.access, dict[Path, bytes | None]()
    sign_in = access.sign_in
    papers[secret_beside(file, device.code)] = f"{sign_in.user}\n{sign_in.password}\n".encode() if sign_in is not None else None
    trusted = access.trusted_file(device.code)
    if trusted is not None and access.certificate is not None:
        papers[trusted] = access.certificate
    return papers


class Laid:
    """Whether what was laid down stays there."""

    is_kept = False

    def keep(self) -> None:
        """The entry was written: its papers stay."""
        self.is_kept = True


@contextmanager
def laid_beside(papers: Papers, *, only_try: bool) -> Iterator[Laid]:
    """What is new lies there while the entry is written and stays if `Laid.keep` is called; what was there before comes back otherwise.

    What shall be no more goes last: were the power to fail in between, an entry without its password would keep every device of the
    station from being connected.

    Args:
        papers: See `Papers`.
        only_try: Change nothing; only find out whether each could be written.

    Raises:
        OSError: the disk, or a right, is in the way; nothing was changed.
    """
    before: dict[Path, bytes | None] = {}
    laid = Laid()
    changed = {file: content for file, content in papers.items() if _content(file) != content}
    try:
        for file, content in changed.items():
            if only_try:
                _try(file)
            elif content is not None:
                before[file] = _content(file)
                _lay(file, content)
        yield laid
    finally:
        if laid.is_kept and not only_try:
            _take_away([file for file, content in changed.items() if content is None])
        if not laid.is_kept:
            for file, old in before.items():
                _lay(file, old)


def _take_away(files: list[Path]) -> None:
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as trouble:
            _log.warning("%s is of no more use and could not be deleted: %s", file, trouble.strerror)


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _lay(file: Path, content: bytes | None) -> None:
    """In one step, for this account alone (0600, folder 0700)."""
    if content is None:
        file.unlink(missing_ok=True)
        return
    half_done = _half_done(file)
    with os.fdopen(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    half_done.replace(file)


def _try(file: Path) -> None:
    """Whether its folder takes a file; nothing of what it shall say is written."""
    half_done = _half_done(file)
    half_done.touch(mode=0o600)
    half_done.unlink()


def _half_done(file: Path) -> Path:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_done = file.with_name(file.name + ".new")
    half_done.unlink(missing_ok=True)
    return half_done
