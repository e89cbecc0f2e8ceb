"""From the machine through hub and spool to the database: everything once, or it is said what and why not (E4, E7, R1, R2)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core.database import Server
from app.core.spool.refusals import StoreFull
from app.core.spool.standing import Room, Standing
from app.core.stations import StationLink
from app.devices.settings import MachineSettings
from app.devices.simulators.sealer import UNIT_ID, SealerSimulator
from tests.capture.recording_station import RecordingStation, counted, enter_channels, recording, register_machine
from tests.core.lossy_line import LossyLine
from tests.devices.machines.bench import Counting
from tests.plant import Plant
from tests.shell.test_database_away import Cable

CHANNELS = [f"channel_{n}" for n in range(10)]


@pytest.fixture
def sealer() -> Iterator[SealerSimulator]:
    with SealerSimulator(seed=7) as made:
        yield made


@pytest.fixture
def counting() -> Iterator[Counting]:
    """A machine that counts how often it is read: its word, not the station's."""
    machine = Counting()
    machine.url = machine.server.start()  # type: ignore[attr-defined]
    yield machine
    machine.server.stop()


@pytest.fixture
def known(plant: Plant, counting: Counting) -> Counting:
    """The counting machine as TC-01 of the plant."""
    enter_channels(plant, register_machine(plant, "TC-01"), CHANNELS)
    return counting


def read_counting(station: RecordingStation, machine: Counting, code: str = "TC-01") -> None:
    settings = MachineSettings(map=machine.map, unit_id=UNIT_ID, looks_per_s=50)
    station.read(code, machine.url, settings)  # type: ignore[attr-defined]


@pytest.mark.capability("E4")
@pytest.mark.capability("E5")
def test_what_the_sealer_said_stands_in_the_database_with_every_digit_quality_and_register(
    plant: Plant, sealer: SealerSimulator, tmp_path: Path
) -> None:
    with recording(plant.link(), tmp_path / "spool") as station:
        station.read("SL-03", sealer.url, sealer.settings(looks_per_s=50))
        station.until_heard(200)
        sealer.excursion(9, 30)
        sealer.break_sensor()
        station.heard.until(lambda ear: any(sample.quality == "sensor_break" for sample in ear.samples_of("temperature_actual")))
    rows = plant.rows("SELECT c.name, s.at, s.value::text, s.quality, s.cycle, s.raw FROM lineside.sample s"
                      " JOIN lineside.channel c ON c.id = s.channel ORDER BY c.name, s.at")  # fmt: skip
    told = sorted(
        (s.channel, s.at, None if s.value is None else str(s.value), s.quality.value, s.cycle, "".join(f"{word:04x}" for word in s.raw))
        for s in station.samples
    )
    assert rows == told
    assert {quality for _, _, _, quality, _, _ in rows} >= {"good", "sensor_break", "stale"}
    ((same,),) = plant.rows(
        "SELECT bool_and(digest = sha256(convert_to(lineside.canonical_samples(id), 'UTF8'))) FROM lineside.sample_batch"
    )
    assert same


@pytest.mark.capability("E7")
@pytest.mark.capability("R1")
def test_while_the_database_is_away_samples_wait_here_and_afterwards_none_is_lost_and_none_is_there_twice(
    plant: Plant, known: Counting, tmp_path: Path
) -> None:
    cable = Cable(plant)
    with recording(plant.link(), tmp_path / "spool") as station:
        read_counting(station, known)
        station.until_heard(100)
        station.until_all_is_stored()
        before = counted(plant)
        cable.pull()
        for waiting in (1, 3, 5):
            station.until_heard(100)
            station.recorder.hand_over()
            station.ear.until(lambda waiting=waiting: station.ear.states[-1].spool.waiting >= waiting)
        station.ear.until(lambda: station.ear.states[-1].spool.standing is Standing.AWAY)
        assert station.recorder.can_start()
        cable.put_back()
        station.until_heard(100)
        station.until_all_is_stored()
    rows = counted(plant)
    assert rows == list(range(1, len(rows) + 1))
    assert len(rows) >= len(before) + 40
    assert known.count - len(rows) in (0, 1), "a look cut off by the end is told to nobody"


@pytest.mark.capability("R2")
@pytest.mark.parametrize("lost", ["reply", "request"])
def test_a_commit_whose_answer_or_question_was_lost_is_in_the_database_once(
    plant: Plant, known: Counting, tmp_path: Path, lost: str
) -> None:
    with LossyLine(plant.address.host, plant.address.port) as line:
        link = StationLink(server_over(plant, line), "IQC-02", plant.secrets["IQC-02"])
        with recording(link, tmp_path / "spool") as station:
            read_counting(station, known)
            station.until_heard(100)
            station.until_all_is_stored()
            line.lose_next_commit(lost)
            station.until_heard(50)
            station.until_all_is_stored()
        link.close()
    rows = counted(plant)
    assert rows == list(range(1, len(rows) + 1))
    assert known.count - len(rows) in (0, 1)


@pytest.mark.capability("R1")
def test_a_program_killed_between_disk_and_database_or_while_it_forwards_loses_nothing_it_kept_and_doubles_nothing(
    plant: Plant, known: Counting, tmp_path: Path
) -> None:
    kept = 0
    for port in (1, plant.server.port, 1):
        kept += killed_child(plant, known, tmp_path / "spool", port=port)
    with recording(plant.link(), tmp_path / "spool") as last:
        last.until_all_is_stored()
        assert last.recorder.stands().spool.quarantined == 0  # type: ignore[union-attr]
    rows = counted(plant)
    assert rows == sorted(set(rows))
    breaks = [(before, after) for before, after in pairwise(rows) if after != before + 1]
    assert rows[0] == 1
    assert len(breaks) <= 2, "nothing is missing but what each kill found in the hand"
    ((batches, whole),) = plant.rows(
        "SELECT count(*), bool_and(digest = sha256(convert_to(lineside.canonical_samples(id), 'UTF8'))) FROM lineside.sample_batch"
    )
    assert whole
    assert batches >= kept  # type: ignore[operator]


def killed_child(plant: Plant, machine: Counting, folder: Path, *, port: int) -> int:
    """A station's program records until it has kept three groups more, then it is killed; returns how many it had acknowledged."""
    where = [plant.server.host if port != 1 else "127.0.0.1", str(port), plant.server.dbname, plant.secrets["IQC-02"]]
    command = [sys.executable, "-m", "tests.capture.recording_child", str(folder), machine.url, *where]  # type: ignore[attr-defined]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    kept = 0
    with program, program.stdout as said:
        for line in said:
            kept += line == "kept\n"
            if kept == 3:
                program.kill()  # what was acknowledged until then is read on
    return kept


def server_over(plant: Plant, line: LossyLine) -> Server:
    return replace(plant.server, host="127.0.0.1", port=line.port)


@pytest.mark.capability("E7")
def test_a_machine_the_plant_does_not_know_is_turned_away_and_taken_with_what_was_kept_once_it_is_known(
    plant: Plant, counting: Counting, sealer: SealerSimulator, tmp_path: Path
) -> None:
    with recording(plant.link(), tmp_path / "spool") as station:
        read_counting(station, counting, "TC-01")
        station.read("SL-03", sealer.url, sealer.settings(looks_per_s=50))
        while "TC-01" not in station.recorder.stands().turned_away:
            station.until_heard(100)
            station.recorder.hand_over()
        (trouble,) = station.ear.troubles
        assert trouble.code == "CAP-01"
        assert "TC-01" in trouble.what.in_language(Language.EN)
        assert "TC-01" in trouble.what.in_language(Language.ZH)
        machine = register_machine(plant, "TC-01")
        set_aside = station.recorder.stands().spool.quarantined  # type: ignore[union-attr]
        for _ in range(10):
            station.until_heard(100)
            station.recorder.hand_over()
        station.ear.until(lambda: station.ear.states[-1].turned_away)
        assert station.recorder.stands().spool.quarantined == set_aside, "what is turned away fills nothing"  # type: ignore[union-attr]
        assert counted(plant) == []
        enter_channels(plant, machine, CHANNELS)
        while station.recorder.stands().turned_away:
            station.until_heard(50)
            station.recorder.hand_over()
        station.until_heard(200)
        station.until_all_is_stored()
        assert station.recorder.stands().spool.quarantined == 0  # type: ignore[union-attr]
    rows = counted(plant)
    assert rows == sorted(set(rows))
    kept_first, taken_last = rows[: set_aside * 5], rows[-20:]
    assert kept_first == list(range(1, len(kept_first) + 1)), "what was set aside came first, and whole"
    assert taken_last == list(range(taken_last[0], taken_last[0] + 20)), "afterwards nothing is missing"
    temperatures = plant.rows(
        "SELECT count(*) FROM lineside.sample s JOIN lineside.channel c ON c.id = s.channel WHERE c.name = 'temperature_actual'"
    )
    assert temperatures == [(len(station.heard.samples_of("temperature_actual")),)], "the machine beside it lost nothing"


@pytest.mark.capability("R1")
def test_a_station_that_is_closed_without_its_database_forwards_what_it_kept_after_the_next_start(
    plant: Plant, known: Counting, tmp_path: Path
) -> None:
    nowhere = StationLink(nobody_there(plant), "IQC-02", plant.secrets["IQC-02"])
    with recording(nowhere, tmp_path / "spool") as first:
        read_counting(first, known)
        first.until_heard(300)
    assert counted(plant) == []
    with recording(plant.link(), tmp_path / "spool") as second:
        second.until_all_is_stored()
    rows = counted(plant)
    assert rows == list(range(1, len(rows) + 1))
    assert len(rows) * 10 == len(first.samples)


def nobody_there(plant: Plant) -> Server:
    return replace(plant.server, host="127.0.0.1", port=1)


@pytest.mark.capability("R1")
def test_a_full_store_says_so_keeps_what_it_had_and_goes_on_when_there_is_room(plant: Plant, known: Counting, tmp_path: Path) -> None:
    cable = Cable(plant)
    cable.pull()
    with recording(plant.link(), tmp_path / "spool", room=Room(most_bytes=64 * 1024, ballast_bytes=0)) as station:
        read_counting(station, known)
        while not isinstance(station.recorder.stands().trouble, StoreFull):
            station.until_heard(50)
            station.recorder.hand_over()
        assert not station.recorder.stands().keeps
        assert not station.recorder.can_start()
        cable.put_back()
        station.until_heard(50)
        station.until_all_is_stored()
    assert {trouble.code for trouble in station.ear.troubles} >= {"spool.half_full", "spool.full"}
    rows = counted(plant)
    assert rows == list(range(1, len(rows) + 1)), "what waited in memory for the disk is there too"
    assert known.count - len(rows) in (0, 1)
    assert station.recorder.stands().lost == 0
