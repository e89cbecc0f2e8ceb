"""What the benchmarks share: a durable cluster with the product's own settings, percentiles, one JSON out."""

from __future__ import annotations

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from app.core.embedded_server import EmbeddedServer, ServerAddress
from tests.plant import Plant, build_template, cloned


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured thing beside its goal and, where there is one, the machine's own limit in the same run."""

    name: str
    unit: str
    median: float
    p95: float
    goal: str
    holds: bool
    limit: str
    """What the bare machine does in the same run."""


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile of at least 20 values."""
    return statistics.median(values), statistics.quantiles(values, n=20)[18]


def timed(act: Callable[[], object]) -> float:
    """Milliseconds one call takes."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


@contextmanager
def durable_plant() -> Iterator[Plant]:
    """The demonstration plant on a cluster that keeps what it acknowledged: fsync on, product's settings, 100,000 SCRAM iterations."""
    with tempfile.TemporaryDirectory(prefix="ls-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = EmbeddedServer(folder / "data", settings={"max_connections": "300"})
        address: ServerAddress = server.start()
        try:
            with cloned(address, build_template(address)) as plant:
                yield plant
        finally:
            server.stop()


def show(figures: Sequence[Figure]) -> None:
    """Print a line for each."""
    for f in figures:
        print(
            f"{'holds' if f.holds else 'MISSED':7} {f.name:58} median {f.median:10.2f}  p95 {f.p95:10.2f} {f.unit:8}"
            f" goal {f.goal:22} beside {f.limit}",
            flush=True,
        )


def write(figures: Sequence[Figure], out: Path) -> None:
    """As JSON, with the machine it was measured on."""
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    out.write_text(json.dumps({"machine": machine, "figures": [asdict(f) for f in figures]}, indent=2) + "\n", encoding="utf-8")
