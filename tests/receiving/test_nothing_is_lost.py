"""Order and pack survive lock, another person and a restart; a receipt whose reply was lost is not posted twice."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from tests.plant import Plant
from tests.receiving.conftest import PLACE, Desk, pack
from tests.receiving.elsewhere import elsewhere
from ui.receiving.receive_screen import ReceiveScreen

KEPT = "SELECT content -> 'fields' -> 'pack' -> 'value' ->> 'command_id' FROM draft WHERE screen = 'receiving.receive'"


def kept(desk: Desk, plant: Plant) -> str:
    """Identity of the receipt to be, once the draft holds it with its scanner."""
    rows = "SELECT content -> 'fields' -> 'pack' -> 'value' ->> 'scanner' FROM draft WHERE screen = 'receiving.receive'"
    desk.until(lambda: plant.rows(rows) == [("SC-11",)])
    return str(plant.rows(KEPT)[0][0])


def test_a_lock_keeps_order_and_pack(desk: Desk):
    desk.open_order()
    desk.good_pack()
    desk.press(Qt.Key.Key_F10)
    desk.until(lambda: desk.window.gate is not None)
    desk.sign_in("zhou.min")
    assert desk.slot == "Waiting for a location"
    assert "PO 26-0417 line 3" in desk.context


@pytest.mark.capability("Q5")
def test_order_and_pack_stand_again_after_a_restart(open_desk, desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    kept(desk, plant)
    open_desk.close(desk)
    again = open_desk()
    again.sign_in("zhou.min")
    again.until(lambda: isinstance(again.window.current, ReceiveScreen) and again.slot == "Waiting for a location")
    again.scan(PLACE)
    again.until(lambda: "Received" in again.context)
    assert plant.rows("SELECT quantity, scanner, raw FROM receipt") == [(4000, "SC-11", pack().encode("latin-1"))]
    again.until(lambda: plant.rows(KEPT) in ([], [(None,)]))


def test_another_screen_and_back_finds_the_pack_where_it_was(desk: Desk):
    desk.open_order()
    desk.good_pack()
    desk.press(Qt.Key.Key_Escape)
    desk.until(lambda: desk.window.current.key == "home")
    desk.window.open("receiving.receive")
    desk.until(lambda: desk.slot == "Waiting for a location")


def test_a_receipt_stored_before_the_crash_is_not_posted_a_second_time(open_desk, desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    identity = kept(desk, plant)
    pending, line = desk.screen.pack, desk.screen.facts.line
    order = pending.receipt_at("Q-A-03", line, typed=False, printer="LP-02")
    assert order.command_id == UUID(identity)
    open_desk.close(desk)
    elsewhere(lambda: plant.sign_in("zhou.min", station="REC-01").give(order))  # it was stored; its reply never came
    again = open_desk()
    again.sign_in("zhou.min")
    again.until(lambda: again.slot == "Waiting for a location")
    again.scan(PLACE)
    again.until(lambda: "Received" in again.context)
    assert plant.rows("SELECT count(*), sum(quantity) FROM receipt") == [(1, 4000)]
