"""A machine of ten channels that counts a hundred times a second and tells it through its OPC UA server, in a process of its own.

``python -m tests.bench.telling_machine``: says its url, and after a line how far it counted. Whatever is lost on the way shows as a gap.
It begins to count when the first station has subscribed.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from threading import Event, Thread

from app.devices.machines.tag_map import Address, Node, Tag, TagMap, ValueType
from app.devices.simulators.opcua_server import OpcUaServer

CHANNELS, EVERY_S = 10, 0.01


def counting_map() -> TagMap:
    """What it tells."""
    nodes = [Node(namespace="urn:of:the:bench", identifier=f"s=channel_{n}", type=ValueType.U32) for n in range(CHANNELS)]
    channels = tuple(
        Tag(
            name=f"channel_{n}",
            address=node,
            scale=Decimal(1),
            unit="N",
            decimals=0,
            sensor_break=None,
            plausible=(Decimal(0), Decimal(10_000_000)),
            of_cycle=False,
            within_s=None,
        )
        for n, node in enumerate(nodes)
    )
    return TagMap(model="of the bench", speaks="opcua", channels=channels, cycle_counter=None, heartbeat=None, sha256="")


class Counting:
    """Counts itself further whenever it is asked."""

    def __init__(self) -> None:
        self.map, self.count = counting_map(), 0
        self.server = OpcUaServer(self, tick_s=3600)

    def numbers(self) -> dict[Address, bool | int | float]:
        """The next count, the same on every channel but for its number."""
        self.count += 1
        return {tag.address: self.count + n for n, tag in enumerate(self.map.channels)}


def main() -> None:
    machine, ending = Counting(), Event()
    url = machine.server.start()
    machine.count = 1  # stands in the nodes already
    print(url, flush=True)
    telling = Thread(target=_tell, args=(machine, ending))
    telling.start()
    sys.stdin.readline()
    ending.set()
    telling.join()
    print(machine.count, flush=True)
    machine.server.stop()


def _tell(machine: Counting, ending: Event) -> None:
    while not machine.server.is_subscribed_to and not ending.wait(EVERY_S):
        pass
    due = time.monotonic()
    while not ending.wait(max(0.0, due - time.monotonic())) and machine.server.is_subscribed_to:
        machine.server.tell()
        due += EVERY_S


if __name__ == "__main__":
    main()
