"""A backup counts only after its drill: restored where nobody reaches it, everything compared; each planted fault is named."""

import io
import json
import os
from pathlib import Path

import psycopg
import pytest

from app.core.backup.comparing import witness_differs
from app.core.backup.drill import CHECKS, _folder_in
from app.core.backup.keys import KeyOpen, KeyUnusable, NotOpened, decrypt, make_key, private_keys_in
from app.core.backup.manifest import BASE, NoBackup, read_manifest
from app.core.backup.restoring import OtherServerVersion, Restored
from app.core.database import Server
from app.core.stations import StationLink
from app.core.trust.witness import SEALS, Seen, TrailContradicts, TrailWitness, witness_file
from tests.backup.conftest import STATION, Kept, changed_manifest, fingerprinted, repacked, wrong_in

pytestmark = [pytest.mark.capability("K11"), pytest.mark.capability("R11-03")]


def test_a_backup_is_restored_with_counts_chains_and_witness_equal_and_nothing_of_it_is_left(kept: Kept):
    before = sorted(kept.folder.iterdir())
    drill = kept.drill(kept.second, kept.seen_second)
    assert (wrong_in(drill), drill.holds, drill.not_done) == ({}, True, ())
    compared = {one.check: one.compared for one in drill.checks}
    assert list(compared) == [check for check in CHECKS if check != "living"]
    assert drill.restored == kept.counted
    assert compared["chains"] == drill.restored["audit_log"] > 100
    assert compared["witness"] == len(kept.seen_second) >= 3
    assert {one.later for one in drill.checks} == {0}
    assert sorted(kept.folder.iterdir()) == before, "what was restored lay there in clear: it is gone"


def test_what_came_after_the_backup_is_no_contradiction_and_is_counted_as_such(kept: Kept):
    """Facts of the first moment over the copy of the second: as when others work while it is being copied."""
    backup = kept.copy(kept.second, "while-copying")
    first = json.loads((kept.first / "manifest.json").read_text("utf-8"))
    changed_manifest(backup, lambda told: told.update(facts=first["facts"]))
    drill = kept.drill(backup, kept.seen_first)
    assert wrong_in(drill) == {}
    assert drill.restored["lot"] == first["facts"]["rows"]["lot"] + 1


def test_an_older_state_under_a_newer_manifest_is_named_table_by_table_and_chain_by_chain(kept: Kept):
    backup = kept.copy(kept.first, "exchanged")
    second = json.loads((kept.second / "manifest.json").read_text("utf-8"))
    changed_manifest(backup, lambda told: told.update(facts=second["facts"]))
    drill = kept.drill(backup, kept.seen_second)
    wrong = wrong_in(drill)
    assert set(wrong) == {"counts", "heads"}, "in itself the older state is whole"
    assert "lot: the manifest has 2 rows, the restored database 1" in wrong["counts"]
    assert f"{STATION}/ui entry {kept.seen_second[f'{STATION}/ui'].seq}: it is not there" in wrong["heads"]
    (witness,) = [one for one in drill.checks if one.check == "witness"]
    assert witness.later > 0
    assert not drill.holds


def test_a_flipped_byte_is_named_by_the_fingerprint_and_under_a_forged_fingerprint_by_the_encryption(kept: Kept):
    backup = kept.copy(kept.first, "flipped")
    content = bytearray((backup / BASE).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / BASE).write_bytes(content)
    drill = kept.drill(backup)
    assert "base.tar.gz.age of the backup is not what its manifest says" in wrong_in(drill)["parts"][0]
    assert drill.not_done == tuple(check for check in CHECKS if check not in ("parts", "living"))
    fingerprinted(backup)
    drill = kept.drill(backup)
    assert "was not opened" in wrong_in(drill)["key"][0]
    assert not drill.holds


def test_a_cut_off_end_is_no_backup(kept: Kept):
    """Also where its fingerprint was forged: the end itself is proven."""
    content = (kept.first / BASE).read_bytes()
    with pytest.raises(NotOpened):
        decrypt(io.BytesIO(content[:-100]), io.BytesIO(), private_keys_in(kept.key))


def test_another_key_opens_nothing(kept: Kept):
    other = kept.folder / "other-key"
    make_key(other)
    drill = kept.drill(kept.first, key=other)
    assert "No matching keys found" in wrong_in(drill)["key"][0]
    other.unlink()


def test_a_missing_piece_of_the_log_is_named(kept: Kept):
    backup = kept.copy(kept.first, "no-log")
    gone = repacked(backup, kept.key, "pg_wal/0000")
    assert len(gone) >= 1
    (said,) = wrong_in(kept.drill(backup))["files"]
    assert "could not find any WAL file" in said


def test_a_restored_old_backup_is_noticed_by_a_station_at_its_next_look(kept: Kept, tmp_path: Path):
    """The real one, restored and running: whole in itself, the station alone knows better. Left by a killed drill, the next removes it."""
    left = kept.folder / "lineside-drill-left"
    restored = Restored(left / "server")
    restored.unpack(kept.first, private_keys_in(kept.key))
    with restored.running() as address:
        server = Server(host=address.host, port=address.port, dbname=kept.plant.server.dbname)
        link = StationLink(server, STATION, kept.plant.secrets[STATION])
        with pytest.raises(TrailContradicts, match=f"entry {kept.seen_second[f'{STATION}/ui'].seq} of {STATION}/ui"):
            TrailWitness(witness_file(kept.folder, STATION)).look(link)
        TrailWitness(tmp_path / "new.json").look(link)
        link.close()
        origin = {"host": address.host, "port": address.port, "user": "postgres", "password": kept.plant.address.secret}
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**origin, dbname="postgres")  # type: ignore[arg-type]
        with _folder_in(kept.folder):
            assert not left.exists(), "its data lay there in clear"
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address.url("postgres"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder to somebody else")
def test_what_only_bears_the_name_of_a_drill_is_left_alone(kept: Kept):
    strangers = kept.folder / "lineside-drill-of-somebody-else"
    strangers.mkdir()
    os.chown(strangers, 65534, 65534)
    (kept.folder / "lineside-drill-link").symlink_to(kept.first)
    with _folder_in(kept.folder):
        assert list(strangers.iterdir()) == []
    assert (kept.folder / "lineside-drill-link").is_symlink()
    strangers.rmdir()
    (kept.folder / "lineside-drill-link").unlink()


def test_a_witness_that_the_copy_must_have_and_has_otherwise_contradicts_it(kept: Kept):
    chain = f"{STATION}/ui"
    seen = {chain: Seen(seq=3, hash="ab" * 32), "REC-01/ui": Seen(seq=10**6, hash="cd" * 32), SEALS: Seen(seq=1, hash="ef" * 32)}
    with psycopg.connect(kept.plant.address.url(kept.plant.server.dbname)) as superuser:
        covered, wrong = witness_differs(superuser, seen)
    assert covered == 2
    assert wrong == [f"{chain} entry 3: it is another one", "seals entry 1: it is another one"]


def test_a_backup_of_another_major_version_is_not_tried(kept: Kept):
    backup = kept.copy(kept.first, "seventeen")
    changed_manifest(backup, lambda told: told["facts"].update(server_version="17.4"))  # type: ignore[attr-defined]
    with pytest.raises(OtherServerVersion, match=r"PostgreSQL 17, this program brings 18"):
        kept.drill(backup)


def test_a_folder_that_was_never_finished_is_no_backup(kept: Kept):
    unfinished = kept.copy(kept.first, "lineside-20260101T000000Z.part")
    with pytest.raises(NoBackup):
        read_manifest(unfinished)
    with pytest.raises(NoBackup):
        read_manifest(kept.folder)


def test_a_private_key_that_others_can_read_is_not_used(tmp_path: Path):
    key = tmp_path / "key"
    make_key(key)
    assert private_keys_in(key)[0].startswith("AGE-SECRET-KEY-1")
    key.chmod(0o644)
    with pytest.raises(KeyOpen):
        private_keys_in(key)
    key.chmod(0o600)
    key.write_text("AGE-SECRET-KEY-1NONSENSE\n", "utf-8")
    with pytest.raises(KeyUnusable):
        private_keys_in(key)
