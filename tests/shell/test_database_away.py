"""The database goes away in the middle of the work: it is said, everything is kept, and the work goes on afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from PySide6.QtCore import Qt

from tests.plant import Plant
from tests.shell.conftest import Hand


class Cable:
    """Pull it and nobody reaches this plant's database; put it back."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant

    def pull(self) -> None:
        self._set(reachable=False)

    def put_back(self) -> None:
        self._set(reachable=True)

    def _set(self, *, reachable: bool) -> None:
        name = sql.Identifier(self._plant.server.dbname)
        with psycopg.connect(self._plant.address.url("postgres"), autocommit=True) as superuser:
            superuser.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, sql.Literal(reachable)))
            if not reachable:
                superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self._plant.server.dbname])


@pytest.fixture
def cable(plant: Plant) -> Iterator[Cable]:
    made = Cable(plant)
    yield made
    made.put_back()


@pytest.fixture
def resting(at_step: Hand, plant: Plant) -> Hand:
    """The step is open and where the inspector is has been saved: nothing is on its way."""
    where = "SELECT 1 FROM lineside.draft WHERE screen = 'shell' AND content #>> '{fields,screen,value}' = 'test.step'"
    at_step.until(lambda: plant.rows(where))
    return at_step


def before_anybody_looks(hand: Hand) -> None:
    """The next look at the database is far away: what is given now is given in good faith."""
    looks: list[object] = []
    hand.bridge._watch._every_s = (600.0, 600.0)
    hand.bridge.database.connect(looks.append)
    hand.until(lambda: looks)
    hand.bridge._watch.look_now()
    hand.until(lambda: len(looks) >= 2)
    hand.bridge.database.disconnect(looks.append)


def calls(plant: Plant) -> int:
    return len(plant.rows("SELECT 1 FROM lineside.task WHERE kind = 'call'"))


@pytest.mark.capability("E7")
@pytest.mark.capability("F12")
def test_an_order_given_while_the_database_is_away_is_kept_and_stored_once_after_the_password(
    resting: Hand, plant: Plant, cable: Cable
) -> None:
    chip = resting.window.chips.database
    resting.until(lambda: re.fullmatch(r"Database here • \d+ ms", chip.text))
    before_anybody_looks(resting)
    cable.pull()
    resting.press(Qt.Key.Key_Return)
    resting.until(lambda: re.fullmatch(r"Database away since \d\d:\d\d • 1 waiting, all kept", chip.text))
    assert resting.banner == "Not known yet whether this was stored: the database went away."
    assert resting.step.give.is_busy
    resting.press(Qt.Key.Key_Return)
    assert len(resting.bridge.waiting) == 1
    cable.put_back()
    resting.bridge._watch._every_s = (0.03, 0.06)
    resting.bridge._watch.look_now()
    resting.until(lambda: resting.locked)
    assert resting.sentence == "The connection was lost. Enter your password again."
    resting.sign_in("li.ming")
    resting.until(lambda: resting.step.given == 1)
    assert calls(plant) == 1
    assert resting.bridge.waiting == ()
    assert resting.banner == ""
    resting.until(lambda: re.fullmatch(r"Database here • \d+ ms", chip.text))


def test_connections_lost_while_nobody_looked_are_noticed_and_nothing_is_entered_twice(resting: Hand, plant: Plant, cable: Cable) -> None:
    resting.step.field.edit.setFocus()
    resting.type("burr")
    cable.pull()
    cable.put_back()
    resting.until(lambda: resting.locked)
    resting.sign_in("li.ming")
    assert resting.step.field.text == "burr"
    resting.until(
        lambda: plant.rows("SELECT 1 FROM lineside.draft WHERE content #>> '{fields,note,value}' = 'burr' AND person = 'li.ming'")
    )


def test_what_one_person_gave_waits_for_that_person_and_not_for_the_next(resting: Hand, plant: Plant, cable: Cable) -> None:
    before_anybody_looks(resting)
    cable.pull()
    resting.press(Qt.Key.Key_Return)
    resting.until(lambda: len(resting.bridge.waiting) == 1)
    cable.put_back()
    resting.bridge._watch._every_s = (0.03, 0.06)
    resting.bridge._watch.look_now()
    resting.until(lambda: resting.locked)
    resting.sign_in("tom.becker")
    resting.window.lock()
    assert calls(plant) == 0
    assert [given.login for given in resting.bridge.waiting] == ["li.ming"]
    resting.sign_in("li.ming")
    resting.until(lambda: calls(plant) == 1)
    assert plant.rows("SELECT opened_by FROM lineside.task WHERE kind = 'call'") == [("li.ming",)]


@pytest.mark.capability("R3")
def test_an_order_that_is_no_draft_is_refused_once_it_is_known_that_the_database_is_away(resting: Hand, plant: Plant, cable: Cable) -> None:
    cable.pull()
    resting.until(lambda: resting.bridge.is_away)
    resting.press(Qt.Key.Key_Return)
    resting.until(lambda: resting.banner.startswith("Not done: the database is away"))
    assert not resting.step.give.is_busy
    assert resting.bridge.waiting == ()
    assert not resting.locked, "nobody is thrown out before the password can be asked"
    cable.put_back()
    resting.until(lambda: resting.locked)
    resting.sign_in("li.ming")
    assert calls(plant) == 0


def test_the_people_of_a_station_that_starts_without_answer_appear_when_the_database_is_back(
    inspection_station: Hand, cable: Cable
) -> None:
    cable.pull()
    inspection_station.window.begin()
    inspection_station.until(lambda: re.fullmatch(r"The database is away since \d\d:\d\d\.", inspection_station.banner))
    cable.put_back()
    inspection_station.until(lambda: inspection_station.banner == "")
    inspection_station.sign_in("li.ming")
