"""The scale beside the dock: live, and only a stable weight can be taken, with Enter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.plant import Plant
from tests.receiving.conftest import PLACE, Desk


def on_the_scale(desk: Desk) -> None:
    desk.open_order()
    desk.good_pack()
    desk.scan(PLACE)
    desk.until(lambda: desk.screen.is_weighing and desk.slot == "")


@pytest.mark.capability("E3")
def test_a_stable_weight_is_taken_with_enter_and_kept_with_its_frame(desk_with_scale: Desk, plant: Plant):
    desk = desk_with_scale
    on_the_scale(desk)
    desk.scale.put("4812.50")
    desk.until(lambda: desk.buttons[-1] == "Take 4\u2009812.50 g" and desk.screen.take.isEnabled())
    assert desk.screen.body.weight.value.text == "4\u2009812.50 g"
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.slot == "Waiting for a pack")
    assert plant.rows("SELECT w.value::text, w.unit, a.code, w.raw FROM weighing w JOIN asset a ON a.id = w.scale") == [
        ("4812.50", "g", "WB-04", b"S S    4812.50 g")
    ]
    desk.until(lambda: "4\u2009812.50 g" in desk.seen())


@pytest.mark.capability("E3")
def test_a_moving_weight_is_shown_and_cannot_be_taken(desk_with_scale: Desk, plant: Plant):
    desk = desk_with_scale
    on_the_scale(desk)
    desk.scale.put("100", settle=10_000)
    desk.until(lambda: desk.screen.body.weight.word.text == "moving")
    assert not desk.screen.take.isEnabled()
    assert str(desk.screen.take.reason) == "no stable weight yet"
    desk.press(Qt.Key.Key_Return)
    assert plant.rows("SELECT count(*) FROM weighing") == [(0,)]


def test_a_scale_that_falls_silent_takes_its_last_value_with_it(desk_with_scale: Desk):
    desk = desk_with_scale
    on_the_scale(desk)
    desk.scale.put("4812.50")
    desk.until(desk.screen.take.isEnabled)
    desk.scale.unplug()
    desk.until(lambda: not desk.screen.take.isEnabled())
    assert desk.screen.body.weight.value.text == "–"


def test_the_next_pack_may_be_scanned_without_weighing(desk_with_scale: Desk, plant: Plant):
    desk = desk_with_scale
    on_the_scale(desk)
    desk.good_pack()
    assert not desk.screen.is_weighing
    desk.scan(PLACE)
    desk.until(lambda: desk.screen.is_weighing)
    assert plant.rows("SELECT count(*) FROM receipt") == [(2,)]


def test_a_station_without_a_scale_asks_for_no_weight(desk: Desk):
    desk.open_order()
    desk.good_pack()
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context)
    assert desk.slot == "Waiting for a pack"
