"""The right way is the fastest way: the order once, then two scans per pack."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.plant import Plant
from tests.receiving.conftest import HUB, ORDER, PLACE, Desk, pack

RECEIPTS = (
    "SELECT l.code, c.code, r.raw, r.scanner, r.origin FROM receipt r JOIN lot l ON l.id = r.lot JOIN container c ON c.receipt = r.id"
)


@pytest.mark.capability("A4")
def test_two_scans_receive_a_pack_and_one_sentence_says_what_where_and_which_label(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    assert desk.sentence == "Scan the location where you put the 4\u2009000 pcs."
    desk.until(lambda: "suggested Q-A-03, empty" in desk.seen())
    desk.scan(PLACE)
    desk.until(lambda: "Received 4\u2009000 pcs as lot L" in desk.context)
    [(lot, container, raw, scanner, origin)] = plant.rows(RECEIPTS)
    assert f"as lot {lot} at Q-A-03, label {container} at LP-02." in desk.context
    assert (raw, scanner, origin) == (pack().encode("latin-1"), "SC-11", "scanned")
    assert desk.sentence == "Scan the next pack."
    assert plant.rows("SELECT no, quantity, after_balance FROM ledger") == [(1, 4000, 4000)]
    assert plant.rows("SELECT printer, station, content ->> 'lot' FROM label") == [("LP-02", "REC-01", lot)]


@pytest.mark.capability("A7")
def test_the_next_pack_of_the_same_lot_takes_two_scans_and_joins_its_lot(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    assert str(desk.screen.body.pack.row("lot").word) == "new lot"
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context)
    desk.good_pack()
    assert str(desk.screen.body.pack.row("lot").word) == "known lot"
    assert "our lot L" in str(desk.screen.body.pack.row("lot").second)
    desk.scan("LOC:Q-A-04")
    desk.until(lambda: "at Q-A-04" in desk.context)
    assert plant.rows("SELECT supplier_lot, balance FROM lot") == [("NF26-0931", 8000)]
    assert plant.rows("SELECT count(*) FROM container") == [(2,)]


def test_each_row_says_in_plain_words_what_the_code_holds_and_checks_itself(desk: Desk):
    desk.open_order()
    desk.good_pack()
    rows = {view.row.key: view.row for view in desk.screen.body.pack.rows}
    assert [(row.ai, str(row.name), str(row.value), str(row.word)) for row in rows.values()] == [
        ("01", "Product", "Catheter-hub assembly 22G × 25 mm", "matches PO line 3"),
        ("10", "Supplier lot", "NF26-0931", "new lot"),
        ("17", "Expires", "30 Sep 2029", "in date"),
        ("11", "Made", "1 Oct 2026", "plausible"),
        ("30", "Quantity", "4\u2009000 pcs", "fits the line"),
    ]
    assert "at least 540 required" in str(rows["expires"].second)
    assert desk.screen.body.pack.raw.accessibleName().endswith("10NF26-0931<GS>304000")
    assert desk.screen.body.pack.troubled() == []
    assert "Approved for CH-2225 at SUZ" in desk.seen()
    assert desk.screen.body.line.this_pack.accessibleName() == "+4\u2009000"


@pytest.mark.capability("Q1")
def test_a_pack_scanned_on_the_home_screen_opens_the_one_order_that_wants_it(open_desk, plant: Plant):
    desk = open_desk()
    desk.sign_in("zhou.min")
    assert desk.window.current.key == "home"
    desk.scan(pack())
    desk.until(lambda: desk.window.current.key == "receiving.receive" and desk.slot == "Waiting for a location")
    assert "PO 26-0417 line 3" in desk.context
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context)
    assert plant.rows("SELECT count(*) FROM receipt") == [(1,)]


@pytest.mark.capability("A5")
@pytest.mark.parametrize(
    "code",
    [
        pytest.param(f"]C101{HUB}1729093010NF26-0931\x1d304000", id="GS1-128"),
        pytest.param(f"]d210NF26-0931\x1d304000\x1d01{HUB}17290930", id="separators where they are needed, another order of fields"),
        pytest.param(f"]Q1https://id.gs1.org/01/{HUB}/10/NF26-0931?17=290930&30=4000", id="Digital Link"),
    ],
)
def test_any_gs1_carrier_says_product_lot_expiry_and_quantity_in_one_scan(desk: Desk, code: str):
    desk.open_order()
    desk.good_pack(code)
    row = desk.screen.body.pack.row
    assert [str(row(key).value) for key in ("lot", "expires", "quantity")] == ["NF26-0931", "30 Sep 2029", "4\u2009000 pcs"]


def test_a_location_scanned_before_the_record_answered_waits_for_it(desk: Desk, plant: Plant):
    desk.open_order()
    desk.scanner.scan(pack(), PLACE)  # glued: both arrive in one packet
    desk.until(lambda: "Received" in desk.context)
    assert plant.rows("SELECT quantity, scanner FROM receipt") == [(4000, "SC-11")]


def test_a_pack_scanned_twice_before_its_location_is_received_once(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    desk.bot.wait(400)  # longer than the bounce time: a hand scans it again
    desk.good_pack()
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context)
    assert plant.rows("SELECT count(*) FROM receipt") == [(1,)]


def test_enter_does_nothing_while_a_scan_is_awaited(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    desk.press(Qt.Key.Key_Return)
    desk.bot.wait(50)
    assert desk.slot == "Waiting for a location"
    assert plant.rows("SELECT count(*) FROM receipt") == [(0,)]


def test_the_open_orders_are_listed_and_the_lines_say_what_is_still_to_come(desk: Desk):
    desk.until(desk.screen.body.orders.table.standing)
    assert [row.key for row in desk.screen.body.orders.table.standing()] == ["PO26-0409", "PO26-0417", "PO26-0421"]
    desk.screen.body.orders.table.opened.emit(ORDER)
    desk.until(lambda: desk.slot == "Waiting for a pack")
    desk.good_pack()
    desk.scan(PLACE)
    desk.until(lambda: str(desk.screen.body.lines.table.standing()[0].cells[4].words) == "32\u2009000")
