"""Who works here: by name, by badge, with a wrong password, locked, idle, another person."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.demo.people import SECRET
from tests.plant import Plant
from tests.shell.conftest import Hand
from ui.shell.sign_in import SignIn


def test_a_person_signs_in_by_name_and_password_and_comes_home(inspection_station: Hand) -> None:
    inspection_station.sign_in("li.ming")
    assert inspection_station.bridge.who is not None
    assert inspection_station.bridge.who.login == "li.ming"
    assert inspection_station.window.current is not None
    assert inspection_station.window.current.key == "home"


@pytest.mark.capability("K9")
def test_a_badge_chooses_its_person_and_still_needs_the_password(inspection_station: Hand) -> None:
    gate = inspection_station.window.gate
    assert isinstance(gate, SignIn)
    inspection_station.scan("BDG:T-0117")
    inspection_station.until(lambda: gate.chosen == "li.ming")
    assert inspection_station.bridge.who is None
    inspection_station.press(Qt.Key.Key_Return)
    assert inspection_station.bridge.who is None


def test_a_wrong_password_says_what_is_wrong_and_is_put_on_record(inspection_station: Hand, plant: Plant) -> None:
    gate = inspection_station.window.gate
    assert isinstance(gate, SignIn)
    inspection_station.until(lambda: "li.ming" in gate._people)
    gate.choose("li.ming")
    gate.password.edit.setFocus()
    inspection_station.type("not her password")
    inspection_station.press(Qt.Key.Key_Return)
    inspection_station.until(lambda: inspection_station.banner)
    assert inspection_station.banner == "Not signed in: name and password do not belong together."
    assert gate.password.text == ""
    assert plant.rows("SELECT login, station FROM lineside.sign_in_failure") == [("li.ming", "IQC-02")]


@pytest.mark.capability("K1")
def test_after_five_wrong_passwords_the_station_says_how_long_it_stays_closed_and_who_was_called(
    inspection_station: Hand, plant: Plant
) -> None:
    gate = inspection_station.window.gate
    assert isinstance(gate, SignIn)
    inspection_station.until(lambda: "li.ming" in gate._people)
    for n in range(6):
        gate.choose("li.ming")
        gate.password.edit.setFocus()
        inspection_station.type(SECRET if n == 5 else "not her password")
        inspection_station.window.idle.touch()
        inspection_station.press(Qt.Key.Key_Return)
        inspection_station.until(lambda: inspection_station.banner and not gate.enter.is_busy)
    assert inspection_station.banner == "Not let in: after five wrong passwords this station stays closed to this person for 15 min."
    assert inspection_station.bridge.who is None
    assert plant.rows("SELECT for_job FROM task WHERE facts ->> 'topic' = 'sign_in'") == [("supervisor",)]
