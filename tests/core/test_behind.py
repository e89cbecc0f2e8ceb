"""Whoever sees a number may ask who put it there, and learns no value by asking."""

import pytest

from app.base.ids import new_id
from app.core.behind import Kept, entries_behind
from tests.plant import Plant

COLUMNS = ("id", "code", "kind", "name_en", "name_zh", "serial_no", "active", "site")
pytestmark = pytest.mark.capability("E5")


def test_an_operator_learns_who_where_when_and_in_which_entry_a_number_was_written(plant: Plant):
    received = plant.receive()
    balance, day = Kept(row=received.lot, column="balance"), Kept(row=received.lot, column="expires_on")
    found = plant.sign_in("chen.jing").ask(lambda session: entries_behind(session, [balance, day]))
    said = {(str(one.name), one.who, one.station, one.act, one.chain) for one in found.values()}
    assert set(found) == {balance, day}
    assert said == {("Zhou Min", "zhou.min", "REC-01", "ReceiveLot", "REC-01/ui")}
    assert found[balance].seq > found[day].seq  # the lot was opened with its day, then the ledger wrote what came
    rows = plant.rows("SELECT seq, at FROM lineside.audit_log WHERE row_id = %s ORDER BY seq", received.lot)
    assert [(found[day].seq, found[day].at), (found[balance].seq, found[balance].at)] == [rows[0], rows[-1]]


def test_no_value_is_told_by_it(plant: Plant):
    received = plant.receive()
    with plant.shell("chen.jing") as shell:
        row = shell.execute("SELECT * FROM lineside.entries_behind(%s, %s::text[])", ([received.lot], ["supplier_lot"]))
        assert [column.name for column in row.description or ()] == ["row_id", "col", "who", "station", "act", "at", "chain", "seq"]


def test_of_people_and_their_rights_it_tells_nothing(plant: Plant):
    people = plant.rows(
        "SELECT id FROM lineside.person UNION ALL SELECT id FROM lineside.scope UNION ALL SELECT id FROM lineside.job_right"
    )
    asked = [Kept(row=row, column="id") for (row,) in people[:50]]
    assert len(asked) == 50
    assert plant.sign_in("chen.jing").ask(lambda session: entries_behind(session, asked)) == {}


def test_a_column_that_is_none_and_a_row_that_is_none_have_no_entry(plant: Plant):
    received = plant.receive()
    asked = [Kept(row=received.lot, column="ballance"), Kept(row=new_id(), column="balance")]
    assert plant.sign_in("chen.jing").ask(lambda session: entries_behind(session, asked)) == {}


def test_more_than_fifty_values_are_not_answered_at_once(plant: Plant):
    received = plant.receive()
    asked = [received.lot, *(new_id() for _ in range(50))]
    session = plant.sign_in("chen.jing")
    with pytest.raises(ValueError, match="51 values"):
        session.ask(lambda asking: entries_behind(asking, [Kept(row=row, column="balance") for row in asked]))
    pairs = [(row, column) for (row,) in plant.rows("SELECT id FROM lineside.asset") for column in COLUMNS]
    assert len(pairs) > 50
    with plant.shell("chen.jing") as shell:
        many = shell.execute("SELECT * FROM lineside.entries_behind(%s, %s::text[])", [list(one) for one in zip(*pairs, strict=True)])
        assert len(many.fetchall()) == 50


@pytest.mark.parametrize("who", ["lineside_station", "lineside_people"])
def test_only_people_ask(plant: Plant, who: str):
    may = "SELECT has_function_privilege(%s, 'lineside.entries_behind(uuid[], text[])', 'EXECUTE')"
    assert plant.rows(may, who) == [(False,)]
    assert plant.rows(may, "lineside_person") == [(True,)]
