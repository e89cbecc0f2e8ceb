"""A hand that presses twice and a line that loses an answer post nothing twice."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.faults.presses import PRESSES, given_twice_at_once, lost_on_the_line, pressed_twice
from tests.plant import Plant

pytestmark = pytest.mark.capability("R2")


def test_an_order_given_twice_at_one_moment_acts_once(plant: Plant):
    count = given_twice_at_once(plant, times=4)
    assert count.holds, count
    assert count.stored == 4


@pytest.mark.parametrize("what", ["reply", "request"])
def test_an_order_whose_answer_or_question_was_lost_is_done_once(plant: Plant, what: str):
    count = lost_on_the_line(plant, what, times=2)
    assert count.holds, count
    assert count.unknown_once == 2


def test_the_button_that_posts_a_receipt_pressed_twice_posts_one(
    plant: Plant, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    count = pressed_twice(plant, tmp_path, qtbot, times=len(PRESSES))
    assert count.holds, count
    assert count.stored == len(PRESSES)
