"""Lists compare what was signed with what stands there now: whatever grew by rule stands, one changed byte is shown in red with words."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.core.embedded_server import ServerAddress
from app.deviations.commands import ApproveDisposition
from app.deviations.queries import deviation_by_id
from app.materials.commands import HoldLot
from app.materials.queries import lots_of_site
from app.tracing.history import Standing
from app.tracing.queries import lot_history
from app.tracing.rechecks import broken_deviations, broken_lots
from tests.batches.runs import Run
from tests.batches.screens import glass
from tests.plant import Plant, cloned
from tests.shell.conftest import Hand
from tests.tracing.lots import clean_lot, release, rich_lot, without_triggers
from tests.triggers import triggers_off

pytestmark = pytest.mark.capability("K2", "R11-15")

FLIP = """UPDATE lineside.receipt SET raw = set_byte(raw, 0, get_byte(raw, 0) # 1)
    WHERE lot = (SELECT id FROM lineside.lot WHERE status = 'held')"""


def hold(plant: Plant, lot: UUID) -> None:
    at = plant.sign_in("li.ming")
    plant.give_signed(at, HoldLot(command_id=new_id(), lot=lot, version=1), kind="lot", subject=lot, signer="tom.becker")
    plant.close()


def lots_on(plant: Plant) -> dict[UUID, str]:
    ((site,),) = plant.rows("SELECT id FROM lineside.site")
    assert isinstance(site, UUID)
    return {lot.id: lot.code for lot in plant.sign_in("wang.haiyan").ask(lambda session: lots_of_site(session, site))}


def as_papers_say(session: Session, lots: list[UUID]) -> set[UUID]:
    """The same question lot by lot, as the paper of each asks it."""
    given = {lot: lot_history(session, lot).signatures for lot in lots}
    return {lot for lot, all_of_it in given.items() if any(one.subject_id == lot and one.standing is Standing.BROKEN for one in all_of_it)}


@pytest.mark.parametrize(
    ("harm", "broken"),
    [
        ("SELECT 1", 0),
        ("UPDATE lineside.measurement SET value = value + 0.001 WHERE id = (SELECT max(id::text)::uuid FROM lineside.measurement)", 1),
        (FLIP, 1),
        ("UPDATE lineside.lot SET supplier_lot = supplier_lot || 'X' WHERE supplier_lot = 'NF26-0004'", 1),
        ("UPDATE lineside.signature SET content = content || ' ' WHERE subject_kind = 'lot' AND meaning = 'held'", 1),
        ("DELETE FROM lineside.ledger WHERE no = 1 AND lot = (SELECT id FROM lineside.lot WHERE status = 'held')", 1),
    ],
    ids=["nothing", "a reading", "a byte of a frame", "a lot's name", "the signed text", "a movement"],
)
def test_the_list_names_exactly_the_lots_that_their_papers_would_name(grown: Plant, harm: str, broken: int):
    """Lots that were held and described since, consumed from, undone in part: none is named for what came by rule."""
    lots = list(lots_on(grown))
    superuser = grown.superuser()
    with triggers_off(superuser, "measurement", "receipt", "lot", "signature", "ledger"):
        assert superuser.execute(harm).rowcount == 1  # type: ignore[call-overload]
    at = grown.sign_in("wang.haiyan")
    found = at.ask(lambda session: broken_lots(session, lots))
    assert found == at.ask(lambda session: as_papers_say(session, lots))
    assert len(found) == broken
    grown.close()


@pytest.fixture(scope="module")
def grown_floor(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Plant]:
    """Lots with signatures of every kind over them, each of which grew by rule afterwards, and one nobody signed."""
    with cloned(cluster, station_secrets) as plant:
        plant.begin(plant.receive(supplier_lot="NF26-0001").lot)
        plant.close()
        rich_lot(plant, supplier_lot="NF26-0002", released=True)
        held = plant.receive(supplier_lot="NF26-0003").lot
        plant.close()
        hold(plant, held)
        plant.inspect(held, bad={2: "25.62"})
        plant.close()
        hubs, clips = plant.released_lot(supplier_lot="NF26-0004"), plant.released_clips()
        run = Run(plant, plant.start_batch(), hubs, clips)
        run.clear()
        run.load()
        run.home()
        yield plant


@pytest.fixture
def grown(cluster: ServerAddress, grown_floor: Plant) -> Iterator[Plant]:
    """A copy of it."""
    with cloned(cluster, grown_floor.secrets, template=grown_floor.server.dbname) as plant:
        yield plant


def test_two_hundred_lots_are_one_statement(grown: Plant):
    lots, asked = [*lots_on(grown)] * 50, list[str]()
    at = grown.sign_in("wang.haiyan")

    def ask(session: Session) -> frozenset[UUID]:
        event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        return broken_lots(session, lots)

    assert at.ask(ask) == frozenset()
    assert len(asked) == 1
    grown.close()


def test_a_signed_deviation_that_was_changed_past_the_gates_is_named(plant: Plant):
    walked = rich_lot(plant)
    at = plant.sign_in("wang.haiyan")
    assert walked.deviation is not None
    assert at.ask(lambda session: broken_deviations(session, [walked.deviation])) == frozenset()
    without_triggers(plant, "UPDATE lineside.deviation SET what_happened = 'Nothing to speak of.'")
    assert at.ask(lambda session: broken_deviations(session, [walked.deviation])) == {walked.deviation}
    plant.close()


def test_the_list_of_lots_says_in_red_which_signature_no_longer_matches(plant: Plant, open_station: Callable[..., Hand]):
    whole, harmed = (clean_lot(plant, supplier_lot=f"NF26-000{n}") for n in (1, 2))
    at = plant.sign_in("li.ming")
    for walked in (whole, harmed):
        release(plant, at, walked.lot)
    plant.close()
    hand = open_station("IQC-02")
    hand.sign_in("wang.haiyan")
    hand.window.open("materials.lots", {})
    hand.until(lambda: glass(hand).count("released") == 2)
    assert "no longer as signed" not in glass(hand)
    without_triggers(plant, "UPDATE lineside.lot SET expires_on = expires_on + 365 WHERE id = %s", harmed.lot)
    hand.window.open("home", {})
    hand.window.open("materials.lots", {})
    hand.until(lambda: glass(hand).count("no longer as signed") == 1)
    assert glass(hand).count("released") == 1


def test_the_list_of_deviations_says_it_too(plant: Plant, open_station: Callable[..., Hand]):
    walked = rich_lot(plant, decided=False)
    assert walked.deviation is not None
    at = plant.sign_in("li.ming")
    version = at.ask(lambda session: deviation_by_id(session, walked.deviation)).version
    order = ApproveDisposition(command_id=new_id(), deviation=walked.deviation, version=version)
    plant.give_signed(at, order, kind="deviation", subject=walked.deviation, signer="tom.becker")
    plant.close()
    hand = open_station("IQC-02")
    hand.sign_in("wang.haiyan")
    hand.window.open("deviations.deviation", {})
    hand.until(lambda: "DEV26-0001" in glass(hand))
    assert "no longer as signed" not in glass(hand)
    without_triggers(plant, "UPDATE lineside.deviation SET class = 'minor'")
    hand.window.open("home", {})
    hand.window.open("deviations.deviation", {})
    hand.until(lambda: "no longer as signed" in glass(hand))
