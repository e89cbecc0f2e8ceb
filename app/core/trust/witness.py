"""A station remembers outside the database what it saw last of its own chains and of the seals, and compares at every look.

Who cuts the end of the trail off and mends its head, computes a chain anew, restores an old backup or lets a lagging standby take over
leaves a database that is whole in itself. The witness is what contradicts it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from app.base.errors import OutageError
from app.core.stations import StationLink

SEALS = "seals"
"""Stands among the chains for the seals."""
_FOLDER = "witness"


class TrailContradicts(OutageError):
    code = "TRL-01"
    text = "Nothing is recorded here: entry {seq} of {chain} is not what this station saw when it was written, or it is gone."
    next_step = "Call Quality and IT: an old copy of the database may be in use, or somebody changed the trail. Work stays as it is."


class WitnessUnreadable(OutageError):
    code = "TRL-02"
    text = "Nothing is recorded here: what this station saw of the trail cannot be read from {file} ({reason})."
    next_step = "Let IT look at the disk of this computer; an administrator begins anew with: python main.py witness renew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The newest entry of one chain that this station has seen."""

    seq: int
    hash: str
    """Hex."""


def witness_file(data_folder: Path, station: str) -> Path:
    """Where a station keeps what it saw."""
    return data_folder / _FOLDER / f"{quote(station, safe='')}.json"


def read_witness(file: Path) -> dict[str, Seen]:
    """What was seen, by chain; a file that is not there means: nothing yet.

    Raises:
        WitnessUnreadable: it cannot be read, or it is no witness.
    """
    try:
        told = json.loads(file.read_text("utf-8"))
        return {str(chain): Seen(seq=int(seq), hash=bytes.fromhex(digest).hex()) for chain, (seq, digest) in told.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as trouble:
        raise WitnessUnreadable(file=file, reason=str(trouble) or type(trouble).__name__) from trouble


def witnesses_here(data_folder: Path, *others: Path) -> dict[str, dict[str, Seen]]:
    """What every station of this computer has seen, by station, and what stands in other files.

    Raises:
        WitnessUnreadable: one of them cannot be read.
    """
    files = (*sorted((data_folder / _FOLDER).glob("*.json")), *others)
    return {unquote(file.stem): read_witness(file) for file in files}


def write_witness(file: Path, seen: Mapping[str, Seen]) -> None:
    """Replace the file in one step; it is on the disk when this returns.

    Raises:
        OSError: it could not be written; the one before stands.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_done = file.with_name(file.name + ".new")
    with half_done.open("w", encoding="utf-8") as out:
        json.dump({chain: [one.seq, one.hash] for chain, one in sorted(seen.items())}, out)
        out.flush()
        os.fsync(out.fileno())
    half_done.replace(file)


def what_stands(link: StationLink) -> dict[str, Seen]:
    """The newest of this station's chains and of the seals, as the database has them now."""
    rows = link.ask("SELECT * FROM lineside.witness_look(%s, %s)", [], [])
    return {row["chain"]: Seen(seq=row["seq"], hash=bytes(row["hash"]).hex()) for row in rows if row["seq"]}


class TrailWitness:
    """Of one station; one thread uses it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: dict[str, Seen] | None = None

    def look(self, link: StationLink) -> None:
        """Compare with the database what was seen, then remember what is newest there.

        Raises:
            TrailContradicts: with the first chain that differs; nothing is forgotten and nothing new is learnt.
            WitnessUnreadable: the file is damaged, or cannot be written.
            DatabaseAway: nothing was compared.
        """
        seen = self._seen if self._seen is not None else read_witness(self._file)
        chains = sorted(seen)
        rows = link.ask("SELECT * FROM lineside.witness_look(%s, %s)", chains, [seen[chain].seq for chain in chains])
        now: dict[str, Seen] = {}
        for row in rows:
            before = seen.get(row["chain"])
            then = row["then_hash"]
            if before is not None and (then is None or bytes(then).hex() != before.hash):
                raise TrailContradicts(chain=row["chain"], seq=before.seq)
            if row["seq"] is not None and row["seq"] > 0:
                now[row["chain"]] = Seen(seq=row["seq"], hash=bytes(row["hash"]).hex())
            elif before is not None:
                now[row["chain"]] = before
        gone = [chain for chain in chains if chain not in {row["chain"] for row in rows}]
        if gone:  # the database does not even answer for it
            raise TrailContradicts(chain=gone[0], seq=seen[gone[0]].seq)
        if now != seen:
            try:
                write_witness(self._file, now)
            except OSError as trouble:
                raise WitnessUnreadable(file=self._file, reason=str(trouble)) from trouble
        self._seen = now
