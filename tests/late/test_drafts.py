"""What was entered while the database was away arrives as a draft, and is a record when its author or a second person stands for it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from app.base.ids import new_id
from app.batches.commands import EnterValue
from app.batches.queries import exceptions_of, obstacles_of
from app.core.late.commands import ConfirmLateFor, DropLate, SetLateAside
from app.core.late.queries import came_late, dropped_about, waiting_of
from app.core.late.rules import LateIsAnothers, LateIsSettled, LateOtherContent, LateWaits
from app.core.refusals import PerformerCannotSign, ReasonMissing
from app.inspection.commands import CompleteInspection
from app.inspection.queries import inspection_by_id
from app.inspection.rules import CellIsTaken, InspectionIsComplete, ReadingsMissing
from app.materials.commands import ReleaseLot
from tests.attack.newcomers import Newcomers
from tests.batches.runs import Run
from tests.late.drafts import MADE_AT, Drafts, answered, bring, state_of
from tests.plant import Plant

pytestmark = [pytest.mark.capability("R2"), pytest.mark.capability("R3")]


@pytest.fixture
def newcomers(plant: Plant) -> Iterator[Newcomers]:
    hired = Newcomers(plant)
    yield hired
    plant.close()
    hired.leave()


@pytest.mark.capability("R1", "F4")
def test_a_draft_is_no_measurement_until_its_author_confirms_it_and_then_says_that_it_came_late(drafts: Drafts):
    order = drafts.waiting("25.04", sample=3)
    assert drafts.measured() == []
    (waits,) = drafts.at.ask(lambda session: waiting_of(session, "li.ming"))
    assert (waits.figure, waits.no, waits.sample_no, waits.made_at) == ("25.04 mm", 2, 3, MADE_AT)
    assert waits.received_at > MADE_AT
    drafts.at.give(order)
    assert drafts.measured() == [(3, "25.04", "li.ming")]
    assert state_of(drafts.plant, order) == "confirmed"
    told = drafts.at.ask(lambda session: came_late(session, [order.id, new_id()]))
    assert set(told) == {order.id}
    late = told[order.id]
    assert (late.author, late.by, late.how, late.station, late.made_at) == ("li.ming", "li.ming", "confirmed", "IQC-02", MADE_AT)
    assert late.received_at == waits.received_at < late.at
    assert drafts.at.ask(lambda session: waiting_of(session, "li.ming")) == ()


@pytest.mark.capability("R1")
def test_what_was_confirmed_once_is_not_confirmed_again(drafts: Drafts):
    order = drafts.waiting()
    first = drafts.at.give(order)
    assert drafts.at.give(order) == first
    assert len(drafts.measured()) == 1
    assert drafts.bring(order) == "on record"
    assert state_of(drafts.plant, order) == "confirmed"


@pytest.mark.capability("R1")
def test_an_order_whose_answer_alone_was_lost_makes_no_draft(drafts: Drafts):
    order = drafts.order()
    drafts.at.give(order)
    assert drafts.bring(order) == "on record"
    assert state_of(drafts.plant, order) is None
    assert drafts.at.ask(lambda session: came_late(session, [order.id])) == {}


def test_a_draft_brought_twice_is_one_and_other_content_under_its_identity_is_refused(drafts: Drafts):
    order = drafts.waiting("25.04")
    assert drafts.bring(order) == "waiting"
    changed = type(order)(**{**_fields(order), "sample_no": 2})
    with pytest.raises(LateOtherContent):
        drafts.bring(changed)
    with pytest.raises(LateOtherContent):
        drafts.bring(order, author="zhou.min") if _worked_here(drafts.plant, "zhou.min") else None
    assert drafts.plant.rows("SELECT count(*) FROM lineside.late_entry") == [(1,)]
    drafts.at.give(order)
    with pytest.raises(LateOtherContent):
        drafts.bring(changed)


def _fields(order: object) -> dict[str, object]:
    return {name: getattr(order, name) for name in type(order).__dataclass_fields__}  # type: ignore[attr-defined]


def _worked_here(plant: Plant, login: str) -> bool:
    plant.sign_in(login, station="IQC-02")
    return True


def test_a_cell_that_was_measured_meanwhile_keeps_its_value_and_the_draft_waits_for_a_reason(drafts: Drafts):
    order = drafts.waiting("25.62")
    drafts.at.give(drafts.order("25.04"))
    with pytest.raises(CellIsTaken):
        drafts.at.give(order)
    assert state_of(drafts.plant, order) == "waiting"
    with pytest.raises(ReasonMissing):
        drafts.at.give(DropLate(command_id=new_id(), entry=order.command_id, reason=" "))
    drafts.at.give(DropLate(command_id=new_id(), entry=order.command_id, reason="measured again, the jaw was dirty"))
    assert state_of(drafts.plant, order) == "dropped"
    assert drafts.measured() == [(1, "25.04", "li.ming")]
    (dropped,) = drafts.at.ask(lambda session: dropped_about(session, drafts.lot))
    assert (dropped.figure, dropped.reason, dropped.settled_by) == ("25.62 mm", "measured again, the jaw was dirty", "li.ming")
    with pytest.raises(LateIsSettled):
        drafts.at.give(order)


def test_no_gate_counts_a_draft_and_no_lot_is_released_over_one(drafts: Drafts):
    extra = drafts.order("25.62", sample=5)
    for no, gauge, value in ((1, "LM-07", "0.860"), (2, "DC-014", "25.04")):
        for sample in range(1, 6):
            if (no, sample) != (2, 5):
                drafts.at.give(drafts.order(value, sample=sample, no=no, gauge=gauge))
    drafts.bring(extra)
    row = drafts.at.ask(lambda session: inspection_by_id(session, drafts.inspection))
    assert row is not None
    complete = CompleteInspection(command_id=new_id(), inspection=drafts.inspection, version=row.version)
    with pytest.raises(ReadingsMissing):
        drafts.at.give(complete)
    drafts.at.give(drafts.order("25.04", sample=5))
    drafts.at.give(complete)
    version = drafts.plant.rows("SELECT version FROM lineside.lot WHERE id = %s", drafts.lot)[0][0]
    release = ReleaseLot(command_id=new_id(), lot=drafts.lot, version=version)  # type: ignore[arg-type]
    signed = {"kind": "lot", "subject": drafts.lot, "signer": "wang.haiyan"}
    with pytest.raises(LateWaits) as refused:
        drafts.plant.give_signed(drafts.at, release, **signed)  # type: ignore[arg-type]
    assert refused.value.facts["count"] == 1
    with pytest.raises(InspectionIsComplete):
        drafts.at.give(extra)
    drafts.at.give(DropLate(command_id=new_id(), entry=extra.command_id, reason="the sample was measured again"))
    drafts.plant.give_signed(drafts.at, release, **signed)  # type: ignore[arg-type]


def test_a_second_inspector_signs_for_somebody_who_is_not_here_and_both_stand_in_the_record(drafts: Drafts, newcomers: Newcomers):
    order = drafts.waiting("25.04")
    second = newcomers.hire("inspector")
    with pytest.raises(PerformerCannotSign):
        drafts.sign_for(order.command_id, signer="li.ming")
    assert drafts.sign_for(order.command_id, signer=second) == "conforms"
    assert drafts.measured() == [(1, "25.04", second)]
    late = drafts.at.ask(lambda session: came_late(session, [order.id]))[order.id]
    assert (late.author, late.by, late.how) == ("li.ming", second, "signed")
    who = {name for (name,) in drafts.plant.rows("SELECT lineside.performers('lot', %s)", drafts.lot)}
    assert {"li.ming", second} <= who
    with pytest.raises(LateIsSettled):
        drafts.at.give(order)


def test_a_second_person_signs_that_a_draft_does_not_count(drafts: Drafts):
    order = drafts.waiting("25.62")
    set_aside = SetLateAside(command_id=new_id(), entry=order.command_id, reason="its author has left; measured again")
    drafts.plant.give_signed(drafts.at, set_aside, kind="late_entry", subject=order.command_id, signer="tom.becker")
    assert state_of(drafts.plant, order) == "dropped"
    assert drafts.plant.rows("SELECT signer, meaning FROM lineside.signature WHERE subject_kind = 'late_entry'") == [
        ("tom.becker", "set aside")
    ]


def test_nobody_drops_the_draft_of_somebody_else_without_signing(drafts: Drafts):
    order = drafts.waiting()
    with pytest.raises(LateIsAnothers) as refused:
        drafts.plant.sign_in("tom.becker").give(DropLate(command_id=new_id(), entry=order.command_id, reason="not mine"))
    assert refused.value.facts["who"] == "li.ming"
    assert state_of(drafts.plant, order) == "waiting"


@pytest.mark.capability("F10")
def test_a_late_entry_of_a_batch_is_reviewed_and_one_that_waits_or_was_dropped_is_not_lost(run: Run):
    no_parts, clean = answered(run, "no_parts"), answered(run, "clean", said="no")
    for order in (no_parts, clean):
        assert bring(run.link, order, author="chen.jing") == "waiting"
    assert ("LS185", "2") in [(one.rule, one.what) for one in run.at.ask(lambda session: obstacles_of(session, run.batch))]
    run.at.give(no_parts)
    run.at.give(DropLate(command_id=new_id(), entry=clean.command_id, reason="cleaned again and asked anew"))
    found = run.at.ask(lambda session: exceptions_of(session, run.batch))
    assert [(one.kind, one.record, one.field, one.value, one.reason) for one in found] == [
        ("dropped", clean.command_id, "clean", "no", "cleaned again and asked anew"),
        ("late", no_parts.id, "no_parts", "yes", None),
    ]
    assert all(one.waits_for_review for one in found)
    assert run.review() == 2


def test_a_supervisor_signs_for_the_operator_and_the_step_has_its_entry(run: Run):
    order = answered(run, "no_parts")
    bring(run.link, order, author="chen.jing")
    signed = ConfirmLateFor(command_id=new_id(), entry=order.command_id)
    assert run.plant.give_signed(run.at, signed, kind="late_entry", subject=order.command_id, signer="tom.becker") == "conforms"
    assert run.plant.rows("SELECT id, said, entered_by FROM lineside.step_entry") == [(order.id, "yes", "tom.becker")]
    hands = {name for (name,) in run.plant.rows("SELECT lineside.performers('batch', %s)", run.batch)}
    assert {"chen.jing", "tom.becker"} <= hands


def test_a_step_that_moved_on_refuses_the_draft_and_keeps_it(run: Run):
    order = answered(run, "clean")
    bring(run.link, order, author="chen.jing")
    for check in ("no_parts", "no_labels", "clean"):
        run.enter("clearance", check, said="yes")
    run.finish("clearance")
    before = _entries(run)
    with pytest.raises(Exception, match="step") as refused:
        run.at.give(order)
    assert refused.value.sqlstate == "LS073"  # type: ignore[attr-defined]
    assert _entries(run) == before
    assert state_of(run.plant, order) == "waiting"


def _entries(run: Run) -> list[UUID]:
    return [entry for (entry,) in run.plant.rows("SELECT id FROM lineside.step_entry ORDER BY id")]  # type: ignore[misc]


def test_every_kind_of_value_that_a_step_asks_for_comes_through_as_it_was_kept(run: Run):
    """A figure with its unit, a scanned asset, a time of cleaning: what the gate itself adds is no difference."""
    run.enter("clearance", "no_parts", said="yes")
    run.enter("clearance", "no_labels", said="yes")
    run.enter("clearance", "clean", said="yes")
    run.finish("clearance")
    run.load()
    run.start("assembly")
    run.finish("assembly")
    run.start("sealer")
    asset = _of_sealer(run, "asset", device="SL-03", scanned=b"SL-03")
    cleaned = _of_sealer(run, "cleaned", done_at=_two_hours_ago(run))
    for order in (asset, cleaned):
        bring(run.link, order, author="chen.jing")
        run.at.give(order)
    assert {state_of(run.plant, order) for order in (asset, cleaned)} == {"confirmed"}
    run.finish("sealer")


def _of_sealer(run: Run, field: str, **said: object) -> EnterValue:
    nothing = {"value": None, "said": None, "unit": None, "device": None, "done_at": None, "unit_serial": None, "corrects": None}
    told = {**nothing, "reason": None, **said}
    return EnterValue(command_id=new_id(), id=new_id(), step=run.steps["sealer"], field=field, sample_no=1, **told)  # type: ignore[arg-type]


def _two_hours_ago(run: Run):  # type: ignore[no-untyped-def]
    return run.plant.rows("SELECT clock_timestamp() - interval '2 h'")[0][0]
