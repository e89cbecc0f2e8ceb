"""``make bench``: every figure of DESIGN that stands today, beside the limit of this machine, in one run."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench import batches, database, kit, screens, spool, starting
from tests.bench.measuring import durable_plant, report


def main() -> int:
    """Measure; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    asked = parser.parse_args()
    with durable_plant() as plant:
        figures = database.run(plant)
        figures += batches.run(plant)
    figures += screens.run()
    figures += starting.run()
    figures += kit.run()
    figures += spool.run()
    report(figures, asked.json)
    return 0 if all(figure.holds for figure in figures) else 1


sys.exit(main())
