"""The plant asked for a second copy, it is not there, and an administrator ends the wait: the window does not call the order done."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from PySide6.QtCore import Qt

from tests.plant import Plant
from tests.shell.conftest import Hand

WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database() AND usename = 'li.ming'"
CALLS = "SELECT count(*) FROM lineside.task WHERE kind = 'call'"


class Copies:
    """What this plant's commits wait for; other plants of the same server wait for nobody."""

    def __init__(self, plant: Plant) -> None:
        self._superuser = psycopg.connect(plant.address.url(plant.server.dbname), autocommit=True)
        self._superuser.execute(f"ALTER DATABASE {plant.server.dbname} SET synchronous_commit = on")

    def demand(self, standby: str) -> None:
        """A commit is answered when this standby has it; empty: at once."""
        self._superuser.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'")
        self._superuser.execute("SELECT pg_reload_conf()")

    @property
    def waited_for(self) -> bool:
        """Whether somebody waits for it now."""
        return self._superuser.execute(f"SELECT {WAITING}").fetchone() is not None

    def end_the_wait(self) -> None:
        """What an administrator does."""
        self._superuser.execute(f"SELECT pg_cancel_backend(pid) {WAITING}")

    @property
    def calls(self) -> int:
        """How many calls stand on this one server; asked on a line that was open before."""
        found = self._superuser.execute(CALLS).fetchone()
        assert found is not None
        return int(found[0])

    def close(self) -> None:
        self._superuser.execute("ALTER SYSTEM RESET synchronous_standby_names")
        self._superuser.execute("SELECT pg_reload_conf()")
        self._superuser.close()


@pytest.fixture
def copies(plant: Plant) -> Iterator[Copies]:
    """Made before anybody signs in: a session takes the plant's settings when it begins."""
    made = Copies(plant)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.capability("R2")
def test_an_order_whose_second_copy_is_missing_is_kept_as_unknown_and_done_once_when_the_copy_is_there(
    copies: Copies, at_step: Hand, plant: Plant
) -> None:
    where = "SELECT 1 FROM lineside.draft WHERE screen = 'shell' AND content #>> '{fields,screen,value}' = 'test.step'"
    at_step.until(lambda: plant.rows(where))
    copies.demand("nobody")
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: copies.waited_for)
    copies.end_the_wait()
    at_step.until(lambda: len(at_step.bridge.waiting) == 1)
    assert at_step.step.given == 0
    assert copies.calls == 1, "it stands on one server, and the window does not know it"
    at_step.until(lambda: copies.waited_for)  # asked again by itself, it waits again
    assert at_step.step.given == 0
    copies.demand("")
    at_step.until(lambda: at_step.step.given == 1)
    at_step.until(lambda: at_step.bridge.waiting == ())
    assert copies.calls == 1
