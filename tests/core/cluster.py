"""One embedded cluster for a whole test run: cheap, throw-away, in a folder the server's account can reach."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.embedded_server import EmbeddedServer, ServerAddress

CHEAP = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "scram_iterations": "1024",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "log_connections": "",
    "logging_collector": "off",
}
"""Tests lose nothing worth keeping when the power goes; product values are checked where they matter."""


@contextmanager
def short_folder() -> Iterator[Path]:
    """A temporary folder with a short path that the server's own account may pass under root; pytest's are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="ls-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_cluster() -> Iterator[ServerAddress]:
    """A fresh cluster, stopped and thrown away at the end."""
    with short_folder() as folder:
        server = EmbeddedServer(folder / "data", settings=CHEAP)
        address = server.start()
        try:
            yield address
        finally:
            server.stop()
