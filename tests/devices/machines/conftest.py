"""A sealer whose time a test turns, and somebody who looks at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.devices.simulators.sealer import SealerSimulator
from tests.devices.ear import TurnedClock
from tests.devices.machines.bench import HASTY_S, Bench, Counting, Floats


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def sealer(clock: TurnedClock) -> Iterator[SealerSimulator]:
    with SealerSimulator(seed=7, clock=clock) as sealer:
        yield sealer
    assert sealer.server.writes == 0


@pytest.fixture
def bench(sealer: SealerSimulator, clock: TurnedClock) -> Iterator[Bench]:
    bench = Bench(sealer.url, sealer.map, clock)
    yield bench
    bench.close()


@pytest.fixture
def hasty(sealer: SealerSimulator, clock: TurnedClock) -> Iterator[Bench]:
    """The same, for answers that will not come."""
    bench = Bench(sealer.url, sealer.map, clock, answer_s=HASTY_S)
    yield bench
    bench.close()


@pytest.fixture
def counting() -> Iterator[Counting]:
    machine = Counting()
    machine.url = machine.server.start()
    yield machine
    machine.server.stop()


@pytest.fixture
def floats() -> Iterator[Floats]:
    machine = Floats()
    machine.url = machine.server.start()
    yield machine
    machine.server.stop()
