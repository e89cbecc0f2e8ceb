"""Two backups of one plant: after a day's work, and after the next day's; made once per test process."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
import pyrage
import pytest

from app.core.backup.drill import Drill, restore_drill
from app.core.backup.keys import make_key, private_keys_in, recipients_in
from app.core.backup.manifest import BASE, FILE, read_manifest
from app.core.backup.taking import Replication, take_backup
from app.core.embedded_server import ServerAddress
from app.core.server_programs import installed_programs
from app.core.trust.witness import Seen, TrailWitness, read_witness, witness_file
from tests.core.cluster import short_folder
from tests.plant import Plant, cloned

STATION = "IQC-02"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A plant, what was backed up of it, and what its station saw at either moment."""

    plant: Plant
    folder: Path
    first: Path
    second: Path
    seen_first: dict[str, Seen]
    seen_second: dict[str, Seen]
    counted: dict[str, int]
    """Rows by table at the second backup."""

    @property
    def key(self) -> Path:
        return self.folder / "key"

    def drill(self, backup: Path, seen: dict[str, Seen] | None = None, *, key: Path | None = None) -> Drill:
        """One drill; what was restored is gone again afterwards."""
        witnesses = {STATION: seen} if seen is not None else {}
        return restore_drill(backup, private_keys_in(key or self.key), witnesses=witnesses, living=None, scratch=self.folder)

    def copy(self, backup: Path, name: str) -> Path:
        """A copy to harm."""
        return Path(shutil.copytree(backup, self.folder / "harmed" / name))


def wrong_in(drill: Drill) -> dict[str, tuple[str, ...]]:
    """What each check that does not hold says."""
    return {one.check: one.wrong for one in drill.checks if one.wrong}


def taken(plant: Plant, folder: Path, key: Path) -> Path:
    """A backup as the superuser takes it."""
    recipients = folder / "recipients.txt"
    if not recipients.exists():
        recipients.write_text(f"# of the drill\n{make_key(key)}\n", "utf-8")
    source = Replication(server=plant.server, user="postgres", password=plant.address.secret, programs=installed_programs())
    with closing(psycopg.connect(plant.address.url(plant.server.dbname), autocommit=True)) as reader:
        return take_backup(reader, source, folder / "backups", recipients_in(recipients))


def looked(plant: Plant, folder: Path) -> dict[str, Seen]:
    """What the station has seen now."""
    with closing(plant.link(STATION)) as link:
        TrailWitness(witness_file(folder, STATION)).look(link)
    return read_witness(witness_file(folder, STATION))


@pytest.fixture(scope="session")
def kept(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Kept]:
    with cloned(cluster, station_secrets) as plant, short_folder() as folder:
        plant.inspect(plant.receive().lot, bad={2: "25.62"})
        plant.rows("SELECT lineside.seal_trail('shift end')")
        plant.close()
        seen_first, first = looked(plant, folder), taken(plant, folder, folder / "key")
        plant.inspect(plant.receive(supplier_lot="NF26-0932").lot)
        plant.close()
        seen_second, second = looked(plant, folder), taken_later(plant, folder, first)
        counted = {table: int(str(plant.rows(f"SELECT count(*) FROM {table}")[0][0])) for table in read_manifest(second)[0].facts.rows}
        seen = {"seen_first": seen_first, "seen_second": seen_second}
        yield Kept(plant=plant, folder=folder, first=first, second=second, counted=counted, **seen)


def taken_later(plant: Plant, folder: Path, first: Path) -> Path:
    """Names are seconds: one that was taken in the same second is refused, and asked for again."""
    while True:
        try:
            return taken(plant, folder, folder / "key")
        except Exception as trouble:
            if first.name not in str(trouble):
                raise


def changed_manifest(backup: Path, change: Callable[[dict[str, object]], None]) -> None:
    """Somebody writes another manifest: it is in clear, and nothing is hidden by that."""
    told = json.loads((backup / FILE).read_text("utf-8"))
    change(told)
    (backup / FILE).write_text(json.dumps(told), "utf-8")


def fingerprinted(backup: Path) -> None:
    """The manifest says of the part what it is now."""
    content = (backup / BASE).read_bytes()
    part = {"name": BASE, "size": len(content), "sha256": sha256(content).hexdigest()}
    changed_manifest(backup, lambda told: told.update(parts=[part]))


def repacked(backup: Path, key: Path, leave_out: str) -> list[str]:
    """The same backup without some files, encrypted for its recipients again; returns the names that were left out."""
    manifest, _ = read_manifest(backup)
    identity = pyrage.x25519.Identity.from_str(private_keys_in(key)[0])
    plain = io.BytesIO(pyrage.decrypt((backup / BASE).read_bytes(), [identity]))
    out, gone = io.BytesIO(), []
    with tarfile.open(fileobj=plain, mode="r:gz") as before, tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as after:
        for member in before:
            if leave_out in member.name and member.isfile():
                gone.append(member.name)
            else:
                after.addfile(member, before.extractfile(member) if member.isfile() else None)
    (backup / BASE).write_bytes(pyrage.encrypt(out.getvalue(), [pyrage.x25519.Recipient.from_str(one) for one in manifest.recipients]))
    fingerprinted(backup)
    return gone
