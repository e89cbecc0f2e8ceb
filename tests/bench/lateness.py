"""How late a program that does nothing wakes up on this machine, in the seconds in which something else is measured.

``python -m tests.bench.lateness SECONDS`` prints the longest, in ms.
"""

from __future__ import annotations

import sys
import time
from threading import Event

BEAT_S = 0.005


def main(seconds: float) -> None:
    never, last = Event(), time.perf_counter()
    longest, end = 0.0, last + seconds
    while last < end:
        never.wait(BEAT_S)
        now = time.perf_counter()
        longest, last = max(longest, now - last - BEAT_S), now
    print(longest * 1000)


if __name__ == "__main__":
    main(float(sys.argv[1]))
