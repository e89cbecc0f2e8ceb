"""``make bench``: every figure of DESIGN that stands today, beside the limit of this machine, in one run."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench import batches, database, kit, record, samples, screens, spool, starting, trace
from tests.bench.measuring import durable_plant, report


def main() -> int:
    """Measure; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument(
        "--long", action="store_true", help="the long forms: a trace among ten million edges, a machine recorded for ten minutes"
    )
    asked = parser.parse_args()
    with durable_plant() as plant:
        figures = database.run(plant)
        figures += samples.run(plant, long=asked.long)
        figures += record.run(plant)
        figures += batches.run(plant)
    figures += screens.run()
    figures += starting.run()
    figures += kit.run()
    figures += spool.run()
    for edges in (1_000_000, 10_000_000) if asked.long else (1_000_000,):
        with durable_plant() as plant:
            figures += trace.run(plant, edges=edges)
    report(figures, asked.json)
    return 0 if all(figure.holds for figure in figures) else 1


sys.exit(main())
