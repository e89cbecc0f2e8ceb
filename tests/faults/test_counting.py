"""What would have to be counted is counted: each column of the table can be other than nought."""

import pytest

from tests.faults import planted
from tests.faults.clients import Clients
from tests.faults.counting import Count, counted, head, line
from tests.plant import Plant


def test_receipts_as_they_should_be_count_nothing(plant: Plant):
    told, _ = planted.done(plant)
    count = counted(plant, told, fault="none", times=0)
    assert count == Count(
        fault="none",
        times=0,
        acknowledged=planted.PACKS,
        stored=planted.PACKS,
        lost=0,
        duplicate=0,
        unaudited=0,
        breaks=0,
        unknown=0,
        unknown_once=0,
    )
    assert count.holds


def test_a_client_that_says_done_before_it_asks_loses_and_is_counted(plant: Plant, program: Clients):
    count = planted.done_before_it_was_asked(plant, program)
    assert (count.lost, count.duplicate, count.unaudited, count.holds) == (1, 0, 0, False)


def test_a_second_order_for_the_same_pack_is_a_duplicate(plant: Plant):
    count = planted.same_pack_under_another_identity(plant)
    assert (count.lost, count.duplicate, count.unaudited, count.holds) == (0, 1, 0, False)


def test_a_row_without_its_trail_is_unaudited_and_the_programs_own_check_finds_it_too(plant: Plant):
    count = planted.put_in_past_the_trail(plant)
    assert (count.lost, count.duplicate, count.unaudited, count.breaks, count.holds) == (0, 0, 1, 1, False)


def test_an_entry_taken_out_breaks_its_chain_and_leaves_its_row_unaudited(plant: Plant):
    count = planted.taken_out_of_the_trail(plant)
    assert (count.unaudited, count.holds) == (1, False)
    assert count.breaks >= 1


def test_an_order_carried_out_by_halves_is_counted(plant: Plant):
    count = planted.half_of_it(plant)
    assert (count.duplicate, count.holds) == (1, False)


def test_what_nobody_gave_is_no_load_of_this_fault(plant: Plant):
    told, _ = planted.done(plant)
    told.asked.pop()
    with pytest.raises(AssertionError, match="nobody gave"):
        counted(plant, told, fault="none", times=0)


def test_an_answer_that_was_lost_and_whose_order_stands_nowhere_does_not_hold():
    count = Count(
        fault="x", times=1, acknowledged=1, stored=1, lost=0, duplicate=0, unaudited=0, breaks=0, unknown=2, unknown_once=1, note="n"
    )
    assert not count.holds
    assert line(count) == "| x | 1 | 1 | 1 | 0 | 0 | 0 | 0 | 2 → 1 | n |"
    assert {row.count(" | ") for row in (*head().splitlines(), line(count))} == {9}
