"""A floor with released components and a batch that was just started: furnished once, copied for every test."""

from collections.abc import Iterator

import pytest

from app.core.embedded_server import ServerAddress
from tests.batches.runs import Run
from tests.plant import cloned


@pytest.fixture(scope="session")
def floor(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Run]:
    """Nobody is signed in here; tests work on copies."""
    with cloned(cluster, station_secrets) as plant:
        hubs, clips = plant.released_lot(), plant.released_clips()
        yield Run(plant, plant.start_batch(), hubs, clips)


@pytest.fixture(scope="session")
def made_floor(cluster: ServerAddress, floor: Run) -> Iterator[Run]:
    """The same with the batch complete, nothing out of order."""
    with cloned(cluster, floor.plant.secrets, template=floor.plant.server.dbname) as plant:
        made = Run(plant, floor.batch, floor.hubs, floor.clips)
        made.make()
        yield made


@pytest.fixture
def run(cluster: ServerAddress, floor: Run) -> Iterator[Run]:
    """A batch of two units, just started."""
    with cloned(cluster, floor.plant.secrets, template=floor.plant.server.dbname) as plant:
        yield Run(plant, floor.batch, floor.hubs, floor.clips)


@pytest.fixture
def made(cluster: ServerAddress, made_floor: Run) -> Iterator[Run]:
    """A batch that is complete."""
    with cloned(cluster, made_floor.plant.secrets, template=made_floor.plant.server.dbname) as plant:
        yield Run(plant, made_floor.batch, made_floor.hubs, made_floor.clips)


@pytest.fixture(scope="module")
def made_shared(cluster: ServerAddress, made_floor: Run) -> Iterator[Run]:
    """A complete batch for tests that leave nothing behind."""
    with cloned(cluster, made_floor.plant.secrets, template=made_floor.plant.server.dbname) as plant:
        yield Run(plant, made_floor.batch, made_floor.hubs, made_floor.clips)
