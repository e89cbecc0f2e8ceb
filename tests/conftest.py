"""What every test may ask for."""

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.core.embedded_server import ServerAddress
from tests.core.cluster import running_cluster
from tests.plant import Plant, build_template, cloned


@pytest.fixture(scope="session")
def cluster() -> Iterator[ServerAddress]:
    """One embedded PostgreSQL for the whole run: SCRAM as in the product, but cheap hashing and no fsync."""
    with running_cluster() as address:
        yield address


@pytest.fixture(scope="session")
def station_secrets(cluster: ServerAddress) -> dict[str, str]:
    """The demonstration plant as a template database, built once; gives the secrets of its stations."""
    return build_template(cluster)


@pytest.fixture
def plant(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Plant]:
    """A demonstration plant of the test's own."""
    with cloned(cluster, station_secrets) as own:
        yield own


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole shifts first, the rest in random order as it was drawn: none of them is alone on one core at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)
