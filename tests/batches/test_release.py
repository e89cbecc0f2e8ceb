"""A batch is released by two people, one after the other, who had no hand in it, while nothing stands against it; from SQL too."""

from uuid import UUID

import pytest

from app.base.ids import new_id
from app.batches.queries import batch_by_code, exceptions_of, obstacles_of
from app.batches.rules import (
    BatchHasOpenDeviation,
    BatchIsToBeRejected,
    CauseOfOtherBatch,
    OutsideUndecided,
    StepIncomplete,
    StepSignatureFell,
)
from app.batches.signing import RejectBatch
from app.core.refusals import NotAllowed, PerformerCannotSign, SignedAlready
from tests.attack.target import sign, sqlstate_of
from tests.batches.refusals import current, move, move_batch, past, refuses, tried
from tests.batches.runs import Run
from tests.batches.test_entries import corrected

PRODUCTION, MARKET = "released for production", "released to market"


def by_sql(run: Run, login: str, meaning: str) -> str:
    """A good signature over what is on record and the release, from a shell; returns the SQLSTATE."""
    shell = run.plant.shell(login, purpose="sign")
    try:
        return sqlstate_of(shell, sign(kind="batch", subject=run.batch, version=1, meaning=meaning), move_batch(run, meaning))
    finally:
        shell.close()


def refused_both_ways(run: Run, why: type, **facts: object) -> None:
    refuses(run.plant, why, run.release, **facts)
    assert by_sql(run, "wang.haiyan", PRODUCTION) == why.sqlstate  # type: ignore[attr-defined]


@pytest.mark.capability("F9")
def test_a_batch_in_order_is_released_by_quality_and_then_to_the_market_by_another(made: Run):
    assert made.at.ask(lambda session: obstacles_of(session, made.batch)) == []
    assert made.at.ask(lambda session: exceptions_of(session, made.batch)) == []
    made.release()
    made.release_to_market()
    code = str(made.plant.rows("SELECT code FROM lineside.batch")[0][0])
    batch = made.at.ask(lambda session: batch_by_code(session, code))
    assert batch is not None
    assert (batch.status, batch.released_by, batch.market_by) == ("released to market", "wang.haiyan", "he.qing")
    assert {made.state(key) for key in made.steps} == {"done"}
    assert made.standing() == {(11, "performed"), (12, "verified")}


@pytest.mark.capability("F9", "K7", "R13-24")
def test_only_the_two_jobs_release_each_its_part_and_only_in_this_order(made: Run):
    assert by_sql(made, "he.qing", MARKET) == "LS031"  # production's part comes first
    for login in ("chen.jing", "tom.becker", "li.ming", "gao.yun", "zhao.lei", "he.qing"):
        assert by_sql(made, login, PRODUCTION) in {"LS010", "LS022"}
    for login in ("chen.jing", "tom.becker", "wang.haiyan", "he.qing"):
        assert tried(made, login, move_batch(made, PRODUCTION)) == "LS030"  # no signature
    refuses(made.plant, NotAllowed, lambda: made.release("he.qing"))
    past(made, "UPDATE lineside.batch_step SET started_by = 'xu.lan' WHERE key = 'assembly'")
    refuses(made.plant, PerformerCannotSign, lambda: made.release("xu.lan"), who="xu.lan")
    assert by_sql(made, "xu.lan", PRODUCTION) == "LS022"
    past(made, "UPDATE lineside.batch_step SET started_by = 'chen.jing' WHERE key = 'assembly'")
    assert by_sql(made, "wang.haiyan", PRODUCTION) == "done"
    refuses(made.plant, PerformerCannotSign, lambda: made.release_to_market("wang.haiyan"))
    refuses(made.plant, NotAllowed, lambda: made.release_to_market("zhao.lei"))
    refuses(made.plant, SignedAlready, lambda: made.release("xu.lan"))
    for back in ("open", "complete", PRODUCTION):
        assert tried(made, "wang.haiyan", move_batch(made, back)) == "LS031"
    assert by_sql(made, "he.qing", MARKET) == "done"
    assert by_sql(made, "xu.lan", "rejected") == "LS031"  # what is on the market is recalled, not rejected


@pytest.mark.capability("F9", "K7", "C7")
@pytest.mark.parametrize(
    "hand",
    [
        "UPDATE lineside.step_entry SET entered_by = 'wang.haiyan' WHERE field = 'dwell'",
        "UPDATE lineside.consumption SET consumed_by = 'wang.haiyan' WHERE unit_serial IS NULL",
        "UPDATE lineside.batch_step SET started_by = 'wang.haiyan' WHERE key = 'assembly'",
        "UPDATE lineside.batch_step SET done_by = 'wang.haiyan' WHERE key = 'performed'",
        "UPDATE lineside.label SET ended_by = 'wang.haiyan' WHERE kind = 'unit'",
        "UPDATE lineside.unit SET moved_by = 'wang.haiyan' WHERE no = 1",
        "UPDATE lineside.batch SET started_by = 'wang.haiyan'",
        "UPDATE lineside.batch SET completed_by = 'wang.haiyan'",
    ],
    ids=lambda hand: hand.split("SET ")[1].split(" =")[0] + " of " + hand.split()[1].removeprefix("lineside."),
)
def test_who_had_a_hand_in_the_batch_releases_no_part_of_it(made_shared: Run, hand: str):
    superuser = made_shared.plant.superuser()
    table = hand.split()[1]
    with superuser.transaction(force_rollback=True):
        superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[call-overload]
        superuser.execute(hand)  # type: ignore[call-overload]
        (hands,) = superuser.execute("SELECT performers FROM lineside.what_is_signed('batch', %s)", [made_shared.batch]).fetchone() or ([],)
        assert "wang.haiyan" in hands
    superuser.close()
    assert "wang.haiyan" not in str(
        made_shared.plant.rows("SELECT performers FROM lineside.what_is_signed('batch', %s)", made_shared.batch)
    )


@pytest.mark.capability("F9", "F8", "K2")
def test_no_release_while_a_deviation_is_open_or_was_changed_after_it_was_signed_or_says_reject(made: Run):
    odd = made.deviate(new_id(), cause_kind="other", decided=False)
    (code,) = made.plant.rows("SELECT code FROM deviation WHERE id = %s", odd)[0]
    refused_both_ways(made, BatchHasOpenDeviation, deviation=code)
    made.decide(odd)
    past(made, "UPDATE lineside.deviation SET what_happened = 'nothing'")
    refused_both_ways(made, BatchHasOpenDeviation, deviation=code)
    past(made, "UPDATE lineside.deviation SET what_happened = 'The jaw was warm from the run before.'")
    assert made.at.ask(lambda session: obstacles_of(session, made.batch)) == []
    made.deviate(new_id(), cause_kind="other", disposition="reject")
    refused_both_ways(made, BatchIsToBeRejected)
    order = RejectBatch(command_id=new_id(), batch=made.batch, version=1)
    made.plant.give_signed(made.at, order, kind="batch", subject=made.batch, signer="xu.lan")
    assert made.plant.rows("SELECT status FROM batch") == [("rejected",)]
    assert by_sql(made, "wang.haiyan", PRODUCTION) == "LS031"


@pytest.mark.capability("F9", "F8")
def test_a_deviation_belongs_to_its_own_batch_and_is_used_as_is_or_rejected(made: Run):
    other = Run(made.plant, made.plant.start_batch(), made.hubs, made.clips)
    entry = current(made, "sealing")["dwell", 1][0]
    refuses(made.plant, CauseOfOtherBatch, lambda: other.deviate(entry, decided=False))
    refuses(made.plant, CauseOfOtherBatch, lambda: other.deviate(made.steps["hubs"], cause_kind="batch_step", decided=False))
    sql = f"""INSERT INTO lineside.deviation (id, code, subject_kind, subject_id, cause_kind, cause_id, kind, facts, class, what_happened)
        VALUES (uuidv7(), lineside.next_code('deviation'), 'lot', '{made.hubs}', 'step_entry', '{entry}', 'out of limits', '{{}}', 'minor',
            'x')"""
    assert tried(made, "chen.jing", sql) == "LS100"
    own = made.deviate(entry, decided=False)
    assert tried(made, "chen.jing", f"UPDATE lineside.deviation SET disposition = 'return to supplier' WHERE id = '{own}'") == "LS100"


@pytest.mark.capability("F9", "G6")
def test_no_release_while_a_value_is_undecided_a_step_lacks_something_or_a_signature_fell(made: Run):
    corrected(made, "1.55")
    refused_both_ways(made, OutsideUndecided, step=7, field="dwell")
    made.deviate(current(made, "sealing")["dwell", 1][0])
    refused_both_ways(made, StepSignatureFell, step=11)
    made.sign("performed", "chen.jing")
    made.sign("verified", "li.ming")
    past(made, "UPDATE lineside.unit SET status = 'scrapped' WHERE no = 2")  # what came past the gates is seen at the release
    refused_both_ways(made, StepIncomplete, step=10)
    past(made, "UPDATE lineside.unit SET status = 'labelled' WHERE no = 2")
    past(made, "UPDATE lineside.label SET detail = 'x' WHERE kind = 'unit'")
    refused_both_ways(made, StepSignatureFell, step=11)
    assert tried(made, "chen.jing", move(made, "sealing", "void")) != "done"


@pytest.mark.capability("F9", "K2")
def test_every_obstacle_is_named_at_once_for_the_reviewer(run: Run):
    run.start("clearance")
    wrong = run.enter("clearance", "clean", said="no")
    run.deviate(wrong, decided=False)
    found = run.at.ask(lambda session: obstacles_of(session, run.batch))
    assert [o.rule for o in found] == ["LS090"] * 12 + ["LS092", "LS093"]
    assert isinstance(wrong, UUID)
    (row,) = run.at.ask(lambda session: exceptions_of(session, run.batch))
    assert (row.kind, row.step, row.field, row.value, row.by, row.status) == ("outside", 1, "clean", "no", "chen.jing", "open")
