"""What a stolen station and raw shells of people try with drafts, and what the database says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.base.ids import new_id
from app.core.command import written
from app.core.late.rules import LateCannotBe
from tests.attack.target import sqlstate_of
from tests.batches.runs import Run
from tests.late.drafts import MADE_AT, Drafts, answered, begun, bring, state_of
from tests.plant import Plant

pytestmark = [pytest.mark.capability("R3"), pytest.mark.capability("K4")]
DENIED = "42501"


def at_station(plant: Plant, login: str):  # type: ignore[no-untyped-def]
    """A raw shell of somebody at the inspection station."""
    return plant.shell(login, purpose="work", ticket=plant.link("IQC-02").ticket())


def taken(order, **other: str) -> str:  # type: ignore[no-untyped-def]
    """The SQL that stores the measurement of an order, columns as SQL replaced."""
    columns = {
        "id": f"'{order.id}'",
        "inspection": f"'{order.inspection}'",
        "characteristic": f"'{order.characteristic}'",
        "sample_no": str(order.sample_no),
        "value": str(order.reading.quantity.value),
        "unit": f"'{order.reading.quantity.unit}'",
        "origin": "'device'",
        "gauge": f"(SELECT id FROM lineside.asset WHERE code = '{order.reading.device}')",
        "raw": f"'\\x{order.reading.raw.hex()}'",
        "read_at": f"'{order.reading.at.isoformat()}'",
    } | other
    return f"INSERT INTO lineside.measurement ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


def test_a_stolen_station_claims_nobody_who_never_worked_there(drafts: Drafts):
    for claimed in ("xu.lan", "nobody.at.all", "lineside_owner"):
        with pytest.raises(LateCannotBe):
            drafts.bring(drafts.order(), author=claimed)
    assert drafts.plant.rows("SELECT count(*) FROM lineside.late_entry") == [(0,)]


def test_what_no_order_may_be_is_no_draft(drafts: Drafts):
    order = drafts.order()
    text = written(order)
    other = drafts.plant.link("IQC-02")
    for spoiled in (
        "",
        "no json",
        "[]",
        '["RecordMeasurement"]',
        '["RecordMeasurement", 3]',
        text.replace("RecordMeasurement", "ReleaseLot"),
        text.replace(str(order.inspection), str(new_id())),
        text.replace(str(order.inspection), "no inspection"),
        text.replace(str(order.command_id), str(new_id())),
        text.replace('"command_id"', '"of"'),
        text.replace('"id"', '"of"'),
    ):
        statement = "SELECT lineside.store_late_entry(%s, %s, %s, %s, 'this boot', 17)"
        with pytest.raises(LateCannotBe):
            other.ask(statement, order.command_id, "li.ming", spoiled, MADE_AT)


def test_a_correction_or_a_figure_of_the_databases_own_is_no_draft(run: Run):
    first = answered(run, "clean")
    run.at.give(first)
    for order in (
        replace(answered(run, "clean"), corrects=first.id, reason="was wrong"),
        replace(answered(run, "clean"), reason="typed"),
        replace(answered(run, "clean"), said=None),
    ):
        with pytest.raises(LateCannotBe):
            bring(run.link, order, author="chen.jing")


def test_a_station_of_another_place_and_a_person_bring_nothing(drafts: Drafts):
    order = drafts.order()
    call = f"SELECT lineside.store_late_entry('{order.command_id}', 'li.ming', '{written(order)}', now(), 'x', 0)"
    assert sqlstate_of(drafts.plant.station_shell("REC-01"), call) == "LS180", "the inspector never worked there"
    for login in ("li.ming", "tom.becker", "sun.wei", "ma.lin"):
        assert sqlstate_of(drafts.plant.shell(login), call) == DENIED


def test_a_draft_stands_as_it_is_and_nobody_writes_one_or_its_end_by_hand(drafts: Drafts):
    order = drafts.waiting()
    for shell in (drafts.plant.station_shell(), drafts.plant.shell("li.ming"), drafts.plant.shell("sun.wei")):
        for statement in (
            f"UPDATE lineside.late_entry SET author = 'tom.becker' WHERE id = '{order.command_id}'",
            f"DELETE FROM lineside.late_entry WHERE id = '{order.command_id}'",
            f"INSERT INTO lineside.late_settlement (id, how, record) VALUES ('{order.command_id}', 'confirmed', '{order.id}')",
            "INSERT INTO lineside.late_entry SELECT * FROM lineside.late_entry",
            f"SELECT lineside.confirm_own_late('{order.command_id}', 'RecordMeasurement', '\\x00')",
        ):
            assert sqlstate_of(shell, statement) == DENIED, statement
    assert state_of(drafts.plant, order) == "waiting"


def test_a_stolen_station_confirms_and_drops_nothing(drafts: Drafts):
    order = drafts.waiting()
    shell = drafts.plant.station_shell()
    for statement in (
        f"confirm_late_entry('{order.command_id}')",
        f"drop_late_entry('{order.command_id}', 'x')",
        "late_entries(NULL, NULL, NULL)",
    ):
        assert sqlstate_of(shell, f"SELECT lineside.{statement}") == DENIED
    assert sqlstate_of(shell, begun(order)) != "done"


def test_somebody_else_takes_the_identity_of_a_draft_in_no_way(drafts: Drafts):
    order = drafts.waiting()
    other = at_station(drafts.plant, "tom.becker")
    assert sqlstate_of(other, begun(order)) == "LS183"
    assert sqlstate_of(other, begun(order, name="CallForHelp", digest=b"x" * 32)) == "LS183"
    assert sqlstate_of(other, f"SELECT lineside.confirm_late_entry('{order.command_id}')") == "LS183"
    assert sqlstate_of(other, f"SELECT lineside.drop_late_entry('{order.command_id}', 'x')") == "LS183"
    assert state_of(drafts.plant, order) == "waiting"


def test_an_author_confirms_what_was_kept_to_the_digit_or_nothing(drafts: Drafts):
    order = drafts.waiting("25.62")
    shell = at_station(drafts.plant, "li.ming")
    for other in (
        {"value": "25.04"},
        {"value": "25.620"},
        {"sample_no": "2"},
        {"raw": "'01A+25.04'"},
        {"read_at": "now()"},
        {"id": "uuidv7()"},
        {"device_serial_no": "'of another'"},
        {"device_firmware": "'1.0'"},
        {"clock_ahead_ms": "0"},
    ):
        assert sqlstate_of(shell, begun(order), taken(order, **other)) == "LS184", other
    elsewhere = {"characteristic": f"'{drafts.characteristics[0]}'", "gauge": "(SELECT id FROM lineside.asset WHERE code = 'LM-07')"}
    assert sqlstate_of(shell, begun(order), taken(order, **elsewhere)) == "LS193", "the gauge of that characteristic does not reach so far"
    assert sqlstate_of(shell, begun(order), taken(order, value="12.05", **elsewhere)) == "LS184"
    assert sqlstate_of(shell, begun(order)) == "LS184", "a draft that became nothing is not confirmed"
    assert sqlstate_of(shell, begun(order, digest=b"x" * 32), taken(order)) == "LS184"
    assert sqlstate_of(shell, begun(order, name="EnterValue"), taken(order)) == "LS184"
    assert drafts.measured() == []
    assert sqlstate_of(shell, begun(order), taken(order)) == "done"
    assert (state_of(drafts.plant, order), drafts.measured()) == ("confirmed", [(1, "25.62", "li.ming")])


def test_a_signer_stands_for_what_was_kept_and_not_for_another_value(run: Run):
    order = answered(run, "no_parts", said="no")
    bring(run.link, order, author="chen.jing")
    shell = run.plant.shell("tom.becker", purpose="sign", ticket=run.plant.link("IQC-02").ticket())
    seen = f"(SELECT digest FROM lineside.what_is_signed('late_entry', '{order.command_id}'))"
    sign = f"SELECT lineside.sign_record(uuidv7(), 'late_entry', '{order.command_id}', 1, 'confirmed', {seen}, NULL)"
    columns = "INSERT INTO lineside.step_entry (id, batch_step, field, sample_no, said, origin) VALUES"
    entry = f"{columns} ('{order.id}', '{order.step}', 'no_parts', 1, '{{}}', 'typed')"
    confirm = f"SELECT lineside.confirm_late_entry('{order.command_id}')"
    assert sqlstate_of(shell, sign) == "LS027", "a signature comes with its act"
    assert sqlstate_of(shell, sign, confirm, entry.format("yes")) == "LS184"
    assert sqlstate_of(shell, sign, confirm) == "LS184"
    assert sqlstate_of(shell, sign, confirm, entry.format("no")) == "done"
    assert run.plant.rows("SELECT said, entered_by FROM lineside.step_entry") == [("no", "tom.becker")]


def test_an_identity_that_another_person_used_first_lets_the_draft_not_in(drafts: Drafts):
    order = drafts.order()
    assert sqlstate_of(at_station(drafts.plant, "tom.becker"), begun(order)) == "done"
    assert sqlstate_of(drafts.plant.station_shell(), _call(order)) == "LS181"


def _call(order: object) -> str:
    return f"SELECT lineside.store_late_entry('{order.command_id}', 'li.ming', '{written(order)}', now(), 'x', 0)"  # type: ignore[attr-defined, arg-type]


@pytest.mark.parametrize("value", ["1E+1", "25.040000", "0.1"])
def test_a_value_is_the_same_however_its_digits_are_written(drafts: Drafts, value: str):
    order = drafts.order()
    quantity = replace(order.reading.quantity, value=Decimal(value))
    order = replace(order, reading=replace(order.reading, quantity=quantity))
    assert drafts.bring(order) == "waiting"
    drafts.at.give(order)
    assert state_of(drafts.plant, order) == "confirmed"
