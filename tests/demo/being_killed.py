"""A first run in a process of its own, for tests that kill it: says each step on its output and waits for a line before it goes on."""

import sys
from pathlib import Path

from app.base.phrases import Phrase
from app.demo.first_run import prepare
from tests.core.cluster import CHEAP


def step(phrase: Phrase) -> None:
    print(phrase, flush=True)


folder = Path(sys.argv[1])
prepare(folder / "data", folder / "settings.toml", step, practice=False, server_settings=CHEAP)
