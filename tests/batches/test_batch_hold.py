"""Somebody stops the whole batch: nothing goes on in it, from SQL either, until the hold is decided and signed; facts go on being kept."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.ids import new_id
from app.base.phrases import Language
from app.batches.commands import MakeUnits, MoveUnit, UndoConsumption
from app.batches.queries import exceptions_of
from app.batches.rules import BatchIsClosed, BatchIsHeld
from app.batches.worklist import batches_of_site
from app.core.refusals import OlderMoment
from app.core.subject import Subject
from app.deviations.commands import OpenDeviation
from app.deviations.rules import HoldSaysWhy
from tests.batches.bench import Bench, open_bench
from tests.batches.refusals import consumption, current, move, refuses, stored, tried
from tests.batches.runs import OPERATOR, SECOND, Run
from tests.batches.test_record import paper, words
from tests.batches.test_step_looks import SIZES, troubles
from tests.inspection.station import elsewhere
from ui.batches.batch_states import state_of, waits_words
from ui.kit import ReasonSheet, State

pytestmark = pytest.mark.capability("F3", "F8")
WHY = "Black specks in the film."


def hold(run: Run, *, what_happened: str = WHY) -> UUID:
    """The operator stops the batch; returns the deviation."""
    held = new_id()
    order = OpenDeviation(
        command_id=new_id(),
        id=held,
        subject=Subject(kind="batch", id=run.batch, version=1),
        cause_kind="hold",
        cause_id=new_id(),
        kind="discrepancy",
        class_="minor",
        what_happened=what_happened,
        facts={"said": "by the client"},
    )
    run.at.give(order)
    return held


@pytest.fixture
def loading(run: Run) -> Run:
    """The line is clear, two units are made, hubs and clips are being loaded."""
    run.clear()
    run.units()
    run.start("hubs")
    run.start("clips")
    run.consume("hubs", run.hubs, "1")
    return run


def test_nothing_is_begun_entered_taken_made_or_moved_in_a_batch_that_is_held(loading: Run):
    run = loading
    taken = run.plant.rows("SELECT id FROM consumption")[0][0]
    unit = run.unit_ids()[0]
    code = str(run.plant.rows("SELECT code FROM batch WHERE id = %s", run.batch)[0][0])
    hold(run)
    for act in (
        partial(run.start, "sealer"),
        partial(run.finish, "hubs"),
        partial(run.consume, "hubs", run.hubs, "1"),
        lambda: run.at.give(UndoConsumption(command_id=new_id(), consumption=taken, reason="wrong tray")),
        lambda: run.at.give(MakeUnits(command_id=new_id(), batch=run.batch, count=1)),
        lambda: run.at.give(MoveUnit(command_id=new_id(), unit=unit, version=1, status="scrapped")),
    ):
        refuses(run.plant, BatchIsHeld, act, batch=code, deviation="DEV26-0001")
    for statement in (
        move(run, "sealer", "started"),
        move(run, "hubs", "done"),
        consumption(run, "hubs", run.hubs, "1"),
        f"INSERT INTO lineside.consumption_undo (id, consumption, reason) VALUES (uuidv7(), '{taken}', 'because')",
        f"INSERT INTO lineside.unit (id, batch) VALUES (uuidv7(), '{run.batch}')",
        f"UPDATE lineside.unit SET status = 'scrapped' WHERE id = '{unit}'",
    ):
        assert tried(run, OPERATOR, statement) == BatchIsHeld.sqlstate, statement
    other = Run(run.plant, run.plant.start_batch(), run.hubs, run.clips)
    other.clear()  # another batch goes on


def test_no_label_is_asked_for_and_no_signature_given_in_a_batch_that_is_held(run: Run):
    run.clear(), run.load(), run.assemble(), run.seal(), run.finish("sealing")
    run.start("unit_labels")
    unit = run.unit_ids()[0]
    _, says = run.print_label(unit)
    held = hold(run)
    refuses(run.plant, BatchIsHeld, lambda: run.print_label(unit, reason="torn"))
    refuses(run.plant, BatchIsHeld, lambda: run.apply(unit, says))
    run.decide_hold(held)
    run.apply(unit, says)


def test_signatures_that_fell_are_not_given_anew_and_the_batch_is_not_completed_while_it_is_held(run: Run):
    run.clear(), run.load(), run.assemble(), run.seal(), run.finish("sealing"), run.count()
    run.sign("performed", OPERATOR), run.sign("verified", SECOND)
    held = hold(run)
    dwell = current(run, "sealing")["dwell", 1][0]
    run.enter("sealing", "dwell", "1.22", unit="s", corrects=dwell, reason="misread")
    assert run.standing() == set()
    refuses(run.plant, BatchIsHeld, lambda: run.sign("performed", OPERATOR))
    refuses(run.plant, BatchIsHeld, run.complete)
    assert tried(run, OPERATOR, f"UPDATE lineside.batch SET status = 'complete' WHERE id = '{run.batch}'") == BatchIsHeld.sqlstate
    run.decide_hold(held)
    run.sign("performed", OPERATOR), run.sign("verified", SECOND)
    run.complete()


def test_a_transaction_that_looks_at_an_older_moment_passes_no_hold(loading: Run):
    """REPEATABLE READ sees the batch as it was before somebody held it."""
    run = loading
    shell = run.plant.shell(OPERATOR)
    shell.autocommit = False
    for level in (psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE):
        shell.isolation_level = level
        shell.execute("SELECT count(*) FROM lineside.batch")
        held = hold(run)
        before = stored(run.plant)
        for statement in (consumption(run, "hubs", run.hubs, "1"), move(run, "sealer", "started")):
            with pytest.raises(psycopg.Error) as refused, shell.transaction():
                shell.execute(statement)  # type: ignore[arg-type]
            assert refused.value.sqlstate == OlderMoment.sqlstate
        shell.rollback()
        assert stored(run.plant) == before
        run.decide_hold(held)


def test_a_decided_hold_is_read_by_the_reviewer_and_nobody_s_words_are_taken_for_one(loading: Run):
    run = loading
    run.decide_hold(hold(run))
    forged = OpenDeviation(
        command_id=new_id(),
        id=new_id(),
        subject=Subject(kind="batch", id=run.batch, version=1),
        cause_kind="other",
        cause_id=new_id(),
        kind="discrepancy",
        class_="minor",
        what_happened="A scratch.",
        facts={"batch_code": "B26-9999"},
    )
    run.at.give(forged)
    told = run.at.ask(lambda session: [(x.kind, x.deviation, x.status) for x in exceptions_of(session, run.batch)])
    assert ("deviation", "DEV26-0001", "decided") in told
    run.home()
    text = words(paper(run.plant, run.batch))
    assert "the whole batch B26-9999 was held" not in text
    assert text.count("the whole batch B26-0001 was held") == 1


def test_what_a_machine_says_is_kept_and_a_wrong_entry_corrected_while_the_batch_is_held(run: Run):
    run.clear(), run.load(), run.assemble(), run.seal()
    before = run.plant.rows("SELECT count(*) FROM sample")[0][0]
    hold(run)
    run.says("137.3", "137.1")
    assert run.plant.rows("SELECT count(*) FROM sample") == [(int(str(before)) + 2,)]
    dwell = current(run, "sealing")["dwell", 1][0]
    run.enter("sealing", "dwell", "1.22", unit="s", corrects=dwell, reason="misread")


def test_who_holds_says_why_once_and_only_while_the_batch_is_made(loading: Run):
    run = loading
    refuses(run.plant, HoldSaysWhy, partial(hold, run, what_happened="  "))
    hold(run)
    refuses(run.plant, BatchIsHeld, partial(hold, run))
    row = "SELECT facts, described_by, class FROM deviation"
    assert run.plant.rows(row) == [
        ({"batch": str(run.batch), "batch_code": run.plant.rows("SELECT code FROM batch")[0][0]}, OPERATOR, "minor")
    ], "the facts are the database's"
    insert = f"""INSERT INTO lineside.deviation
        (id, code, subject_kind, subject_id, cause_kind, cause_id, kind, facts, class, what_happened)
        VALUES (uuidv7(), lineside.next_code('deviation'), 'batch', '{run.batch}', 'hold', uuidv7(), 'discrepancy', '{{}}', 'minor',
          'again')"""
    assert tried(run, OPERATOR, insert) == BatchIsHeld.sqlstate


def test_a_batch_that_is_made_is_not_held_any_more(made: Run):
    refuses(made.plant, BatchIsClosed, partial(hold, made))


def test_decided_and_signed_by_who_may_the_batch_goes_on(loading: Run):
    held = hold(loading)
    loading.decide_hold(held)
    loading.consume("hubs", loading.hubs, "1")
    loading.finish("hubs")
    hold(loading)  # and may be stopped again


def test_the_paper_says_that_the_whole_batch_was_held_and_what_let_it_go(loading: Run):
    loading.decide_hold(hold(loading))
    loading.home()
    for language, said in ((Language.EN, "the whole batch B26-0001 was held"), (Language.ZH, "整批 B26-0001 已暂停")):
        text = words(paper(loading.plant, loading.batch, language))
        assert said.replace(" ", "") in text.replace(" ", "")
        assert "The specks are of the outer bag." in text


def test_the_list_of_batches_says_that_the_whole_batch_waits_and_for_what(loading: Run):
    hold(loading)
    site = loading.plant.rows("SELECT id FROM site")[0][0]
    assert isinstance(site, UUID)
    (line,) = loading.at.ask(lambda session: batches_of_site(session, site))
    assert state_of(line)[0] is State.HOLD
    assert waits_words(line).in_language(Language.EN) == "the whole batch waits for DEV26-0001"
    assert waits_words(line).in_language(Language.ZH) == "整批等待 DEV26-0001"


@pytest.fixture
def bench(loading: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with open_bench(loading, qtbot, tmp_path) as bench:
        yield bench


def test_at_the_window_one_press_and_one_line_stop_the_batch_and_the_supervisor_lets_it_go_on(bench: Bench):
    bench.reads("Scan a container of CH-2225.")
    hold_button = bench.screen.hold.button
    bench.until(hold_button.isVisible)
    hold_button.click()
    sheet = bench.window.frame.sheet
    assert isinstance(sheet, ReasonSheet)
    bench.type(WHY)
    bench.window.idle.touch()
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.screen.is_held)
    bench.until(lambda: "the whole batch is held" in bench.glass())
    assert "batch held" in bench.glass()
    assert not hold_button.isVisible()
    for size in (*SIZES, SIZES[0]):
        bench.window.resize(*size)
        bench.until(lambda size=size: bench.window.size().toTuple() == size)
        assert troubles(bench, size) == []
    container = bench.run.plant.rows("SELECT code FROM container WHERE lot = %s", bench.run.hubs)[0][0]
    bench.scan(str(container))
    bench.until(lambda: "is held by DEV26-0001" in bench.banner)
    assert bench.run.plant.rows("SELECT count(*) FROM consumption") == [(1,)]
    held = bench.run.plant.rows("SELECT id FROM deviation")[0][0]
    assert isinstance(held, UUID)

    def let_go() -> None:
        bench.run.decide_hold(held)
        bench.run.home()

    elsewhere(let_go)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: not bench.screen.is_held)
    bench.reads("Scan a container of CH-2225.")
    assert hold_button.isVisible(), "it may be stopped again"
