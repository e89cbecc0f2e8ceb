"""Somebody's first day: the handed-out password lets in once, to set an own one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.plant import Plant
from tests.shell.conftest import HANDED_OUT, Hand, elsewhere, new_person
from ui.shell.first_secret import FirstSecret
from ui.shell.sign_in import SignIn


@pytest.fixture
def newcomer(plant: Plant) -> str:
    """An operator on the first day."""
    return new_person(plant, "new.comer", name="New Comer", job="operator")


def enter_twice(hand: Hand, gate: FirstSecret, first: str, again: str) -> None:
    """Both fields, then Enter."""
    for field, text in ((gate.first, first), (gate.again, again)):
        field.edit.setFocus()
        hand.type(text)
    hand.press(Qt.Key.Key_Return)


@pytest.mark.capability("K1")
def test_a_newcomer_sets_an_own_password_before_the_first_work(newcomer: str, inspection_station: Hand, plant: Plant) -> None:
    hand = inspection_station
    gate = hand.window.gate
    assert isinstance(gate, SignIn)
    hand.until(lambda: newcomer in gate._people)
    gate.choose(newcomer)
    gate.password.edit.setFocus()
    hand.type(HANDED_OUT)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.gate, FirstSecret))
    first = hand.window.gate
    assert isinstance(first, FirstSecret)
    enter_twice(hand, first, "a long sentence", "another long sentence")
    assert hand.banner == "Not stored: the two passwords are not the same."
    enter_twice(hand, first, "short", "short")
    hand.until(lambda: hand.banner == "Not changed: a password needs at least 10 characters.")
    enter_twice(hand, first, "a long sentence", "a long sentence")
    hand.until(lambda: hand.window.gate is None)
    assert plant.rows("SELECT secret_set_at IS NOT NULL FROM lineside.person WHERE login = %s", newcomer) == [(True,)]
    elsewhere(lambda: plant.shell(newcomer, secret="a long sentence"))
