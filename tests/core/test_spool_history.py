"""Whatever happens in a workday, every acknowledged entry is in the database once and in order, or set aside."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.core.spool.standing import Room
from tests.core.spool_station import Central, Station

ROOM = Room(most_bytes=64 * 2**20, ballast_bytes=0)
BATCH = 7


class Workday(RuleBasedStateMachine):
    """One station and the central database, over several runs of the station's program."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ls-spool-"))
        self.runs = 0
        self.central = Central()
        self.acknowledged: list = []
        self.poison: set = set()
        self.station = Station(self.folder / "run 0")
        self.begin()

    def begin(self) -> None:
        self.station.start(room=ROOM)
        self.station.forward(self.central, batch=BATCH)

    @rule(payloads=st.lists(st.binary(max_size=40), min_size=1, max_size=20))
    def machine_speaks(self, payloads):
        self.acknowledged += self.station.spool.put("sample", payloads)

    @rule()
    def machine_sends_what_the_database_will_never_take(self):
        payload = f"poison {len(self.acknowledged)}".encode()
        self.central.refused[payload] = psycopg.errors.CheckViolation()
        (one,) = self.station.spool.put("sample", [payload])
        self.acknowledged.append(one)
        self.poison.add(one)

    @precondition(lambda self: not self.central.away)
    @rule()
    def line_breaks(self):
        self.central.away = True

    @precondition(lambda self: self.central.away)
    @rule()
    def line_is_back(self):
        self.central.away = False

    @rule(replies=st.integers(1, 3))
    def replies_get_lost(self, replies):
        self.central.lost_replies = replies

    @rule()
    def server_deadlocks(self):
        self.central.troubles.append(psycopg.errors.DeadlockDetected())

    @rule()
    def program_ends_and_starts(self):
        self.station.stop()
        self.begin()

    @rule()
    def program_is_killed(self):
        """Its files as they are while it waits for the database, or for something to do; the old program is put away unused."""
        self.runs += 1
        old = self.station
        with self.central.held():
            self.central.until_somebody_waits_inside(or_else=lambda: old.spool.state().waiting == 0)
            self.station = old.crashed_copy(self.folder / f"run {self.runs}")
            old.spool.close(0)
        self.begin()
        assert self.station.ear.troubles == []

    @precondition(lambda self: not self.central.away)
    @rule()
    def everything_arrives(self):
        self.station.until_nothing_waits()
        expected = [one for one in self.acknowledged if one not in self.poison]
        assert list(self.central.taken) == expected
        assert {entry.id for entry in self.station.spool.quarantined()} == {str(one) for one in self.poison}
        assert self.station.spool.check().sound

    @invariant()
    def nothing_comes_that_was_not_put_and_nothing_overtakes(self):
        taken = list(self.central.taken)
        good = [one for one in self.acknowledged if one not in self.poison]
        assert taken == good[: len(taken)]

    @invariant()
    def the_strip_counts_right(self):
        state = self.station.spool.state()
        assert 0 <= state.waiting <= len(self.acknowledged)
        assert 0 <= state.quarantined <= len(self.poison)

    def teardown(self) -> None:
        try:
            self.central.away = False
            self.everything_arrives()
        finally:
            self.station.stop()
            shutil.rmtree(self.folder)


TestWorkday = pytest.mark.capability("R2")(Workday.TestCase)
TestWorkday.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
