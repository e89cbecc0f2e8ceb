"""Folders for servers of a test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cluster import short_folder
from tests.core.spool_station import Station


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """An empty folder that the server's account can reach."""
    with short_folder() as folder:
        yield folder


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """A station whose spool is not started yet; stopped at the end."""
    here = Station(tmp_path / "spool")
    yield here
    here.stop()
