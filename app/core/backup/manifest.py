"""What stands beside a backup in clear: what it is of, what it must hold when it is restored, and the fingerprints of its parts."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.base.errors import RuleViolation
from app.core.backup.facts import PlantFacts

FORM = "LB1"
FILE = "manifest.json"
BASE = "base.tar.gz.age"
"""The one part: a base backup with the log it needs, packed, encrypted."""
PREFIX = "lineside-"
UNFINISHED = ".part"


class NoBackup(RuleViolation):
    code = "BAK-06"
    text = "Nothing was restored: {folder} holds no finished backup ({reason})."
    next_step = "Name a folder that holds {file}; one that ends in .part was never finished."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Of one backup. Everything that was committed when `facts` were taken is in it; what came while it was being copied may be."""

    form: str
    facts: PlantFacts
    finished_at: datetime
    timeline: int
    wal_start: str
    wal_stop: str
    recipients: tuple[str, ...]
    """Public keys; any one of their private keys opens it."""
    parts: tuple[Part, ...]


_READ: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it; it is on the disk when this returns."""
    with (folder / FILE).open("w", encoding="utf-8") as out:
        json.dump(asdict(manifest), out, ensure_ascii=False, indent=1, default=_plain)
        out.flush()
        os.fsync(out.fileno())


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """The manifest of a backup, and its SHA-256.

    Raises:
        NoBackup: not there, not finished, or not one of ours.
    """
    if folder.name.endswith(UNFINISHED):
        raise NoBackup(folder=folder, file=FILE, reason=UNFINISHED)
    try:
        told = (folder / FILE).read_bytes()
        manifest = _READ.validate_json(told)
    except (OSError, ValidationError) as trouble:
        first = trouble.errors(include_url=False, include_input=False)[0]["msg"] if isinstance(trouble, ValidationError) else str(trouble)
        raise NoBackup(folder=folder, file=FILE, reason=first) from trouble
    if manifest.form != FORM:
        raise NoBackup(folder=folder, file=FILE, reason=manifest.form)
    return manifest, hashlib.sha256(told).hexdigest()


def finished_in(folder: Path) -> list[Path]:
    """Finished backups in a folder, oldest first; their names are their times."""
    return sorted(one for one in folder.glob(PREFIX + "*") if not one.name.endswith(UNFINISHED) and (one / FILE).is_file())


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
