"""A station's program dies at any moment, and its disk says no: what was acknowledged is there.

A killed program leaves to the operating system what it wrote; a power cut does not. The second is imitated below for the one place
where a write may be half done, the end of the journal; that SQLite waits for the disk before it acknowledges is a setting, which is
read back at every opening.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.spool_child import CentralFile
from tests.core.spool_station import Central, Station

pytestmark = pytest.mark.capability("R1")

SECTOR = 512


def child(folder: Path, *what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.core.spool_child", str(folder), *what]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def killed_after(program: subprocess.Popen[str], acknowledged: int) -> list[str]:
    """SIGKILL once so many entries were acknowledged; everything that was acknowledged until then."""
    assert program.stdin is not None
    assert program.stdout is not None
    with program.stdin, program.stdout as said:
        heard = [said.readline().strip() for _ in range(acknowledged)]
        program.kill()
        rest = said.read()
    program.wait()
    return heard + [line for line in rest.splitlines() if len(line) == len(heard[0])]


@pytest.mark.parametrize("acknowledged", [1, 40, 333, 1_500])
def test_a_program_killed_while_it_writes_has_kept_everything_it_acknowledged(station, acknowledged):
    told = killed_after(child(station.folder, "write"), acknowledged)
    spool = station.start()
    assert station.ear.troubles == []
    assert spool.check().sound
    central = station.drain(Central())
    kept = [str(one) for one in central.taken]
    assert kept[: len(told)] == told
    assert len(kept) - len(told) <= 3  # the put whose acknowledgement nobody read
    assert station.files() == ["outbox-0001.sqlite"]


def test_a_program_killed_again_and_again_while_it_forwards_loses_and_doubles_nothing(station, tmp_path):
    central_file, told = tmp_path / "central.sqlite", []
    for acknowledged in (5, 60, 250, 120, 10):
        told += killed_after(child(station.folder, "forward", str(central_file)), acknowledged)
    central = CentralFile(central_file)
    station.start().forward(central.deliver)
    station.until_nothing_waits()
    assert station.spool.check().sound
    station.stop()
    entries = central.entries()
    central.close()
    stored = [one for one, _ in entries]
    assert len(stored) == len(set(stored))
    assert [one for one in stored if one in set(told)] == told
    assert len(stored) - len(told) <= 3 * 5


def test_an_end_torn_by_the_power_costs_only_what_was_not_acknowledged_and_raises_no_alarm(station, tmp_path):
    """The sectors of a put that was under way reach the disk in any selection; what was acknowledged before is there whole."""
    chance = random.Random(20261125)
    spool = station.start()
    told = list(spool.put("sample", [b"first"]))
    for cut in range(80):
        before = {file.name: file.read_bytes() for file in station.folder.glob("outbox-*")}
        under_way = spool.put("sample", [chance.randbytes(chance.randrange(3_000)) for _ in range(chance.randrange(1, 4))])
        after = {file.name: file.read_bytes() for file in station.folder.glob("outbox-*")}
        journal = "outbox-0001.sqlite-wal"
        assert before["outbox-0001.sqlite"] == after["outbox-0001.sqlite"], "the journal was brought in: no cut may be imitated here"
        assert after[journal].startswith(before[journal])
        torn = Station(tmp_path / f"cut {cut}")
        torn.folder.mkdir()
        (torn.folder / "outbox-0001.sqlite").write_bytes(after["outbox-0001.sqlite"])
        (torn.folder / journal).write_bytes(torn_end(before[journal], after[journal], chance))
        torn.start()
        assert torn.ear.troubles == []
        kept = list(torn.drain(Central()).taken)
        assert kept in (told, [*told, *under_way])
        torn.stop()
        told += under_way


def torn_end(before: bytes, after: bytes, chance: random.Random) -> bytes:
    """The longer file with any selection of its new sectors; the others hold what the disk held before."""
    torn = bytearray(after)
    for begin in range(len(before), len(after), SECTOR):
        if chance.random() < 0.4:
            torn[begin : begin + SECTOR] = bytes(len(torn[begin : begin + SECTOR]))
    return bytes(torn[: chance.randrange(len(before), len(after) + 1)] if chance.random() < 0.5 else torn)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_stops_the_recording_loudly_and_keeps_what_was_kept(station):
    program = child(station.folder, "fill", "1000000")
    assert program.stdout is not None
    code, kept, can_start, fill = program.stdout.readline().split()
    assert (code, can_start, fill) == ("spool.disk_refuses", "False", "full")
    assert int(kept) > 20
    waiting, sound = program.stdout.readline().split()
    assert (int(waiting), sound) == (int(kept) + 1, "True")
    assert not (station.folder / "ballast").exists()
    program.kill()
    program.communicate()
    spool = station.start()
    assert spool.can_start()
    assert (station.folder / "ballast").exists()
    central = station.drain(Central())
    assert central.payloads == [b"x" * 1_000] * int(kept) + [b"the one in the hand"]
    assert station.ear.troubles == []
