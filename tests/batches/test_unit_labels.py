"""A unit wears one living label, its own, scanned on it; every label that came out is accounted for before the step ends."""

from decimal import Decimal
from uuid import UUID

import pytest

from app.base.ids import new_id
from app.batches.commands import MoveUnit
from app.batches.labelling import ApplyLabel, ConfirmUnitLabel, DestroyLabel, PrintUnitLabel
from app.batches.queries import exceptions_of
from app.batches.rules import LabellingNotUnderWay, NoLabelWaits, OtherUnitsLabel, StepLacks, UnitHasLabel
from app.core.refusals import LabelDiffers, ReasonMissing, WayClosed
from app.labels.scan_back import WrongSerial
from tests.batches.refusals import current, move, refuses, tried
from tests.batches.runs import Run


def labelling(run: Run) -> list[UUID]:
    """Everything up to the label step, which is begun; returns both units."""
    run.clear()
    run.load()
    run.assemble()
    run.seal()
    run.finish("sealing")
    run.start("unit_labels")
    return run.unit_ids()


def apply(run: Run, unit: UUID, scanned: str) -> None:
    run.at.give(ApplyLabel(command_id=new_id(), unit=unit, scanned=scanned))


def destroy(run: Run, label: UUID, reason: str) -> None:
    run.at.give(DestroyLabel(command_id=new_id(), label=label, reason=reason))


def status(run: Run, unit: UUID) -> object:
    return run.plant.rows("SELECT status FROM unit WHERE id = %s", unit)[0][0]


@pytest.mark.capability("G5", "G7", "G3")
def test_one_living_label_for_each_unit_and_only_its_own_is_accepted_on_it(run: Run):
    first, second = labelling(run)
    refuses(run.plant, NoLabelWaits, lambda: apply(run, first, says_of(run, first)))
    label, says = run.print_label(first)
    refuses(run.plant, UnitHasLabel, lambda: run.print_label(first, reason="one more"))
    _, others = run.print_label(second)
    refuses(run.plant, WrongSerial, lambda: apply(run, first, others))
    foreign = f"SELECT lineside.apply_label('{first}', convert_to('{others}', 'UTF8'))"
    assert tried(run, "chen.jing", foreign) == OtherUnitsLabel.sqlstate
    assert tried(run, "li.ming", foreign) == "LS010"
    assert tried(run, "chen.jing", f"UPDATE lineside.unit SET status = 'labelled' WHERE id = '{first}'") == NoLabelWaits.sqlstate
    second_copy = f"""INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason)
        SELECT uuidv7(), kind, subject_kind, subject_id, 2, printer, station, content, 'again'
          FROM lineside.label_seen WHERE id = '{label}'"""
    assert tried(run, "chen.jing", second_copy) == UnitHasLabel.sqlstate
    apply(run, first, says)
    assert status(run, first) == "labelled"
    refuses(run.plant, NoLabelWaits, lambda: apply(run, first, says))
    refuses(run.plant, ReasonMissing, lambda: destroy(run, label, " "))
    destroy(run, label, "torn when the pouch was straightened")
    assert status(run, first) == "made"
    of_another_lot = f"""INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason)
        SELECT uuidv7(), kind, subject_kind, subject_id, 2, printer, station, content || '{{"lot": "B26-9999"}}', 'again'
          FROM lineside.label_seen WHERE id = '{label}'"""
    assert tried(run, "chen.jing", of_another_lot) == LabelDiffers.sqlstate
    _, again = run.print_label(first, reason="torn")
    apply(run, first, again)
    apply(run, second, others)
    run.finish("unit_labels")
    assert {field: row[1] for (field, _), row in current(run, "unit_labels").items()} == {
        "issued": 3,
        "applied": 2,
        "destroyed": 1,
        "not_found": 0,
    }
    assert run.at.ask(lambda session: [(x.kind, x.value, x.reason) for x in exceptions_of(session, run.batch)]) == [
        ("reprint", "2", "torn")
    ]
    refuses(run.plant, LabellingNotUnderWay, lambda: run.print_label(first, reason="more"))
    refuses(run.plant, LabellingNotUnderWay, lambda: destroy(run, label, "why"))


def says_of(run: Run, unit: UUID) -> str:
    return f"]d2{run.plant.rows('SELECT lineside.udi_of_unit(%s)', unit)[0][0]}"


@pytest.mark.capability("G6", "G8")
def test_no_label_step_ends_while_a_label_is_on_its_way_or_nobody_knows_what_became_of_it(run: Run):
    first, second = labelling(run)
    run.label(first)
    serial = run.plant.rows("SELECT serial FROM unit WHERE id = %s", second)[0][0]
    run.at.give(PrintUnitLabel(command_id=new_id(), unit=second, printer="LP-02", reason=None))  # it waits in the queue
    run.at.give(MoveUnit(command_id=new_id(), unit=second, version=1, status="scrapped"))
    refuses(run.plant, StepLacks, lambda: run.finish("unit_labels"), step=9, missing=serial)
    assert tried(run, "chen.jing", move(run, "unit_labels", "done")) == "LS075"
    waiting = run.plant.rows("SELECT id FROM label WHERE subject_id = %s", second)[0][0]
    assert isinstance(waiting, UUID)
    run.move_label(waiting, says_of(run, second))
    refuses(run.plant, StepLacks, lambda: run.finish("unit_labels"), missing=serial)
    for state in ("sent", "unknown"):  # the paper ended after the print command
        run.link.ask("SELECT lineside.move_label(%s, %s, %s)", waiting, state, "")
        refuses(run.plant, StepLacks, lambda: run.finish("unit_labels"), missing=serial)
    refuses(run.plant, ReasonMissing, lambda: confirm(run, waiting, came_out=False, remark=""))
    confirm(run, waiting, came_out=True, remark="it lay behind the printer")
    refuses(run.plant, WayClosed, lambda: confirm(run, waiting, came_out=False, remark="no"))
    issued = run.enter("unit_labels", "issued")
    assert run.plant.rows("SELECT value FROM step_entry WHERE id = %s", issued) == [(2,)]
    destroy(run, waiting, "its unit is scrapped")
    run.finish("unit_labels")
    counts = {field: row[1:] for (field, _), row in current(run, "unit_labels").items()}
    assert counts["not_found"] == (Decimal(0), "conforms")
    assert run.plant.rows("SELECT status FROM label WHERE kind = 'unit' ORDER BY status") == [("applied",), ("destroyed",)]


def confirm(run: Run, label: UUID, *, came_out: bool, remark: str) -> None:
    run.at.give(ConfirmUnitLabel(command_id=new_id(), label=label, came_out=came_out, remark=remark))


@pytest.mark.capability("G6", "F9")
def test_a_label_that_nobody_finds_wants_a_deviation_and_samples_and_scrap_count_as_such(run: Run):
    first, second = labelling(run)
    run.label(first)
    label, _ = run.print_label(second)
    run.at.give(MoveUnit(command_id=new_id(), unit=second, version=1, status="sampled"))
    for field in ("issued", "applied", "destroyed"):
        run.enter("unit_labels", field)
    lost = current(run, "unit_labels")["not_found", 1]
    assert lost[1:] == (Decimal(1), "too high")
    assert tried(run, "chen.jing", move(run, "unit_labels", "done")) == "LS076"
    run.deviate(lost[0], class_="major")
    run.finish("unit_labels")
    assert run.plant.rows("SELECT status FROM label WHERE id = %s", label) == [("printed",)]
    assert tried(run, "chen.jing", f"UPDATE lineside.unit SET status = 'made' WHERE id = '{second}'") == "LS031"
