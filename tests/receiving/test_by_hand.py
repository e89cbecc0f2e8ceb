"""What a receiver may do besides scanning; each stays marked, and nothing needs the mouse."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.materials.commands import ApproveSupplier
from tests.plant import Plant
from tests.receiving.conftest import NEEDLE, PLACE, Desk, pack
from tests.receiving.elsewhere import elsewhere
from ui.kit import State
from ui.kit.check import look_over
from ui.shell.registry import SCREENS


def received(desk: Desk) -> None:
    """One pack of the order in quarantine, by this desk."""
    desk.open_order()
    desk.good_pack()
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context and "Undo last receipt" in desk.buttons)


def test_a_typed_location_receives_the_pack_and_is_marked_as_typed_for_good(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    desk.click("Type a location")
    desk.fill("q-a-04")
    desk.enter()
    desk.until(lambda: "at Q-A-04" in desk.context)
    assert plant.rows("SELECT origin FROM receipt") == [("typed",)]


def test_an_empty_line_is_no_location_and_a_scan_still_takes_it(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    desk.click("Type a location")
    desk.enter()
    assert desk.window.frame.sheet is not None
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context)
    assert desk.window.frame.sheet is None
    assert plant.rows("SELECT origin FROM receipt") == [("scanned",)]


def test_an_order_may_be_typed_as_it_stands_on_the_delivery_note(desk: Desk):
    desk.click("Type the order")
    desk.fill("po 26-0417")
    desk.enter()
    desk.until(lambda: desk.slot == "Waiting for a pack")
    assert "PO 26-0417" in desk.context


def test_a_counted_quantity_replaces_the_printed_one_and_says_so(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    desk.click("Change quantity")
    desk.fill("three")
    desk.enter()
    assert desk.window.frame.sheet is not None
    desk.window.frame.sheet.line.set_text("")
    desk.fill("3990")
    desk.enter()
    desk.until(lambda: desk.sentence == "Scan the location where you put the 3\u2009990 pcs.")
    row = desk.screen.body.pack.row("quantity")
    assert (row.typed, str(row.second)) == (True, "the code says 4\u2009000")
    desk.scan(PLACE)
    desk.until(lambda: "Received 3\u2009990 pcs" in desk.context)
    assert plant.rows("SELECT quantity, origin, raw FROM receipt") == [(3990, "typed", pack().encode("latin-1"))]


def test_a_pack_that_is_too_much_may_be_counted_again(desk: Desk):
    desk.open_order()
    desk.refused(pack(quantity="40000"), "is more than")
    desk.click("Change quantity")
    desk.fill("4000")
    desk.enter()
    desk.until(lambda: desk.slot == "Waiting for a location")
    assert desk.banner == ""


def test_the_last_receipt_is_taken_back_with_a_reason_and_both_entries_stay(desk: Desk, plant: Plant):
    received(desk)
    desk.click("Undo last receipt")
    desk.enter()
    assert desk.window.frame.sheet is not None  # no reason, no undo
    desk.fill("Wrong pallet")
    desk.enter()
    desk.until(lambda: "Taken back: 4\u2009000 pcs" in desk.context)
    assert plant.rows("SELECT reason, undone_by FROM receipt_undo") == [("Wrong pallet", "zhou.min")]
    assert plant.rows("SELECT no, quantity, after_balance, kind FROM ledger ORDER BY no") == [
        (1, 4000, 4000, "receipt"),
        (2, -4000, 0, "undo"),
    ]
    desk.until(lambda: "Undo last receipt" not in desk.buttons)
    desk.until(lambda: str(desk.screen.body.lines.table.standing()[0].cells[4].words) == "36\u2009000")


def test_an_undo_is_refused_as_soon_as_somebody_inspects_the_lot(desk: Desk, plant: Plant):
    received(desk)
    [(lot,)] = plant.rows("SELECT id FROM lot")
    elsewhere(lambda: plant.begin(lot))
    desk.click("Undo last receipt")
    desk.fill("Wrong pallet")
    desk.enter()
    desk.until(lambda: "is being inspected or decided" in desk.banner)
    assert plant.rows("SELECT count(*) FROM receipt_undo") == [(0,)]


def test_a_damaged_pack_in_hand_opens_its_discrepancy_together_with_its_receipt(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    desk.click("Short or damaged")
    desk.fill("Corner crushed, bag open")
    desk.enter()
    assert desk.window.frame.sheet is not None  # nobody said how bad it is
    desk.window.frame.sheet.classes.choose(1)
    desk.enter()
    assert plant.rows("SELECT count(*) FROM deviation") == [(0,)]
    assert any(state is State.ATTENTION for state, _, _ in desk.screen.body.next.said_steps)
    desk.scan(PLACE)
    desk.until(lambda: "Discrepancy DEV" in desk.banner)
    assert plant.rows(
        "SELECT d.kind, d.cause_kind, d.class, d.what_happened, d.cause_id = r.id, d.subject_id = r.lot FROM deviation d, receipt r"
    ) == [("discrepancy", "receipt", "major", "Corner crushed, bag open", True, True)]
    assert plant.rows("SELECT for_job FROM task WHERE kind = 'decide_deviation'") == [("supervisor",)]


def test_a_discrepancy_may_be_opened_on_the_last_receipt(desk: Desk, plant: Plant):
    received(desk)
    desk.click("Short or damaged")
    desk.fill("Two bags missing")
    desk.window.frame.sheet.classes.choose(0)
    desk.enter()
    desk.until(lambda: "Discrepancy DEV" in desk.banner)
    assert plant.rows("SELECT class, cause_kind FROM deviation") == [("minor", "receipt")]


@pytest.mark.capability("Q4")
def test_a_refusal_names_who_decides_and_one_button_asks_them_once(desk: Desk, plant: Plant):
    desk.open_order("PO26-0409")
    desk.refused(pack(gtin=NEEDLE, lot="KN-1"), "not approved")
    assert "Wang Haiyan" in desk.seen()
    desk.click("Ask Wang Haiyan to decide")
    desk.until(lambda: desk.screen.body.decide.ask.reason is not None)
    assert "not approved" in desk.banner
    [(job, facts)] = plant.rows("SELECT for_job, facts FROM task WHERE kind = 'decide_pack'")
    assert (job, facts["rule"], facts["order"], facts["supplier_lot"]) == ("quality", "RCV-02", "PO26-0409", "KN-1")


def test_read_again_receives_a_pack_whose_supplier_was_approved_meanwhile(desk: Desk, plant: Plant):
    desk.open_order("PO26-0409")
    desk.refused(pack(gtin=NEEDLE, lot="KN-1"), "not approved")

    def approve() -> None:
        [(supplier, item, site, today)] = plant.rows(
            "SELECT p.supplier, l.item, p.site, today_at(p.site) FROM lineside.purchase_order p "
            "JOIN lineside.order_line l ON l.purchase_order = p.id WHERE p.code = 'PO26-0409'"
        )
        until = today + timedelta(days=100)
        order = ApproveSupplier(
            command_id=new_id(),
            id=new_id(),
            supplier=supplier,
            item=item,
            site=site,
            valid_from=today,
            valid_to=until,
            certificate="ISO 13485",
            certificate_valid_to=until,
        )
        plant.sign_in("wang.haiyan").give(order)

    elsewhere(approve)
    desk.press(Qt.Key.Key_F5)
    desk.until(lambda: desk.slot == "Waiting for a location")
    assert desk.banner == ""


def test_a_refused_pack_of_a_known_lot_can_open_a_discrepancy_on_that_lot(desk: Desk, plant: Plant):
    elsewhere(plant.receive)
    desk.open_order()
    desk.refused(pack(expires="290630"), "two expiry dates")
    desk.click("Open a discrepancy")
    desk.fill("Re-labelled by the supplier")
    desk.window.frame.sheet.classes.choose(1)
    desk.enter()
    desk.until(lambda: "Discrepancy DEV" in desk.banner)
    assert plant.rows("SELECT cause_kind, facts ->> 'rule' FROM deviation") == [("other", "RCV-12")]


def test_f4_shows_where_a_received_quantity_comes_from(desk: Desk):
    desk.open_order()
    desk.good_pack()
    [one] = desk.screen.evidence()
    assert (one.raw, str(one.facts[0].value)) == (pack().encode("latin-1"), "SC-11")
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context and desk.screen.delivery is not None and desk.screen.delivery.last is not None)
    desk.press(Qt.Key.Key_F4)
    [one] = desk.window.frame.sheet.evidence
    facts = {str(fact.name): str(fact.value) for fact in one.facts}
    assert str(one.title).startswith("Received quantity of lot L")
    assert (facts["scanner"], facts["received by"], facts["station"]) == ("SC-11", "Zhou Min", "REC-01")
    assert one.raw == pack().encode("latin-1")


def test_quality_finds_the_question_on_the_home_screen_and_closes_it(open_desk, desk: Desk, plant: Plant):
    desk.open_order("PO26-0409")
    desk.refused(pack(gtin=NEEDLE, lot="KN-1"), "not approved")
    desk.click("Ask Wang Haiyan to decide")
    desk.until(lambda: desk.screen.body.decide.ask.reason is not None)
    desk.press(Qt.Key.Key_F10)
    desk.until(lambda: desk.window.gate is not None)
    desk.sign_in("wang.haiyan")
    window = desk.window
    desk.until(lambda: any(task.kind == "decide_pack" for task in window.inbox.waiting.tasks))
    task = next(task for task in window.inbox.waiting.tasks if task.kind == "decide_pack")
    words = SCREENS["receiving.refused_pack"].make.task_words(task)
    assert str(words.title) == "Decide on the refused pack of lot KN-1"
    window.open("receiving.refused_pack", words.context)
    assert desk.sentence == "Decide what becomes of the refused pack of lot KN-1."
    desk.until(lambda: look_over(window) == [])  # as soon as it is laid out
    if folder := os.environ.get("LINESIDE_PICTURES"):
        window.grab().save(f"{folder}/receive-decide-1920-en-light.png")
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: plant.rows("SELECT status, done_by FROM task WHERE kind = 'decide_pack'") == [("done", "wang.haiyan")])
