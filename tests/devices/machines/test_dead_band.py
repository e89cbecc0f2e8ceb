"""A dead band leaves out what did not move, and never more than a second of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.machines.dead_band import AGAIN, DeadBand
from app.devices.machines.samples import Quality, Sample
from tests.devices.machines.telling_bench import node, tag

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BAND = Decimal("0.5")


def band() -> DeadBand:
    return DeadBand([tag("heat", node("heat"), dead_band=BAND), tag("free", node("free"))])


def sample(value: str | None, ms: int = 0, *, channel: str = "heat", cycle: int | None = 1, quality: Quality = Quality.GOOD) -> Sample:
    exact = None if value is None else Decimal(value)
    return Sample(channel=channel, unit="", at=NOON + timedelta(milliseconds=ms), value=exact, quality=quality, cycle=cycle, raw=())


def told(*samples: Sample) -> list[str | None]:
    return [None if one.value is None else str(one.value) for one in band().worth_telling(samples)]


@pytest.mark.capability("E4")
def test_a_small_move_is_left_out_one_of_the_band_itself_is_told():
    assert told(sample("10.0"), sample("10.4", 100), sample("9.6", 200), sample("10.5", 300)) == ["10.0", "10.5"]


def test_small_steps_in_one_direction_are_not_lost():
    assert told(*(sample(f"10.{n}", n * 10) for n in range(10))) == ["10.0", "10.5"]


def test_a_channel_without_a_band_tells_everything():
    assert told(*(sample("10", n, channel="free") for n in range(4))) == ["10"] * 4


@pytest.mark.capability("E7")
def test_a_value_that_stands_is_told_again_after_a_second_so_that_it_never_looks_silent():
    assert len(told(*(sample("10", 100 * n) for n in range(31)))) == 4


def test_trouble_its_end_and_a_new_cycle_are_always_told():
    broken = sample(None, 10, quality=Quality.SENSOR_BREAK)
    assert told(sample("10"), broken, sample("10", 20), sample("10", 30, cycle=2)) == ["10", None, "10", "10"]


@given(st.lists(st.tuples(st.integers(-100, 100), st.integers(1, 400)), min_size=1, max_size=60))
def test_what_is_left_out_lies_within_the_band_of_what_was_told_less_than_a_second_before(walk):
    at, samples = 0, []
    for tenths, step_ms in walk:
        at += step_ms
        samples.append(sample(str(Decimal(tenths) / 10), at))
    kept = band().worth_telling(samples)
    assert kept[0] is samples[0]
    assert [one for one in samples if one in kept] == kept
    last = kept[0]
    for one in samples:
        if any(one is other for other in kept):
            last = one
        else:
            assert abs(one.value - last.value) < BAND
            assert one.at - last.at < AGAIN
