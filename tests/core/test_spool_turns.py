"""Whoever puts is not overtaken by the forwarder: the file is handed to whoever has waited longest."""

import threading

import pytest

from app.core.spool.turns import Turns
from tests.core.spool_station import PATIENCE_S

pytestmark = pytest.mark.capability("R1")


def queued(turns: Turns, said: list[str], names: str) -> list[threading.Thread]:
    """Threads that wait for their turn, in this order."""
    threads = []
    for n, name in enumerate(names, 1):

        def act(name: str = name) -> None:
            with turns:
                said.append(name)

        threads.append(threading.Thread(target=act))
        threads[-1].start()
        while turns.queue < n:
            assert threads[-1].is_alive()
    return threads


def test_the_turn_goes_round_in_the_order_of_coming():
    turns, said = Turns(), []
    with turns:
        threads = queued(turns, said, "abcde")
        assert said == []
    for thread in threads:
        thread.join(PATIENCE_S)
    assert said == list("abcde")


def test_one_who_wants_it_back_at_once_stands_behind_those_who_wait():
    turns, said = Turns(), []
    with turns:
        threads = queued(turns, said, "put")
    with turns:
        said.append("forwarder")
    for thread in threads:
        thread.join(PATIENCE_S)
    assert said == ["p", "u", "t", "forwarder"]


def test_trouble_inside_hands_the_turn_on():
    turns, said = Turns(), []
    threads: list[threading.Thread] = []

    def act() -> None:
        with turns:
            threads.extend(queued(turns, said, "a"))
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        act()
    threads[0].join(PATIENCE_S)
    with turns:
        assert said == ["a"]


def test_one_at_a_time_whatever_the_crowd():
    turns, inside, most = Turns(), [], []

    def act() -> None:
        for _ in range(300):
            with turns:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert (len(most), max(most)) == (2_400, 1)
