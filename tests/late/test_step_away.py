"""An operator goes on with the step while the database is away: entries wait in their rows, and are confirmed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.demo.people import SECRET
from tests.batches.bench import Bench, open_bench
from tests.batches.runs import OPERATOR, Run
from tests.late.drafts import answered, bring, state_of
from tests.shell.test_database_away import Cable
from ui.late.second import SecondSheet
from ui.late.sheet import LateSheet
from ui.shell.signing_sheet import SigningSheet

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R3")]


@pytest.fixture
def bench_of(run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    run.home()
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(open_bench(run, qtbot, tmp_path, **how))


@pytest.fixture
def cable(run: Run) -> Iterator[Cable]:
    made = Cable(run.plant)
    yield made
    made.put_back()


def entries(run: Run) -> list[tuple[object, ...]]:
    return run.plant.rows("SELECT field, said, entered_by FROM lineside.step_entry ORDER BY entered_at, field")


def test_the_operator_answers_on_and_confirms_all_with_the_password(bench_of: Callable[..., Bench], run: Run, cable: Cable):
    bench = bench_of()
    bridge = bench.shell.bridge
    bench.reads("No parts of the batch before?")
    cable.pull()
    bench.until(lambda: bridge.is_away)
    bench.enter("No labels and papers of the batch before?")
    bench.enter("Tables and trays are clean?")
    bench.enter("Everything is entered; 3 wait and are not on record yet.")
    bench.until(lambda: bridge.entries_waiting == 3)
    assert bench.window.gate is None
    assert bench.reason == "3 wait, not on record yet"
    cable.put_back()
    bench.until(lambda: bench.window.gate is not None)
    assert entries(run) == []
    bench.sign_in(OPERATOR)
    bench.until(lambda: isinstance(bench.window.frame.sheet, LateSheet) and len(bench.window.frame.sheet.list.rows) == 3)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: len(entries(run)) == 3)
    assert entries(run) == [(field, "yes", OPERATOR) for field in ("no_parts", "no_labels", "clean")]
    bench.reads("Finish the step.")
    bench.enter("Begin step 2: Catheter-hub assemblies.")


def test_a_supervisor_signs_in_the_row_for_an_operator_who_went_home(bench_of: Callable[..., Bench], run: Run):
    order = answered(run, "no_parts")
    assert bring(run.plant.link("IQC-02"), order, author=OPERATOR) == "waiting"
    run.plant.close()
    run.plant._open.clear()
    bench = bench_of(login="tom.becker")
    bench.reads("No labels and papers of the batch before?")
    panel = bench.screen.panel
    panel.choose_row("no_parts/1")
    bench.until(lambda: isinstance(bench.window.frame.sheet, SecondSheet))
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: isinstance(bench.window.frame.sheet, SigningSheet))
    sheet = bench.window.frame.sheet
    assert state_of(run.plant, order) == "waiting"
    bench.scan("BDG:T-0231")
    bench.until(lambda: "Enter the password" in bench.glass())
    bench.type(SECRET)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.frame.sheet is not sheet)
    bench.until(lambda: state_of(run.plant, order) == "signed")
    assert entries(run) == [("no_parts", "yes", "tom.becker")]
    bench.until(lambda: not panel.drafts and "no_parts" in {place[0] for place in panel.step.current})
