"""An inspector measures on while the database is away: at the real window, with real gauges, and nothing is lost or doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.tasks import CallForHelp
from app.core.while_away import NotWhileAway
from app.inspection.commands import BeginInspection
from tests.inspection.conftest import lot, measuring, station_of
from tests.inspection.station import Station, open_station
from tests.plant import Plant
from tests.shell.test_database_away import Cable
from tests.triggers import triggers_off
from ui.inspection.cursor import Place
from ui.late.sheet import LateSheet, OneLateSheet

__all__ = ["lot", "measuring", "station_of"]
pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R3")]
VALUES = "SELECT sample_no, value::text, taken_by FROM lineside.measurement ORDER BY sample_no"
STATES = "SELECT sample_no, value, state, author FROM lineside.late_entries(NULL, NULL, NULL) ORDER BY sample_no"


@pytest.fixture
def cable(plant: Plant) -> Iterator[Cable]:
    made = Cable(plant)
    yield made
    made.put_back()


@pytest.fixture
def away(measuring: Station, cable: Cable) -> Station:
    """The lot is open, and the database went away."""
    pull(measuring, cable)
    return measuring


def pull(station: Station, cable: Cable) -> None:
    """Wait until nothing is on its way, then pull; the strip says so."""
    station.until(lambda: station.shell.bridge.here is not None and station.shell.bridge.here.away_since is None)
    cable.pull()
    station.until(lambda: station.shell.bridge.is_away)


def take(station: Station, value: str) -> None:
    """Measure with the micrometer and press Enter; the hand goes on."""
    hand = station.screen.hand
    before = hand.focus
    station.measure("LM-07", value)
    station.until(lambda: hand.reading is not None)
    station.press(Qt.Key.Key_Return)
    station.until(lambda: hand.focus != before)


def waits(station: Station, many: int) -> None:
    """Every cell says that it waits, and the strip says how many are kept."""
    chip, bridge = station.window.chips.database, station.shell.bridge
    station.until(lambda: bridge.entries_waiting == many and len(station.screen.hand.drafts) == many)
    told = re.fullmatch(r"Database away since \d\d:\d\d • (\d+) waiting, all kept", chip.text)
    assert told is not None, chip.text
    assert int(told[1]) - many == len(bridge.waiting), "beside the place where the person is, which the program keeps"


def sheet(station: Station) -> LateSheet:
    station.until(lambda: isinstance(station.window.frame.sheet, LateSheet))
    found = station.window.frame.sheet
    assert isinstance(found, LateSheet)
    return found


def test_the_inspector_measures_on_and_confirms_with_one_enter_when_the_database_is_back(away: Station, plant: Plant, cable: Cable):
    for value in ("0.861", "0.862", "0.863"):
        take(away, value)
    waits(away, 3)
    assert away.window.gate is None, "nobody is thrown out while the password cannot be asked"
    away.press(Qt.Key.Key_Left)
    assert away.sentence.endswith("sample 3: 0.863 mm waits for the database; it is kept.")
    assert "Li Ming" in away.glass()
    away.press(Qt.Key.Key_Right)
    cable.put_back()
    away.until(lambda: away.window.gate is not None)
    assert plant.rows(VALUES) == []
    away.sign_in("li.ming")
    list_of = sheet(away)
    away.until(lambda: len(list_of.list.rows) == 3)
    assert [row[1:] for row in plant.rows(STATES)] == [(value, "waiting", "li.ming") for value in ("0.861", "0.862", "0.863")]
    away.press(Qt.Key.Key_Return)
    away.until(lambda: plant.rows(VALUES) == [(1, "0.861", "li.ming"), (2, "0.862", "li.ming"), (3, "0.863", "li.ming")])
    away.until(lambda: away.window.frame.sheet is None)
    away.until(lambda: not away.screen.hand.drafts and away.screen.hand.focus == Place(0, 4))
    assert {row[2] for row in plant.rows(STATES)} == {"confirmed"}
    take(away, "0.864")
    away.until(lambda: len(plant.rows(VALUES)) == 4)


def test_everything_else_is_refused_with_what_to_do(away: Station, plant: Plant, cable: Cable):
    given = [CallForHelp(command_id=new_id(), id=new_id(), topic="material"), BeginInspection(command_id=new_id(), lot=new_id())]
    told: list[AppError] = []
    kept = away.shell.bridge.waiting
    for order in given:
        away.shell.bridge.give(order, refused=told.append)
    assert [type(one) for one in told] == [NotWhileAway, NotWhileAway]
    assert away.shell.bridge.waiting == kept
    cable.put_back()
    away.until(lambda: not away.shell.bridge.is_away)
    assert plant.rows("SELECT 1 FROM lineside.command WHERE id = ANY (%s)", [order.command_id for order in given]) == []


def test_a_cell_that_was_measured_elsewhere_meanwhile_is_listed_until_it_is_dropped_with_a_reason(
    measuring: Station, plant: Plant, cable: Cable
):
    pull(measuring, cable)
    take(measuring, "0.861")
    waits(measuring, 1)
    cable.put_back()
    measuring.until(lambda: measuring.window.gate is not None)
    inspection, characteristic = plant.rows("SELECT id, (frozen -> 0 ->> 'id')::uuid FROM lineside.inspection")[0]
    superuser = plant.superuser()
    with triggers_off(superuser, "measurement"):
        superuser.execute(
            """INSERT INTO lineside.measurement (id, inspection, characteristic, sample_no, value, unit, verdict, origin, gauge,
             calibration,
             raw, read_at, taken_by)
           SELECT uuidv7(), %s, %s, 1, 0.9, 'mm', 'conforms', 'device', a.id, c.id, 'x', now(), 'tom.becker'
           FROM lineside.asset a JOIN lineside.calibration c ON c.asset = a.id WHERE a.code = 'LM-07' LIMIT 1""",
            [inspection, characteristic],
        )
    superuser.close()
    measuring.sign_in("li.ming")
    list_of = sheet(measuring)
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: "sample 1 has a value already" in "".join(str(row.line) for row in list_of.list.rows))
    assert plant.rows(STATES)[0][2] == "waiting"
    measuring.press(Qt.Key.Key_1)
    measuring.until(lambda: isinstance(measuring.window.frame.sheet, OneLateSheet))
    one = measuring.window.frame.sheet
    assert isinstance(one, OneLateSheet)
    one.drop.click()
    measuring.type("measured again by another")
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: plant.rows(STATES)[0][2] == "dropped")
    measuring.until(lambda: measuring.window.frame.sheet is None)
    assert plant.rows(VALUES) == [(1, "0.9", "tom.becker")]


def test_what_was_made_before_the_program_ended_waits_after_the_next_start(
    plant: Plant, lot: str, cable: Cable, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    plant.close()
    plant._open.clear()
    with open_station(plant, qtbot, tmp_path) as station:
        station.sign_in("li.ming")
        station.gauges_live()
        station.open_lot(lot)
        pull(station, cable)
        take(station, "0.861")
        waits(station, 1)
    cable.put_back()
    with open_station(plant, qtbot, tmp_path) as again:
        again.sign_in("li.ming")
        assert len(sheet(again).list.rows) == 1
        assert plant.rows(STATES) == [(1, "0.861", "waiting", "li.ming")]
        again.press(Qt.Key.Key_Return)
        again.until(lambda: plant.rows(VALUES) == [(1, "0.861", "li.ming")])
