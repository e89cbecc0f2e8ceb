"""A station with the administrator's screens, and somebody hired for one test."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.attack.newcomers import Newcomers
from tests.plant import Plant
from tests.shell.conftest import Hand
from tests.shell.conftest import open_station as open_any_station

__all__ = ["open_any_station"]


@pytest.fixture
def open_station(open_any_station: Callable[..., Hand]) -> Callable[..., Hand]:
    """A station whose window offers the screens about people."""
    return partial(open_any_station, screens=("ui.shell", "ui.people"))


@pytest.fixture
def newcomers(plant: Plant) -> Iterator[Newcomers]:
    """People of the test's own; their roles go with it."""
    made = Newcomers(plant)
    yield made
    made.leave()
