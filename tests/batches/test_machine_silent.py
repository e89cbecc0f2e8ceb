"""A machine that falls silent while its step runs: recorded by the station, it is a gap and never a line (E4, E7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest

from app.capture.queries import gaps
from app.devices.simulators.sealer import SealerSimulator
from tests.batches.runs import Run
from tests.capture.recording_station import recording
from tests.plant import Plant


class ShiftedClock:
    """The station's clock, so many seconds behind; it jumps when a test says so, and nobody has to wait."""

    def __init__(self, behind_s: float) -> None:
        self._behind_s = behind_s

    def jump(self, seconds: float) -> None:
        self._behind_s -= seconds

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(seconds=self._behind_s)

    def monotonic(self) -> float:
        return monotonic()


@pytest.mark.capability("E4")
@pytest.mark.capability("E7")
def test_a_machine_that_falls_silent_within_a_step_is_a_gap_on_record_and_outside_what_the_step_allows(run: Run, tmp_path: Path) -> None:
    plant, clock = run.plant, ShiftedClock(60)
    run.clear()
    run.load()
    run.assemble()
    run.start("sealing")
    begun_earlier(plant, run.steps["sealing"])
    with SealerSimulator(seed=7) as sealer, recording(run.link, tmp_path / "spool", clock=clock) as station:
        station.read("SL-03", sealer.url, sealer.settings(looks_per_s=50))
        good = lambda ear: sum(s.value is not None for s in ear.samples_of("temperature_actual"))  # noqa: E731
        station.heard.until(lambda ear: good(ear) > 5)
        sealer.fall_silent()
        silent_from = station.heard.samples_of("temperature_actual")[-1].at
        clock.jump(15)
        sealer.speak_again()
        had = good(station.heard)
        station.heard.until(lambda ear: good(ear) > had + 50)
    lows = [s.value for s in station.heard.samples_of("temperature_actual") if s.value is not None]
    figure = "SELECT lineside.channel_figure(s, %s) FROM lineside.batch_step s WHERE id = %s"
    step = run.steps["sealing"]
    assert plant.rows(figure, "temperature.low", step) == [(min(lows),)]
    assert plant.rows(figure, "temperature.high", step) == [(max(lows),)]
    ((gap,),) = plant.rows(figure, "temperature.gap", step)
    assert gap >= 15  # type: ignore[operator]
    channel = plant.rows("SELECT id FROM lineside.channel WHERE name = 'temperature_actual'")[0][0]
    assert isinstance(channel, UUID)
    begin, end, longest = clock.now() - timedelta(seconds=40), clock.now(), timedelta(seconds=10)
    found = run.at.ask(lambda session: gaps(session, channel, begin=begin, end=end, longest=longest))
    assert any(one.begins <= silent_from + timedelta(seconds=1) and one.ends >= silent_from + timedelta(seconds=14) for one in found)


def begun_earlier(plant: Plant, step: UUID) -> None:
    """As if the step had begun two minutes ago."""
    superuser = plant.superuser()
    superuser.execute("ALTER TABLE lineside.batch_step DISABLE TRIGGER USER")
    superuser.execute("UPDATE lineside.batch_step SET started_at = started_at - interval '2 min' WHERE id = %s", [step])
    superuser.execute("ALTER TABLE lineside.batch_step ENABLE TRIGGER USER")
