"""Receiving through its commands alone: asked twice, from two stations at once, taken back, and past the screens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import psycopg
import pytest

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.core.refusals import AlreadyGiven, NotAllowed, RecordBusy
from app.core.session import SignedIn
from app.receiving.commands import AskToDecide, Received, ReceiveLot, UndoReceipt, WeighContainer
from app.receiving.queries import facts_of_pack, last_receipt, open_orders, order_by_code
from app.receiving.rules import NotStable, OtherExpiry, ReceiptStands, SupplierNotApproved, TooMuch
from tests.plant import PACK, Plant

ORDER, LAPSED, CLIPS = "PO26-0417", "PO26-0409", "PO26-0421"


def order_for(
    at: SignedIn, *, code: str = ORDER, lot: str = "NF26-0931", quantity: str = "4000", expires: date = date(2029, 9, 30)
) -> ReceiveLot:
    """A pack of the first line of an order."""
    found = at.ask(lambda session: order_by_code(session, code))
    line = found.lines[0]
    return ReceiveLot(
        command_id=new_id(),
        order_line=line.id,
        item=line.item.id,
        supplier_lot=lot,
        made_on=date(2026, 10, 1),
        expires_on=expires,
        quantity=Decimal(quantity),
        location="Q-A-03",
        origin="scanned",
        raw=PACK.encode("latin-1"),
        scanner="SC-11",
        printer=None,
    )


@pytest.fixture
def receiver(plant: Plant) -> SignedIn:
    return plant.sign_in("zhou.min", station="REC-01")


def test_the_same_order_given_twice_makes_one_receipt_and_gives_one_answer(plant: Plant, receiver: SignedIn):
    order = order_for(receiver)
    first, second = receiver.give(order), receiver.give(order)
    assert isinstance(first, Received)
    assert first == second
    assert plant.rows("SELECT count(*) FROM receipt") == [(1,)]
    with pytest.raises(AlreadyGiven):
        receiver.give(replace(order, quantity=Decimal(5000)))


@pytest.mark.parametrize("lots", [("NF26-0900", "NF26-0900"), ("NF26-0931", "NF26-0932")], ids=["a known lot", "two new lots"])
def test_two_stations_receiving_the_last_packs_at_once_get_one_receipt_and_one_refusal(
    plant: Plant, receiver: SignedIn, lots: tuple[str, str]
):
    receiver.give(order_for(receiver, lot="NF26-0900", quantity="32000"))
    other = plant.sign_in("zhou.min", station="IQC-02")
    together = Barrier(2)

    def give(at: SignedIn, lot: str) -> object:
        order = order_for(at, lot=lot)
        together.wait(10)
        try:
            return at.give(order)
        except TooMuch as refused:
            return refused

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(give, (receiver, other), lots))
    assert sorted(type(answer).__name__ for answer in answers) == ["Received", "TooMuch"]
    assert plant.rows("SELECT sum(quantity) FROM receipt") == [(36000,)]


def test_two_stations_opening_the_same_new_lot_at_once_end_with_one_lot(plant: Plant, receiver: SignedIn):
    other = plant.sign_in("zhou.min", station="IQC-02")
    together = Barrier(2)

    def give(at: SignedIn) -> Received:
        order = order_for(at)
        together.wait(10)
        try:
            return at.give(order)
        except RecordBusy:  # the other one was opening the lot; the same order asked again joins it
            return at.give(order)

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(give, (receiver, other)))
    assert len({answer.lot for answer in answers}) == 1
    assert plant.rows("SELECT balance FROM lot") == [(8000,)]


def test_an_undo_writes_a_compensating_entry_and_the_quantity_is_open_again(plant: Plant, receiver: SignedIn):
    received = receiver.give(order_for(receiver))
    receiver.give(UndoReceipt(command_id=new_id(), receipt=received.receipt, reason="Wrong pallet"))
    assert plant.rows("SELECT quantity, after_balance, kind FROM ledger ORDER BY no") == [(4000, 4000, "receipt"), (-4000, 0, "undo")]
    found = receiver.ask(lambda session: order_by_code(session, ORDER))
    assert (found.lines[0].received.value, found.lines[0].left.value) == (0, 36000)
    assert receiver.ask(lambda session: last_receipt(session, order=found.id, person="zhou.min")) is None


def test_a_receipt_stands_once_its_lot_is_in_inspection(plant: Plant, receiver: SignedIn):
    received = receiver.give(order_for(receiver))
    plant.begin(received.lot)
    with pytest.raises(ReceiptStands):
        receiver.give(UndoReceipt(command_id=new_id(), receipt=received.receipt, reason="Wrong pallet"))
    assert plant.rows("SELECT count(*) FROM receipt_undo") == [(0,)]


@pytest.mark.capability("A2")
def test_an_unapproved_supplier_is_refused_by_the_command_and_by_the_database_itself(plant: Plant, receiver: SignedIn):
    with pytest.raises(SupplierNotApproved):
        receiver.give(order_for(receiver, code=LAPSED))
    shell = plant.shell("zhou.min")
    pairs = plant.rows(
        "SELECT l.id, l.item, p.supplier, p.site, q.id FROM lineside.order_line l, lineside.purchase_order p, lineside.location q "
        "WHERE p.id = l.purchase_order AND q.code = 'Q-A-03' AND p.code = %s",
        LAPSED,
    )
    with pytest.raises(psycopg.Error) as refused:
        _receive_by_hand(shell, *pairs[0])
    assert refused.value.sqlstate == "LS040"
    assert plant.rows("SELECT count(*) FROM receipt") == [(0,)]


def _receive_by_hand(shell: psycopg.Connection, line: object, item: object, supplier: object, site: object, place: object) -> None:
    """What somebody with a SQL shell and the right to receive would try."""
    lot = new_id()
    with shell.transaction():
        shell.execute("SELECT lineside.begin_command(%s, 'ReceiveLot', sha256('x'), NULL)", [new_id()])
        [code] = shell.execute("SELECT lineside.next_code('lot')").fetchone() or ("",)
        shell.execute(
            "INSERT INTO lineside.lot (id, code, item, supplier, supplier_lot, site, made_on, expires_on) "
            "VALUES (%s, %s, %s, %s, 'KN-1', %s, NULL, '2029-09-30')",
            [lot, code, item, supplier, site],
        )
        shell.execute(
            "INSERT INTO lineside.receipt (id, order_line, lot, quantity, location, origin, raw, scanner) "
            "VALUES (%s, %s, %s, 100, %s, 'scanned', 'x', 'SC-11')",
            [new_id(), line, lot, place],
        )


@pytest.mark.capability("A7")
def test_one_lot_keeps_one_expiry(receiver: SignedIn):
    receiver.give(order_for(receiver))
    with pytest.raises(OtherExpiry) as refused:
        receiver.give(order_for(receiver, expires=date(2029, 6, 30)))
    assert (refused.value.facts["read"], refused.value.facts["on_record"]) == (date(2029, 6, 30), date(2029, 9, 30))


def test_nobody_but_a_receiver_receives(plant: Plant):
    inspector = plant.sign_in("li.ming")
    with pytest.raises(NotAllowed):
        inspector.give(order_for(inspector))


@pytest.mark.capability("E3")
@pytest.mark.parametrize("stable", [False, None])
def test_a_weight_the_scale_does_not_call_stable_is_not_stored(plant: Plant, receiver: SignedIn, stable: bool | None):
    received = receiver.give(order_for(receiver))
    moving = Reading(
        quantity=Quantity(Decimal("4812.50"), "g"), stable=stable, device="WB-04", raw=b"S D    4812.50 g", at=datetime.now(UTC)
    )
    with pytest.raises(NotStable):
        receiver.give(WeighContainer(command_id=new_id(), container=received.container, reading=moving))
    assert plant.rows("SELECT count(*) FROM weighing") == [(0,)]


def test_asking_quality_books_nothing_and_waits_for_quality(plant: Plant, receiver: SignedIn):
    found = receiver.ask(lambda session: order_by_code(session, LAPSED))
    order = AskToDecide(command_id=new_id(), order=found.id, rule="RCV-02", item="ND-2200", supplier_lot="KN-1", raw=PACK.encode("latin-1"))
    receiver.give(order)
    receiver.give(order)
    assert plant.rows("SELECT for_job, subject_kind, facts ->> 'rule', facts ->> 'raw' FROM task") == [
        ("quality", "purchase_order", "RCV-02", PACK)
    ]


def test_open_orders_leave_the_list_when_everything_is_here(receiver: SignedIn):
    site = receiver.where.site
    assert [order.code for order in receiver.ask(lambda session: open_orders(session, site=site))] == [LAPSED, ORDER, CLIPS]
    receiver.give(order_for(receiver, quantity="36000"))
    assert [order.code for order in receiver.ask(lambda session: open_orders(session, site=site))] == [LAPSED, CLIPS]


def test_a_pack_finds_its_only_order_its_lot_and_a_free_place(receiver: SignedIn):
    site = receiver.where.site

    def ask(order: str | None) -> object:
        return receiver.ask(lambda session: facts_of_pack(session, order=order, gtin="09521101530025", supplier_lot="NF26-0931", site=site))

    before = ask(None)
    assert (before.order.code, before.line.no, before.known, before.packs, before.place.code) == (ORDER, 3, None, 0, "Q-A-03")
    received = receiver.give(order_for(receiver))
    after = ask(ORDER)
    assert (after.known.id, after.packs, after.place.code) == (UUID(str(received.lot)), 1, "Q-A-04")
    assert ask(LAPSED).line is None
