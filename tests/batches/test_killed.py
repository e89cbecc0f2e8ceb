"""A station that dies at any field loses nothing that was acknowledged, stores nothing that was not, and comes back to the same place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.batches.runs import Run

ENTRIES = """SELECT (SELECT count(*) FROM step_entry), (SELECT count(*) FROM consumption), (SELECT count(*) FROM label WHERE kind = 'unit'),
    (SELECT count(*) FROM signature WHERE subject_kind = 'batch_step')"""


class Stations:
    """One station after the other at one batch, each killed where it stands."""

    def __init__(self, run: Run, folder: Path) -> None:
        self._run, self._folder = run, folder
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.batches.killed_station"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def open(self, *, reads: str, typed: str) -> None:
        """Open one, and wait until it has come back to this sentence, with this typed."""
        run = self._run
        run.home()
        self._say(
            address=asdict(run.plant.address),
            dbname=run.plant.server.dbname,
            secrets=run.plant.secrets,
            folder=str(self._folder),
            reads=reads,
            typed=typed,
            **{name: str(getattr(run, name)) for name in ("batch", "hubs", "clips")},
        )
        self._process = int(self._hear("pid")["pid"])
        self._hear("back")

    def die_at(self, field: str, *, reads: str) -> None:
        """From this sentence on it does what the field wants, and is killed without warning."""
        self._run.home()
        self._say(field=field, reads=reads)
        self._hear("ready")
        os.kill(self._process, signal.SIGKILL)
        self._hear("gone")

    def close(self) -> None:
        self._program.communicate(timeout=10)

    def _say(self, **what: object) -> None:
        assert self._program.stdin is not None
        print(json.dumps(what), file=self._program.stdin, flush=True)

    def _hear(self, what: str) -> dict[str, Any]:
        assert self._program.stdout is not None
        told = json.loads(self._program.stdout.readline() or "{}")
        if what not in told:
            raise AssertionError(f"wanted {what}, heard {told}: its error stands on stderr")
        return dict(told)


@pytest.fixture
def stations(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stations]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    stations = Stations(run, tmp_path)
    yield stations
    stations.close()


@pytest.mark.capability("F2", "F4")
@pytest.mark.skipif(sys.platform == "win32", reason="a forked station needs fork")
def test_killed_at_each_field_it_comes_back_to_it_with_what_was_acknowledged_and_no_more(run: Run, stations: Stations):
    begin, walk = "Begin step {}: {}.".format, _walk(run)
    at = [
        ("checks", begin(1, "Line clearance"), "No labels and papers of the batch before?", "", (1, 0, 0, 0)),
        ("container", begin(2, "Catheter-hub assemblies"), "Scan a container of CH-2225.", "", (3, 0, 0, 0)),
        ("unit", begin(3, "Safety clips"), "Scan the unit in your hand; the next one is B26-0001-00001.", "", (3, 1, 0, 0)),
        ("cleaned", begin(5, "Pouch sealer is ready"), "When was it cleaned?", "", (4, 3, 0, 0)),
        ("figure", begin(7, "Pouch sealing"), "Read and enter: Dwell.", "1.2", (6, 3, 0, 0)),
        ("reading", begin(8, "Seal width in process"), "Measure Seal width, sample 1 with the caliper.", "", (11, 3, 0, 0)),
        ("label", begin(9, "Label every unit"), "The label of B26-0001-00001 is being printed.", "", (13, 3, 1, 0)),
        ("count", begin(10, "Count what was made"), "Count, then enter: Good.", "2", (17, 3, 2, 0)),
        ("signature", "Read the list, then sign that it was done so.", "Read the list, then sign that it was done so.", "", (22, 3, 2, 0)),
    ]
    stations.open(reads=at[0][1], typed="")
    for (field, reads, back, typed, stored), go_on in zip(at, walk, strict=True):
        stations.die_at(field, reads=reads)
        stations.open(reads=back, typed=typed)
        assert run.plant.rows(ENTRIES) == [stored], field
        go_on()


def _walk(run: Run) -> tuple[Callable[[], object], ...]:
    """What is left of each step, up to where the next field begins."""

    def after_checks() -> None:
        for check in ("no_labels", "clean"):
            run.enter("clearance", check, said="yes")
        run.finish("clearance")

    def after_container() -> None:
        run.consume("hubs", run.hubs, "2")
        run.finish("hubs")
        run.units()

    def after_unit() -> None:
        for (serial,) in run.plant.rows("SELECT serial FROM unit ORDER BY no"):
            run.consume("clips", run.clips, "1", unit=str(serial))
        run.finish("clips")
        run.start("assembly")
        run.finish("assembly")

    def after_cleaned() -> None:
        run.enter("sealer", "cleaned", done_at=datetime.now(UTC) - timedelta(hours=2))
        run.finish("sealer")
        run.start("open_time")
        run.finish("open_time")

    def after_figure() -> None:
        run.says("136.8", "137.1")
        run.enter("sealing", "dwell", "1.21", unit="s")
        run.enter("sealing", "pressure", "412", unit="kPa")
        run.finish("sealing")

    def after_reading() -> None:
        for sample in (1, 2):
            run.read("seal_width", "c1", "10.02", device="DC-014", unit="mm", sample=sample)
        run.finish("seal_width")

    def after_label() -> None:
        for unit in run.unit_ids():
            run.apply(unit, run.printed(unit)) if unit == run.unit_ids()[0] else run.label(unit)
        run.finish("unit_labels")

    def after_count() -> None:
        for field, value in (("good", "2"), ("scrapped", "0"), ("samples", "0")):
            run.enter("count", field, value)
        run.finish("count")

    return (
        after_checks,
        after_container,
        after_unit,
        after_cleaned,
        after_figure,
        after_reading,
        after_label,
        after_count,
        lambda: run.sign("performed", "chen.jing"),
    )
