"""Whatever does not fit is said in one sentence, with the next step, before anything is stored; a good scan clears it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.base.ids import new_id
from app.materials.commands import HoldLot
from tests.plant import Plant
from tests.receiving.conftest import HUB, NEEDLE, PLACE, Desk, pack
from tests.receiving.elsewhere import elsewhere

NOTHING = [(0, 0, 0)]
MERGED = f"]d201{HUB}1729093010NF26-093121SN01"
"""Lot and serial number without the separator between them."""
WRONG_DIGIT = f"]d201{HUB[:-1]}4172909303040\x1d10X"
STORED = "SELECT (SELECT count(*) FROM receipt), (SELECT count(*) FROM lot), (SELECT count(*) FROM container)"


def soon(days: int) -> str:
    """A day as a GS1 code writes it."""
    return f"{date.today() + timedelta(days=days):%y%m%d}"  # noqa: DTZ011 - a pack far from midnight


@pytest.mark.capability("Q4")
@pytest.mark.parametrize(
    ("code", "says", "next_step", "row", "word"),
    [
        pytest.param(pack(gtin=NEEDLE), "is not on this order", "Put the pack aside", "product", "not on this order", id="item"),
        pytest.param(pack(gtin="09521101530049"), "no item has the GTIN", "ask Purchasing", "product", "unknown product", id="unknown"),
        pytest.param(pack(expires=soon(-3), made=""), "too soon for this item", "red shelf", "expires", "expired", id="expired"),
        pytest.param(pack(expires=soon(200)), "too soon for this item", "red shelf", "expires", "too short", id="short shelf life"),
        pytest.param(pack(quantity="40000"), "is more than the 36\u2009000 pcs", "Purchasing", "quantity", "more than ordered", id="much"),
        pytest.param(pack(quantity=None), "does not say the quantity", "other code", "quantity", "missing", id="no quantity"),
        pytest.param(pack(expires=None), "does not say the expiry date", "other code", "expires", "missing", id="no expiry"),
        pytest.param(MERGED, "the scanner sent no group separator", "Call Maintenance", "lot", "not readable", id="merged"),
        pytest.param(WRONG_DIGIT, "the check digit of (01)", "Scan the label again", "product", "not readable", id="digit"),
    ],
)  # fmt: skip
def test_a_pack_that_does_not_fit_is_refused_at_its_first_scan(
    desk: Desk, plant: Plant, code: str, says: str, next_step: str, row: str, word: str
):
    desk.open_order()
    desk.refused(code, says)
    assert next_step in desk.banner
    assert desk.screen.body.pack.troubled() == [row]
    assert str(desk.screen.body.pack.row(row).word) == word
    assert desk.slot == "Scan the next pack"
    assert "not received" in desk.window.frame.next_band.badge.text
    assert desk.window.tones.last == "stop"
    assert str(desk.window.router.last[0].words).startswith(("Refused", "Lot", "The code"))
    assert plant.rows(STORED) == NOTHING
    desk.good_pack(pack(lot="NF26-0999"))
    assert desk.banner == ""
    assert desk.screen.body.pack.troubled() == []


@pytest.mark.capability("A7")
def test_the_same_lot_with_another_expiry_is_stopped_and_both_dates_stand_side_by_side(desk: Desk, plant: Plant):
    elsewhere(plant.receive)
    desk.open_order()
    desk.refused(pack(expires="290630"), "one lot cannot have two expiry dates")
    assert "Rule RCV-12." in desk.banner
    assert {"read", "30 Jun 2029", "on record", "30 Sep 2029"} <= set(desk.blocks)
    assert desk.screen.body.pack.troubled() == ["expires"]
    assert desk.sentence == "Put this pack on the red shelf, then scan the next pack."
    assert "pack 2" in desk.context
    assert plant.rows("SELECT count(*) FROM receipt") == [(1,)]


@pytest.mark.capability("A2")
def test_a_lapsed_approval_colours_the_approval_and_no_row_of_the_pack(desk: Desk, plant: Plant):
    desk.open_order("PO26-0409")
    desk.refused(pack(gtin=NEEDLE, lot="KN-1"), "the supplier is not approved")
    assert desk.screen.body.pack.troubled() == []
    assert "Not approved for ND-2200 at SUZ" in desk.seen()
    assert "approval ended" in desk.blocks
    assert plant.rows(STORED) == NOTHING


def test_a_lot_that_is_decided_takes_nothing_more(desk: Desk, plant: Plant):

    def hold() -> None:
        received = plant.receive()
        at = plant.sign_in("li.ming")
        plant.give_signed(
            at, HoldLot(command_id=new_id(), lot=received.lot, version=1), kind="lot", subject=received.lot, signer="tom.becker"
        )

    elsewhere(hold)
    desk.open_order()
    desk.refused(pack(), "is decided already")
    assert desk.screen.body.pack.troubled() == ["lot"]


@pytest.mark.parametrize(
    ("place", "says", "expected"),
    [("LOC:S-B-01", "S-B-01 is not a quarantine location", "Q-A-03"), ("LOC:X-99", "there is no location X-99 here", "Q-A-03")],
)
def test_a_wrong_location_is_refused_and_the_pack_still_waits_for_the_right_one(
    desk: Desk, plant: Plant, place: str, says: str, expected: str
):
    desk.open_order()
    desk.good_pack()
    desk.refused(place, says)
    assert desk.slot == "Waiting for a location"
    assert {place.removeprefix("LOC:"), expected} <= set(desk.blocks)
    assert plant.rows(STORED) == NOTHING
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context)
    assert desk.banner == ""


def test_an_unknown_order_is_not_opened(desk: Desk):
    desk.refused("PO26-9999", "there is no order PO26-9999")
    assert desk.slot == "Waiting for an order"
    desk.open_order()
    assert desk.banner == ""


def test_a_location_before_a_pack_receives_nothing(desk: Desk, plant: Plant):
    desk.open_order()
    desk.refused(PLACE, "was scanned before a pack")
    assert plant.rows(STORED) == NOTHING


def test_a_location_for_a_refused_pack_receives_nothing(desk: Desk, plant: Plant):
    desk.open_order()
    desk.refused(pack(quantity="40000"), "is more than")
    desk.refused(PLACE, "this pack was refused before")
    assert plant.rows(STORED) == NOTHING


def test_a_pack_of_another_order_is_right_as_soon_as_its_order_is_scanned(desk: Desk):
    desk.open_order("PO26-0409")
    desk.refused(pack(), "22G × 25 mm is not on this order")
    desk.scan("PO26-0417")
    desk.until(lambda: desk.slot == "Waiting for a location")
    assert desk.banner == ""


def test_a_pack_that_could_not_be_read_goes_as_soon_as_another_order_is_scanned(desk: Desk):
    desk.open_order()
    desk.refused(WRONG_DIGIT, "the check digit of (01)")
    desk.scan("PO26-0409")
    desk.until(lambda: desk.slot == "Waiting for a pack")
    assert desk.banner == ""
    assert "PO 26-0409" in desk.context
    assert desk.screen.pack is None


def test_what_somebody_else_received_meanwhile_is_told_after_the_second_scan(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    elsewhere(lambda: plant.receive(quantity="36000", supplier_lot="NF26-0900"))
    desk.refused(PLACE, "is more than the 0 pcs still open")
    assert desk.screen.body.pack.troubled() == ["quantity"]
    assert plant.rows("SELECT sum(quantity) FROM receipt") == [(36000,)]


def test_a_code_of_something_else_goes_to_whoever_owns_it_or_is_named(desk: Desk):
    desk.open_order()
    desk.refused("AST:DC-014", "this is equipment DC-014")
    assert desk.slot == "Waiting for a pack"
