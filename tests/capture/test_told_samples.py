"""What a machine tells by itself goes the same way into the database: every sample once, with its quality and its evidence (E4, E7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.devices.machines.evidence import number_in_message, source_time
from app.devices.settings import MQTT, OPCUA
from app.devices.simulators.telling_sealer import TellingSealer
from tests.capture.recording_station import recording
from tests.plant import Plant


@pytest.mark.capability("E4", "E7")
@pytest.mark.parametrize("speaks", [OPCUA, MQTT])
def test_what_a_telling_sealer_said_stands_in_the_database_with_every_digit_quality_and_word(
    plant: Plant, tmp_path: Path, speaks: str
) -> None:
    with TellingSealer(speaks, seed=7) as sealer:
        with recording(plant.link(), tmp_path / "spool") as station:
            station.hub.start(sealer.device("SL-03", looks_per_s=50))
            station.heard.until(lambda ear: bool(ear.cycles))
            sealer.break_sensor()
            station.heard.until(lambda ear: any(sample.quality == "sensor_break" for sample in ear.samples_of("temperature_actual")))
            station.until_all_is_stored()
        assert sealer.server.writes == 0
    rows = plant.rows("SELECT c.name, s.at, s.value::text, s.quality, s.cycle, s.raw FROM lineside.sample s"
                      " JOIN lineside.channel c ON c.id = s.channel ORDER BY c.name, s.at")  # fmt: skip
    told = sorted(
        (s.channel, s.at, None if s.value is None else str(s.value), s.quality.value, s.cycle, "".join(f"{word:04x}" for word in s.raw))
        for s in station.samples
    )
    assert rows == told
    assert {quality for _, _, _, quality, _, _ in rows} >= {"good", "sensor_break", "stale"}
    assert station.ear.troubles == []
    _, at, value, _, _, raw = next(row for row in rows if row[0] == "pressure" and row[3] == "good")
    words = tuple(int(raw[n : n + 4], 16) for n in range(0, 32, 4))
    assert abs((source_time(words) - at).total_seconds()) < 10
    if speaks == MQTT:
        assert str(number_in_message(words)) == value
