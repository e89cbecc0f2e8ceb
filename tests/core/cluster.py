"""One embedded cluster for a whole test run: cheap, throw-away, in a folder the server's account can reach."""

import os
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
    "autovacuum": "off",
    "max_wal_size": "512MB",
    "log_connections": "",
    "logging_collector": "off",
    "auth_delay.milliseconds": "0",
}
"""Tests lose nothing worth keeping when the power goes; product values are checked where they matter."""


MEMORY = Path("/dev/shm")
ROOM = 3 * 2**29
"""Bytes for each test process: what its clusters take at most, with as much again to spare."""


def fast_folder() -> Path:
    """Where throw-away data lie: in memory where the system keeps a folder there with enough room, else where temporary files lie.

    A test's own plant is a copy of 13 MB, made a thousand times in a run: a disk that is shared or slow would be all that is measured.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM * processes:
        return MEMORY
    return Path(tempfile.gettempdir())


def fast_environment() -> dict[str, str]:
    """What a program that builds its own throw-away plant is started with."""
    return os.environ | {"TMPDIR": str(fast_folder())}


@contextmanager
def short_folder(place: Path | None = None) -> Iterator[Path]:
    """A temporary folder with a short path that the server's own account may pass under root; pytest's are closed to it.

    `place` is the folder it lies in; without one it is the fast one.
    """
    folder = Path(tempfile.mkdtemp(prefix="ls-", dir=place or fast_folder()))
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
