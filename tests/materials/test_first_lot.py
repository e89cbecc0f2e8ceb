"""One incoming lot from the dock to its release, through commands alone."""

import pytest

from app.base.ids import new_id
from app.core.refusals import PerformerCannotSign
from app.core.subject import Subject
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality, DescribeDeviation, OpenDeviation
from app.deviations.queries import deviation_by_id
from app.inspection.queries import inspection_by_id
from app.materials.commands import HoldLot, ReleaseLot
from app.materials.queries import lot_by_id
from app.materials.rules import LotHasOpenDeviation, LotNotInspected
from tests.plant import Plant


def _lot_with_one_long_sample(plant: Plant):
    received = plant.receive()
    _, outside = plant.inspect(received.lot, bad={3: "25.62"})
    inspector = plant.sign_in("li.ming")
    deviation = new_id()
    inspector.give(
        OpenDeviation(
            command_id=new_id(),
            id=deviation,
            subject=Subject(kind="lot", id=received.lot, version=1),
            cause_kind="measurement",
            cause_id=outside[0],
            kind="out of limits",
            facts={},
            class_="major",
            what_happened="Burr at the tip.",
        )
    )
    inspector.give(
        DescribeDeviation(
            command_id=new_id(), deviation=deviation, version=1, what_happened="Burr at the tip.", class_="major", disposition="use as is"
        )
    )
    return received, inspector, deviation


@pytest.mark.capability("A4")
def test_a_received_pack_lies_in_quarantine_with_its_ledger_entry_and_its_label(plant: Plant):
    received = plant.receive()
    assert plant.rows("SELECT status, balance FROM lot WHERE code = %s", received.lot_code) == [("quarantine", 4000)]
    assert plant.rows("SELECT no, quantity, after_balance FROM ledger WHERE lot = %s", received.lot) == [(1, 4000, 4000)]
    assert plant.rows("SELECT status, copy_no, printer FROM label WHERE subject_id = %s", received.container) == [("requested", 1, "LP-02")]


def test_a_clean_lot_is_released_by_quality_and_nobody_who_worked_on_it(plant: Plant):
    received = plant.receive()
    plant.inspect(received.lot)
    at = plant.sign_in("li.ming")
    plant.give_signed(
        at, ReleaseLot(command_id=new_id(), lot=received.lot, version=1), kind="lot", subject=received.lot, signer="wang.haiyan"
    )
    assert plant.rows("SELECT status, version FROM lot WHERE id = %s", received.lot) == [("released", 2)]
    assert plant.rows("SELECT signer, meaning, station FROM signature WHERE subject_kind = 'lot'") == [
        ("wang.haiyan", "released", "IQC-02")
    ]


def test_a_lot_without_a_complete_inspection_is_not_released(plant: Plant):
    received = plant.receive()
    plant.begin(received.lot)
    with pytest.raises(LotNotInspected):
        plant.give_signed(
            plant.sign_in("li.ming"),
            ReleaseLot(command_id=new_id(), lot=received.lot, version=1),
            kind="lot",
            subject=received.lot,
            signer="wang.haiyan",
        )
    assert plant.rows("SELECT status FROM lot") == [("quarantine",)]


@pytest.mark.capability("I2")
def test_a_major_deviation_to_be_used_as_it_is_collects_two_signatures_while_the_inspector_stays_signed_in(plant: Plant):
    received, inspector, deviation = _lot_with_one_long_sample(plant)
    version = inspector.ask(lambda session: deviation_by_id(session, deviation)).version
    release = {"kind": "lot", "subject": received.lot, "signer": "wang.haiyan"}
    with pytest.raises(LotHasOpenDeviation):
        plant.give_signed(inspector, ReleaseLot(command_id=new_id(), lot=received.lot, version=1), **release)
    with pytest.raises(PerformerCannotSign):
        plant.give_signed(
            inspector,
            ApproveDisposition(command_id=new_id(), deviation=deviation, version=version),
            kind="deviation",
            subject=deviation,
            signer="li.ming",
        )
    first = ApproveDisposition(command_id=new_id(), deviation=deviation, version=version)
    assert plant.give_signed(inspector, first, kind="deviation", subject=deviation, signer="tom.becker") == "open"
    second = ApproveDispositionAsQuality(command_id=new_id(), deviation=deviation, version=version)
    assert plant.give_signed(inspector, second, kind="deviation", subject=deviation, signer="xu.lan") == "decided"
    plant.give_signed(inspector, ReleaseLot(command_id=new_id(), lot=received.lot, version=1), **release)
    assert inspector.ask(lambda session: lot_by_id(session, received.lot)).status == "released"


def test_a_held_lot_is_not_released_before_its_hold_is_ended(plant: Plant):
    received = plant.receive()
    plant.inspect(received.lot)
    at = plant.sign_in("li.ming")
    plant.give_signed(at, HoldLot(command_id=new_id(), lot=received.lot, version=1), kind="lot", subject=received.lot, signer="tom.becker")
    assert at.ask(lambda session: lot_by_id(session, received.lot)).status == "held"


def test_the_verdict_counts_defective_samples_and_not_values(plant: Plant):
    received = plant.receive()
    inspection, _ = plant.inspect(received.lot, bad={3: "25.62"})
    row = plant.sign_in("li.ming").ask(lambda session: inspection_by_id(session, inspection))
    assert (row.verdict, row.tally.defective, row.tally.reject_no) == ("accepted", 1, 2)
