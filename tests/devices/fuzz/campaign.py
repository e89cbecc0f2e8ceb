"""All of them in turn, with equal shares."""

from __future__ import annotations

import random
from collections.abc import Iterator

from app.devices.protocol import families
from tests.devices.fuzz.asking import asked
from tests.devices.fuzz.counting import Count
from tests.devices.fuzz.printing import LANGUAGES, printed
from tests.devices.fuzz.talking import talked


def campaign(frames: int, *, seed: int) -> Iterator[Count]:
    """At least so many spoilt messages in all; the same seed spoils them in the same way, whatever families come in between."""
    each = -(-frames // (len(families()) + len(LANGUAGES) + 1))
    for key in sorted(families()):
        yield talked(key, each, random.Random(f"{seed} {key}"))
    for key in LANGUAGES:
        yield printed(key, each, random.Random(f"{seed} {key}"))
    yield asked(each, random.Random(f"{seed} modbus"))
