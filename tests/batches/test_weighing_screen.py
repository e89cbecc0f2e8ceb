"""Material is weighed in at the step: the tare is taken off, the stable net is taken with Enter, and what may not be taken says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.batches.bench import Bench, open_bench
from tests.batches.runs import Run

ON_RECORD = "SELECT c.quantity::text, c.origin, a.code, c.raw FROM lineside.consumption c JOIN lineside.asset a ON a.id = c.scale"


@pytest.fixture
def bench(weighing: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A container of hubs is in the hand, and the scale waits for it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ((container,),) = weighing.plant.rows("SELECT code FROM lineside.container WHERE lot = %s LIMIT 1", weighing.hubs)
    with open_bench(weighing, qtbot, tmp_path, scale=True) as bench:
        bench.gauges_live()
        bench.scan(str(container))
        bench.reads("Put it on the scale of this station; the stable weight is taken.")
        yield bench


def scale_of(bench: Bench) -> MtSicsSimulator:
    scale = bench.gauges["WB-04"]
    assert isinstance(scale, MtSicsSimulator)
    return scale


@pytest.mark.capability("E3", "F3")
def test_the_net_weight_goes_on_record_with_the_frames_of_gross_and_tare(bench: Bench):
    scale = scale_of(bench)
    scale.put("6.50")
    bench.until(lambda: bench.primary == "Take 6.50 g")
    bench.press(Qt.Key.Key_F7)
    assert bench.run.plant.rows(ON_RECORD) == []
    scale.put("8.00")
    bench.until(lambda: bench.primary == "Take 1.50 g")
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.run.plant.rows(ON_RECORD))
    assert bench.run.plant.rows(ON_RECORD) == [("1.50", "measured", "WB-04", b"S S       8.00 g\nS S       6.50 g")]


@pytest.mark.capability("E3")
def test_nothing_on_the_scale_a_moving_weight_and_another_unit_are_not_taken(bench: Bench):
    scale = scale_of(bench)
    bench.until(lambda: bench.reason == "nothing stands on the scale")
    scale.put("8.00", settle=10_000)
    bench.until(lambda: bench.reason == "the value still moves")
    scale.put("8.00")
    bench.until(lambda: bench.primary == "Take 8.00 g")
    scale.switch_unit("kg")
    bench.until(lambda: bench.reason == "No value was taken: the instrument measures in kg, its record says g.")
    bench.press(Qt.Key.Key_Return)
    assert bench.run.plant.rows(ON_RECORD) == []
