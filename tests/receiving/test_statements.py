"""How often a receipt goes to the database and back. Counted, not timed: a busy machine is slow, a further question is a defect.

Every way to the server costs a plant's network its round trip and the window's threads a turn of the interpreter. A receipt needs ten:
BEGIN, begin_command, everything that decides on the pack, lot, task, receipt, container, label, finish_command, COMMIT. A pack is
looked up in four: BEGIN, the order with its lines, the pack's own facts, COMMIT. DESIGN §6 holds both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from app.base.ids import new_id
from app.core.session import SignedIn
from app.receiving.commands import OrderedLine, PlaceOrder
from app.receiving.queries import facts_of_pack, order_by_code
from tests.plant import Plant
from tests.receiving.test_commands import ORDER, order_for
from tests.wire import statements
from ui.receiving.desk import delivery

RECEIPT, LOOK_UP, RE_READ = 10, 4, 5
HUB = "09521101530025"
LONG = "PO26-0500"


@pytest.fixture
def receiver(plant: Plant) -> SignedIn:
    """The receiver at the desk."""
    return plant.sign_in("zhou.min", station="REC-01")


def the_pack(at: SignedIn, order: str | None) -> object:
    """What the screen asks when a pack was scanned."""
    assert at.where is not None
    site = at.where.site
    return at.ask(lambda session: facts_of_pack(session, order=order, gtin=HUB, supplier_lot="NF26-0931", site=site))


@pytest.fixture
def long_order(plant: Plant, receiver: SignedIn) -> str:
    """An order of forty lines."""
    known = receiver.ask(lambda session: order_by_code(session, ORDER))
    assert known is not None
    line = known.lines[0]
    lines = tuple(
        OrderedLine(id=new_id(), no=no, item=line.item.id, quantity=Decimal(100), due_on=date(2026, 12, no % 28 + 1)) for no in range(1, 41)
    )
    plant.sign_in("gao.yun").give(
        PlaceOrder(command_id=new_id(), id=new_id(), code=LONG, supplier=known.supplier, site=known.site, lines=lines)
    )
    return LONG


def test_a_receipt_that_opens_a_lot_and_prints_a_label_takes_ten_statements(plant: Plant, receiver: SignedIn):
    order = replace(order_for(receiver), printer="LP-02")
    with statements(receiver) as sent:
        receiver.give(order)
    assert len(sent) <= RECEIPT, sent
    assert plant.rows("SELECT (SELECT count(*) FROM lot), (SELECT count(*) FROM task), (SELECT count(*) FROM label)") == [(1, 1, 1)]


def test_the_next_pack_of_the_lot_takes_fewer(plant: Plant, receiver: SignedIn):
    receiver.give(replace(order_for(receiver), printer="LP-02"))
    order = replace(order_for(receiver), printer="LP-02")
    with statements(receiver) as sent:
        receiver.give(order)
    assert len(sent) <= RECEIPT - 2, sent
    assert plant.rows("SELECT balance FROM lot") == [(8000,)]


@pytest.mark.parametrize("order", [ORDER, None], ids=["order scanned", "the only order that wants it"])
def test_a_scanned_pack_is_looked_up_in_four_statements(receiver: SignedIn, order: str | None):
    the_pack(receiver, order)
    with statements(receiver) as sent:
        found = the_pack(receiver, order)
    assert len(sent) <= LOOK_UP, sent
    assert found.order.code == ORDER


def test_an_order_of_forty_lines_takes_as_many_statements_as_one_of_one_line(receiver: SignedIn, long_order: str):
    with statements(receiver) as sent:
        found = the_pack(receiver, long_order)
    assert len(sent) <= LOOK_UP, sent
    assert len(found.order.lines) == 40


def test_what_the_screen_reads_again_after_a_receipt_takes_five_statements(receiver: SignedIn):
    receiver.give(order_for(receiver))
    with statements(receiver) as sent:
        found = receiver.ask(lambda session: delivery(session, code=ORDER, person=receiver.who, site=receiver.where.site))
    assert len(sent) <= RE_READ, sent
    assert (found.last.lot.supplier_lot, found.received_by) == ("NF26-0931", receiver.who.name)


LOOKED_FOR = {
    "container_receipt": "SELECT sum(c.quantity) FROM container c WHERE c.receipt = '{id}'",
    "lot_written_alike": "SELECT FROM lot WHERE item = '{id}' AND supplier = '{id}' AND upper(supplier_lot) = 'NF26'",
    "ledger_place": "SELECT lot FROM ledger WHERE location = '{id}' GROUP BY lot HAVING sum(quantity) > 0 ORDER BY lot DESC",
    "receipt_line": "SELECT sum(r.quantity) FROM receipt r WHERE r.order_line = '{id}'",
}
"""What container_gate, lot_begins, the proposal of a free place and receipt_gate look for."""


@pytest.mark.parametrize("index", LOOKED_FOR)
def test_what_a_receipt_asks_of_tables_that_grow_is_found_by_an_index(plant: Plant, index: str):
    with psycopg.connect(plant.address.url(plant.server.dbname)) as superuser:
        superuser.execute("SET enable_seqscan = off")  # the demonstration plant is so small that reading all of it would be cheaper
        superuser.execute("SET enable_bitmapscan = off")
        plan = superuser.execute("EXPLAIN (COSTS OFF) " + LOOKED_FOR[index].format(id=new_id())).fetchall()
    assert any(index in line for (line,) in plan), plan
