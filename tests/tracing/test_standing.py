"""A signature says what stood there; whoever looks is told whether it still does."""

import pytest

from app.base.ids import new_id
from app.core.subject import Subject
from app.deviations.commands import DescribeDeviation, OpenDeviation
from app.materials.commands import EndHold, HoldLot
from app.tracing.history import Standing
from app.tracing.queries import lot_history
from tests.plant import Plant
from tests.tracing.lots import clean_lot, release, rich_lot, without_triggers


def standings(plant: Plant, lot: object) -> dict[str, Standing]:
    history = plant.sign_in("wang.haiyan").ask(lambda session: lot_history(session, lot))
    return {given.meaning: given.standing for given in history.signatures}


@pytest.mark.capability("K2")
@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE lineside.measurement SET value = 25.05 WHERE sample_no = 2 AND value = 25.04", {"released"}),
        ("UPDATE lineside.measurement SET raw = '01A+00025.99' WHERE sample_no = 3 AND value = 25.62", {"released"}),
        ("UPDATE lineside.receipt SET raw = 'other' WHERE quantity = 4000", {"released"}),
        ("UPDATE lineside.lot SET expires_on = '2031-09-30'", {"released"}),
        ("UPDATE lineside.ledger SET after_balance = 6001 WHERE no = 2", {"released"}),
        ("UPDATE lineside.deviation SET what_happened = 'Nothing.'", {"released", "approved by supervisor", "approved by quality"}),
        ("UPDATE lineside.signature SET content = content || ' ' WHERE meaning = 'released'", {"released"}),
        ("DELETE FROM lineside.measurement WHERE sample_no = 1 AND value = 0.860", {"released"}),
    ],
)
def test_whatever_a_superuser_alters_behind_the_triggers_breaks_the_signatures_over_it(plant: Plant, statement: str, broken: set[str]):
    walked = rich_lot(plant, released=True)
    assert set(standings(plant, walked.lot).values()) == {Standing.STANDS}
    without_triggers(plant, statement)
    assert {meaning for meaning, standing in standings(plant, walked.lot).items() if standing is Standing.BROKEN} == broken


def test_a_hold_signed_before_the_inspection_stays_good_while_the_lot_goes_on_by_rule(plant: Plant):
    received = plant.receive()
    at = plant.sign_in("li.ming")
    lot = {"kind": "lot", "subject": received.lot}
    plant.give_signed(at, HoldLot(command_id=new_id(), lot=received.lot, version=1), signer="tom.becker", **lot)
    plant.give_signed(at, EndHold(command_id=new_id(), lot=received.lot, version=2), signer="wang.haiyan", **lot)
    plant.close()
    plant.receive(quantity="500")
    plant.inspect(received.lot)
    plant.close()
    assert standings(plant, received.lot) == {"held": Standing.LATER, "hold ended": Standing.LATER}


def test_a_later_deviation_explains_itself_and_hides_no_altered_reading(plant: Plant):
    walked = clean_lot(plant, supplier_lot="NF26-0932")
    quality = plant.sign_in("xu.lan")
    release(plant, quality, walked.lot)
    subject, cause = Subject(kind="lot", id=walked.lot, version=2), {"cause_kind": "other", "cause_id": new_id(), "kind": "discrepancy"}
    words = {"class_": "minor", "what_happened": "A customer found a mark on the hub."}
    quality.give(OpenDeviation(command_id=new_id(), id=new_id(), subject=subject, facts={}, **cause, **words))
    assert standings(plant, walked.lot) == {"released": Standing.LATER}
    without_triggers(plant, "UPDATE lineside.measurement SET value = 25.05 WHERE sample_no = 2 AND value = 25.04")
    assert standings(plant, walked.lot) == {"released": Standing.BROKEN}


def test_a_signature_on_a_deviation_that_was_described_anew_counts_no_longer_and_is_not_broken(plant: Plant):
    from app.deviations.commands import ApproveDisposition

    walked = rich_lot(plant, decided=False)
    inspector = plant.sign_in("li.ming")
    version = plant.rows("SELECT version FROM deviation")[0][0]
    first = ApproveDisposition(command_id=new_id(), deviation=walked.deviation, version=version)
    plant.give_signed(inspector, first, kind="deviation", subject=walked.deviation, signer="tom.becker")
    anew = {"what_happened": "Burr at the tip; the cutter was changed.", "class_": "major", "disposition": "reject"}
    inspector.give(DescribeDeviation(command_id=new_id(), deviation=walked.deviation, version=version, **anew))
    assert standings(plant, walked.lot) == {"approved by supervisor": Standing.LATER}
