"""An auditor reads the trail and recomputes it; the check can fail."""

import pytest

from app.core.audit import entries_of, first_break
from app.core.refusals import NotAllowed
from app.core.work import read
from tests.plant import Plant


@pytest.mark.capability("K3")
def test_an_auditor_sees_who_made_a_lot_where_and_by_which_command(plant: Plant):
    received = plant.receive()
    auditor = plant.sign_in("ma.lin")
    entries = read(auditor._engine, lambda session: entries_of(session, received.lot))
    first = entries[0]
    assert (first.op, first.who, first.station, first.command, first.chain) == ("INSERT", "zhou.min", "REC-01", "ReceiveLot", "REC-01/ui")
    assert first.new is not None
    assert first.new["status"] == "quarantine"
    assert [entry.op for entry in entries] == ["INSERT", "UPDATE"]


@pytest.mark.capability("K5")
def test_every_chain_of_a_worked_plant_holds(plant: Plant):
    plant.receive()
    two_at_once = (
        "INSERT INTO lineside.supplier (id, code, name_en, name_zh) SELECT uuidv7(), 'AT-' || n, 'x', '' FROM generate_series(1, 2) n"
    )
    plant.shell("gao.yun").execute(two_at_once)
    times = plant.rows("SELECT count(*), count(DISTINCT at) FROM lineside.audit_log WHERE payload LIKE '%%\"AT-%%'")
    assert times == [(2, 1)]  # one statement happened at one time; its entries are in the order of their numbers
    assert read(plant.sign_in("ma.lin")._engine, first_break) is None


@pytest.mark.capability("K5")
@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit_log SET payload = replace(payload, 'zhou.min', 'zhou.mim') WHERE chain = 'REC-01/ui' AND seq = 2", "hash"),
        ("DELETE FROM audit_log WHERE chain = 'REC-01/ui' AND seq = 2", "gap"),
        ("UPDATE audit_log SET at = at - interval '1 day' WHERE chain = 'REC-01/ui' AND seq = 2", "time"),
        ("DELETE FROM audit_log WHERE chain = 'REC-01/ui' AND seq = (SELECT max(seq) FROM audit_log WHERE chain = 'REC-01/ui')", "head"),
    ],
)
def test_an_altered_entry_a_missing_one_and_a_cut_end_are_named(plant: Plant, statement: str, why: str):
    plant.receive()
    superuser = plant.superuser()
    superuser.execute("ALTER TABLE audit_log DISABLE TRIGGER ALL")
    assert superuser.execute(statement).rowcount == 1
    broken = read(plant.sign_in("ma.lin")._engine, first_break)
    assert broken is not None
    assert (broken.chain, broken.why) == ("REC-01/ui", why)


def test_an_inspector_may_not_read_the_trail(plant: Plant):
    with pytest.raises(NotAllowed):
        read(plant.sign_in("li.ming")._engine, first_break)
