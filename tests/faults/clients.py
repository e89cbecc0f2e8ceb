"""Clients that die at named points, one after the other; the next one brings to its end what the last had begun."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from app.base.ids import new_id
from tests.capture.recording_station import enter_channels, register_machine
from tests.faults.client import MACHINE, SAMPLES
from tests.faults.counting import Count, Told, counted, counted_samples
from tests.faults.load import furnish, lot_name
from tests.plant import Plant

LIFE = 4
"""A client dies at the latest at its fourth order."""
MANY = 20_000
"""What it would take in a life that is ended from outside; the pipe on which it says so is full long before."""
LATEST = 200
"""It is killed at the latest when so many acknowledgements were read."""
ENTRIES = 12
"""What a station's spool takes in one life; forwarded in three batches at least."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """What one client said, in order, and how it ended."""

    said: tuple[tuple[str, str], ...]
    status: int

    def names(self, word: str) -> list[str]:
        """Everything it said with this word."""
        return [name for said, name in self.said if said == word]

    def assert_died(self, point: str) -> None:
        """The hook was reached, there and nowhere else, and SIGKILL was its end; another thread may have said a word meanwhile."""
        assert self.names("reached") == [point], f"it should have died {point}: {self}"
        assert self.status == -signal.SIGKILL, self


class Clients:
    """The program that forks them."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.faults.client"]
        self._program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def live(self, plant: Plant, *, killed_after: int = 0, **job: object) -> Life:
        """One client, from its start to its end.

        Args:
            plant: Where.
            killed_after: SIGKILL from outside when so many acknowledgements were read, wherever it is by then; 0: nobody kills it.
            job: What `tests.faults.client` is to do.
        """
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        whole = {"server": asdict(plant.server), "secret": plant.secret, "secrets": plant.secrets, **job}
        print(json.dumps(whole), file=self._program.stdin, flush=True)
        said: list[tuple[str, str]] = []
        pid = acknowledged = 0
        while True:
            word, _, rest = self._program.stdout.readline().rstrip("\n").partition(" ")
            if word == "gone":
                return Life(said=tuple(said), status=int(rest))
            assert word, "the clients' program ended: its error stands on stderr"
            if word == "pid":
                pid = int(rest)
                continue
            said.append((word, rest))
            acknowledged += word == "ack"
            if word == "ack" and acknowledged == killed_after:
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        self._program.communicate(timeout=20)


@contextmanager
def clients() -> Iterator[Clients]:
    """Ended afterwards."""
    program = Clients()
    try:
        yield program
    finally:
        program.close()


class Receivers:
    """Receivers at one station, each killed in the middle of an order; the next one asks what became of it and gives it again."""

    def __init__(self, plant: Plant, program: Clients) -> None:
        self._plant, self._program, self._ground = plant, program, furnish(plant)
        self._again: list[UUID] = []
        self.told = Told()

    def die(self, point: str) -> None:
        """One that dies at this point of a COMMIT, of `points.AROUND_A_COMMIT`."""
        orders = [new_id() for _ in range(LIFE)]
        life = self._live(point=point, nth=random.randint(1, LIFE), orders=orders)
        life.assert_died(point)
        begun = life.names("ask")[-1]
        assert begun not in life.names("ack")
        self.told.unknown.add(begun)
        self._again = [one for one in orders if lot_name(one) == begun]

    def die_hasty(self, point: str) -> None:
        """A planted fault: one that says "done" before it asks, and whose order nobody gives again."""
        self._live(point=point, nth=random.randint(1, LIFE), orders=[new_id() for _ in range(LIFE)], hasty=True).assert_died(point)

    def retire(self) -> None:
        """The last one brings to its end what is left, and lives."""
        assert self._live(point="", nth=0, orders=[]).status == 0

    def _live(self, *, point: str, nth: int, orders: list[UUID], hasty: bool = False) -> Life:
        again, self._again = self._again, []
        life = self._program.live(
            self._plant,
            trade="receiving",
            point=point,
            nth=nth,
            orders=[str(one) for one in orders],
            again=[str(one) for one in again],
            line=str(self._ground.line),
            item=str(self._ground.item),
            hasty=hasty,
        )
        self.told.asked |= set(life.names("ask"))
        self.told.acknowledged |= set(life.names("ack"))
        self.told.found_done += len(life.names("found"))
        return life


def killed_receiving(plant: Plant, program: Clients, point: str, *, times: int) -> Count:
    """Clients that die at one point of a COMMIT, in a plant of their own."""
    receivers = Receivers(plant, program)
    for _ in range(times):
        receivers.die(point)
    receivers.retire()
    note = f"{receivers.told.found_done} of them were done when asked for"
    return counted(plant, receivers.told, fault=f"client killed {point}", times=times, note=note)


def furnish_machine(plant: Plant) -> None:
    """The machine whose samples the spools hold."""
    enter_channels(plant, register_machine(plant, MACHINE), [f"channel_{n}" for n in range(SAMPLES)])
    plant.close()


class Spools:
    """A station's program between its machine and the database, killed again and again; the next one goes on with the same spool."""

    def __init__(self, plant: Plant, program: Clients, folder: Path) -> None:
        self._plant, self._program, self._folder = plant, program, folder
        self._next = 0
        self.told = Told()
        furnish_machine(plant)

    def die(self, point: str) -> None:
        """One that dies at this point, of `points.AROUND_THE_SPOOL`."""
        self._live(point, nth=random.randint(1, 3), many=ENTRIES).assert_died(point)

    def die_anywhere(self) -> None:
        """One that is killed from outside while it puts and forwards, at no point that anybody named."""
        life = self._live("", nth=0, many=MANY, killed_after=random.randint(1, LATEST))
        assert life.status == -signal.SIGKILL, life
        assert len(life.names("ask")) < MANY, "it had put everything before it was killed"

    def retire(self) -> None:
        """The last one forwards until nothing waits, and lives."""
        assert self._live("", nth=0, many=0).status == 0

    def _live(self, point: str, *, nth: int, many: int, killed_after: int = 0) -> Life:
        job = {"trade": "recording", "folder": str(self._folder), "first": self._next, "many": many, "point": point, "nth": nth}
        life = self._program.live(self._plant, killed_after=killed_after, **job)
        self._next += many
        self.told.asked |= set(life.names("ask"))
        self.told.acknowledged |= set(life.names("ack"))
        return life


def killed_anywhere(plant: Plant, program: Clients, folder: Path, *, times: int) -> Count:
    """Programs of a station that put and forward and are killed at any moment, one after the other on one spool."""
    spools = Spools(plant, program, folder)
    for _ in range(times):
        spools.die_anywhere()
    spools.retire()
    note = f"{len(spools.told.asked - spools.told.acknowledged)} entries had no answer yet"
    return counted_samples(plant, spools.told, fault="station killed at any moment", times=times, note=note)


def killed_recording(plant: Plant, program: Clients, folder: Path, point: str, *, times: int) -> Count:
    """Programs of a station that die at one point between the machine and the database, in a plant and with a spool of their own."""
    spools = Spools(plant, program, folder)
    for _ in range(times):
        spools.die(point)
    spools.retire()
    unanswered = len(spools.told.asked - spools.told.acknowledged)
    note = f"{unanswered} entries had no answer yet"
    return counted_samples(plant, spools.told, fault=f"station killed {point}", times=times, note=note)
