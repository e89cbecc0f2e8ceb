"""What reaches the disk is encrypted and whole, or it is not there; who copies the server may do nothing else."""

import io
import shutil
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pyrage
import pytest

from app.core.backup.keys import KeyThere, RecipientsUnusable, make_key, private_keys_in, recipients_in
from app.core.backup.manifest import BASE, finished_in, read_manifest
from app.core.backup.restoring import FilesDiffer, Restored
from app.core.backup.taking import BackupFailed, BackupUnderWay, Replication, forget_older, take_backup
from app.core.file_locks import FileLock
from app.core.people import verifier_of
from app.core.server_programs import installed_programs
from tests.backup.conftest import Kept
from tests.core.cluster import short_folder
from tests.plant import Plant

pytestmark = pytest.mark.capability("K11")


def source_of(plant: Plant, **other: object) -> Replication:
    made = Replication(server=plant.server, user="postgres", password=plant.address.secret, programs=installed_programs())
    return replace(made, **other)  # type: ignore[arg-type]


def test_nothing_in_a_backup_can_be_read_without_a_key(kept: Kept):
    for file in kept.first.iterdir():
        assert b"NF26-0931" not in file.read_bytes()
        assert b"SCRAM-SHA-256" not in file.read_bytes()
    assert sorted(file.name for file in kept.first.iterdir()) == [BASE, "manifest.json"]


def test_any_program_that_reads_age_opens_it(kept: Kept):
    """Nothing of ours is needed: decrypt, then an ordinary archive of an ordinary base backup."""
    identity = pyrage.x25519.Identity.from_str(private_keys_in(kept.key)[0])
    assert (kept.first / BASE).read_bytes().startswith(b"age-encryption.org/v1\n-> X25519 ")
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt((kept.first / BASE).read_bytes(), [identity])), mode="r:gz") as packed:
        assert {"backup_label", "backup_manifest", "global/pg_control"} <= set(packed.getnames())


def test_the_manifest_says_what_it_is_of_and_who_can_open_it(kept: Kept):
    manifest, digest = read_manifest(kept.first)
    assert len(digest) == 64
    assert manifest.facts.rows["lot"] == 1
    assert manifest.facts.system == kept.plant.rows("SELECT system_identifier::text FROM pg_control_system()")[0][0]
    assert manifest.recipients == recipients_in(kept.folder / "recipients.txt")
    assert manifest.wal_start < manifest.wal_stop
    assert set(manifest.facts.heads) >= set(kept.seen_first)


def test_a_backup_that_fails_leaves_no_backup_and_takes_none_of_the_others(kept: Kept):
    before = finished_in(kept.folder / "backups")
    left = kept.folder / "backups" / "lineside-20200101T000000Z.part"
    left.mkdir()
    with (
        closing(psycopg.connect(kept.plant.address.url(kept.plant.server.dbname), autocommit=True)) as reader,
        pytest.raises(BackupFailed, match="password"),
    ):
        take_backup(reader, source_of(kept.plant, password="not the one"), kept.folder / "backups", [])
    assert finished_in(kept.folder / "backups") == before
    assert list((kept.folder / "backups").glob("*.part")) == [], "what a killed program left is gone too"


def test_two_backups_at_once_are_refused(kept: Kept):
    lock = FileLock(kept.folder / "backups" / "backup.lock")
    assert lock.take(shared=False, wait_s=0)
    try:
        with (
            closing(psycopg.connect(kept.plant.address.url(kept.plant.server.dbname), autocommit=True)) as reader,
            pytest.raises(BackupUnderWay),
        ):
            take_backup(reader, source_of(kept.plant), kept.folder / "backups", [])
    finally:
        lock.release()


def test_the_newest_are_kept(kept: Kept, tmp_path: Path):
    for day in range(1, 6):
        shutil.copytree(kept.first, tmp_path / f"lineside-2026010{day}T000000Z")
    (tmp_path / "lineside-20260109T000000Z.part").mkdir()
    assert [one.name for one in forget_older(tmp_path, 2)] == [f"lineside-2026010{day}T000000Z" for day in (1, 2, 3)]
    assert [one.name for one in finished_in(tmp_path)] == ["lineside-20260104T000000Z", "lineside-20260105T000000Z"]


@pytest.mark.parametrize("written", ["", "# nobody\n", "age1nonsense\n"])
def test_recipients_that_name_nobody_are_refused_before_anything_is_done(tmp_path: Path, written: str):
    file = tmp_path / "recipients.txt"
    file.write_text(written, "utf-8")
    with pytest.raises(RecipientsUnusable):
        recipients_in(file)
    with pytest.raises(RecipientsUnusable):
        recipients_in(tmp_path / "none.txt")


def test_a_key_is_never_written_over(tmp_path: Path):
    make_key(tmp_path / "key")
    with pytest.raises(KeyThere):
        make_key(tmp_path / "key")


def test_who_copies_the_server_reads_and_changes_nothing_through_sql(plant: Plant):
    """Its secret copies everything, though: it is kept like the superuser's."""
    with psycopg.connect(plant.address.url("postgres"), autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE lineside_backup PASSWORD '{verifier_of(superuser, 'lineside_backup', 'a secret of ours')}'")
        try:
            for database in (plant.server.dbname, "postgres", "template1"):
                with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                    psycopg.connect(plant.address.url(database, user="lineside_backup", secret="a secret of ours"))
            where = {"host": plant.server.host, "port": plant.server.port, "user": "lineside_backup", "password": "a secret of ours"}
            with psycopg.connect(**where, replication="true", autocommit=True) as copying:  # type: ignore[arg-type]
                assert copying.execute("IDENTIFY_SYSTEM").fetchone() is not None
                with pytest.raises(psycopg.Error):
                    copying.execute("SELECT 1")
        finally:
            superuser.execute("ALTER ROLE lineside_backup PASSWORD NULL")


def archive(*members: tuple[str, bytes | None]) -> bytes:
    """A packed archive; without content a link to a file outside."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for name, content in members:
            one = tarfile.TarInfo(name)
            one.size = len(content or b"")
            if content is None:
                one.type, one.linkname = tarfile.SYMTYPE, "/etc/passwd"
            packed.addfile(one, io.BytesIO(content or b""))
    return out.getvalue()


@pytest.mark.parametrize("evil", [("../outside", b"x"), ("/tmp/outside-of-lineside", b"x"), ("inside/../../outside", b"x"), ("link", None)])
def test_what_somebody_else_encrypted_to_the_public_key_writes_nothing_outside(kept: Kept, evil: tuple[str, bytes | None]):
    with short_folder() as folder:
        made = folder / "backup"
        made.mkdir()
        recipient = pyrage.x25519.Recipient.from_str(recipients_in(kept.folder / "recipients.txt")[0])
        (made / BASE).write_bytes(pyrage.encrypt(archive(("PG_VERSION", b"18"), evil), [recipient]))
        with pytest.raises(FilesDiffer):
            Restored(folder / "scratch").unpack(made, private_keys_in(kept.key))
        assert sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file() or file.is_symlink()) == [
            f"backup/{BASE}",
            "scratch/cluster/PG_VERSION",
        ]
    assert not Path("/tmp/outside-of-lineside").exists()
