"""The server dies at any moment; what a program was told is done stands there once, with its trail."""

import pytest

from tests.faults.kills import backend_killed, server_killed
from tests.faults.servers import OwnServer
from tests.plant import Plant

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R2")]


def test_a_server_killed_in_the_middle_of_transactions_loses_and_doubles_nothing(mortal_plant: Plant, mortal: OwnServer):
    count = server_killed(mortal_plant, mortal, times=1, between=15)
    assert count.holds, count
    assert count.acknowledged > 15


def test_one_backend_killed_throws_everybody_out_and_loses_nothing(mortal_plant: Plant, mortal: OwnServer):
    count = backend_killed(mortal_plant, mortal, times=1, between=15)
    assert count.holds, count
