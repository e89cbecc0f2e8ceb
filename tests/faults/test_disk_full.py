"""No room for another byte: it is refused, what was acknowledged is there, and with room again the same orders go on."""

import pytest

from app.core.embedded_server import ServerAddress
from tests.faults.disks import server_disk_full, small_server, station_disk_full, why_not
from tests.plant import Plant

pytestmark = [
    pytest.mark.capability("R1"),
    pytest.mark.skipif(why_not() != "", reason=why_not() or "a small disk can be mounted"),
]


def test_a_full_disk_of_the_server_refuses_every_order_and_loses_and_doubles_none(cluster: ServerAddress, station_secrets: dict[str, str]):
    with small_server(cluster, station_secrets) as (server, plant, disk):
        count = server_disk_full(server, plant, disk, times=1)
    assert count.holds, count
    assert count.unknown > 0, "nobody met the full disk"


def test_a_full_disk_of_a_station_refuses_the_next_entry_and_everything_kept_reaches_the_database(plant: Plant):
    count = station_disk_full(plant, times=1)
    assert count.holds, count
    assert count.stored == count.acknowledged > 50
