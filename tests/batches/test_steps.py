"""Steps go in the order of the record: none is skipped, none is done twice, and a signature step is done by a signature alone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.base.ids import new_id
from app.batches.commands import FinishStep, StartBatch, VoidStep
from app.batches.kitting import LayOutKit
from app.batches.rules import (
    BatchIsClosed,
    DeviationWanted,
    EffectiveRecordWanted,
    LargerThanRecord,
    PlanNotEffective,
    StepLacks,
    StepMovedAlready,
    StepsNotDone,
    StepWaits,
    TooEarly,
)
from app.batches.step_view import step_view
from app.core.refusals import OtherVersion, WayClosed
from tests.batches.masters import revised, signed, withdraw
from tests.batches.refusals import current, entry, move, move_batch, past, refuses, tried
from tests.batches.runs import Run


@pytest.mark.capability("F3")
def test_no_step_is_skipped_and_none_is_begun_or_finished_twice(run: Run):
    refuses(run.plant, StepWaits, lambda: run.start("hubs"), step=2, waits="1")
    refuses(run.plant, StepWaits, lambda: run.start("verified"), step=12)
    assert tried(run, "chen.jing", move(run, "hubs", "ready")) == "LS074"
    assert tried(run, "chen.jing", move(run, "hubs", "done")) == "LS074"
    assert tried(run, "chen.jing", move(run, "clearance", "done")) == "LS031"  # not begun
    run.start("clearance")
    refuses(run.plant, StepMovedAlready, lambda: run.start("clearance"), who="chen.jing", step=1)
    assert tried(run, "tom.becker", move(run, "clearance", "started")) == "LS113"
    refuses(run.plant, StepLacks, lambda: run.finish("clearance"), step=1, missing="no_parts")
    assert tried(run, "chen.jing", move(run, "clearance", "done")) == "LS075"
    for check in ("no_parts", "no_labels", "clean"):
        run.enter("clearance", check, said="yes")
    run.finish("clearance")
    refuses(run.plant, StepMovedAlready, lambda: run.finish("clearance"), who="chen.jing", step=1)
    assert tried(run, "tom.becker", move(run, "clearance", "done")) == "LS113"
    for back in ("started", "ready", "waiting", "void"):
        assert tried(run, "tom.becker", move(run, "clearance", back)) != "done"
    stale = FinishStep(command_id=new_id(), step=run.steps["clearance"], version=7)
    refuses(run.plant, OtherVersion, lambda: run.at.give(stale))
    assert {key: run.state(key) for key in ("hubs", "clips", "sealer", "assembly")} == {
        "hubs": "ready",
        "clips": "ready",
        "sealer": "ready",
        "assembly": "waiting",
    }


@pytest.mark.capability("F3", "F8")
def test_a_step_is_left_out_only_by_a_decided_deviation_and_then_the_next_one_may_begin(run: Run):
    def leave_out() -> None:
        run.plant.sign_in("gao.yun").give(VoidStep(command_id=new_id(), step=run.steps["clearance"], version=1))

    refuses(run.plant, DeviationWanted, leave_out, step=1, field="clearance")
    assert tried(run, "gao.yun", move(run, "clearance", "void")) == "LS076"
    deviation = run.deviate(run.steps["clearance"], cause_kind="batch_step", decided=False)
    refuses(run.plant, DeviationWanted, leave_out)
    run.decide(deviation)
    assert tried(run, "chen.jing", move(run, "clearance", "void")) == "LS010"  # an operator leaves nothing out
    leave_out()
    assert [run.state(key) for key in ("clearance", "hubs", "assembly")] == ["void", "ready", "waiting"]


@pytest.mark.capability("F3")
def test_a_step_waits_for_its_time_and_for_the_machine_it_reads_also_where_the_record_does_not_say_so(run: Run):
    source = revised(
        2,
        ("    after: [open_time, sealer]", "    after: []"),
        ("    after: [assembly]\n    since", "    after: []\n    since"),
        ("min_minutes: 0", "min_minutes: 30"),
    )
    loose = Run(run.plant, run.plant.start_batch(master=signed(run.plant, source)), run.hubs, run.clips)
    assert [loose.state(key) for key in ("sealing", "open_time", "performed")] == ["waiting"] * 3
    refuses(loose.plant, StepWaits, lambda: loose.start("sealing"), waits="5")
    refuses(loose.plant, StepWaits, lambda: loose.start("open_time"), waits="4")
    loose.clear()
    loose.load()
    loose.start("assembly")
    loose.finish("assembly")
    loose.start("open_time")
    refuses(loose.plant, TooEarly, lambda: loose.finish("open_time"), wanted="30")
    assert tried(loose, "chen.jing", move(loose, "open_time", "done")) == "LS086"
    past(loose, f"UPDATE lineside.batch_step SET done_at = done_at - interval '31 min' WHERE id = '{loose.steps['assembly']}'")
    loose.finish("open_time")
    assert current(loose, "open_time")["minutes", 1][1] in (Decimal("31.0"), Decimal("31.1"))


@pytest.mark.capability("F3")
def test_the_longest_time_counts_until_the_step_ends_whatever_was_entered_before(run: Run):
    run.clear()
    run.load()
    run.start("assembly")
    run.finish("assembly")
    run.start("open_time")
    run.enter("open_time", "minutes")  # within its limit, now
    past(run, f"UPDATE lineside.batch_step SET done_at = done_at - interval '241 min' WHERE id = '{run.steps['assembly']}'")
    refuses(run.plant, DeviationWanted, lambda: run.finish("open_time"), field="minutes")
    first = current(run, "open_time")["minutes", 1][0]
    too_long = run.enter("open_time", "minutes", corrects=first, reason="the line stood")
    assert current(run, "open_time")["minutes", 1][2] == "too high"
    run.deviate(too_long)
    run.finish("open_time")
    assert run.state("open_time") == "done"


@pytest.mark.capability("F1", "F2")
def test_a_batch_begins_from_the_effective_record_alone_and_keeps_its_copy_when_that_is_withdrawn(run: Run):
    before = run.plant.rows("SELECT frozen::text, frozen_digest = sha256(convert_to(frozen::text, 'UTF8')) FROM lineside.batch")
    first = run.plant.rows("SELECT master FROM lineside.batch")[0][0]
    second = signed(run.plant, revised(2, ("upper: 142.0", "upper: 141.5")))
    planner = run.plant.sign_in("gao.yun")
    begin = {"command_id": new_id(), "id": new_id(), "planned": Decimal(2)}
    refuses(run.plant, EffectiveRecordWanted, lambda: planner.give(StartBatch(master=first, **begin)), revision=1)  # type: ignore[arg-type]
    sql = "INSERT INTO lineside.batch (id, code, master, planned) VALUES (uuidv7(), lineside.next_code('batch'), '{}', {})"
    assert tried(run, "gao.yun", sql.format(first, 2)) == "LS072"
    assert tried(run, "gao.yun", sql.format(second, 25)) == "LS098"
    for nonsense in ("'NaN'", "'Infinity'", "0", "-1"):
        assert tried(run, "gao.yun", sql.format(second, nonsense)) in {"23514", "LS098"}
    larger = StartBatch(command_id=new_id(), id=new_id(), master=second, planned=Decimal(25))
    refuses(run.plant, LargerThanRecord, lambda: planner.give(larger), most=24)
    withdraw(run.plant, second)
    plan = run.plant.rows("SELECT id FROM document WHERE code = 'IPC-SIV-2225'")[0][0]
    past(run, f"UPDATE lineside.document SET status = 'obsolete' WHERE id = '{plan}'")
    order = StartBatch(command_id=new_id(), id=new_id(), master=first, planned=Decimal(2))  # type: ignore[arg-type]
    refuses(run.plant, PlanNotEffective, lambda: run.plant.sign_in("gao.yun").give(order), plan="IPC-SIV-2225")
    past(run, f"UPDATE lineside.document SET status = 'obsolete' WHERE id = '{first}'")
    run.home()
    run.clear()  # the batch that runs goes on
    assert run.plant.rows("SELECT frozen::text, frozen_digest = sha256(convert_to(frozen::text, 'UTF8')) FROM lineside.batch") == before
    assert before[0][1] is True


@pytest.mark.capability("F3", "F12")
def test_a_batch_is_complete_when_every_step_is_and_takes_nothing_more(made: Run):
    begun = Run(made.plant, made.plant.start_batch(), made.hubs, made.clips)
    refuses(begun.plant, StepsNotDone, begun.complete, step=1)
    assert tried(begun, "chen.jing", move_batch(begun, "complete")) == "LS090"
    refuses(made.plant, BatchIsClosed, made.units)
    refuses(made.plant, WayClosed, made.complete)
    assert tried(made, "chen.jing", move(made, "sealing", "started")) == "LS087"
    assert tried(made, "tom.becker", f"UPDATE lineside.unit SET status = 'scrapped' WHERE batch = '{made.batch}'") == "LS087"
    assert tried(made, "chen.jing", entry(made, "clearance", "clean", said="'yes'")) == "LS087"
    kit = LayOutKit(command_id=new_id(), id=new_id(), batch=made.batch, container=made.container_of(made.hubs))
    refuses(made.plant, BatchIsClosed, lambda: made.plant.sign_in("gao.yun").give(kit))


@pytest.mark.capability("F12")
def test_who_comes_back_after_the_station_was_killed_finds_the_step_as_it_was_left(run: Run):
    run.start("clearance")
    run.enter("clearance", "no_parts", said="yes")
    run.plant.superuser().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    run.home()
    view = run.at.ask(lambda session: step_view(session, batch=run.batch, step=None))
    assert view is not None
    first = view.step
    assert first is not None
    assert (first.key, first.status, len(first.entries), first.missing, first.started_by) == (
        "clearance",
        "started",
        1,
        "no_labels",
        "chen.jing",
    )
    assert first.started_at is not None
    assert datetime.now(UTC) - first.started_at < timedelta(minutes=1)
    for check in ("no_labels", "clean"):
        run.enter("clearance", check, said="yes")
    run.finish("clearance")


def test_what_cannot_be_undone_by_a_shell_of_anybody(made_shared: Run):
    run = made_shared
    for login in ("chen.jing", "tom.becker", "wang.haiyan", "gao.yun", "zhao.lei", "he.qing"):
        for statement in (
            "UPDATE lineside.batch SET frozen = '{}'",
            "UPDATE lineside.batch SET planned = 1",
            "UPDATE lineside.batch_step SET spec = '{}'",
            "UPDATE lineside.batch_step SET done_by = 'li.ming'",
            "DELETE FROM lineside.step_entry",
            "UPDATE lineside.step_entry SET verdict = 'conforms'",
            "UPDATE lineside.consumption_sum SET quantity = 0",
            "INSERT INTO lineside.batch_step (id, batch, no, key, kind, spec) SELECT uuidv7(), id, 9, 'x', 'x', '{}' FROM lineside.batch",
        ):
            assert tried(run, login, statement) == "42501", (login, statement)
    assert sorted(run.plant.rows("SELECT count(*) FROM lineside.batch_step")) == [(12,)]
