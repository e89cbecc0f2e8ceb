"""The disk that forgets: it never forgets what was waited for, never makes anything up, and does forget everything else."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.faults.power.disk import SECTOR, Cut, Disk, Made, MadeFolder, Removed, Renamed, Waited, Written

CUTS = 60


def founds(disk: Disk) -> list[dict[str, bytes | None]]:
    return [disk.cut(Random(seed)) for seed in range(CUTS)]


def told(*events) -> Disk:
    disk = Disk()
    for event in events:
        disk.take(event)
    return disk


KEPT = (Made("a"), Written("a", 0, b"old" * 500), Waited("a"), Waited(""))


def test_what_was_waited_for_is_always_there():
    assert all(found == {"a": b"old" * 500} for found in founds(told(*KEPT)))


def test_a_content_that_was_waited_for_may_lose_its_name():
    names = {tuple(found) for found in founds(told(*KEPT[:3]))}
    assert names == {(), ("a",)}


def test_a_name_that_was_waited_for_may_lose_its_content():
    contents = {found["a"] for found in founds(told(KEPT[0], KEPT[3], KEPT[1]))}
    assert b"" in contents
    assert b"old" * 500 in contents
    assert len(contents) > 4


def test_sectors_that_nobody_waited_for_are_new_or_old_in_any_selection_and_one_may_be_torn():
    disk = told(Made("a"), Written("a", 0, b"o" * 4 * SECTOR), Waited("a"), Waited(""), Written("a", 0, b"n" * 4 * SECTOR))
    found = [content for one in founds(disk) if (content := one["a"]) is not None]
    shapes = {tuple(content[n * SECTOR : n * SECTOR + SECTOR] for n in range(4)) for content in found}
    assert (b"n" * SECTOR, b"o" * SECTOR) in {shape[:2] for shape in shapes}
    assert (b"o" * SECTOR, b"n" * SECTOR) in {shape[:2] for shape in shapes}, "a later sector before an earlier one"
    assert any(0 < sector.count(b"n") < SECTOR for shape in shapes for sector in shape), "no sector was torn"
    assert {b"n" * 4 * SECTOR, b"o" * 4 * SECTOR} <= set(found)


def test_a_rename_is_there_whole_or_not_at_all():
    disk = told(*KEPT, Made("b"), Written("b", 0, b"new"), Waited("b"), Renamed("b", "a"))
    for found in founds(disk):
        assert found["a"] in (b"old" * 500, b"new")
        assert set(found) <= {"a", "b"}
    assert {found["a"] for found in founds(disk)} == {b"old" * 500, b"new"}


def test_a_name_that_was_taken_away_may_be_back_with_its_content_and_a_cut_may_not_have_happened():
    assert {tuple(found.items()) for found in founds(told(*KEPT, Removed("a")))} == {(), (("a", b"old" * 500),)}
    assert {len(found["a"] or b"") for found in founds(told(*KEPT, Cut("a", 7)))} == {7, 1_500}


def test_a_folder_that_loses_its_name_loses_all_in_it():
    disk = told(MadeFolder("in"), Made("in/a"), Written("in/a", 0, b"x"), Waited("in/a"), Waited("in"))
    found = founds(disk)
    assert {tuple(sorted(one)) for one in found} == {(), ("in", "in/a")}
    disk.take(Waited(""))
    assert all(one == {"in": None, "in/a": b"x"} for one in founds(disk))


def test_room_that_was_never_written_may_hold_what_lay_there_before():
    disk = told(Made("a"), Waited(""), Written("a", 0, b"x" * 3 * SECTOR))
    assert any((found["a"] or b"").strip(b"x\0") for found in founds(disk))


def test_a_lying_disk_forgets_even_what_was_waited_for():
    disk = Disk(honest=False)
    for event in KEPT:
        disk.take(event)
    assert any(found != {"a": b"old" * 500} for found in founds(disk))


@given(
    st.lists(
        st.one_of(st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=1_500)), st.integers(0, 4_000), st.none()), max_size=12
    ),
    st.integers(0, 2**32),
)
def test_every_byte_that_is_found_was_once_there_or_room_that_was_never_written(changes, seed):
    disk, now, states = Disk({"a": b""}), bytearray(), [b""]
    for change in changes:
        match change:
            case None:
                disk.take(Waited("a"))
                states = [bytes(now)]
            case int():
                disk.take(Cut("a", change))
                now = bytearray(bytes(now[:change]).ljust(change, b"\0"))
            case (offset, content):
                disk.take(Written("a", offset, content))
                now = bytearray(bytes(now).ljust(offset, b"\0"))
                now[offset : offset + len(content)] = content
        states.append(bytes(now))
    found = disk.cut(Random(seed))["a"]
    assert found is not None
    assert len(found) in {len(state) for state in states}
    least = min(map(len, states))
    for place, byte in enumerate(found[:least]):
        assert byte in {state[place] for state in states}
    assert disk.all()["a"] == bytes(now)
