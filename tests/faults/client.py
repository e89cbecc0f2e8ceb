"""A client in a process of its own, to die where it is told: ``python -m tests.faults.client``.

Imports once and forks a client for every line of JSON on its input. A client says ``ask NAME`` before it gives something, ``ack NAME`` the
moment it was told that it is done, ``found NAME`` or ``not NAME`` for what an earlier one had asked, ``reached POINT``; ``pid NUMBER``
is said when it begins, ``gone STATUS`` after its end.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from app.capture.delivery import KIND, Taken, spooled
from app.capture.forwarding import Forwarding
from app.capture.turned_away import TurnedAway
from app.core.database import Server
from app.core.session import sign_in
from app.core.spool.spool import Spool
from app.core.stations import StationLink
from tests.core.spool_station import AT_ONCE, ROOMY
from tests.faults.load import RECEIVER, Ground, lot_name, receipt
from tests.faults.points import POINTS, say, watch
from tests.faults.servers import moment

STATION = "REC-01"
MACHINE = "TC-01"
PATIENCE_S = 30.0
SAMPLES = 3
"""Of one entry of the spool, one for each channel."""


def receiving(job: Mapping[str, Any]) -> None:
    """A receiver signs in, brings what an earlier client had begun to its end, then receives one pack after the other."""
    link = StationLink(Server(**job["server"]), STATION, job["secrets"][STATION])
    session = sign_in(Server(**job["server"]), login=RECEIVER, password=job["secret"], tickets=link.ticket)
    ground = Ground(line=UUID(job["line"]), item=UUID(job["item"]))
    for one in map(UUID, job["again"]):
        say("found" if session.outcome(one) is not None else "not", lot_name(one))
        session.give(receipt(ground, one))
        say("ack", lot_name(one))
    if job["point"]:
        POINTS.arm(job["point"], job["nth"])
    for one in map(UUID, job["orders"]):
        say("ask", lot_name(one))
        if job["hasty"]:
            say("ack", lot_name(one))
        session.give(receipt(ground, one))
        if not job["hasty"]:
            say("ack", lot_name(one))
    session.close()
    link.close()


def recording(job: Mapping[str, Any]) -> None:
    """A station's spool forwards what waits and takes what its machine says meanwhile; without a fatal point until nothing waits."""
    link = StationLink(Server(**job["server"]), STATION, job["secrets"][STATION])
    link.where()  # connected: the commits that are counted are those of deliveries
    spool = Spool(Path(job["folder"]), room=ROOMY)
    spool.open()
    if job["point"]:
        POINTS.arm(job["point"], job["nth"])
    spool.forward(Forwarding(link, TurnedAway(), lambda trouble: say("turned away", trouble)), backoff=AT_ONCE, batch=4)
    for n in range(job["first"], job["first"] + job["many"]):
        say("ask", n)
        POINTS.reach("before the put")
        spool.put(KIND, [spooled(MACHINE, samples(n))])
        POINTS.reach("after the put")
        say("ack", n)
    end = time.monotonic() + PATIENCE_S
    while (job["point"] or spool.state().waiting) and time.monotonic() < end:
        moment.wait(0.005)
    waits = spool.state().waiting
    spool.close(10)
    if waits:
        raise TimeoutError(f"{waits} entries still wait")
    link.close()


def samples(n: int) -> list[Taken]:
    """All of one entry carry its number."""
    at = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1) + timedelta(milliseconds=n)
    return [Taken(channel=f"channel_{k}", at=at, value=Decimal(n), quality="good", cycle=None, raw=(n % 65536,)) for k in range(SAMPLES)]


TRADES: Mapping[str, Callable[[Mapping[str, Any]], None]] = {"receiving": receiving, "recording": recording}


def main() -> None:
    watch()
    while line := sys.stdin.readline():
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            TRADES[job["trade"]](job)
            return
        say("pid", child)
        _, status = os.waitpid(child, 0)
        say("gone", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
