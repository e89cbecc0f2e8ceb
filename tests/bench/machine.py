"""The counting machine in a process of its own, as a machine is: it says its url, and at the end how often it was read.

``python -m tests.bench.machine``
"""

from __future__ import annotations

import sys

from tests.devices.machines.bench import Counting


def main() -> None:
    machine = Counting()
    print(machine.server.start(), flush=True)
    sys.stdin.readline()
    print(machine.count, flush=True)
    machine.server.stop()


if __name__ == "__main__":
    main()
