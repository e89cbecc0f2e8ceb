"""Counts that jump, wrap and begin anew; looks that come too late; hearts that stand still. Pure rules on a turned clock."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.devices.machines.cycles import Cycles, Finished
from app.devices.machines.look import Look
from app.devices.machines.pace import Pace
from app.devices.machines.pulse import Pulse
from app.devices.machines.register_map import CycleCounter, Heartbeat, NumberType, Place, RegisterKind, WordOrder
from tests.devices.ear import TurnedClock


def counter(type: str) -> CycleCounter:
    order = WordOrder.BIG if type == "u32" else None
    place = Place(kind=RegisterKind.INPUT, address=0, type=NumberType(type), word_order=order)
    return CycleCounter(place=place, plausible=(0, NumberType(type).span[1]))


def seen(type: str, *counts: int) -> list[Finished | None]:
    cycles = Cycles(counter(type))
    return [cycles.see(cycles.belonging(Look(words={}, at={}, before=count, after=count))) for count in counts]


def after(type: str, first: int, second: int) -> Finished | None:
    return seen(type, first, second)[1]


def test_the_first_count_tells_nothing_and_a_count_that_stands_tells_nothing():
    assert seen("u16", 40, 40, 40) == [None, None, None]


@pytest.mark.parametrize(
    ("type", "first", "second", "missed"),
    [
        ("u16", 40, 41, 0),
        ("u16", 40, 44, 3),
        ("u16", 65535, 0, 0),
        ("u16", 65530, 4, 9),
        ("u16", 40_000, 3, None),
        ("u32", 41, 40, None),
        ("u32", 2**32 - 1, 0, 0),
        ("u32", 65535, 65536, 0),
        ("u32", 4711, 0, None),
    ],
)
def test_a_count_that_moved_tells_one_cycle_and_how_many_nobody_read(type, first, second, missed):
    assert after(type, first, second) == Finished(cycle=second, missed=missed)


@pytest.mark.parametrize(("first", "second"), [(0, 65536), (65536, 131072), (65537, 131073), (5, 131077)])
def test_a_wide_count_that_goes_in_steps_of_a_whole_word_is_read_the_wrong_way_round(first, second):
    assert after("u32", first, second) is None


def test_a_look_during_which_the_count_moved_belongs_to_no_cycle():
    cycles = Cycles(counter("u16"))
    assert cycles.belonging(Look(words={}, at={}, before=7, after=8)) is None
    assert cycles.belonging(Look(words={}, at={}, before=8, after=8)) == 8
    assert Cycles(None).belonging(Look(words={}, at={}, before=None, after=None)) is None


def test_looks_are_due_without_drift_and_a_hiccup_is_made_up_for():
    clock = TurnedClock()
    pace = Pace(10, clock)
    pace.begin()
    clock.turn(0.03)
    assert pace.done() == 0
    assert pace.wait_s == pytest.approx(0.07)
    clock.turn(0.27)
    made = 0
    while pace.wait_s == 0:
        assert pace.done() == 0
        made += 1
    assert made == 3


def test_looks_for_which_it_is_too_late_are_counted_and_not_made():
    clock = TurnedClock()
    pace = Pace(100, clock)
    pace.begin()
    clock.turn(5.005)
    assert pace.done() == 499
    assert pace.wait_s == 0
    assert pace.done() == 0
    assert pace.wait_s == pytest.approx(0.005)


def test_a_slow_machine_at_a_slow_pace_skips_nothing():
    clock = TurnedClock()
    pace = Pace(0.1, clock)
    pace.begin()
    for _ in range(5):
        clock.turn(10)
        assert pace.done() == 0


def heart(within_s: str | None = "2") -> tuple[Pulse, TurnedClock]:
    clock = TurnedClock()
    place = Place(kind=RegisterKind.INPUT, address=0, type=NumberType.U16, word_order=None)
    return Pulse(None if within_s is None else Heartbeat(place=place, within_s=Decimal(within_s)), clock), clock


def test_a_heart_is_proven_by_its_first_move_and_stands_still_at_exactly_its_time():
    pulse, clock = heart()
    pulse.feel((1,))
    assert not pulse.is_proven
    clock.turn(1)
    pulse.feel((2,))
    assert pulse.is_proven
    clock.turn(1.99)
    pulse.feel((2,))
    assert (pulse.is_proven, pulse.stood_since) == (True, None)
    clock.turn(0.01)
    pulse.feel((2,))
    assert (pulse.is_proven, pulse.stood_since) == (False, datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC))
    pulse.feel((3,))
    assert pulse.is_proven


def test_what_was_felt_over_the_last_connection_proves_nothing_over_this_one():
    pulse, _ = heart()
    pulse.feel((1,))
    pulse.feel((2,))
    pulse.opened()
    pulse.feel((3,))
    assert not pulse.is_proven


def test_a_machine_without_a_heartbeat_is_taken_for_alive():
    pulse, clock = heart(None)
    clock.turn(100)
    pulse.feel(None)
    assert (pulse.is_proven, pulse.stood_since) == (True, None)
