"""The plant with the canaries, made once per run."""

from collections.abc import Iterator

import pytest

from app.core.embedded_server import ServerAddress
from tests.masking.canaries import Planted, plant_canaries
from tests.plant import cloned


@pytest.fixture(scope="session")
def planted_once(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Planted]:
    """Only read; tests that change it work on copies."""
    with cloned(cluster, station_secrets) as plant:
        there = plant_canaries(plant)
        plant.superuser().execute("ANALYZE")
        plant.close()
        yield there


@pytest.fixture
def planted(cluster: ServerAddress, planted_once: Planted) -> Iterator[Planted]:
    """A copy of it."""
    planted_once.plant.close()
    with cloned(cluster, planted_once.plant.secrets, template=planted_once.plant.server.dbname) as plant:
        yield planted_once.on(plant)
