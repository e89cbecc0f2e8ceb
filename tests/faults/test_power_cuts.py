"""The power goes at any write, wait, cut or rename: what was acknowledged is there, once; and the harness can be seen to lose."""

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from app.core.spool.refusals import StoreDamaged
from tests.faults.power.cutting import Recording, chosen, cut_twice, cuts, record, refused_once
from tests.faults.power.disk import Event
from tests.faults.power.judging import Tally
from tests.faults.power.lives import (
    FILE,
    PLOTS,
    SPOOL,
    a_long_morning,
    a_morning_with_refusals,
    a_salvage,
    a_workday,
    damaged,
    settings,
)

pytestmark = [
    pytest.mark.capability("R1"),
    pytest.mark.capability("R2"),
    pytest.mark.skipif(sys.platform != "linux", reason="recorded by what Linux says of open files"),
]

FOUND = ((), (StoreDamaged.code,))
"""After a cut while a file is salvaged either is in charge, the damaged one or the next."""


@pytest.mark.parametrize("plot", PLOTS)
def test_whatever_was_under_way_when_the_power_went_everything_acknowledged_is_there_once(plot: str):
    recorded = record(PLOTS[plot], seed=5)
    tally = cuts(recorded, chosen(recorded, 45, seed=5), seed=5)
    assert tally.holds, tally.telling
    assert tally.acknowledged == tally.found > 500


def test_a_power_cut_in_the_start_after_a_power_cut_loses_nothing_either():
    recorded = record(a_workday, seed=6)
    tally = cut_twice(recorded, sorted(chosen(recorded, 6, seed=6)), seed=6, each=4)
    assert tally.holds, tally.telling
    assert tally.cuts == 24


def test_a_power_cut_while_a_damaged_file_is_left_for_the_next_costs_no_entry_and_leaves_the_damaged_one_as_it_was(tmp_path: Path):
    held, known = damaged(tmp_path, entries=30)
    recorded = record(a_salvage, seed=7, held=held, known=known)
    assert not any(isinstance(one, Event) and one.path == FILE for one in recorded.tape), "the damaged file was touched"
    tally = cuts(recorded, chosen(recorded, 45, seed=7), seed=7, alarms=FOUND)
    assert tally.holds, tally.telling
    assert tally.acknowledged >= 45 * 30


def test_one_refusal_of_the_disk_anywhere_loses_nothing_and_the_work_goes_on():
    tally = Tally()
    for at in range(2, record(a_morning_with_refusals, seed=0).asked, 21):
        tally.add(refused_once(a_morning_with_refusals, at, seed=0))
    assert tally.holds, tally.telling
    assert tally.cuts >= 20, "the disk was not asked often enough to refuse"


def test_one_refusal_of_the_disk_while_a_damaged_file_is_left_costs_no_entry(tmp_path: Path):
    held, known = damaged(tmp_path, entries=30)
    for at in range(1, 100, 9):  # bringing the new file's journal in is among them
        tally = refused_once(a_salvage, at, seed=0, held=held, known=known, alarms=FOUND)
        assert tally.holds, tally.telling


def lossy(recorded: Recording, **disk: bool) -> int:
    return cuts(recorded, chosen(recorded, 25, seed=8), seed=8, **disk).lost


@pytest.mark.parametrize("level", [("normal", 1), ("off", 0)])
def test_the_harness_loses_entries_when_the_spool_does_not_wait_for_the_disk(level: tuple[str, int]):
    with settings(synchronous=level):
        assert lossy(record(a_long_morning, seed=8)) > 0


@pytest.mark.parametrize("lie", ["honest", "of_names"])
def test_the_harness_loses_entries_on_a_disk_that_lies(lie: str):
    assert lossy(record(a_long_morning, seed=8), **{lie: False}) > 0


def test_the_next_file_names_the_damaged_one_by_what_is_in_it(tmp_path: Path):
    held, known = damaged(tmp_path / "before", entries=3)
    recorded = record(a_salvage, seed=9, held=held, known=known)
    names = [one.to for one in recorded.tape if hasattr(one, "to")]
    assert names == [f"{SPOOL}/outbox-0002.sqlite"]
    content = b"".join(getattr(one, "content", b"") for one in recorded.tape)
    assert sha256(held[FILE]).digest() in content
