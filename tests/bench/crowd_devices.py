"""Twenty devices in a process of their own, as devices are; what a hand does to them is asked for line by line.

``python -m tests.bench.crowd_devices FOLDER`` says how they are connected, one JSON object a line, then an empty line. Every order is
answered with the monotonic time at which it was done: ``press VALUE``, ``vanish``, ``come_back``, ``switch_off CODE``,
``switch_on CODE``, ``stream``.
All that is well speaks twice a second by itself.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from threading import Event, Thread

from tests.devices.crowd import Crowd

_TURN_S = 0.5


def main(folder: Path) -> None:
    over = Event()
    with Crowd(folder) as crowd:
        for one in crowd.connected():
            print(json.dumps(asdict(one)))
        print(flush=True)
        speaking = Thread(target=_speak, args=(crowd, over))
        speaking.start()
        for order in sys.stdin:
            print(_done(crowd, order.split()), flush=True)
        over.set()
        speaking.join()


def _done(crowd: Crowd, order: list[str]) -> float:
    match order:
        case ["press", value]:
            crowd.gauge.show(value)
            begun = time.monotonic()
            crowd.gauge.press()
            return begun
        case ["stream"]:
            crowd.stream()
        case ["vanish"]:
            crowd.vanish()
        case ["come_back"]:
            crowd.come_back()
        case ["switch_off", code]:
            crowd.well[code].switch_off()
        case ["switch_on", code]:
            crowd.well[code].switch_on()
        case _:
            raise ValueError(f"nobody knows the order {order}")
    return time.monotonic()


def _speak(crowd: Crowd, over: Event) -> None:
    while not over.is_set():
        for _ in crowd.speak():
            if over.wait(_TURN_S / len(crowd.well)):
                return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
