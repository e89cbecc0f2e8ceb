"""Lock, go on, hand over: the open step stays, each field keeps its author."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from tests.plant import Plant
from tests.shell.conftest import Hand
from ui.kit import current_language
from ui.shell.sign_in import SignIn


def note(plant: Plant, login: str) -> object:
    """What stands in somebody's draft of the step: text and author."""
    rows = plant.rows("SELECT content -> 'fields' -> 'note' FROM lineside.draft WHERE person = %s AND screen = 'test.step'", login)
    return rows[0][0] if rows else None


@pytest.mark.capability("K9")
def test_the_lock_hides_the_step_and_the_same_person_comes_back_to_it(at_step: Hand) -> None:
    at_step.step.field.edit.setFocus()
    at_step.type("burr at the hub")
    at_step.press(Qt.Key.Key_F10)
    assert at_step.locked
    assert not at_step.step.isVisible()
    assert not at_step.window.frame.rail.isVisible()
    at_step.sign_in("li.ming")
    assert at_step.step.isVisible()
    assert at_step.step.field.text == "burr at the hub"
    assert at_step.sentence == "Next: 7"


@pytest.mark.capability("K9")
def test_another_person_takes_over_the_open_step_and_every_field_keeps_its_author(at_step: Hand, plant: Plant) -> None:
    at_step.step.field.edit.setFocus()
    at_step.type("burr")
    at_step.window.lock()
    at_step.sign_in("tom.becker")
    assert at_step.step.isVisible()
    assert at_step.step.field.text == "burr"
    assert at_step.step.people == ["tom.becker"]
    assert at_step.step.draft()["note"].by == "li.ming"
    at_step.until(lambda: note(plant, "tom.becker") == {"value": "burr", "by": "li.ming"})


@pytest.mark.capability("Q5")
@pytest.mark.capability("F12")
def test_after_a_crash_the_person_comes_back_to_the_same_step_with_the_same_values(at_step: Hand, open_station, plant: Plant) -> None:
    at_step.step.field.edit.setFocus()
    at_step.type("burr at the hub")
    at_step.until(lambda: note(plant, "li.ming") == {"value": "burr at the hub", "by": "li.ming"})
    at_step.until(
        lambda: plant.rows("SELECT 1 FROM lineside.draft WHERE screen = 'shell' AND content #>> '{fields,screen,value}' = 'test.step'")
    )
    restarted = open_station("IQC-02")
    restarted.sign_in("li.ming")
    restarted.until(lambda: restarted.step.field.text == "burr at the hub")
    assert restarted.sentence == "Next: 7"


@pytest.mark.capability("K9")
def test_nobody_touches_the_station_and_it_locks_itself(at_step: Hand) -> None:
    at_step.window.idle._timer.setInterval(30)
    at_step.window.idle.touch()
    at_step.until(lambda: at_step.locked)


def test_the_badge_of_a_colleague_asks_for_the_colleagues_password(at_step: Hand) -> None:
    at_step.scan("BDG:T-0231")
    at_step.until(lambda: at_step.locked)
    gate = at_step.window.gate
    assert isinstance(gate, SignIn)
    assert gate.chosen == "tom.becker"


def test_a_badge_nobody_knows_is_refused_at_the_lock(at_step: Hand) -> None:
    at_step.window.lock()
    at_step.scan("BDG:T-9999")
    at_step.until(lambda: at_step.banner)
    assert at_step.banner == "Not known: nobody who may work here has this badge."


@pytest.mark.capability("Q3")
def test_the_language_is_the_persons_own(at_step: Hand, plant: Plant) -> None:
    at_step.press(Qt.Key.Key_F12)
    assert current_language() is Language.ZH
    assert at_step.sentence == "下一项：7"
    at_step.until(lambda: plant.rows("SELECT 1 FROM lineside.draft WHERE content #>> '{fields,language,value}' = 'zh_CN'"))
    at_step.window.lock()
    at_step.sign_in("tom.becker")
    at_step.press(Qt.Key.Key_F12)
    assert current_language() is Language.EN
    at_step.window.lock()
    at_step.sign_in("li.ming")
    assert current_language() is Language.ZH
