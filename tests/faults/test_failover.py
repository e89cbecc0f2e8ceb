"""A primary with a synchronous standby on loopback: killed, promoted, gone on; and nothing is called done before its second copy stands."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.embedded_server import ServerAddress
from tests.faults.failover import failed_over, paired_plant, wait_of_a_spool_cancelled, waits_cancelled
from tests.faults.servers import Pair
from tests.plant import Plant

pytestmark = [
    pytest.mark.capability("R1", "R2"),
    pytest.mark.skipif(sys.platform != "linux", reason="a second loopback address is there without more ado on Linux alone"),
]


@pytest.fixture
def paired(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[tuple[Pair, Plant]]:
    with paired_plant(cluster, station_secrets) as both:
        yield both


def test_the_primary_dies_under_load_and_the_promoted_standby_has_everything_that_was_acknowledged_once(paired: tuple[Pair, Plant]):
    count = failed_over(*paired, times=1, between=10)
    assert count.holds, count
    assert count.acknowledged > 10


def test_a_commit_whose_wait_for_the_standby_was_ended_is_not_called_done_neither_the_first_time_nor_asked_again(
    paired: tuple[Pair, Plant],
):
    count = waits_cancelled(*paired, times=1)
    assert count.holds, count
    assert (count.acknowledged, count.unknown_once) == (1, 1), "with the standby back it is acknowledged, and stands once"


def test_an_entry_whose_wait_for_the_standby_was_ended_stays_in_the_spool_until_the_second_copy_has_it(
    paired: tuple[Pair, Plant], tmp_path: Path
):
    waits, count = wait_of_a_spool_cancelled(*paired, tmp_path / "spool")
    assert waits == 1
    assert count.holds, count
    assert count.stored == 1
