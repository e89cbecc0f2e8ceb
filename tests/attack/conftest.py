"""What an attacker finds: a plant with a lot that waits for its release, and people of one's own to misuse."""

from collections.abc import Iterator

import pytest

from app.core.embedded_server import ServerAddress
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, furnish
from tests.plant import Plant, cloned


@pytest.fixture(scope="module")
def furnished(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Target]:
    """One plant per file: a lot inspected and ready for release, another with a described deviation."""
    with cloned(cluster, station_secrets) as plant:
        yield furnish(plant)


@pytest.fixture
def target(furnished: Target) -> Iterator[Target]:
    """The file's plant, for tries that leave nothing behind; connections end with the test, whose number per person is limited."""
    yield furnished
    furnished.plant.close()


@pytest.fixture
def fresh(plant: Plant) -> Target:
    """A furnished plant of the test's own, for what does change something."""
    return furnish(plant)


@pytest.fixture
def newcomers(plant: Plant) -> Iterator[Newcomers]:
    """People made for one test; roles are cluster-wide, so they are taken away again."""
    hired = Newcomers(plant)
    yield hired
    hired.leave()
