"""``make fuzz``: spoilt messages of every family, every printer language and a machine, counted; then the faults that are planted.

``python -m tests.devices.fuzz --frames 100000 --seed 1``: 1 when a wrong number was taken, something crashed, hung or grew without
bound, or a planted fault was not seen.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
from collections.abc import Iterator

from tests.devices.fuzz.campaign import campaign
from tests.devices.fuzz.counting import Count, head, line, summed
from tests.devices.fuzz.planted import faults

_STUCK_S = 600


def main() -> int:
    """Spoil, count, say it."""
    parser = argparse.ArgumentParser(prog="python -m tests.devices.fuzz")
    parser.add_argument("--frames", type=int, default=100_000, help="spoilt messages in all")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begun = time.monotonic()
    counts = list(_told(campaign(asked.frames, seed=asked.seed)))
    print(f"\n{summed(counts)}; {time.monotonic() - begun:.0f} s, seed {asked.seed}\n\nPlanted, so that each check can be seen to fail:\n")
    print("| fault | seen as | times |\n| --- | --- | ---: |")
    missed = []
    for name, what, count in faults():
        found = len(getattr(count(), what))
        missed += [name] if not found else []
        print(f"| {name} | {what} | {found} |", flush=True)
    for one in counts:
        print("\n".join(one.troubles), end="\n" if one.troubles else "")
        if not one.holds:
            print(f"DOES NOT HOLD: {one.name}")
    for name in missed:
        print(f"NOT SEEN: {name}")
    return 0 if all(one.holds for one in counts) and not missed else 1


def _told(counts: Iterator[Count]) -> Iterator[Count]:
    """Each row as soon as it stands; whoever is stuck for ten minutes is shown with its stack, and that is the end."""
    print(head(), flush=True)
    faulthandler.dump_traceback_later(_STUCK_S, exit=True)
    for one in counts:
        print(line(one), flush=True)
        faulthandler.dump_traceback_later(_STUCK_S, exit=True)
        yield one
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    sys.exit(main())
