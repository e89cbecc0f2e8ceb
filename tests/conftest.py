"""What every test may ask for."""

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.core.embedded_server import ServerAddress
from tests.core.cluster import running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[ServerAddress]:
    """One embedded PostgreSQL for the whole run: SCRAM as in the product, but cheap hashing and no fsync."""
    with running_cluster() as address:
        yield address
