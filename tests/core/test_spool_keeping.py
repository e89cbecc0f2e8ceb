"""What was put is on the station's disk, in order, bound in a chain, and in one program's hands only."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core import database
from app.core.database import WrongThread
from app.core.spool.refusals import StoreClosed, StoreDiskRefuses, StoreNewer, StoreTaken, StoreUnsafe
from app.core.spool.sqlite import connect, make_safe
from app.core.spool.standing import Standing
from app.core.station_files import spool_folder
from tests.core.spool_station import Central, Station

pytestmark = pytest.mark.capability("R1")


def other_program(folder: Path, *what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.core.spool_child", str(folder), *what]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_entries_come_back_after_a_restart_as_they_were_put_and_in_their_order(station):
    spool = station.start()
    ids = [*spool.put("reading", [b"12.50 mm"]), *spool.put("sample", [b"\x00\xff", b"", b"x" * 100_000])]
    assert len(set(ids)) == 4
    assert all(one.version == 7 for one in ids)
    station.restart()
    central = station.drain(Central())
    assert list(central.taken) == ids
    assert central.payloads == [b"12.50 mm", b"\x00\xff", b"", b"x" * 100_000]
    assert [row.kind for row in central.taken.values()] == ["reading", "sample", "sample", "sample"]
    first, *others = central.taken.values()
    assert first.wall.utcoffset().total_seconds() == 0
    assert first.mono_ns > 0
    assert {row.boot_id for row in others} == {first.boot_id}


def test_every_entry_is_bound_to_the_one_before(station):
    spool = station.start()
    spool.put("reading", [b"1", b"2"])
    spool.put("reading", [b"3"])
    rows = list(station.drain(Central()).taken.values())
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev for row in rows[1:]] == [row.hash for row in rows[:-1]]
    findings = spool.check()
    assert (findings.entries, findings.sound) == (3, True)


def test_putting_nothing_keeps_nothing(station):
    assert station.start().put("reading", []) == ()
    assert station.spool.state().waiting == 0


def test_a_batch_is_kept_all_or_none(station):
    spool = station.start()
    with pytest.raises(sqlite3.IntegrityError):
        spool.put("k" * 101, [b"1", b"2"])
    assert spool.state().waiting == 0
    spool.put("reading", [b"3"])
    assert station.drain(Central()).payloads == [b"3"]
    assert spool.check().sound


def test_many_threads_put_at_once_and_each_finds_its_own_in_its_own_order(station):
    spool = station.start()
    own: dict[int, list] = {n: [] for n in range(8)}

    def machine(n: int) -> None:
        for k in range(25):
            own[n] += spool.put(f"machine {n}", [f"{n}/{k}".encode()])

    threads = [threading.Thread(target=machine, args=(n,)) for n in own]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    central = station.drain(Central(), batch=7)
    assert len(central.taken) == 200
    for n, ids in own.items():
        assert [one for one, row in central.taken.items() if row.kind == f"machine {n}"] == ids
    assert spool.check().sound


def test_a_second_program_of_the_same_station_is_told_so_and_changes_nothing(station):
    station.start().put("reading", [b"1"])
    second = Station(station.folder)
    with pytest.raises(StoreTaken, match="another program") as refused:
        second.start()
    assert str(refused.value.next).startswith("Go on in the program that is open")
    assert "本机另一程序" in refused.value.what.in_language(Language.ZH)
    child = other_program(station.folder, "hold")
    assert child.communicate("")[0] == "spool.taken\n"
    station.spool.put("reading", [b"2"])
    assert station.drain(Central()).payloads == [b"1", b"2"]


def test_a_program_that_died_keeps_nobody_out(station):
    child = other_program(station.folder, "hold")
    assert child.stdout is not None
    assert child.stdout.readline() == "here\n"
    with pytest.raises(StoreTaken):
        station.start()
    child.kill()
    child.communicate()
    station.start().put("reading", [b"1"])


def test_no_plain_tool_gets_into_the_file_while_the_program_runs(station):
    station.start().put("reading", [b"1"])
    tool = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT count(*) FROM outbox')"
    asked = subprocess.run([sys.executable, "-c", tool, str(station.file())], capture_output=True, text=True, check=False)
    assert "database is locked" in asked.stderr


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE outbox SET payload = x'00'", "the content of an entry stands"),
        ("UPDATE outbox SET kind = 'other'", "the content of an entry stands"),
        ("DELETE FROM outbox", "leaves only after it was forwarded"),
        ("UPDATE outbox SET state = 'gone'", "CHECK"),
    ],
)
def test_the_file_itself_refuses_to_drop_or_to_change_an_entry(station, statement, said):
    station.start().put("reading", [b"1"])
    station.stop()
    with pytest.raises(sqlite3.IntegrityError, match=said):
        station.ask(statement)


def test_a_forwarded_entry_stays_forwarded(station):
    station.start().put("reading", [b"1"])
    station.drain(Central())
    station.stop()
    with pytest.raises(sqlite3.IntegrityError, match="stays forwarded"):
        station.ask("UPDATE outbox SET state = 'waiting'")


def test_a_disk_on_which_nothing_can_be_kept_safely_is_refused():
    in_memory = sqlite3.connect(":memory:")  # takes no journal that outlives the power, as some network disks do not
    try:
        with pytest.raises(StoreUnsafe, match="journal_mode is memory"):
            make_safe(in_memory, Path("spool"))
    finally:
        in_memory.close()


def test_every_put_waits_for_the_disk_and_no_other_program_shares_the_file(tmp_path):
    connection = connect(tmp_path / "outbox.sqlite", new=True)
    try:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode", "locking_mode")}
    finally:
        connection.close()
    assert found == {"synchronous": 2, "journal_mode": "wal", "locking_mode": "exclusive"}
    assert not (tmp_path / "outbox.sqlite-shm").exists()


def test_the_file_of_a_newer_program_is_left_as_it_is(station):
    station.start().put("reading", [b"1"])
    station.stop()
    station.ask("PRAGMA user_version = 9")
    before = station.file().read_bytes()
    with pytest.raises(StoreNewer, match="outbox-0001"):
        station.start()
    assert station.file().read_bytes() == before
    assert station.files() == ["outbox-0001.sqlite"]
    station.ask("PRAGMA user_version = 1")
    station.start()
    assert station.drain(Central()).payloads == [b"1"]


def test_a_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "spool").write_text("a file in its place")
    with pytest.raises(StoreDiskRefuses, match="spool"):
        Station(tmp_path / "spool").start()


def test_a_first_start_cut_by_the_power_is_simply_done_again(station):
    station.start()
    station.stop()
    station.file().unlink()
    (station.folder / "outbox.new").write_bytes(b"half a file")
    spool = station.start()
    spool.put("reading", [b"1"])
    assert station.files() == ["outbox-0001.sqlite"]
    assert station.ear.troubles == []


def test_the_windows_own_thread_may_not_wait_for_the_disk(station):
    spool = station.start()
    database.keep_sql_off(threading.current_thread())
    try:
        assert spool.state().waiting == 0
        assert spool.can_start()
        with pytest.raises(WrongThread):
            spool.put("reading", [b"1"])
    finally:
        database.open_to_sql(threading.current_thread())


def test_a_reading_that_comes_after_the_end_is_refused_in_words(station):
    spool = station.start()
    station.stop()
    with pytest.raises(StoreClosed, match="is closed"):
        spool.put("reading", [b"1"])
    assert spool.close(0)
    assert spool.state().standing is Standing.STOPPED


def test_two_stations_of_one_computer_have_a_folder_each(tmp_path):
    one, other = (spool_folder(tmp_path, code) for code in ("PRESS-01", "PRESS/02"))
    assert one.parent == other.parent == tmp_path / "spool"
    assert other.name == "PRESS%2F02"
