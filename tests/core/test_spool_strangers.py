"""A file in the place of the spool that is not its own, and one that is gone: no stranger is changed, and a person hears of it."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core.spool import numbered_files
from app.core.spool.refusals import StoreDiskRefuses
from tests.core.spool_station import Central, Station

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R2")]


def numbered(first: int, last: int) -> list[bytes]:
    return [b"value %06d" % n for n in range(first, last + 1)]


def kept(station: Station, payloads: list[bytes]) -> None:
    station.start().put("reading", payloads)
    station.stop()


def other_programs_database(journal: str) -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
        connection.executemany("INSERT INTO recipe VALUES (?)", [("soup" * 100,)] * 300)
        content = bytearray(connection.serialize())
    content[18:20] = b"\x02\x02" if journal == "wal" else b"\x01\x01"
    return bytes(content)


@pytest.mark.parametrize(
    "stranger",
    [other_programs_database("delete"), other_programs_database("wal"), b"", bytes(8_192), b"%PDF-1.7 " * 900, os.urandom(20_000)],
    ids=["database", "database with a journal", "empty", "zeros", "paper", "noise"],
)
def test_a_strangers_file_in_its_place_is_kept_byte_by_byte_and_work_goes_on_in_a_new_one(station, stranger):
    kept(station, numbered(1, 5))
    station.file().write_bytes(stranger)
    spool = station.start()
    (told,) = station.ear.troubles
    assert "its head is not ours" in str(told)
    assert "Entries saved: 0. Entries that could not be saved: an unknown number." in str(told)
    spool.put("reading", [b"work goes on"])
    assert station.drain(Central()).payloads == [b"work goes on"]
    station.stop()
    assert station.file().read_bytes() == stranger
    assert station.files() == ["outbox-0001.sqlite", "outbox-0002.sqlite"]


def test_another_stores_file_in_its_place_is_noticed_and_its_entries_are_not_thrown_away(station, tmp_path):
    kept(station, numbered(1, 5))
    other = Station(tmp_path / "other")
    kept(other, numbered(11, 13))
    station.file().write_bytes(other.file().read_bytes())
    station.start()
    (told,) = station.ear.troubles
    assert "not the one in which this station kept its entries" in str(told)
    assert "这不是本工位保存记录的文件" in told.what.in_language(Language.ZH)
    assert "an unknown number" in str(told)
    assert station.drain(Central()).payloads == numbered(11, 13)
    station.restart()
    assert station.ear.troubles == []


def test_a_file_that_is_gone_is_told_with_how_many_entries_it_kept(station):
    kept(station, numbered(1, 5))
    station.file().unlink()
    spool = station.start()
    (told,) = station.ear.troubles
    assert told.code == "spool.gone"
    assert "Entries it had kept: 5." in str(told)
    assert "已不在" in told.what.in_language(Language.ZH)
    spool.put("reading", [b"work goes on"])
    station.restart()
    assert station.ear.troubles == []
    assert station.drain(Central()).payloads == [b"work goes on"]


def test_a_journal_whose_file_is_gone_is_not_read_into_the_new_one(station):
    spool = station.start()
    for n in range(1, 20):
        spool.put("reading", numbered(n, n))
    crashed = station.crashed_copy(station.folder.with_name("crashed"))
    crashed.file().unlink()
    journal = crashed.folder / "outbox-0001.sqlite-wal"
    content = journal.read_bytes()
    crashed.start().put("reading", [b"work goes on"])
    assert crashed.ear.codes == ["spool.gone"]
    assert crashed.drain(Central()).payloads == [b"work goes on"]
    assert crashed.spool.check().sound
    crashed.stop()
    assert journal.read_bytes() == content
    assert crashed.files() == ["outbox-0002.sqlite"]


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what a handle is")
def test_a_new_stations_folders_have_their_names_on_the_disk_before_anything_is_kept_in_them(tmp_path, monkeypatch):
    waited: list[Path] = []
    plain = os.fsync
    monkeypatch.setattr(
        numbered_files.os, "fsync", lambda handle: (waited.append(Path(f"/proc/self/fd/{handle}").readlink()), plain(handle))
    )
    station = Station(tmp_path / "plant" / "spool" / "REC-01")
    station.start()
    station.stop()
    assert {tmp_path, tmp_path / "plant", tmp_path / "plant" / "spool", station.folder} <= set(waited)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_takes_the_journal_but_not_the_file_leaves_the_damaged_one_in_charge_and_costs_nothing(station):
    import resource

    payloads = [b"%06d " % n + b"x" * 1_000 for n in range(6_000)]
    kept(station, payloads)
    station.ask("DROP TRIGGER outbox_never_drops")
    station.ask("DELETE FROM outbox WHERE seq = 4")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (station.file().stat().st_size - 2**20, hard))
    try:
        with pytest.raises(StoreDiskRefuses):
            station.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert station.files() == ["outbox-0001.sqlite"]
    station.start()
    assert (station.ear.troubles[0].facts["salvaged"], station.ear.troubles[0].facts["left"]) == (5_999, 1)
    assert station.drain(Central()).payloads == payloads[:3] + payloads[4:]
