"""What is begun is not lost, what was wrong is put right with a reason, and what nobody knows a person decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.batches.bench import Bench, open_bench
from tests.batches.runs import Run
from tests.batches.test_step_screen import container
from ui.batches.step_correction import CorrectionSheet


@pytest.fixture
def bench_of(run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(open_bench(run, qtbot, tmp_path, **how))


def sheet_reason(bench: Bench, reason: str) -> None:
    """One line why into the sheet that is open, then its act."""
    sheet = bench.window.frame.sheet
    sheet.reason.setFocus()
    bench.type(reason)
    bench.window.idle.touch()
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.frame.sheet is not sheet)


@pytest.mark.capability("F4")
def test_a_station_that_was_killed_comes_back_to_the_step_and_to_the_half_typed_figure(run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    run.clear(), run.load(), run.assemble(), run.start("sealing"), run.says("136.8", "137.1")
    with open_bench(run, qtbot, tmp_path) as bench:
        bench.reads("Read and enter: Dwell.")
        bench.until(bench.screen.panel.entry.edit.hasFocus)
        bench.type("1.2")
        bench.until(lambda: run.plant.rows("SELECT count(*) FROM draft WHERE screen = 'batches.step'") == [(1,)])
    with open_bench(run, qtbot, tmp_path / "again") as bench:
        bench.reads("Read and enter: Dwell.")
        bench.until(lambda: bench.screen.panel.entry.text == "1.2")
        bench.until(bench.screen.panel.entry.edit.hasFocus)
        bench.screen.panel.entry.edit.end(False)
        bench.write("1", "Read and enter: Jaw pressure.")
    assert run.plant.rows("SELECT value FROM step_entry WHERE field = 'dwell'") == [(Decimal("1.21"),)]


@pytest.mark.capability("F10")
def test_a_wrong_entry_is_corrected_with_a_reason_and_the_signature_over_it_falls(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.load(), run.assemble(), run.seal(), run.finish("sealing"), run.count(), run.sign("performed", "chen.jing")
    bench = bench_of()
    bench.reads("A second person reads the list and signs.")
    bench.screen.choose("sealing")
    bench.reads("Step 7 is done. Press a row to correct it.")
    bench.screen.panel.choose_row("dwell/1")
    sheet = bench.window.frame.sheet
    assert isinstance(sheet, CorrectionSheet)
    assert "The signatures of steps 11 fall and are given again." in " ".join(bench.glass().split())
    sheet.figure.set_text("1.12")
    bench.until(lambda: "1.21 s" in bench.glass())
    assert not sheet.primary.isEnabled(), "a correction says why"
    sheet_reason(bench, "read from the wrong display")
    rows = "SELECT value, reason FROM step_entry WHERE field = 'dwell' ORDER BY entered_at"
    bench.until(lambda: run.plant.rows(rows) == [(Decimal("1.21"), None), (Decimal("1.12"), "read from the wrong display")])
    bench.until(lambda: bench.screen.panel.list.lines[0].recorded.before == ("1.21 s",) or "its signature fell" in bench.glass())
    bench.until(lambda: "its signature fell" in bench.glass())
    bench.press(Qt.Key.Key_F4)
    bench.until(lambda: "typed by a person" in bench.glass())


@pytest.mark.capability("F3")
def test_a_wrong_pack_goes_back_with_a_reason(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.start("hubs")
    bench = bench_of()
    bench.reads("Scan a container of CH-2225.")
    bench.scan(container(run, run.hubs))
    bench.until(lambda: bench.primary == "Take 2 pcs")
    bench.type("1")
    bench.enter("Scan a container of CH-2225.")
    assert run.plant.rows("SELECT quantity FROM consumption") == [(1,)]
    bench.until(lambda: "1 pcs at" in bench.glass())
    bench.press(Qt.Key.Key_F8)
    sheet_reason(bench, "other tray")
    bench.until(lambda: "taken back: other tray" in bench.glass())
    assert run.plant.rows("SELECT balance FROM lot WHERE id = %s", run.hubs) == [(4000,)]


@pytest.mark.capability("H2")
def test_a_label_nobody_knows_of_is_decided_by_a_person_and_the_next_copy_says_why(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.load(), run.assemble(), run.seal(), run.finish("sealing"), run.start("unit_labels")
    run.print_label(run.unit_ids()[0], state="unknown")
    bench = bench_of()
    bench.reads("Look at the printer: did the label of B26-0001-00001 come out?")
    assert bench.slot == "Scan the label on its unit"
    bench.screen.panel.not_came.click()
    sheet_reason(bench, "paper jam")
    bench.reads("Print the label of unit B26-0001-00001.")
    bench.window.idle.touch()
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.frame.sheet is not None)
    sheet_reason(bench, "the first one jammed")
    bench.reads("The label of B26-0001-00001 is being printed.")
    copies = run.plant.rows("SELECT copy_no, status, reason FROM label WHERE kind = 'unit' ORDER BY copy_no")
    assert copies == [(1, "refused", None), (2, "requested", "the first one jammed")]


@pytest.mark.capability("F2")
def test_somebody_who_only_verifies_reads_and_cannot_enter(bench_of: Callable[..., Bench], run: Run):
    bench = bench_of(login="li.ming")
    bench.reads("Begin step 1: Line clearance.")
    assert bench.reason == "only an operator"
    bench.press(Qt.Key.Key_Return)
    assert run.state("clearance") == "ready"


@pytest.mark.capability("F2")
def test_what_another_station_does_is_seen_and_a_step_it_began_is_not_begun_again(bench_of: Callable[..., Bench], run: Run):
    bench = bench_of()
    bench.reads("Begin step 1: Line clearance.")
    bench.does(run.clear)
    bench.reads("Begin step 2: Catheter-hub assemblies.")


@pytest.mark.capability("F4", "F10")
def test_a_wrong_time_of_cleaning_is_corrected_and_what_is_too_long_ago_or_no_time_is_not(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.load(), run.assemble()
    bench = bench_of()
    bench.screen.choose("sealer")
    bench.reads("Step 5 is done. Press a row to correct it.")
    bench.screen.panel.choose_row("cleaned/1")
    sheet = bench.window.frame.sheet
    assert isinstance(sheet, CorrectionSheet)
    sheet.reason.setFocus()
    bench.type("read from the log")
    for time, is_one in (("25:99", False), ("00:01", True)):
        sheet.time.edit.setFocus()
        sheet.time.edit.selectAll()
        bench.type(time)
        assert sheet.primary.isEnabled() is is_one
    sheet_reason(bench, "")
    at_site = "to_char(read_at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI')"
    rows = f"SELECT {at_site}, reason FROM step_entry WHERE field = 'cleaned' ORDER BY entered_at"
    bench.until(lambda: run.plant.rows(rows)[1:] == [("00:01", "read from the log")])
    bench.until(lambda: "00:01" in bench.glass())


@pytest.mark.capability("F2", "R4")
def test_of_two_people_who_finish_one_step_the_slower_is_told_and_stands_at_the_next_one(bench_of: Callable[..., Bench], run: Run):
    run.start("clearance")
    for check in ("no_parts", "no_labels", "clean"):
        run.enter("clearance", check, said="yes")
    bench = bench_of()
    bench.reads("Finish the step.")
    bench.does(lambda: run.finish("clearance"))
    bench.window.idle.touch()
    bench.press(Qt.Key.Key_Return)  # before this window has heard of it
    bench.until(lambda: bench.banner)
    assert "chen.jing was faster" in bench.banner
    bench.reads("Begin step 2: Catheter-hub assemblies.")
    done = run.plant.rows("SELECT status, done_by FROM batch_step WHERE key = 'clearance'")
    assert done == [("done", "chen.jing")]
    assert run.plant.rows("SELECT count(*) FROM command WHERE name = 'FinishStep'") == [(1,)]
