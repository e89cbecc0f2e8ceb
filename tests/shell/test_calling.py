"""F9: somebody is needed, and somebody else sees and hears it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from tests.shell.test_database_away import Cable
from ui.shell.call import CallSheet
from ui.shell.sign_in import SignIn
from ui.shell.station_call import StationCallSheet


@pytest.mark.capability("M2")
def test_a_call_reaches_the_other_station_and_who_comes_is_seen_at_the_first(open_station: Callable[..., Hand], plant: Plant) -> None:
    goods_in, inspection = open_station("REC-01"), open_station("IQC-02")
    goods_in.sign_in("tom.becker")
    inspection.sign_in("li.ming")
    inspection.window.call()
    sheet = inspection.window.frame.sheet
    assert isinstance(sheet, CallSheet)
    inspection.press(Qt.Key.Key_1)
    goods_in.until(lambda: goods_in.banner == "IQC-02 calls: Material is missing")
    assert goods_in.window.tones.last == "call"
    assert inspection.banner == ""
    button = goods_in.window.frame.banner.button if goods_in.window.frame.banner is not None else None
    assert button is not None
    button.click()
    inspection.until(lambda: any("Tom Becker" in row.said_text for row in sheet._rows))
    goods_in.until(lambda: goods_in.banner == "")
    sheet._rows[0].click()
    inspection.until(lambda: not sheet._rows)
    assert plant.rows("SELECT for_job, status, taken_by, done_by FROM lineside.task") == [("supervisor", "done", "tom.becker", "li.ming")]


def test_enter_in_the_call_sheet_calls_nobody(at_step: Hand, plant: Plant) -> None:
    at_step.press(Qt.Key.Key_F9)
    at_step.press(Qt.Key.Key_Return)
    at_step.press(Qt.Key.Key_Escape)
    assert at_step.window.frame.sheet is None
    assert plant.rows("SELECT 1 FROM lineside.task WHERE kind = 'call'") == []


def station_sheet(hand: Hand) -> StationCallSheet:
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, StationCallSheet)
    return sheet


def rows(hand: Hand) -> list[str]:
    """The calls of this station, as the sheet shows them."""
    return [row.text for row in station_sheet(hand)._rows]  # type: ignore[attr-defined]


@pytest.mark.capability("M2")
def test_somebody_who_cannot_sign_in_calls_and_sees_who_is_coming(open_station: Callable[..., Hand], plant: Plant) -> None:
    goods_in, inspection = open_station("REC-01"), open_station("IQC-02")
    goods_in.sign_in("tom.becker")
    inspection.window.activateWindow()
    inspection.until(inspection.window.isActiveWindow)
    inspection.press(Qt.Key.Key_F9)
    inspection.press(Qt.Key.Key_4)
    inspection.until(lambda: station_sheet(inspection).told == "Called: Somebody is in danger. It stands at the other stations now.")
    goods_in.until(lambda: goods_in.banner == "IQC-02 calls: Somebody is in danger")
    assert goods_in.window.tones.last == "call"
    banner = goods_in.window.frame.banner
    assert banner is not None
    assert "nobody is signed in there" in banner.accessibleName()
    assert banner.button is not None
    banner.button.click()
    inspection.until(lambda: rows(inspection) == ["Somebody is in danger: Tom Becker is coming."])
    called = "SELECT for_job, status, opened_by, taken_by FROM lineside.task"
    assert plant.rows(called) == [("supervisor", "taken", "lineside_station_iqc_02", "tom.becker")]


def test_a_call_nobody_has_answered_is_not_made_twice_and_says_since_when(inspection_station: Hand, plant: Plant) -> None:
    inspection_station.press(Qt.Key.Key_F9)
    inspection_station.press(Qt.Key.Key_1)
    inspection_station.until(lambda: station_sheet(inspection_station).told.startswith("Called: Material is missing."))
    inspection_station.press(Qt.Key.Key_1)
    again = r"Material is missing: called since \d\d:\d\d, and nobody has answered yet\. Fetch somebody, or use the telephone\."
    inspection_station.until(lambda: re.fullmatch(again, station_sheet(inspection_station).told))
    assert len(rows(inspection_station)) == 1
    assert plant.rows("SELECT count(*) FROM lineside.task") == [(1,)]


def test_at_the_lock_the_station_calls_and_not_the_person_whose_work_is_locked(at_step: Hand, plant: Plant) -> None:
    at_step.window.lock()
    at_step.press(Qt.Key.Key_F9)
    at_step.press(Qt.Key.Key_2)
    at_step.until(lambda: station_sheet(at_step).told)
    assert plant.rows("SELECT opened_by FROM lineside.task") == [("lineside_station_iqc_02",)]


def test_the_sheet_takes_the_digits_and_the_password_has_the_keyboard_again_afterwards(inspection_station: Hand, plant: Plant) -> None:
    gate = inspection_station.window.gate
    assert isinstance(gate, SignIn)
    inspection_station.type("secret")
    inspection_station.press(Qt.Key.Key_F9)
    inspection_station.press(Qt.Key.Key_Return)
    inspection_station.press(Qt.Key.Key_3)
    inspection_station.until(lambda: station_sheet(inspection_station).told)
    inspection_station.press(Qt.Key.Key_Escape)
    inspection_station.type("s")
    assert gate.password.text == "secrets"
    assert plant.rows("SELECT facts ->> 'topic' FROM lineside.task") == [("maintenance",)]


def test_a_call_that_cannot_go_out_says_so_and_what_to_do_instead(inspection_station: Hand, plant: Plant) -> None:
    inspection_station.until(lambda: inspection_station.bridge.here is not None)
    cable = Cable(plant)
    cable.pull()
    try:
        inspection_station.press(Qt.Key.Key_F9)
        inspection_station.press(Qt.Key.Key_4)
        inspection_station.until(lambda: station_sheet(inspection_station).told)
        told = "The call may not have gone out: the database does not take calls now. Fetch somebody, or use the telephone."
        assert station_sheet(inspection_station).told == told
    finally:
        cable.put_back()
    assert station_sheet(inspection_station).topics.isEnabled()


def test_a_call_of_a_station_is_ended_by_whoever_signs_in_there(inspection_station: Hand, plant: Plant) -> None:
    elsewhere(lambda: plant.link("IQC-02").call_for_help(new_id(), "quality"))
    inspection_station.sign_in("li.ming")
    inspection_station.until(inspection_station.window.inbox.calls)
    inspection_station.press(Qt.Key.Key_F9)
    sheet = inspection_station.window.frame.sheet
    assert isinstance(sheet, CallSheet)
    sheet._rows[0].click()  # type: ignore[attr-defined]
    inspection_station.until(lambda: not sheet._rows)
    assert plant.rows("SELECT status, done_by FROM lineside.task") == [("done", "li.ming")]
