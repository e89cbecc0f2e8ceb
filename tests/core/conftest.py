"""Folders for servers of a test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cluster import short_folder


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """An empty folder that the server's account can reach."""
    with short_folder() as folder:
        yield folder
