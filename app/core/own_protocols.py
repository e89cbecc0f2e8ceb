"""The plant's own protocols at a station: asked of the database when the window opens, kept beside ``devices.toml`` for when it is away.

What is kept serves the eyes: a station whose database does not answer shows what its devices say. Whether a value may be stored is decided
where it is stored, by the revision that is in effect then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.core.logs import log
from app.core.stations import StationLink
from app.devices.patterns.definition import DefinitionRefused, read_definition
from app.devices.protocol import Family, speak_own


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedText:
    """One protocol in effect, as it was signed."""

    id: UUID
    code: str
    revision: int
    source: str
    sha256: str
    """Hexadecimal, as the database has it."""


def protocols_file(devices_file: Path) -> Path:
    """Where a station keeps them: beside its devices."""
    return devices_file.with_name("protocols.json")


def ask_protocols(link: StationLink) -> list[SignedText]:
    """What is in effect at the station's site today.

    Raises:
        OutageError: the database is away.
    """
    rows = link.ask("SELECT p.* FROM lineside.this_station() s, lineside.own_protocols(s.site) p")
    return [
        SignedText(id=row["id"], code=row["code"], revision=row["revision"], source=row["source"], sha256=bytes(row["sha256"]).hex())
        for row in rows
    ]


def keep_protocols(file: Path, texts: Sequence[SignedText]) -> None:
    """Write them down; the file is replaced in one step."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_done = file.with_name(file.name + ".new")
    rows = [{"id": str(one.id), "code": one.code, "revision": one.revision, "source": one.source, "sha256": one.sha256} for one in texts]
    half_done.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    half_done.replace(file)


def kept_protocols(file: Path) -> list[SignedText]:
    """What was written down last; a file that is not there, or that cannot be read, holds none: the database has them."""
    try:
        rows = json.loads(file.read_text("utf-8"))
        return [
            SignedText(id=UUID(row["id"]), code=row["code"], revision=row["revision"], source=row["source"], sha256=row["sha256"])
            for row in rows
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        log("devices").warning("the kept protocols were not read", file=str(file), reason=str(trouble))
        return []


def families_of(texts: Sequence[SignedText]) -> list[Family]:
    """As the station speaks them. A text that is not what was signed, or that this version refuses, is left out and named in the log."""
    found: list[Family] = []
    for one in texts:
        try:
            definition = read_definition(one.source)
        except DefinitionRefused as refused:
            log("devices").warning("an own protocol is not spoken", protocol=one.code, revision=one.revision, reason=str(refused.what))
            continue
        same = definition.sha256 == one.sha256 == hashlib.sha256(one.source.encode("utf-8")).hexdigest()
        if not same or (definition.written.key, definition.written.revision) != (one.code, one.revision):
            log("devices").warning("an own protocol is not what was signed", protocol=one.code, revision=one.revision)
            continue
        found.append(definition.family(one.id))
    return found


def speak_kept(file: Path) -> None:
    """Speak what was written down last; the database is not asked."""
    speak_own(families_of(kept_protocols(file)))


def speak_newest(link: StationLink, file: Path) -> None:
    """Speak what is in effect today and write it down; see `ask_protocols` for what it raises.

    A file that takes nothing hinders nobody: the next start asks again.
    """
    texts = ask_protocols(link)
    speak_own(families_of(texts))
    try:
        keep_protocols(file, texts)
    except OSError as trouble:
        log("devices").warning("the own protocols were not written down", file=str(file), reason=str(trouble))
