"""A client dies at each named point; what it was told is done stands there once, and what was under way is found or given again."""

from pathlib import Path

import psycopg
import pytest

from app.core.database import Line
from app.core.spool.outbox import Outbox
from tests.faults.clients import Clients, Receivers, Spools, killed_anywhere
from tests.faults.counting import counted, counted_samples
from tests.faults.points import AROUND_A_COMMIT, AROUND_THE_SPOOL
from tests.plant import Plant

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R2")]


def test_a_client_killed_around_a_commit_loses_and_doubles_nothing_and_knows_afterwards_what_became_of_it(plant: Plant, program: Clients):
    receivers, found = Receivers(plant, program), []
    for point in AROUND_A_COMMIT:
        receivers.die(point)
        found.append(receivers.told.found_done)
    receivers.retire()
    found = [after - before for before, after in zip(found, [*found[1:], receivers.told.found_done], strict=True)]
    assert (found[0], found[2], found[3]) == (0, 1, 1), "not done before it is sent; done once its answer is there"
    count = counted(plant, receivers.told, fault="client killed", times=len(AROUND_A_COMMIT))
    assert count.holds, count
    assert (count.unknown, count.unknown_once) == (4, 4)


def test_a_station_killed_anywhere_between_machine_and_database_loses_and_doubles_nothing_it_kept(
    plant: Plant, program: Clients, tmp_path: Path
):
    spools = Spools(plant, program, tmp_path / "spool")
    for point in AROUND_THE_SPOOL:
        spools.die(point)
    spools.retire()
    count = counted_samples(plant, spools.told, fault="station killed", times=len(AROUND_THE_SPOOL))
    assert count.holds, count
    assert count.acknowledged <= count.stored <= count.acknowledged + len(AROUND_THE_SPOOL), "at most the entry in the hand was not told"


def test_a_station_killed_at_any_moment_while_it_puts_and_forwards_loses_and_doubles_nothing(
    plant: Plant, program: Clients, tmp_path: Path
):
    count = killed_anywhere(plant, program, tmp_path / "spool", times=4)
    assert count.holds, count
    assert count.acknowledged <= count.stored <= count.acknowledged + 4, "at most the entry in the hand was not told"


def test_the_points_are_in_no_program_but_the_one_that_watches():
    assert "_exec_command" not in Line.__dict__
    assert Line._exec_command is psycopg.Connection._exec_command
    assert Outbox.settle.__module__ == "app.core.spool.outbox"
