"""A primary with a synchronous standby on loopback: killed, promoted, gone on; and nothing is called done before its second copy stands."""

import sys
from collections.abc import Iterator

import pytest

from app.core.embedded_server import ServerAddress
from tests.faults.failover import paired_plant, waits_cancelled
from tests.faults.servers import Pair
from tests.plant import Plant

pytestmark = [
    pytest.mark.capability("R1"),
    pytest.mark.capability("R2"),
    pytest.mark.skipif(sys.platform != "linux", reason="two loopback addresses are there without more ado on Linux alone"),
]


@pytest.fixture(scope="module")
def two(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[tuple[Pair, Plant]]:
    with paired_plant(cluster, station_secrets) as both:
        yield both


def test_nothing_is_done_before_the_second_copy_stands_and_after_the_primary_died_everything_is(two: tuple[Pair, Plant]):
    """One pair for both, in this order: a promoted standby leads alone."""
    pair, plant = two
    cancelled = waits_cancelled(pair, plant, times=1)
    assert cancelled.holds, cancelled
    assert (cancelled.acknowledged, cancelled.unknown_once) == (1, 1)
