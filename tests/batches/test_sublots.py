"""Units go through the line in trays: what is bound to a sub-lot went into every unit of it and no other, and is told so everywhere."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.ids import new_id
from app.base.phrases import Language
from app.batches.commands import MoveUnit, UndoConsumption
from app.batches.queries import obstacles_of
from app.batches.rules import MasterNotWhole, MoreThanDemanded, StepLacks, SublotWanted
from app.tracing.graph import trace
from tests.batches.bench import Bench, open_bench
from tests.batches.masters import revised, signed
from tests.batches.refusals import consumption, move, past, refuses, tried
from tests.batches.runs import Run
from tests.batches.test_record import between, paper, words
from tests.batches.test_step_looks import SIZES, troubles
from tests.batches.test_step_screen import container

pytestmark = pytest.mark.capability("F5", "H2")

TRAYS = (("batch_size: 24", "batch_size: 24\nsublot_size: 2"), ("    bound_to: unit", "    bound_to: sublot"))
PLANNED = "3"


@pytest.fixture
def trayed(run: Run) -> Run:
    """A batch of three units by a record that lays two into one tray and binds the clips to it; the line is cleared, the hubs are in."""
    own = Run(run.plant, run.plant.start_batch(planned=PLANNED, master=signed(run.plant, revised(2, *TRAYS))), run.hubs, run.clips)
    own.clear()
    own.start("hubs")
    own.consume("hubs", own.hubs, PLANNED)
    own.finish("hubs")
    return own


@pytest.fixture
def loaded(trayed: Run) -> Run:
    """The first tray got clips of one lot, the second of another; a clip of the second went into the first tray and back."""
    other = trayed.plant.released_clips(supplier_lot="BK-772")
    trayed.home()
    trayed.units(3)
    trayed.start("clips")
    wrong = trayed.consume("clips", other, "2", sublot=1)
    trayed.at.give(UndoConsumption(command_id=new_id(), consumption=wrong, reason="wrong tray"))
    trayed.consume("clips", trayed.clips, "2", sublot=1)
    trayed.consume("clips", other, "1", sublot=2)
    trayed.finish("clips")
    return trayed


def code(run: Run) -> str:
    return str(run.plant.rows("SELECT code FROM batch WHERE id = %s", run.batch)[0][0])


def lot(run: Run, supplier_lot: str) -> str:
    return str(run.plant.rows("SELECT code FROM lot WHERE supplier_lot = %s", supplier_lot)[0][0])


def test_units_lie_in_trays_by_their_number_from_their_making_on_and_nobody_lays_them_into_another(trayed: Run):
    first, second = trayed.units(1), trayed.units(2)
    where = trayed.plant.rows("SELECT serial, sublot FROM unit WHERE batch = %s ORDER BY no", trayed.batch)
    assert where == [(first[0], 1), (second[0], 1), (second[1], 2)]
    assert tried(trayed, "chen.jing", f"UPDATE lineside.unit SET sublot = 2 WHERE serial = '{first[0]}'") == "42501"
    other = f"INSERT INTO lineside.unit (id, batch, sublot) VALUES (uuidv7(), '{trayed.batch}', 9)"
    assert tried(trayed, "chen.jing", other) == "42501"


def test_a_record_that_knows_no_trays_lays_units_into_none(run: Run):
    run.units()
    assert run.plant.rows("SELECT DISTINCT sublot FROM unit") == [(None,)]


def test_a_record_that_binds_to_trays_says_how_many_lie_in_one_from_sql_too(run: Run):
    master = signed(run.plant, revised(2, *TRAYS))
    content = run.plant.rows("SELECT content FROM master_record WHERE id = %s", master)[0][0]
    assert isinstance(content, dict)
    assert content["sublot_size"] == 2
    frozen = "SELECT b.frozen -> 'sublot_size' FROM batch b WHERE b.id = %s"
    assert run.plant.rows(frozen, run.plant.start_batch(master=master)) == [(2,)]
    for size in (None, 0, -1, 2001, "two", 1.5):
        told = {name: part for name, part in content.items() if name != "sublot_size"} | ({} if size is None else {"sublot_size": size})
        assert _refused_by_the_gate(run, master, told) == MasterNotWhole.sqlstate, size


def _refused_by_the_gate(run: Run, master: object, content: dict[str, object]) -> str:
    """What the gate says of a record with this content, asked by its owner past the rights."""
    again = f"""INSERT INTO lineside.master_record (id, product, batch_size, unit, shelf_life_days, content, source)
        SELECT id, product, batch_size, unit, shelf_life_days, '{json.dumps(content)}', source
          FROM lineside.master_record WHERE id = '{master}'"""
    return str(tried_as_superuser(run, "ALTER TABLE lineside.master_record DISABLE TRIGGER document_is_draft", again))


def tried_as_superuser(run: Run, *statements: str) -> str | None:
    """The SQLSTATE; nothing is kept."""
    with psycopg.connect(run.plant.address.url(run.plant.server.dbname)) as superuser:
        try:
            for statement in statements:
                superuser.execute(statement)  # type: ignore[arg-type]
        except psycopg.Error as refused:
            return refused.sqlstate
        finally:
            superuser.rollback()
    return "done"


def test_each_tray_gets_all_of_its_own_and_no_consumption_names_another(trayed: Run):
    serials = trayed.units(3)
    strange = Run(trayed.plant, trayed.batch, trayed.hubs, trayed.clips)
    trayed.start("clips")
    for where in ({}, {"sublot": 3}, {"sublot": 0}, {"unit": serials[0]}):
        refuses(trayed.plant, SublotWanted, partial(strange.consume, "clips", strange.clips, "1", **where), sublot=where.get("sublot"))
    raw = partial(consumption, trayed, "clips", trayed.clips)
    for quantity, named in (("1", {}), ("1", {"sublot": "3"}), ("1", {"unit_serial": f"'{serials[0]}'"})):
        assert tried(trayed, "chen.jing", raw(quantity, **named)) == SublotWanted.sqlstate
    assert tried(trayed, "chen.jing", raw("1", sublot="1", unit_serial=f"'{serials[0]}'")) == SublotWanted.sqlstate
    refuses(trayed.plant, MoreThanDemanded, partial(trayed.consume, "clips", trayed.clips, "3", sublot=1), room=2)
    assert tried(trayed, "chen.jing", raw("3", sublot="1")) == MoreThanDemanded.sqlstate
    trayed.consume("clips", trayed.clips, "2", sublot=1)
    refuses(trayed.plant, MoreThanDemanded, partial(trayed.consume, "clips", trayed.clips, "1", sublot=1), room=0)
    refuses(trayed.plant, StepLacks, partial(trayed.finish, "clips"), missing=f"{code(trayed)}-S02")
    assert tried(trayed, "chen.jing", move(trayed, "clips", "done")) == StepLacks.sqlstate
    trayed.consume("clips", trayed.clips, "1", sublot=2)
    trayed.finish("clips")


def test_material_of_a_whole_batch_or_of_a_unit_is_bound_to_no_tray(run: Run):
    (serial, _) = run.units()
    run.clear()
    run.start("hubs")
    run.start("clips")
    refuses(run.plant, SublotWanted, partial(run.consume, "hubs", run.hubs, "1", sublot=1), sublot=1)
    refuses(run.plant, SublotWanted, partial(run.consume, "clips", run.clips, "1", sublot=1), sublot=1)
    assert tried(run, "chen.jing", consumption(run, "hubs", run.hubs, "1", sublot="1")) == SublotWanted.sqlstate
    run.consume("clips", run.clips, "1", unit=serial)


def test_a_tray_wants_no_more_than_for_the_units_that_still_stand_in_it(trayed: Run):
    trayed.units(3)
    first, _, third = trayed.unit_ids()
    trayed.start("clips")
    for unit in (first, third):
        trayed.at.give(MoveUnit(command_id=new_id(), unit=unit, version=1, status="scrapped"))
    refuses(trayed.plant, MoreThanDemanded, partial(trayed.consume, "clips", trayed.clips, "2", sublot=1), room=1)
    refuses(trayed.plant, SublotWanted, partial(trayed.consume, "clips", trayed.clips, "1", sublot=2), sublot=2)  # nobody stands in it
    trayed.consume("clips", trayed.clips, "1", sublot=1)
    trayed.finish("clips")


def test_a_unit_made_later_that_got_nothing_keeps_the_batch_from_its_end(loaded: Run):
    loaded.units(1)  # the fourth lies in the second tray beside the third
    assert ("LS096", 3) in loaded.at.ask(lambda session: [(o.rule, o.step) for o in obstacles_of(session, loaded.batch)])


def test_the_trace_goes_through_the_tray_to_its_units_alone_and_back_to_its_lot_alone(loaded: Run):
    first, second, third = (f"{code(loaded)}-0000{n}" for n in (1, 2, 3))
    auditor = loaded.plant.sign_in("ma.lin", station=None)

    def found(start: str, *kinds: str) -> set[str | None]:
        return {node.code for node in auditor.ask(partial(trace, code=start, forward=None)).of(*kinds)}

    assert found("BK-771", "unit") == {first, second}
    assert found("BK-772", "unit") == {third}
    assert found("NF26-0931", "unit") == {first, second, third}
    hubs = lot(loaded, "NF26-0931")
    for unit, clips in ((first, "BK-771"), (second, "BK-771"), (third, "BK-772")):
        assert found(unit, "lot") == {hubs, lot(loaded, clips)}
        assert "chen.jing" in found(unit, "person")
    assert found(code(loaded), "lot") == {hubs, lot(loaded, "BK-771"), lot(loaded, "BK-772")}
    assert {first, second, third} <= found("chen.jing", "unit")


def test_what_left_the_tray_before_and_what_came_into_it_after_has_nothing_of_it(trayed: Run):
    trayed.units(3)
    first, second, _ = trayed.unit_ids()
    trayed.start("clips")
    trayed.at.give(MoveUnit(command_id=new_id(), unit=first, version=1, status="scrapped"))
    trayed.consume("clips", trayed.clips, "1", sublot=1)
    trayed.consume("clips", trayed.clips, "1", sublot=2)
    trayed.at.give(MoveUnit(command_id=new_id(), unit=second, version=1, status="sampled"))  # after it got its clip
    trayed.units(1)  # the fourth comes into the second tray, where the third has its clip
    auditor = trayed.plant.sign_in("ma.lin", station=None)
    clips = {node.code for node in auditor.ask(partial(trace, code="BK-771", forward=None)).of("unit")}
    assert clips == {f"{code(trayed)}-00002", f"{code(trayed)}-00003"}
    trayed.home()
    text = words(paper(trayed.plant, trayed.batch))
    units = between(text, "Units and labels", "Instruments and machines")
    assert units.count(lot(trayed, "BK-771")) == 2


def test_the_paper_says_of_each_unit_its_tray_and_its_tray_s_lot(loaded: Run):
    loaded.home()
    for language, tray in ((Language.EN, "sub-lot {}"), (Language.ZH, "第 {} 子批")):
        text = words(paper(loaded.plant, loaded.batch, language))
        for no, sublot, here, elsewhere in ((1, 1, "BK-771", "BK-772"), (2, 1, "BK-771", "BK-772"), (3, 2, "BK-772", "BK-771")):
            serial = f"{code(loaded)}-0000{no}"
            row = text[text.rindex(serial) :][:120]
            assert tray.format(sublot) in row
            assert (lot(loaded, here) in row.split(f"-0000{no + 1}")[0], lot(loaded, elsewhere) in row.split(f"-0000{no + 1}")[0]) == (
                True,
                False,
            )
    text = words(paper(loaded.plant, loaded.batch))
    assert between(text, "3. Safety clips", "4. Assemble").count("sub-lot 1") == 2  # the one that went back stays


def test_which_tray_it_was_is_part_of_what_is_signed_over_step_and_batch(loaded: Run):
    loaded.home()

    def signed_over(kind: str, subject: object) -> object:
        return loaded.plant.rows("SELECT lineside.canonical(%s, %s)", kind, subject)[0][0]

    step, batch = signed_over("batch_step", loaded.steps["clips"]), signed_over("batch", loaded.batch)
    past(loaded, f"UPDATE lineside.consumption SET sublot = 1 WHERE sublot = 2 AND batch_step = '{loaded.steps['clips']}'")
    assert signed_over("batch_step", loaded.steps["clips"]) != step
    other = signed_over("batch", loaded.batch)
    assert other != batch
    past(loaded, f"UPDATE lineside.unit SET sublot = 1 WHERE sublot = 2 AND batch = '{loaded.batch}'")
    assert signed_over("batch", loaded.batch) != other


@pytest.fixture
def bench(trayed: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """The operator at the window, the clips next."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with open_bench(trayed, qtbot, tmp_path) as bench:
        yield bench


def test_at_the_window_a_tray_is_named_by_its_card_or_by_a_unit_in_it_and_gets_its_part_with_one_scan(bench: Bench):
    run = bench.run
    batch, clips = code(run), container(run, run.clips)
    bench.enter("Make the units first: every piece gets a serial.")
    bench.enter(f"Scan the tray in your hand; the next one is {batch}-S01.")
    bench.scan(clips)
    bench.until(lambda: "nobody knows yet which sub-lot" in bench.banner)
    bench.press(Qt.Key.Key_Return)
    bench.scan(f"{batch}-S09")
    bench.until(lambda: f"no sub-lot of this batch with the number {batch}-S09" in bench.banner)
    bench.press(Qt.Key.Key_Return)
    bench.scan(f"{batch}-S01")
    bench.reads(f"Sub-lot {batch}-S01: scan a container of SC-2200.")
    assert f"Sub-lot {batch}-S01, 2 units, gets 2 pcs" in bench.glass()
    bench.scan(clips)
    bench.reads(f"Scan the tray in your hand; the next one is {batch}-S02.")
    assert f"sub-lot {batch}-S01" in bench.glass()
    bench.scan(f"{batch}-00002")
    bench.until(lambda: f"sub-lot {batch}-S01 has its part already" in bench.banner)
    bench.press(Qt.Key.Key_Return)
    bench.scan(f"{batch}-00003")
    bench.reads(f"Sub-lot {batch}-S02: scan a container of SC-2200.")
    bench.scan(clips)
    bench.reads("Finish the step.")
    taken = "SELECT sublot, quantity, unit_serial, origin FROM consumption WHERE lot = %s ORDER BY sublot"
    assert run.plant.rows(taken, run.clips) == [(1, 2, None, "scanned"), (2, 1, None, "scanned")]
    bench.enter("Begin step 4: Assemble needle and hub.")


def test_a_container_that_holds_less_than_the_tray_s_share_gives_what_it_has_and_the_tray_stays_in_the_hand(
    trayed: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    little = trayed.plant.released_clips(supplier_lot="BK-772", quantity="1")
    trayed.home()
    trayed.units(3)
    trayed.start("clips")
    with open_bench(trayed, qtbot, tmp_path) as bench:
        bench.scan(f"{code(trayed)}-S01")
        bench.reads(f"Sub-lot {code(trayed)}-S01: scan a container of SC-2200.")
        bench.scan(container(trayed, little))
        bench.until(lambda: trayed.plant.rows("SELECT quantity FROM consumption WHERE lot = %s", little) == [(1,)])
        bench.reads(f"Sub-lot {code(trayed)}-S01: scan a container of SC-2200.")
        bench.until(lambda: f"Sub-lot {code(trayed)}-S01, 2 units, gets 1 pcs" in bench.glass())
        bench.scan(container(trayed, trayed.clips))
        bench.reads(f"Scan the tray in your hand; the next one is {code(trayed)}-S02.")
        assert trayed.plant.rows("SELECT sum(quantity) FROM consumption WHERE sublot = 1") == [(2,)]


def test_a_tray_in_the_hand_can_be_read_by_day_and_night_in_both_languages_at_both_sizes(
    trayed: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    trayed.units(3)
    trayed.start("clips")
    trayed.consume("clips", trayed.clips, "2", sublot=1)
    with open_bench(trayed, qtbot, tmp_path) as bench:
        bench.scan(f"{code(trayed)}-S02")
        bench.reads(f"Sub-lot {code(trayed)}-S02: scan a container of SC-2200.")
        for size in SIZES:
            bench.window.resize(*size)
            bench.until(lambda size=size: bench.window.size().toTuple() == size)
            assert troubles(bench, size) == []
