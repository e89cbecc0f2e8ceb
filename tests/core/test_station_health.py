"""Limits of a workstation's clock and disk, exactly on the limit and beside it."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core.station_health import ClockOffset, DiskRoom, free_bytes

pytestmark = pytest.mark.capability("R5")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def off_by(seconds: float, *, unsure_s: float = 0) -> ClockOffset:
    return ClockOffset(ahead=timedelta(seconds=seconds), unsure=timedelta(seconds=unsure_s))


@pytest.mark.parametrize(
    ("seconds", "warns", "forbids"),
    [(0, False, False), (2, False, False), (2.001, True, False), (30, True, False), (30.001, True, True), (86400, True, True)],
)
@pytest.mark.parametrize("side", [1, -1])
def test_a_clock_warns_beyond_two_seconds_and_forbids_signing_beyond_thirty(seconds: float, warns: bool, forbids: bool, side: int):
    offset = off_by(side * seconds)
    assert (offset.warns, offset.forbids_signing, offset.refusal is not None) == (warns, forbids, forbids)


def test_a_slow_line_accuses_no_clock():
    took = timedelta(seconds=6)
    for answered_after in (timedelta(0), timedelta(seconds=3), took):
        offset = ClockOffset.measured(NOON + answered_after, asked_at=NOON, took=took)
        assert offset.off == timedelta(0)
    late = ClockOffset.measured(NOON + timedelta(seconds=45), asked_at=NOON, took=took)
    assert (late.off, late.forbids_signing) == (timedelta(seconds=39), True)


def test_the_refusal_says_how_far_the_clock_is_off_in_both_languages():
    refusal = off_by(-7300).refusal
    assert refusal is not None
    assert str(refusal.what) == "Not signed: the clock of this station is 2 h off the database's clock."
    assert refusal.what.in_language(Language.ZH) == "未签署：本工位时钟与数据库时钟相差 2 小时。"


def test_the_room_of_a_folder_that_is_not_there_yet_is_that_of_its_disk(tmp_path: Path):
    assert free_bytes(tmp_path / "a" / "b") == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.05)


@pytest.mark.parametrize(("free", "short"), [(None, True), (999_999_999, True), (1_000_000_000, False)])
def test_room_is_short_below_one_gigabyte(free: int | None, short: bool):
    assert DiskRoom(free_bytes=free, least_bytes=1_000_000_000).is_short is short
