"""A server that may be killed, once per run of tests: a copy of the run's own."""

from collections.abc import Iterator

import pytest

from app.core.embedded_server import ServerAddress
from tests.faults.clients import Clients, clients
from tests.faults.servers import OwnServer, own_server
from tests.plant import Plant, cloned


@pytest.fixture(scope="session")
def mortal(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[OwnServer]:
    """Running whenever a test begins."""
    with own_server(cluster) as server:
        yield server


@pytest.fixture
def mortal_plant(mortal: OwnServer, station_secrets: dict[str, str]) -> Iterator[Plant]:
    """A plant on it."""
    with cloned(mortal.start(), station_secrets) as plant:
        yield plant


@pytest.fixture(scope="session")
def program() -> Iterator[Clients]:
    """Forks clients that die."""
    with clients() as program:
        yield program
