"""Something lies outside while a step runs: the record opens its deviation where the hand works, and holds the step until it is signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base import clock
from app.devices.machines.samples import Quality, Sample, SampleBatch
from tests.batches.bench import Bench, open_bench
from tests.batches.refusals import past
from tests.batches.runs import Run

SIGN = "Have the line supervisor sign here."
DESCRIBE = "Write what happened, then choose class and disposition."


@pytest.fixture
def bench_of(run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(open_bench(run, qtbot, tmp_path, **how))


def live(bench: Bench, *values: str) -> None:
    """The sealer of this station tells its temperatures, a second apart, the last one now."""
    now = clock.now()
    samples = tuple(
        Sample(
            channel="temperature_actual",
            unit="°C",
            at=now - timedelta(seconds=len(values) - 1 - n),
            value=Decimal(value),
            quality=Quality.GOOD,
            cycle=None,
            raw=(n,),
        )
        for n, value in enumerate(values)
    )
    bench.window.bridge.ear.hear("samples", SampleBatch(machine="SL-03", number=1, looks=len(values), skipped=0, samples=samples))


def describe(bench: Bench, story: str) -> None:
    """One line, minor, use as is; stored with Enter."""
    form = bench.screen.body.deviation.form
    form.what_happened.setFocus()
    bench.type(story)
    form.class_.choose(0)
    form.disposition.choose(0)
    form.entered.emit()
    bench.enter(SIGN)


@pytest.mark.capability("E4", "F5")
def test_an_excursion_opens_its_deviation_holds_the_step_and_is_signed_here(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.load(), run.assemble(), run.start("sealing")
    bench = bench_of()
    bench.reads("Read and enter: Dwell.")
    live(bench, "137.0", "143.4")
    bench.until(lambda: bench.screen.panel.channels.now.value == Decimal("143.4"))
    bench.does(lambda: run.says("136.8", "143.4", "137.2"))
    bench.until(lambda: any(one.figure == Decimal("143.4") for one in bench.screen.view.step.fields))
    assert run.plant.rows("SELECT count(*) FROM step_entry WHERE field = 'temperature.high'") == [(0,)], "it may be back at once"
    live(bench, "137.4")
    bench.reads(DESCRIBE)
    entry = run.plant.rows("SELECT value, verdict, origin FROM step_entry WHERE field = 'temperature.high'")
    assert entry == [(Decimal("143.4"), "too high", "computed")]
    deviation = run.plant.rows("SELECT code, subject_kind, cause_kind, status, facts ->> 'value' FROM deviation")
    assert deviation == [("DEV26-0001", "batch", "step_entry", "open", "143.4")]
    assert run.plant.rows("SELECT for_job FROM task WHERE kind = 'decide_deviation'") == [("supervisor",)]
    bench.until(lambda: "held by DEV26-0001" in bench.glass())
    assert "DEV26-0001 • Seal temperature above limit" in bench.glass()
    assert bench.screen.panel.channels.isVisible(), "the hand that writes sees the curve"
    describe(bench, "The jaw overshot after the film change.")
    bench.sign("T-0231", "Read and enter: Dwell.")
    bench.until(bench.screen.panel.entry.edit.hasFocus)
    assert run.plant.rows("SELECT status, decided_by FROM deviation") == [("decided", "tom.becker")]
    bench.write("1.21", "Read and enter: Jaw pressure.")
    bench.write("412", "Finish the step.")
    bench.enter("Begin step 8: Seal width in process.")
    assert run.plant.rows("SELECT count(*) FROM deviation") == [(1,)]


def test_limits_and_hours_stand_in_the_trace_before_any_value_came(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.load(), run.assemble(), run.start("sealing")
    bench = bench_of()
    bench.until(lambda: bench.screen.panel.channels is not None)
    trace = bench.screen.panel.channels.trace
    trace.settle()
    said = [one.text for one in trace.said()]
    assert {"142.0", "137.0", "132.0", "now"} <= {*said}
    assert bench.screen.panel.numbers() == ()


@pytest.mark.capability("E5")
def test_f4_beside_a_trace_says_which_machine_told_the_value_that_stands_there(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.load(), run.assemble(), run.start("sealing")
    bench = bench_of()
    bench.reads("Read and enter: Dwell.")
    live(bench, "137.2")
    bench.until(lambda: bench.screen.panel.channels.now.value == Decimal("137.2"))
    proof = bench.screen.evidence()[-1]
    assert str(proof.title) == "Seal temperature: 137.2 °C"
    assert str(proof.origin).startswith("told by SL-03 ")


def test_a_no_in_the_clearance_is_stored_and_wants_its_deviation(bench_of: Callable[..., Bench], run: Run):
    bench = bench_of()
    bench.reads("Begin step 1: Line clearance.")
    bench.enter("No parts of the batch before?")
    bench.press(Qt.Key.Key_2)
    bench.reads(DESCRIBE)
    assert run.plant.rows("SELECT said, verdict FROM step_entry") == [("no", "fails")]
    describe(bench, "One hub of the batch before lay under the tray.")
    bench.sign("T-0231", "No labels and papers of the batch before?")


@pytest.mark.capability("F3", "F8")
def test_a_hold_that_ran_over_opens_its_deviation_and_ends_when_it_is_signed(bench_of: Callable[..., Bench], run: Run):
    run.clear(), run.load(), run.assemble_and_hold()
    past(run, f"UPDATE lineside.batch_step SET done_at = done_at - interval '241 min' WHERE id = '{run.steps['assembly']}'")
    bench = bench_of()
    bench.reads("It took longer than 240 min: end it, and have the deviation signed.")
    bench.enter(DESCRIBE)
    ((minutes, verdict, origin),) = run.plant.rows("SELECT value, verdict, origin FROM step_entry WHERE field = 'minutes'")
    assert (int(minutes), verdict, origin) == (241, "too high", "computed")
    assert run.state("open_time") == "started", "nothing is finished over it"
    describe(bench, "The line stood while the film was changed.")
    bench.sign("T-0231", "Finish the step.")
    bench.enter("Begin step 7: Pouch sealing.")
    assert run.plant.rows("SELECT count(*) FROM step_entry WHERE field = 'minutes'") == [(1,)], "it is not counted again"
