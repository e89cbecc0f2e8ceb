"""``make bench``: every figure of DESIGN that stands today, beside the limit of this machine, in one run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench import batches, crowd, database, drain, kit, recognition, record, samples, screens, spool, starting, told, trace, trust
from tests.bench.measuring import Figure, Plant, durable_plant, show, write


def _in_a_plant(measure: Callable[[Plant], list[Figure]]) -> Callable[[], list[Figure]]:
    """A section in a plant of its own: no section finds what another one left."""

    def measured() -> list[Figure]:
        with durable_plant() as plant:
            return measure(plant)

    return measured


def _sections(*, long: bool) -> Iterator[Callable[[], list[Figure]]]:
    yield _in_a_plant(database.run)
    yield _in_a_plant(trust.run)
    yield _in_a_plant(partial(samples.run, long=long))
    yield _in_a_plant(drain.run)
    yield _in_a_plant(partial(told.run, long=long))
    yield _in_a_plant(crowd.run)
    yield _in_a_plant(record.run)
    yield _in_a_plant(batches.run)
    yield from (screens.run, starting.run, kit.run, spool.run, recognition.run)
    for edges in (1_000_000, 10_000_000) if long else (1_000_000,):
        yield _in_a_plant(partial(trace.run, edges=edges))


def main() -> int:
    """Measure; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument(
        "--long", action="store_true", help="the long forms: a trace among ten million edges, a machine recorded for ten minutes"
    )
    asked = parser.parse_args()
    figures: list[Figure] = []
    for measure in _sections(long=asked.long):
        found = measure()
        show(found)
        figures += found
    if asked.json is not None:
        write(figures, asked.json)
    return 0 if all(figure.holds for figure in figures) else 1


sys.exit(main())
