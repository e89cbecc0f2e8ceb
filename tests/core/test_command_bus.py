"""One order, one transaction, one answer, however often it is given and whatever is lost on the way (reliability 2c,
2e; DESIGN decision 6)."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, NoResultFound

from app.base.errors import AppError, OutageError
from app.base.ids import new_id
from app.core import command
from app.core.command import COMMANDS, TRIES, Command, Permission
from app.core.database import WORK_CONNECTIONS, Server, SignInAgain
from app.core.refusals import AlreadyGiven, DatabaseAway, RecordBusy
from app.core.session import SignedIn, Signer, sign_in
from app.core.signature import preview
from app.core.work import Work, explained
from app.demo.people import SECRET
from app.materials.commands import AddLocation, AddSupplier, ReleaseLot
from app.receiving.commands import Received, ReceiveLot
from app.receiving.queries import order_by_code
from tests.core.lossy_line import LossyLine
from tests.plant import PACK, Plant


def _receive(at: SignedIn, *, location: str = "Q-A-03", command_id: UUID | None = None, quantity: str = "4000") -> ReceiveLot:
    from datetime import date

    order = at.ask(lambda session: order_by_code(session, "PO26-0417"))
    assert order is not None
    line = order.lines[0]
    return ReceiveLot(
        command_id=command_id or new_id(),
        order_line=line.id,
        item=line.item.id,
        supplier_lot="NF26-0931",
        made_on=None,
        expires_on=date(2029, 9, 30),
        quantity=Decimal(quantity),
        location=location,
        origin="scanned",
        raw=PACK.encode("latin-1"),
        scanner="SC-11",
        printer=None,
    )


def _effects(plant: Plant) -> tuple[object, ...]:
    return plant.rows(
        """SELECT (SELECT count(*) FROM lineside.lot), (SELECT count(*) FROM lineside.receipt), (SELECT coalesce(sum(quantity), 0)
            FROM lineside.ledger)"""
    )[0]


@pytest.mark.capability("R2")
def test_an_order_given_twice_acts_once_and_answers_the_same(plant: Plant):
    receiver = plant.sign_in("zhou.min", station="REC-01")
    order = _receive(receiver)
    first, second = receiver.give(order), receiver.give(order)
    assert isinstance(first, Received)
    assert first == second
    assert _effects(plant) == (1, 1, 4000)


@pytest.mark.capability("R2")
@pytest.mark.parametrize("stations", [("REC-01", "REC-01"), ("REC-01", "IQC-02")], ids=["one station", "two stations"])
def test_an_order_given_by_two_threads_at_once_acts_once_and_answers_both(plant: Plant, stations: tuple[str, str]):
    first = plant.sign_in("zhou.min", station=stations[0])
    second = first if stations[0] == stations[1] else plant.sign_in("zhou.min", station=stations[1])
    order, ready, answers = _receive(first), threading.Barrier(2), []

    def give(at: SignedIn) -> None:
        ready.wait(10)
        answers.append(at.give(order))

    threads = [threading.Thread(target=give, args=(at,)) for at in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert _effects(plant) == (1, 1, 4000)


@pytest.mark.capability("R2")
def test_the_same_identity_with_other_content_or_of_another_person_is_refused(plant: Plant):
    receiver = plant.sign_in("zhou.min", station="REC-01")
    order = _receive(receiver)
    receiver.give(order)
    with pytest.raises(AlreadyGiven):
        receiver.give(_receive(receiver, command_id=order.command_id, quantity="3999"))
    with pytest.raises(AlreadyGiven):
        plant.sign_in("li.ming").give(order)
    assert _effects(plant) == (1, 1, 4000)


def test_a_refusal_is_not_stored_so_that_the_same_order_may_succeed_later(plant: Plant):
    receiver = plant.sign_in("zhou.min", station="REC-01")
    order = _receive(receiver, location="Q-Z-99")
    with pytest.raises(AppError):
        receiver.give(order)
    assert receiver.outcome(order.command_id) is None
    site = plant.rows("SELECT id FROM lineside.site")[0][0]
    assert isinstance(site, UUID)
    plant.sign_in("gao.yun").give(AddLocation(command_id=new_id(), id=new_id(), code="Q-Z-99", site=site, kind="quarantine"))
    answer = receiver.give(order)
    assert receiver.outcome(order.command_id)["result"]["lot_code"] == answer.lot_code
    assert _effects(plant) == (1, 1, 4000)


@pytest.fixture
def line(plant: Plant) -> Iterator[LossyLine]:
    """A line that loses a commit when told to."""
    with LossyLine(plant.server.host, plant.server.port) as lossy:
        yield lossy


def _over(line: LossyLine, plant: Plant, login: str, tickets: Callable[[], str | None]) -> SignedIn:
    return sign_in(Server(host="127.0.0.1", port=line.port, dbname=plant.server.dbname), login=login, password=SECRET, tickets=tickets)


@pytest.mark.capability("R2")
@pytest.mark.parametrize(("lost", "effects"), [("reply", (1, 1, 4000)), ("request", (0, 0, 0))])
def test_after_a_lost_reply_the_outcome_is_asked_and_asking_again_never_acts_twice(
    plant: Plant, line: LossyLine, lost: str, effects: tuple[int, ...]
):
    receiver = _over(line, plant, "zhou.min", plant.link("REC-01").ticket)
    order = _receive(receiver)
    line.lose_next_commit(lost)
    with pytest.raises(DatabaseAway):
        receiver.give(order)
    receiver.close()
    again = plant.sign_in("zhou.min", station="REC-01")
    known = again.outcome(order.command_id)
    assert _effects(plant) == effects
    assert (known is not None) is (lost == "reply")
    answer = again.give(order)
    assert known is None or known["result"]["lot"] == str(answer.lot)
    assert _effects(plant) == (1, 1, 4000)


@pytest.mark.capability("R2", "K1")
def test_after_a_lost_reply_to_a_signature_the_station_learns_that_it_was_given(plant: Plant, line: LossyLine):
    lot = plant.receive().lot
    plant.inspect(lot)
    plant.close()
    inspector = _over(line, plant, "li.ming", plant.link().ticket)
    seen = inspector.ask(lambda session: preview(session, kind="lot", subject=lot)).digest
    order = ReleaseLot(command_id=new_id(), lot=lot, version=1)
    line.lose_next_commit("reply")
    with pytest.raises(DatabaseAway):
        inspector.give(order, signer=Signer(login="wang.haiyan", password=SECRET, seen=seen))
    assert inspector.outcome(order.command_id) is not None
    assert plant.sign_in("zhou.min", station="REC-01").outcome(order.command_id) is None
    inspector.give(order, signer=Signer(login="wang.haiyan", password=SECRET, seen=seen))
    assert plant.rows("SELECT signer, (SELECT status FROM lineside.lot) FROM lineside.signature WHERE subject_id = %s", lot) == [
        ("wang.haiyan", "released")
    ]
    inspector.close()


def test_a_connection_ended_by_the_server_does_nothing_by_halves(plant: Plant):
    planner = plant.sign_in("gao.yun")
    planner.ask(lambda session: session.connection())
    superuser = plant.superuser()
    superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gao.yun' AND datname = current_database()")
    with pytest.raises(AppError):
        planner.give(AddSupplier(command_id=new_id(), id=new_id(), code="LOST", name_en="x", name_zh="x"))
    assert plant.rows("SELECT count(*) FROM lineside.supplier WHERE code = 'LOST'") == [(0,)]


def test_after_the_server_ended_the_connections_the_person_is_soon_asked_to_sign_in_again(plant: Plant):
    planner = plant.sign_in("gao.yun")
    planner.ask(lambda session: session.execute(text("SELECT 1")))
    superuser = plant.superuser()
    superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gao.yun' AND datname = current_database()")
    refused = []
    for _ in range(WORK_CONNECTIONS + 1):
        with pytest.raises(OutageError) as trouble:
            planner.ask(lambda session: session.execute(text("SELECT 1")))
        refused.append(type(trouble.value))
    assert refused[-1] is SignInAgain, "away is said of each dead line at most once"
    assert set(refused) <= {DatabaseAway, SignInAgain}


@pytest.mark.parametrize(("lost", "told"), [(True, DatabaseAway), (False, DBAPIError)])
def test_what_a_server_that_died_in_the_middle_of_an_answer_left_of_it_is_no_answer(lost: bool, told: type[Exception]):
    """The driver then has words of its own, and no SQLSTATE of the server's; on a line that lives they are a bug, and stay one."""
    with pytest.raises(told), explained():
        raise DBAPIError("SELECT 1", None, psycopg.InternalError("got no result from the query"), connection_invalidated=lost)


def test_a_sign_in_that_fails_at_its_last_step_leaves_no_connection_open(plant: Plant):
    address = plant.address
    with pytest.raises(NoResultFound):  # let in by the server, and nobody in the plant's own list
        sign_in(plant.server, login=address.superuser, password=address.secret, tickets=lambda: None)
    superuser, end = plant.superuser(), time.monotonic() + 5
    left = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lineside work' AND datname = current_database()"
    while superuser.execute(left).fetchone() != (0,):
        assert time.monotonic() < end, "connections stayed open"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTwo:
    """Touch two rows in this order; only in this test."""

    command_id: UUID
    first: str
    second: str


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Every try of a `RenameTwo`, also those the database sent back."""
    tries: list[UUID] = []

    def rename(order: RenameTwo, work: Work) -> None:
        tries.append(order.command_id)
        for code in (order.first, order.second):
            work.session.execute(
                text("UPDATE lineside.item SET name_zh = :name WHERE code = :code"), {"name": str(order.command_id), "code": code}
            )

    registered = Command(name="RenameTwo", permission=Permission.KEEP_MATERIALS, signature=None, act=rename, answer=TypeAdapter(type(None)))
    monkeypatch.setitem(COMMANDS, RenameTwo, registered)
    return tries


def _provoke(sessions: list[SignedIn], rounds: int) -> list[AppError]:
    ready, refused = threading.Barrier(len(sessions)), []

    def work(n: int, at: SignedIn) -> None:
        codes = ("CH-2225", "ND-2200") if n % 2 else ("ND-2200", "CH-2225")
        ready.wait(10)
        for _ in range(rounds):
            try:
                at.give(RenameTwo(command_id=new_id(), first=codes[0], second=codes[1]), reason="provoked")
            except AppError as trouble:
                refused.append(trouble)

    threads = [threading.Thread(target=work, args=(n, at)) for n, at in enumerate(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


@pytest.mark.capability("R4")
def test_connections_of_one_station_never_lock_each_other_out_whatever_their_order(plant: Plant, carried_out: list[UUID]):
    station = plant.sign_in("gao.yun")
    assert _provoke([station, station], 25) == []
    assert len(carried_out) == 50  # each order once: the chain is locked first


@pytest.mark.capability("R4")
def test_two_stations_touching_the_same_records_in_opposite_order_show_nobody_a_deadlock(plant: Plant, carried_out: list[UUID]):
    plant.superuser().execute(f"ALTER DATABASE {plant.server.dbname} SET deadlock_timeout = '10ms'")
    stations = [plant.sign_in("gao.yun", station="REC-01"), plant.sign_in("gao.yun", station="IQC-02")]
    assert _provoke([*stations, *reversed(stations)], 15) == []
    assert len(set(carried_out)) == 60
    assert plant.rows("SELECT count(*) FROM lineside.audit_log WHERE tab = 'item' AND payload::jsonb ->> 'op' = 'UPDATE'") == [(120,)]


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
@pytest.mark.parametrize("fails", [0, 3, TRIES])
def test_a_whole_order_is_tried_again_with_its_identity_and_given_up_politely(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, sqlstate: str, fails: int
):
    tried = []

    def act(order: RenameTwo, work: Work) -> None:
        tried.append(order.command_id)
        if len(tried) <= fails:
            work.session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'in each other''s way' USING ERRCODE = '{sqlstate}'; END $$"))

    registered = Command(name="RenameTwo", permission=Permission.EVERYBODY, signature=None, act=act, answer=TypeAdapter(type(None)))
    monkeypatch.setitem(COMMANDS, RenameTwo, registered)
    monkeypatch.setattr(command.random, "uniform", lambda low, high: low)
    here, order = plant.sign_in("gao.yun"), RenameTwo(command_id=new_id(), first="", second="")
    if fails == TRIES:
        with pytest.raises(RecordBusy):
            here.give(order)
    else:
        here.give(order)
    assert len(tried) == min(fails + 1, TRIES)
    assert plant.rows("SELECT count(*) FROM lineside.command WHERE id = %s", order.command_id) == [(0 if fails == TRIES else 1,)]


def test_a_command_without_its_two_decisions_is_a_mistake_at_import():
    with pytest.raises(TypeError):
        command.command()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        command.command(permission=Permission.EVERYBODY)  # type: ignore[call-arg]


def test_a_signed_order_without_a_signer_and_a_signer_without_a_signed_order_are_mistakes(plant: Plant):
    planner = plant.sign_in("gao.yun")
    with pytest.raises(TypeError, match="go together"):
        planner.give(ReleaseLot(command_id=new_id(), lot=new_id(), version=1))
    order = AddSupplier(command_id=new_id(), id=new_id(), code="X-1", name_en="x", name_zh="x")
    with pytest.raises(TypeError, match="go together"):
        planner.give(order, signer=Signer(login="gao.yun", password=SECRET, seen=b""))


@pytest.mark.capability("R4")
def test_who_saw_an_older_version_changes_nothing(plant: Plant):
    lot = plant.receive().lot
    plant.inspect(lot)
    at = plant.sign_in("li.ming")
    plant.give_signed(at, ReleaseLot(command_id=new_id(), lot=lot, version=1), kind="lot", subject=lot, signer="wang.haiyan")
    with pytest.raises(AppError, match="changed this record meanwhile"):
        plant.give_signed(at, ReleaseLot(command_id=new_id(), lot=lot, version=1), kind="lot", subject=lot, signer="xu.lan")
    assert plant.rows("SELECT count(*) FROM lineside.signature WHERE subject_id = %s", lot) == [(1,)]
