"""Folders for first runs, and one finished first run to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.first_run import FirstRun, prepare
from tests.core.cluster import CHEAP, short_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as made:
        yield made


@pytest.fixture(scope="module")
def first_run() -> Iterator[tuple[FirstRun, Path, list[str]]]:
    """A first run with what was told meanwhile, and the folder it lies in."""
    with short_folder() as made:
        heard: list[str] = []
        run = prepare(
            made / "data", made / "settings.toml", lambda phrase: heard.append(str(phrase)), practice=False, server_settings=CHEAP
        )
        yield run, made, heard
        run.embedded.stop()
