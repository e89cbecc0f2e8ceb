"""A spool that fills up warns, then starts nothing new, then refuses loudly; it never drops and never overwrites."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

import pytest

from app.base.phrases import Language
from app.core.spool import ballast
from app.core.spool.ballast import Ballast
from app.core.spool.refusals import StoreDiskRefuses, StoreFull
from app.core.spool.standing import Fill, Room
from tests.core.spool_station import ROOMY, Central, Station

pytestmark = pytest.mark.capability("R1")

SMALL = Room(most_bytes=1_000_000, ballast_bytes=0)


def filled(station: Station, room: Room = SMALL) -> list[bytes]:
    """Put until it is refused; what was kept."""
    kept: list[bytes] = []
    while True:
        payload = b"%06d" % len(kept) + b"x" * 2_000
        try:
            station.spool.put("sample", [payload])
        except StoreFull:
            return kept
        kept.append(payload)


def test_on_the_mark_counts_as_reached():
    room = Room(most_bytes=1_000)
    levels = {0: Fill.ROOM, 499: Fill.ROOM, 500: Fill.HALF, 899: Fill.HALF, 900: Fill.NEARLY, 999: Fill.NEARLY, 1_000: Fill.FULL}
    assert {used: room.fill(used) for used in levels} == levels


def test_half_full_warns_nine_tenths_start_nothing_new_and_full_refuses_and_keeps_everything(station):
    spool = station.start(room=SMALL)
    may_start = [spool.can_start()]
    while spool.state().fill is Fill.ROOM:
        spool.put("sample", [b"x" * 2_000])
    assert station.ear.codes == ["spool.half_full"]
    may_start.append(spool.can_start())
    while spool.state().fill is Fill.HALF:
        spool.put("sample", [b"x" * 2_000])
    assert station.ear.codes == ["spool.half_full", "spool.nearly_full"]
    may_start.append(spool.can_start())
    spool.put("sample", [b"a running step is finished"])
    filled(station)
    with pytest.raises(StoreFull, match="Everything kept before is still there") as refused:
        spool.put("sample", [b"x" * 10_000])
    assert may_start == [True, True, False]
    assert station.ear.codes == ["spool.half_full", "spool.nearly_full", "spool.full"]
    assert [fill for fill, _ in groupby(state.fill for state in station.ear.states)] == [Fill.ROOM, Fill.HALF, Fill.NEARLY, Fill.FULL]
    assert "已满" in refused.value.what.in_language(Language.ZH)
    assert str(refused.value.next).startswith("Stop the machine's recording")


def test_a_full_spool_has_every_entry_and_takes_new_ones_when_they_were_forwarded(station):
    station.start(room=SMALL)
    kept = filled(station)
    assert len(kept) > 200
    assert sum(file.stat().st_size for file in station.folder.glob("*.sqlite*")) < 2 * SMALL.most_bytes + 5_000_000
    station.restart(room=SMALL)
    assert not station.spool.can_start()
    central = station.drain(Central())
    assert central.payloads == kept
    station.ear.until(station.spool.can_start)
    station.spool.put("sample", [b"work goes on"])
    station.until_nothing_waits()
    assert central.payloads == [*kept, b"work goes on"]
    assert station.spool.check().sound


def test_a_put_larger_than_the_room_is_refused_whole(station):
    spool = station.start(room=SMALL)
    with pytest.raises(StoreFull):
        spool.put("sample", [b"1", b"x" * 1_000_000])
    assert spool.state().waiting == 0
    spool.put("sample", [b"2"])
    assert station.drain(Central()).payloads == [b"2"]


def test_entries_that_were_forwarded_make_room_even_while_nobody_tidies_up(station):
    station.start(room=SMALL)
    first = filled(station)
    assert station.drain(Central()).payloads == first
    station.restart(room=SMALL)
    second = filled(station)
    assert len(second) >= len(first) - 5
    assert station.drain(Central()).payloads == second


def test_the_reserve_takes_real_room_and_is_given_back_whole(tmp_path):
    reserve = Ballast(tmp_path / "ballast", 3 * 2**20 + 5)
    assert not reserve.held
    assert reserve.hold()
    assert reserve.held
    file = (tmp_path / "ballast").stat()
    assert file.st_size == 3 * 2**20 + 5
    assert getattr(file, "st_blocks", file.st_size) * 512 >= file.st_size
    reserve.release()
    assert not reserve.held
    reserve.release()


def test_a_half_written_reserve_is_written_again(tmp_path):
    (tmp_path / "ballast").write_bytes(b"cut by the power")
    assert Ballast(tmp_path / "ballast", 4_096).hold()
    assert (tmp_path / "ballast").stat().st_size == 4_096


def test_a_disk_that_cannot_spare_the_reserve_starts_nothing_new_and_still_forwards(station, monkeypatch):
    station.start().put("sample", [b"1"])
    station.stop()
    (station.folder / "ballast").unlink()
    free = ballast.shutil.disk_usage(station.folder)
    monkeypatch.setattr(ballast.shutil, "disk_usage", lambda _: free._replace(free=100_000))
    spool = station.start()
    assert not spool.can_start()
    assert station.ear.codes == ["spool.disk_low"]
    assert spool.state().fill is Fill.NEARLY
    assert not (station.folder / "ballast").exists()
    spool.put("sample", [b"2"])
    assert station.drain(Central()).payloads == [b"1", b"2"]
    monkeypatch.undo()
    station.restart()
    assert station.spool.can_start()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The disk refuses to let files grow, as a full one does; the soft limit is this process's own."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_half_of_the_reserve_is_for_what_is_in_the_hand_and_half_for_closing_down(station, monkeypatch):
    spool = station.start()
    journal = next(station.folder.glob("*-wal"))
    with no_file_larger_than(journal.stat().st_size + 50_000), pytest.raises(StoreDiskRefuses):
        spool.put("sample", [b"x" * 100_000])
    assert not (station.folder / "ballast").exists()
    assert not spool.can_start()
    spool.put("sample", [b"in the hand"])
    free = ballast.shutil.disk_usage(station.folder)
    monkeypatch.setattr(ballast.shutil, "disk_usage", lambda _: free._replace(free=ROOMY.ballast_bytes // 2 - 1))
    with pytest.raises(StoreDiskRefuses, match="for closing down") as refused:
        spool.put("sample", [b"too much"])
    assert "剩余空间" in refused.value.what.in_language(Language.ZH)
    central = station.drain(Central())
    assert central.payloads == [b"in the hand"]
    assert station.ear.codes == ["spool.disk_refuses"]


def test_an_hours_worth_is_weighed_about_right(station):
    """The quota is judged by what the file holds; the estimate for one entry may not be too small."""
    spool = station.start()
    spool.put("sample", [b"x" * 150] * 3_600)
    station.stop()
    size = station.file().stat().st_size
    assert 3_600 * 250 < size < 3_600 * (150 + 400)
