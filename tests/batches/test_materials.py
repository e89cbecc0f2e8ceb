"""Material goes in by scan: the right one, released, in date, enough, for this unit and out of no other batch's kit."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from app.base.ids import new_id
from app.batches.commands import ConsumeMaterial
from app.batches.kitting import LayOutKit, PutBackKit
from app.batches.queries import exceptions_of, obstacles_of
from app.batches.rules import (
    ComponentNotReleased,
    ContainerHoldsLess,
    ContainerNotTaken,
    FieldNotAsked,
    KitOfOtherBatch,
    LotIsExpired,
    LotNotReleased,
    MoreThanDemanded,
    NotEnoughLeft,
    OtherMaterial,
    StepLacks,
    StepNotStarted,
    UnitWanted,
    WhyWanted,
)
from app.core.refusals import OtherVersion, StationWanted
from app.materials.commands import HoldLot
from app.plant.rules import GaugeOfOtherKind
from app.typed.rules import SecondPersonWanted
from tests.batches.masters import revised, signed
from tests.batches.refusals import consumption, move, past, refuses, tried
from tests.batches.runs import Run


def hold(run: Run, lot: UUID) -> None:
    """The supervisor holds a lot."""
    version = run.plant.rows("SELECT version FROM lot WHERE id = %s", lot)[0][0]
    assert isinstance(version, int)
    run.plant.give_signed(run.at, HoldLot(command_id=new_id(), lot=lot, version=version), kind="lot", subject=lot, signer="tom.becker")


def balances(run: Run) -> list[tuple[object, ...]]:
    return run.plant.rows("SELECT balance FROM lot WHERE id IN (%s, %s) ORDER BY code", run.hubs, run.clips)


@pytest.mark.capability("F5", "B1")
def test_a_wrong_a_held_and_an_expired_lot_are_refused_by_command_and_from_a_shell(run: Run):
    refuses(run.plant, StepNotStarted, lambda: run.consume("hubs", run.hubs, "1"), step=2)
    run.clear()
    run.start("hubs")
    refuses(run.plant, OtherMaterial, lambda: run.consume("hubs", run.clips, "1"), step=2, wanted="CH-2225")
    assert tried(run, "chen.jing", consumption(run, "hubs", run.clips, "1")) == "LS080"
    assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, "1", container=f"'{run.container_of(run.clips)}'")) == "LS080"
    for login in ("li.ming", "zhou.min", "wang.haiyan"):
        assert tried(run, login, consumption(run, "hubs", run.hubs, "1")) == "42501"
    for nonsense in ("'NaN'", "'Infinity'", "0", "-1"):
        assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, nonsense)) in {"23514", "LS083"}
    run.consume("hubs", run.hubs, "1")
    hold(run, run.hubs)  # in the middle of the batch
    refuses(run.plant, LotNotReleased, lambda: run.consume("hubs", run.hubs, "1"), status="held")
    assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, "1")) == "LS081"
    assert run.at.ask(lambda session: [o.rule for o in obstacles_of(session, run.batch)]).count("LS097") == 1
    past(run, f"UPDATE lineside.lot SET status = 'released', expires_on = '2026-01-01', made_on = '2025-01-01' WHERE id = '{run.hubs}'")
    refuses(run.plant, LotIsExpired, lambda: run.consume("hubs", run.hubs, "1"), expires_on=str(date(2026, 1, 1)))
    assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, "1")) == "LS082"


@pytest.mark.capability("F9", "B1")
def test_a_batch_is_not_released_while_a_lot_in_it_is_held(made: Run):
    hold(made, made.clips)
    (code,) = made.plant.rows("SELECT code FROM lot WHERE id = %s", made.clips)[0]
    refuses(made.plant, ComponentNotReleased, made.release, step=3, lot=code)


@pytest.mark.capability("F5")
def test_no_more_goes_in_than_the_lot_the_container_the_step_and_the_unit_have_room_for(run: Run):
    run.clear()
    run.start("hubs")
    refuses(run.plant, MoreThanDemanded, lambda: run.consume("hubs", run.hubs, "4.5"), step=2, room=4)  # two units and a tolerance of two
    refuses(run.plant, NotEnoughLeft, lambda: run.consume("hubs", run.hubs, "4001"), balance=4000)
    past(run, f"UPDATE lineside.container SET quantity = 3 WHERE lot = '{run.hubs}'")
    refuses(run.plant, ContainerHoldsLess, lambda: run.consume("hubs", run.hubs, "4"), left=3, unit="pcs")
    assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, "4")) == "LS109"
    first = run.consume("hubs", run.hubs, "3")
    refuses(run.plant, ContainerHoldsLess, lambda: run.consume("hubs", run.hubs, "0.5"), left=0)
    run.take_back(first)
    refuses(run.plant, OtherVersion, lambda: run.take_back(first))
    refuses(run.plant, StepLacks, lambda: run.finish("hubs"), missing="CH-2225")
    assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, "1"), consumption(run, "hubs", run.hubs, "2.5")) == "LS109"
    last = run.consume("hubs", run.hubs, "2")
    run.finish("hubs")
    refuses(run.plant, StepNotStarted, lambda: run.take_back(last))
    undo = f"INSERT INTO lineside.consumption_undo (id, consumption, reason) VALUES (uuidv7(), '{last}', 'because')"
    assert tried(run, "chen.jing", undo) == "LS073"
    assert balances(run) == [(3998,), (500,)]
    assert run.plant.rows("SELECT kind, quantity FROM ledger WHERE lot = %s ORDER BY no", run.hubs)[1:] == [
        ("consumption", -3),
        ("return", 3),
        ("consumption", -2),
    ]
    assert run.at.ask(lambda session: [(x.kind, x.value, x.reason) for x in exceptions_of(session, run.batch)]) == [
        ("undo", "3", "wrong tray")
    ]


@pytest.mark.capability("F5", "H2")
def test_what_is_bound_to_a_unit_names_one_of_this_batch_and_each_gets_all_of_its_own(run: Run):
    two_each = revised(2, ("item: SC-2200\n    quantity: 1", "item: SC-2200\n    quantity: 2"))
    own = Run(run.plant, run.plant.start_batch(master=signed(run.plant, two_each)), run.hubs, run.clips)
    (strange,) = run.units(1)
    own.clear()
    first, second = own.units()
    own.start("clips")
    for unit in (None, strange, "B26-9999-00001"):
        refuses(own.plant, UnitWanted, lambda unit=unit: own.consume("clips", own.clips, "1", unit=unit), unit=unit)  # type: ignore[misc]
    assert tried(own, "chen.jing", consumption(own, "clips", own.clips, "1")) == "LS085"
    own.consume("clips", own.clips, "2", unit=first)
    refuses(own.plant, MoreThanDemanded, lambda: own.consume("clips", own.clips, "1", unit=first), room=0)
    assert tried(own, "chen.jing", consumption(own, "clips", own.clips, "1", unit_serial=f"'{first}'")) == "LS084"
    own.consume("clips", own.clips, "1", unit=second)
    refuses(
        own.plant, StepLacks, lambda: own.finish("clips"), missing=second
    )  # one of two, though the tolerance of the whole would let it pass
    assert tried(own, "chen.jing", move(own, "clips", "done")) == "LS075"
    own.consume("clips", own.clips, "1", unit=second)
    own.finish("clips")
    (third,) = own.units(1)
    assert ("LS096", 3) in own.at.ask(lambda session: [(o.rule, o.step) for o in obstacles_of(session, own.batch)])
    assert third.endswith("-00003")


@pytest.mark.capability("F5", "B5")
def test_a_container_laid_out_for_one_batch_is_taken_by_no_other_until_it_is_put_back(run: Run):
    other = Run(run.plant, run.plant.start_batch(), run.hubs, run.clips)
    box = run.container_of(run.hubs)
    planner = run.plant.sign_in("gao.yun")
    kit = new_id()
    planner.give(LayOutKit(command_id=new_id(), id=kit, batch=other.batch, container=box))
    refuses(run.plant, OtherVersion, lambda: planner.give(LayOutKit(command_id=new_id(), id=new_id(), batch=run.batch, container=box)))
    run.clear()
    run.start("hubs")
    refuses(run.plant, KitOfOtherBatch, lambda: run.consume("hubs", run.hubs, "1"))
    assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, "1")) == "LS104"
    planner.give(PutBackKit(command_id=new_id(), kit=kit, version=1))
    run.consume("hubs", run.hubs, "1")
    assert tried(run, "gao.yun", f"UPDATE lineside.kit SET status = 'laid out' WHERE id = '{kit}'") == "LS031"
    past(run, "UPDATE lineside.item SET code = 'CH-9999' WHERE code = 'CH-2225'")  # no step takes this any more
    lay = LayOutKit(command_id=new_id(), id=new_id(), batch=run.batch, container=box)
    refuses(run.plant, ContainerNotTaken, lambda: planner.give(lay))


@pytest.mark.capability("E3", "E6")
def test_what_is_weighed_comes_from_a_scale_in_the_lots_unit_and_one_person_types_no_weight(run: Run):
    weighed = revised(2, ("tolerance: 2\n    by: count\n    bound_to: batch", "tolerance: 2\n    by: weigh\n    bound_to: batch"))
    own = Run(run.plant, run.plant.start_batch(master=signed(run.plant, weighed)), run.hubs, run.clips)
    own.clear()
    own.start("hubs")
    refuses(own.plant, FieldNotAsked, lambda: own.consume("hubs", own.hubs, "1"), step=2)  # counted, where a weight is asked for
    box = own.container_of(own.hubs)
    base = {"step": own.steps["hubs"], "lot": own.hubs, "container": box, "unit_serial": None, "quantity": Decimal(2)}

    def take(origin: str, *, raw: bytes | None, scale: str | None, reason: str | None) -> None:
        order = ConsumeMaterial(command_id=new_id(), id=new_id(), origin=origin, raw=raw, scale=scale, reason=reason, **base)  # type: ignore[arg-type]
        own.at.give(order)

    refuses(own.plant, GaugeOfOtherKind, lambda: take("measured", raw=b"S S 2 g", scale="WB-04", reason=None))  # grams are no pieces
    refuses(own.plant, WhyWanted, lambda: take("typed", raw=None, scale=None, reason=None))
    assert tried(own, "chen.jing", consumption(own, "hubs", own.hubs, "2", origin="'measured'")) == StationWanted.sqlstate
    refuses(own.plant, SecondPersonWanted, lambda: take("typed", raw=None, scale=None, reason="The scale is away for repair."))
