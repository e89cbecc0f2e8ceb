"""Nobody receives, undoes or counts a lot into a number that was never there, however many press at once (reliability 2e, D9, C5)."""

import threading
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest

from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, sqlstate_of
from tests.plant import Plant

RECEIVE = """INSERT INTO lineside.receipt (id, order_line, lot, quantity, location, origin, raw, scanner)
    SELECT uuidv7(), r.order_line, r.lot, {quantity}, r.location, 'scanned', '\\x01', 'SC-11' FROM lineside.receipt r
            WHERE r.lot = '{lot}' ORDER BY r.id LIMIT 1"""


def _together(tries: list[Callable[[], str]]) -> Counter[str]:
    ready, answers, lock = threading.Barrier(len(tries)), Counter[str](), threading.Lock()

    def go(attempt: Callable[[], str]) -> None:
        ready.wait(10)
        said = attempt()
        with lock:
            answers[said] += 1

    threads = [threading.Thread(target=go, args=(attempt,)) for attempt in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def _shells(plant: Plant, newcomers: Newcomers, count: int) -> list[psycopg.Connection]:
    people = ["zhou.min", newcomers.hire("receiver")]
    return [plant.shell(people[n % 2]) for n in range(count)]


@pytest.mark.capability("C6")
def test_a_pack_does_not_join_a_lot_whose_inspection_is_complete(target: Target):
    assert sqlstate_of(target.plant.shell("zhou.min"), RECEIVE.format(quantity=1, lot=target.lot)) == "LS048"


def _assert_conserved(plant: Plant, lot: UUID) -> None:
    assert plant.rows(
        """SELECT l.balance = sum(g.quantity), l.balance >= 0, max(g.no) = count(*), min(g.after_balance) >= 0
            FROM lineside.lot l JOIN lineside.ledger g ON g.lot = l.id WHERE l.id = %s GROUP BY l.id""",
        lot,
    ) == [(True, True, True, True)]


@pytest.mark.capability("R4")
def test_sixteen_who_receive_the_rest_of_an_order_at_once_receive_the_rest_and_not_more(plant: Plant, newcomers: Newcomers):
    lot = plant.receive(quantity="4000").lot
    plant.close()
    shells = _shells(plant, newcomers, 16)
    answers = _together([lambda shell=shell: sqlstate_of(shell, RECEIVE.format(quantity=4000, lot=lot)) for shell in shells])
    assert answers == {"done": 8, "LS044": 8}
    assert plant.rows("SELECT balance FROM lineside.lot WHERE id = %s", lot) == [(36000,)]
    _assert_conserved(plant, lot)


@pytest.mark.capability("R4")
def test_receiving_and_undoing_at_once_conserves_the_balance_and_undoes_each_receipt_once(plant: Plant, newcomers: Newcomers):
    lot = plant.receive(quantity="10").lot
    plant.close()
    shells = _shells(plant, newcomers, 16)
    for _ in range(3):
        assert sqlstate_of(shells[0], RECEIVE.format(quantity=10, lot=lot)) == "done"
    undo = f"""INSERT INTO lineside.receipt_undo (id, receipt, reason) SELECT uuidv7(), r.id, 'twice scanned' FROM lineside.receipt r
            WHERE r.lot = '{lot}' AND r.quantity = 10 ORDER BY r.id LIMIT 1"""
    tries = [
        lambda shell=shell, n=n: sqlstate_of(shell, undo if n % 2 else RECEIVE.format(quantity=7, lot=lot))
        for n, shell in enumerate(shells)
    ]
    assert _together(tries) == {"done": 9, "23505": 7}
    assert plant.rows("SELECT balance FROM lineside.lot WHERE id = %s", lot) == [(10 * 4 - 10 + 8 * 7,)]
    _assert_conserved(plant, lot)


@pytest.mark.parametrize("quantity", ["'NaN'", "'Infinity'", "'-Infinity'", "0", "-1", "1e131072", "NULL"])
def test_what_is_no_quantity_is_not_received(plant: Plant, quantity: str):
    lot = plant.receive().lot
    answer = sqlstate_of(plant.shell("zhou.min"), RECEIVE.format(quantity=quantity, lot=lot))
    assert answer in {"23514", "23502", "22003", "LS044"}


@pytest.mark.parametrize("value", ["'NaN'", "'Infinity'", "'-Infinity'"])
def test_what_is_no_value_is_not_measured(plant: Plant, value: str):
    inspection = plant.begin(plant.receive().lot)
    measure = f"""INSERT INTO lineside.measurement (id, inspection, characteristic, sample_no, value, unit, origin, gauge, raw, read_at)
        SELECT uuidv7(), '{inspection}', c.id, 1, {value}, 'mm', 'device', a.id, 'x', now() FROM lineside.characteristic c,
            lineside.asset a WHERE c.no = 2 AND a.code = 'DC-014'"""
    shell = plant.shell("li.ming", purpose="work", ticket=plant.link().ticket())
    assert sqlstate_of(shell, measure) == "23514"


@pytest.mark.parametrize("balance", ["-1", "'NaN'", "'Infinity'"])
def test_not_even_the_administrator_of_the_database_writes_a_balance_that_cannot_be(target: Target, balance: str):
    with pytest.raises(psycopg.errors.CheckViolation):
        target.plant.superuser().execute(f"UPDATE lineside.lot SET balance = {balance}")


def test_a_balance_never_goes_below_nothing(target: Target):
    superuser = target.plant.superuser()
    take = f"""INSERT INTO lineside.ledger (id, lot, quantity, kind, location, cause) SELECT uuidv7(), lot, -4001, 'undo', location,
            cause FROM lineside.ledger WHERE lot = '{target.lot}'"""
    with pytest.raises(psycopg.errors.CheckViolation, match="lot_balance_check"):
        superuser.execute(take)
