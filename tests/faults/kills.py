"""Faults of the server: killed as a whole in the middle of transactions, and one of its backends killed."""

from __future__ import annotations

import time

from tests.faults.counting import Count, counted
from tests.faults.load import furnish
from tests.faults.servers import OwnServer
from tests.faults.writers import writing
from tests.plant import Plant


def server_killed(plant: Plant, server: OwnServer, *, times: int, between: int) -> Count:
    """SIGKILL for all of the server while every writer has a transaction open, again and again; it recovers and they go on."""
    silent = []
    with writing(plant, furnish(plant)) as writers:
        for _ in range(times):
            writers.until_more(between)
            server.kill()
            killed_at = time.monotonic()
            server.start()
            silent.append(writers.silence_since(killed_at))
        told = writers.finish()
    assert len(told.unknown) >= times, "the kills met nobody in the middle of an order"
    return counted(plant, told, fault="server killed mid-transaction (SIGKILL)", times=times, note=silence(silent))


def backend_killed(plant: Plant, server: OwnServer, *, times: int, between: int) -> Count:
    """SIGKILL for one process that serves a client: the server throws everybody out, recovers, and they go on."""
    silent = []
    with writing(plant, furnish(plant)) as writers:
        for _ in range(times):
            writers.until_more(between)
            server.kill_one_backend()
            killed_at = time.monotonic()
            silent.append(writers.silence_since(killed_at))
        told = writers.finish()
    assert len(told.unknown) >= times, "the kills met nobody in the middle of an order"
    return counted(plant, told, fault="one backend killed (SIGKILL)", times=times, note=silence(silent))


def silence(found: list[float]) -> str:
    """How long nobody was told "done"."""
    return f"nobody answered for {min(found):.1f} to {max(found):.1f} s"
