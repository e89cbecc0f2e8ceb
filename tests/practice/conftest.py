"""A plant for practice on a cluster of its own, as the first start of practice builds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.demo import people
from app.demo.first_run import FirstRun, prepare
from tests.core.cluster import CHEAP, short_folder
from tests.plant import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What the first start made, what it said meanwhile, and where it lies."""

    run: FirstRun
    folder: Path
    heard: list[str]
    plant: Plant


@pytest.fixture(scope="session")
def practice() -> Iterator[Built]:
    """Built once; every test works on in it, as a learner does."""
    with short_folder() as folder:
        heard: list[str] = []
        place = folder / "practice"
        run = prepare(place, place / "settings.toml", lambda told: heard.append(str(told)), practice=True, server_settings=CHEAP)
        plant = Plant(run.address, run.server.dbname, dict(run.secrets), secret=people.PRACTICE_SECRET)
        yield Built(run=run, folder=place, heard=heard, plant=plant)
        plant.close()
        run.embedded.stop()
