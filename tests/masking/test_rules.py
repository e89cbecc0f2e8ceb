"""The rules of the masks: who sets them, when they count, and what the database does with what somebody does not see (K8)."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.base.ids import new_id
from app.base.measurement import Quantity
from app.base.phrases import Language, Name
from app.core.masking import MASK, SHOWN_MASKED, NeededForWork, NotShownToYou, SetMaskRule, mask_rules
from app.core.refusals import NotAllowed, ReasonMissing
from app.materials.queries import lot_by_id
from app.receiving.commands import OrderedLine, PlaceOrder
from app.receiving.queries import order_by_code
from app.receiving.rules import NoPrice
from app.tracing.filing import file_batch_paper, file_lot_paper
from app.tracing.graph_start import NothingNamed, find
from app.tracing.trail import trail
from tests.attack.newcomers import Newcomers
from tests.attack.target import SIGN, sqlstate_of
from tests.masking.canaries import LOT, Planted
from tests.triggers import triggers_off

pytestmark = pytest.mark.capability("K8")


@pytest.fixture
def newcomers(planted: Planted) -> Iterator[Newcomers]:
    hired = Newcomers(planted.plant)
    yield hired
    planted.plant.close()
    hired.leave()


def rule(field_class: str, job: str, how: str) -> SetMaskRule:
    return SetMaskRule(command_id=new_id(), field_class=field_class, job=job, rule=how)


def test_a_rule_counts_at_the_next_question_of_an_open_session_and_stands_in_the_trail_with_its_reason(planted: Planted):
    plant, lot = planted.plant, planted.received.lot
    operator, administrator = plant.sign_in("chen.jing"), plant.sign_in("sun.wei")
    seen = [operator.ask(lambda session: lot_by_id(session, lot))]
    for how in ("hidden", "clear"):
        administrator.give(rule("supplier", "operator", how), reason=f"the line needs it {how}")
        seen.append(operator.ask(lambda session: lot_by_id(session, lot)))
    assert [one.supplier_lot for one in seen if one is not None] == ["C•••", MASK, LOT]
    assert [one.supplier_name for one in seen if one is not None] == [
        Name("C•••", "金•••"),
        Name(MASK, MASK),
        Name("Canary Werke", "金丝雀工厂"),
    ]
    with pytest.raises(ReasonMissing):
        administrator.give(rule("supplier", "operator", "hidden"))
    told = plant.rows("SELECT payload FROM lineside.audit_log WHERE tab = 'mask_rule' AND payload::jsonb ->> 'op' = 'UPDATE' ORDER BY at")
    changes = [json.loads(str(payload)) for (payload,) in told]
    assert [(one["who"], one["reason"], one["old"]["rule"], one["new"]["rule"]) for one in changes] == [
        ("sun.wei", "the line needs it hidden", "masked", "hidden"),
        ("sun.wei", "the line needs it clear", "hidden", "clear"),
    ]


def test_no_rule_is_hidden_and_who_has_two_jobs_sees_what_the_more_open_one_sees(planted: Planted, newcomers: Newcomers):
    both = newcomers.hire("engineer", "auditor")
    shell = planted.plant.shell(both)
    assert shell.execute("SELECT lineside.mask_of('price'), lineside.mask_of('personal')").fetchone() == ("clear", "clear")
    superuser = planted.plant.superuser()
    with triggers_off(superuser, "mask_rule"):
        superuser.execute("DELETE FROM lineside.mask_rule WHERE job = 'auditor'")
    assert shell.execute("SELECT lineside.mask_of('price'), lineside.mask_of('supplier')").fetchone() == ("hidden", "masked")
    rules = {(one.field_class, one.job): one.rule for one in planted.plant.sign_in("ma.lin").ask(mask_rules)}
    assert (rules["supplier", "auditor"], rules["supplier", "engineer"], len(rules)) == ("hidden", "masked", 40)


def test_only_who_manages_people_sets_a_rule_and_nobody_takes_from_a_job_what_its_work_needs(planted: Planted):
    plant = planted.plant
    with pytest.raises(NotAllowed):
        plant.sign_in("wang.haiyan").give(rule("price", "engineer", "masked"), reason="x")
    with pytest.raises(NeededForWork) as refused:
        plant.sign_in("sun.wei").give(rule("formula", "operator", "hidden"), reason="x")
    assert str(refused.value) == "Not changed: operator cannot work without seeing formula fields."
    administrator = plant.shell("sun.wei")
    take = "UPDATE lineside.mask_rule SET rule = 'hidden' WHERE class = '{}' AND job = '{}'"
    for name, job in (("supplier", "receiver"), ("supplier", "quality"), ("price", "planner"), ("personal", "administrator")):
        assert sqlstate_of(administrator, take.format(name, job)) == "LS151"
    assert sqlstate_of(administrator, take.format("personal", "auditor")) == "LS011", "from a shell there is no reason"
    assert sqlstate_of(administrator, "DELETE FROM lineside.mask_rule") == "42501"
    assert sqlstate_of(plant.shell("ma.lin"), take.format("price", "auditor")) == "42501"
    assert sqlstate_of(plant.superuser(), "DELETE FROM lineside.mask_rule") == "LS013"


def test_nobody_finds_sorts_or_groups_by_what_is_hidden(planted: Planted):
    plant = planted.plant
    plant.receive(supplier_lot="NF26-0931")
    plant.close()
    shell = plant.shell("chen.jing")
    for asked in (f"supplier_lot = '{LOT}'", "supplier_lot LIKE 'CNRY%'", "length(supplier_lot) = 10"):
        assert shell.execute(f"SELECT count(*) FROM lineside.lot_seen WHERE {asked}").fetchone() == (0,)  # type: ignore[arg-type]
    assert shell.execute("SELECT array_agg(DISTINCT supplier_lot) FROM lineside.lot_seen").fetchone() == (["C•••", "N•••"],)
    for denied in ("SELECT id FROM lineside.lot ORDER BY supplier_lot", "SELECT 1 FROM lineside.lot WHERE supplier_lot = 'x'"):
        assert sqlstate_of(shell, denied) == "42501"
    for function in (f"trace_named('{LOT}')", f"lots_named('{LOT}')"):
        assert shell.execute(f"SELECT count(*) FROM lineside.{function}").fetchone() == (0,)  # type: ignore[arg-type]
    asked = [planted.item, planted.supplier, LOT]
    assert shell.execute("SELECT lineside.lot_of_supplier(%s, %s, %s)", asked).fetchone() == (None,)
    assert plant.shell("zhou.min").execute("SELECT lineside.lot_of_supplier(%s, %s, %s)", asked).fetchone() == (planted.received.lot,)
    with pytest.raises(NothingNamed):
        plant.sign_in("chen.jing").ask(lambda session: find(session, LOT))
    assert plant.sign_in("zhou.min").ask(lambda session: find(session, LOT)).kind == "supplier_lot"
    quality = plant.sign_in("wang.haiyan")
    assert quality.ask(lambda session: trail(session, words="CNRY-BDG-7", since=None)).meant == "nothing"
    assert plant.sign_in("ma.lin").ask(lambda session: trail(session, words="CNRY-BDG-7", since=None)).meant == "person"


def test_what_was_masked_is_never_written_as_if_it_were_the_value(planted: Planted):
    """A receiver whose screen showed a mask would print it on the next label; the column refuses it."""
    superuser = planted.plant.superuser()
    for statement in (
        'UPDATE lineside.label SET content = content || \'{"supplier_lot": "C•••"}\'',
        "INSERT INTO lineside.supplier (id, code, name_en, name_zh) VALUES (uuidv7(), 'XX', 'N•••', '')",
        "UPDATE lineside.task SET facts = facts || '{\"supplier_lot\": \"•••\"}' WHERE kind = 'decide_pack'",
    ):
        assert sqlstate_of(superuser, statement) in ("23514", "LS064"), statement


def test_nobody_signs_what_is_hidden_from_them(planted: Planted):
    plant = planted.plant
    superuser = plant.superuser()
    with triggers_off(superuser, "mask_rule"):  # the gate would not let it come to that
        superuser.execute("UPDATE lineside.mask_rule SET rule = 'hidden' WHERE class = 'supplier' AND job = 'supervisor'")
    lot = plant.receive(supplier_lot="NF26-0931").lot
    plant.close()
    shell = plant.shell("tom.becker", purpose="sign")
    seen = f"(SELECT digest FROM lineside.what_is_signed('lot', '{lot}'))"
    assert shell.execute(f"SELECT content FROM lineside.what_is_signed('lot', '{lot}')").fetchone() == (MASK,)  # type: ignore[arg-type]
    sign = SIGN.format(kind="lot", subject=lot, version=1, meaning="held", digest=seen)
    assert sqlstate_of(shell, sign) == "LS150"


def test_a_paper_is_made_whole_or_not_at_all_and_the_refusal_says_who_may(planted: Planted, tmp_path: Path):
    here = {"language": Language.EN, "person": Name("x", ""), "station": "QA-01", "folder": tmp_path}
    operator = planted.plant.sign_in("chen.jing")
    with pytest.raises(NotShownToYou) as refused:
        operator.ask(lambda session: file_lot_paper(session, planted.received.lot, **here))  # type: ignore[arg-type]
    assert str(refused.value) == "Not done: it holds supplier fields that your job does not see."
    assert str(refused.value.next).startswith(
        "Let one of these do it: receiver, inspector, line supervisor, quality engineer, planner, auditor."
    )
    assert refused.value.next.in_language(Language.ZH).startswith("请由以下岗位之一办理：")
    with pytest.raises(NotShownToYou, match="supplier"):
        operator.ask(lambda session: file_batch_paper(session, planted.batch, **here))  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_an_entry_of_the_trail_says_which_of_its_columns_hold_more_than_is_shown(planted: Planted):
    quality, auditor = planted.plant.shell("wang.haiyan"), planted.plant.shell("ma.lin")
    asked = """SELECT payload FROM lineside.audit_log_seen WHERE tab = 'person' AND who = 'postgres' AND payload LIKE '%he.qing%'
        ORDER BY at DESC LIMIT 1"""
    (masked,), (whole,) = (shell.execute(asked).fetchone() or ("",) for shell in (quality, auditor))
    shown, true = json.loads(masked), json.loads(whole)
    assert (shown["new"]["badge"], shown["new"]["enabled_check"], true["new"]["badge"]) == ("C•••", "C•••", "CNRY-BDG-7")
    assert (sorted(shown["masked"]), "masked" in true) == (["badge", "enabled_check"], False)
    assert {key: value for key, value in shown["new"].items() if key not in shown["masked"]} == {
        key: value for key, value in true["new"].items() if key not in shown["masked"]
    }
    page = planted.plant.sign_in("wang.haiyan").ask(lambda session: trail(session, words="postgres", since=None))
    assert page.meant == "nothing", "an administrator of the database is no person here"
    everything = planted.plant.sign_in("wang.haiyan").ask(lambda session: trail(session, words="", since=None))
    (changed,) = (one for one in everything.entries if (one.table, one.who) == ("person", "postgres") and one.op == "UPDATE")
    assert changed.changes == (("badge", "T•••", "C•••"), ("enabled_check", "S•••", "C•••"))


def test_a_price_is_an_amount_with_its_currency_or_nothing(planted: Planted):
    for login, seen in (("gao.yun", Quantity(Decimal("7313.377"), "QQZ")), ("zhou.min", None)):
        order = planted.plant.sign_in(login).ask(lambda session: order_by_code(session, planted.order_code))
        assert order is not None
        assert order.lines[0].price == seen
    wrong = OrderedLine(
        id=new_id(), no=1, item=planted.item, quantity=Decimal(1), due_on=date(2026, 12, 1), price=Quantity(Decimal(1), "€")
    )
    place = PlaceOrder(command_id=new_id(), id=new_id(), code="PO26-7314", supplier=planted.supplier, site=planted.site, lines=(wrong,))
    with pytest.raises(NoPrice, match="line 1 cannot have the price 1 €"):
        planted.plant.sign_in("gao.yun").give(place)
    planner = planted.plant.shell("gao.yun")
    line = """INSERT INTO lineside.order_line (id, purchase_order, no, item, quantity, due_on, unit_price, currency)
        VALUES (uuidv7(), '{order}', {no}, '{item}', 1, current_date, {price}, {currency})"""
    for no, price, currency, ends in (
        (2, "NULL", "NULL", "done"),
        (3, "0.000001", "'CNY'", "done"),
        (4, "12.5", "NULL", "23514"),
        (4, "NULL", "'EUR'", "23514"),
        (4, "0", "'EUR'", "23514"),
        (4, "'NaN'", "'EUR'", "23514"),
        (4, "'Infinity'", "'EUR'", "23514"),
        (4, "1.0000001", "'EUR'", "23514"),
        (4, "1", "'eur'", "23514"),
    ):
        statement = line.format(order=planted.order, no=no, item=planted.item, price=price, currency=currency)
        assert sqlstate_of(planner, statement) == ends, (price, currency)


def test_a_draft_is_read_by_who_began_it(planted: Planted):
    receiver, other = planted.plant.shell("zhou.min"), planted.plant.shell("chen.jing")
    receiver.execute("INSERT INTO lineside.draft (id, station, screen, content) VALUES (uuidv7(), 'REC-01', 'x', '{\"lot\": \"CNRY\"}')")
    assert [shell.execute("SELECT count(*) FROM lineside.draft").fetchone() for shell in (receiver, other)] == [(1,), (0,)]
    assert sqlstate_of(other, "DELETE FROM lineside.draft") == "LS010"


def test_a_look_through_a_mask_still_goes_by_the_index_and_asks_for_the_rule_once(planted: Planted):
    shell = planted.plant.shell("wang.haiyan")
    shell.execute("SET enable_seqscan = off")
    joined = "FROM lineside.consumption c JOIN lineside.lot_seen l ON l.id = c.lot JOIN lineside.supplier_seen s ON s.id = l.supplier"
    of_supplier = "ON l.id = lineside.lot_of_supplier(i, i, 'x')"
    one = "'01990000-0000-7000-8000-000000000000'"
    for asked, index in (
        (f"SELECT supplier_lot FROM lineside.lot_seen WHERE id = {one}", "lot_pkey"),
        ("SELECT supplier_lot FROM lineside.lot_seen WHERE code = 'L26-0001'", "lot_code_key"),
        (f"SELECT l.supplier_lot {joined} WHERE c.batch_step = {one}", "lot_pkey"),
        (f"SELECT s.name_en {joined} WHERE c.batch_step = {one}", "supplier_pkey"),
        (f"SELECT l.code FROM (VALUES ({one}::uuid)) a (i) LEFT JOIN lineside.lot_seen l {of_supplier}", "lot_pkey"),
        (f"SELECT payload FROM lineside.audit_log_seen WHERE row_id = {one}", "audit_log_row"),
        (f"SELECT spec FROM lineside.batch_step_seen WHERE batch = {one}", "batch_step_batch"),
    ):
        plan = "\n".join(str(row) for (row,) in shell.execute(f"EXPLAIN (VERBOSE) {asked}").fetchall())  # type: ignore[arg-type]
        assert index in plan, plan
        assert ("InitPlan" in plan) is (index != "lot_pkey" or "l.code" not in asked), plan


def test_the_program_and_the_database_name_the_same_masked_tables(planted: Planted):
    views = planted.plant.rows("SELECT viewname FROM pg_views WHERE schemaname = 'lineside' AND viewname LIKE '%%\\_seen'")
    assert {str(name).removesuffix("_seen") for (name,) in views} == SHOWN_MASKED
