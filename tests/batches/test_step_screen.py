"""An operator carries out a batch at the real window: scans, keys and readings as a hand gives them, every row as it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.batches.bench import Bench, open_bench
from tests.batches.runs import OPERATOR, Run


@pytest.fixture
def bench_of(run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(open_bench(run, qtbot, tmp_path, **how))


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    """The operator at the batch that was just started."""
    return bench_of()


def container(run: Run, lot: object) -> str:
    return str(run.plant.rows("SELECT code FROM container WHERE lot = %s", lot)[0][0])


@pytest.mark.capability("F2", "F3", "F8")
def test_a_whole_batch_is_carried_out_by_scans_keys_and_readings(bench: Bench):
    _clear(bench)
    _load(bench)
    _assemble(bench)
    _seal_and_measure(bench)
    _label(bench)
    _count_and_sign(bench)
    rows = bench.run.plant.rows("SELECT key, status, done_by, done_station FROM batch_step WHERE kind <> 'sign' ORDER BY no")
    assert {row[1:] for row in rows} == {("done", OPERATOR, "IQC-02")}
    signed = bench.run.plant.rows("SELECT signer, meaning, station FROM signature WHERE subject_kind = 'batch_step' ORDER BY at")
    assert signed == [(OPERATOR, "performed", "IQC-02"), ("li.ming", "verified", "IQC-02")]
    assert bench.run.plant.rows("SELECT status FROM batch") == [("complete",)]


def _clear(bench: Bench) -> None:
    bench.reads("Begin step 1: Line clearance.")
    bench.enter("No parts of the batch before?")
    bench.enter("No labels and papers of the batch before?")
    bench.press(Qt.Key.Key_1)
    bench.reads("Tables and trays are clean?")
    bench.enter("Finish the step.")
    bench.enter("Begin step 2: Catheter-hub assemblies.")


def _load(bench: Bench) -> None:
    run = bench.run
    bench.enter("Scan a container of CH-2225.")
    bench.scan(container(run, run.clips))
    bench.until(lambda: "is not CH-2225" in bench.banner)
    bench.press(Qt.Key.Key_Return)
    bench.scan(container(run, run.hubs))
    bench.until(lambda: bench.primary == "Take 2 pcs")
    assert run.plant.rows("SELECT count(*) FROM consumption") == [(0,)], "a scan alone takes nothing"
    bench.enter("Finish the step.")
    assert run.plant.rows("SELECT quantity, origin, unit_serial FROM consumption") == [(2, "scanned", None)]
    bench.enter("Begin step 3: Safety clips.")
    bench.enter("Make the units first: every piece gets a serial.")
    first, second = "B26-0001-00001", "B26-0001-00002"
    bench.enter(f"Scan the unit in your hand; the next one is {first}.")
    for unit, then in ((first, f"Scan the unit in your hand; the next one is {second}."), (second, "Finish the step.")):
        bench.scan(unit)
        bench.reads(f"Unit {unit}: scan a container of SC-2200.")
        bench.scan(container(run, run.clips))
        bench.reads(then)
    assert run.plant.rows("SELECT unit_serial FROM consumption WHERE lot = %s ORDER BY 1", run.clips) == [(first,), (second,)]
    bench.enter("Begin step 4: Assemble needle and hub.")


def _assemble(bench: Bench) -> None:
    bench.enter("Do as the instruction says, then finish the step.")
    bench.until(lambda: bench.screen.body.instruction.picture.stands)
    bench.enter("Begin step 5: Pouch sealer is ready.")
    bench.enter("Scan the pouch sealer.")
    bench.scan("AST:SL-03")
    bench.reads("When was it cleaned?")
    bench.type("00:01")
    bench.enter("Finish the step.")
    sealer = bench.run.plant.rows("SELECT said, origin, raw FROM step_entry WHERE field = 'asset'")
    assert sealer == [("SL-03", "scanned", b"AST:SL-03")], "the record says that it was scanned, and what the scanner sent"
    bench.enter("Begin step 6: Open time of the assemblies.")
    bench.enter("Finish the step.")
    bench.enter("Begin step 7: Pouch sealing.")


def _seal_and_measure(bench: Bench) -> None:
    bench.enter("Read and enter: Dwell.")
    bench.does(lambda: bench.run.says("137.0", "137.4"))
    bench.write("1.21", "Read and enter: Jaw pressure.")
    bench.write("412", "Finish the step.")
    bench.enter("Begin step 8: Seal width in process.")
    bench.enter("Measure Seal width, sample 1 with the caliper.")
    for then in ("Measure Seal width, sample 2 with the caliper.", "Finish the step."):
        bench.measure("DC-014", "10.02")
        bench.until(lambda: bench.primary == "Take 10.02 mm")
        bench.enter(then)
    bench.enter("Begin step 9: Label every unit.")


def _label(bench: Bench) -> None:
    run = bench.run
    serials = [str(serial) for (serial,) in run.plant.rows("SELECT serial FROM unit ORDER BY no")]
    bench.enter(f"Print the label of unit {serials[0]}.")
    thens = [f"Print the label of unit {serials[1]}.", "Finish the step."]
    for serial, unit, then in zip(serials, run.unit_ids(), thens, strict=True):
        bench.enter(f"The label of {serial} is being printed.")
        says = bench.does(lambda unit=unit: run.printed(unit))
        bench.reads(f"Put the label on unit {serial}, then scan it there.")
        bench.scan(says)
        bench.reads(then)
    bench.enter("Begin step 10: Count what was made.")


def _count_and_sign(bench: Bench) -> None:
    bench.enter("Count, then enter: Good.")
    bench.write("2", "Count, then enter: Scrapped.")
    bench.write("0", "Count, then enter: Samples.")
    bench.write("0", "Finish the step.")
    bench.enter("Read the list, then sign that it was done so.")
    bench.sign("T-0124", "A second person reads the list and signs.")
    bench.sign("T-0117", "Every step is done: complete the batch.")
    bench.enter("B26-0001 is complete: quality reviews and releases it.")
