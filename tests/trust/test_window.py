"""A station whose database is not what it saw records nothing and says why; the end of somebody's work is sealed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.base.ids import new_id
from app.core.tasks import CallForHelp
from app.core.trust.witness import Seen, read_witness, witness_file, write_witness
from tests.inspection.conftest import station_of
from tests.inspection.station import Station, elsewhere
from tests.plant import Plant

__all__ = ["station_of"]
pytestmark = pytest.mark.capability("K3")


def test_the_window_says_it_and_gives_no_order_until_the_database_is_the_one_it_knows(
    station_of: Callable[..., Station], plant: Plant, tmp_path: Path
):
    station = station_of()
    file = next(iter(tmp_path.rglob("witness/*.json")))
    station.until(lambda: read_witness(file) != {})
    elsewhere(lambda: (plant.receive(), plant.close()))
    witness = station.shell.bridge._watch._witness
    known = dict(witness._seen or {})
    witness._seen = {**known, "seals": Seen(seq=known["seals"].seq + 5, hash="ab" * 32)}  # it had seen what is not there any more
    station.until(lambda: "is not what this station saw" in station.glass())
    told: list[object] = []
    station.shell.bridge.give(CallForHelp(command_id=new_id(), id=new_id(), topic="quality"), done=told.append, refused=told.append)
    assert [type(one).__name__ for one in told] == ["TrailContradicts"]
    assert plant.rows("SELECT count(*) FROM task WHERE kind = 'call'") == [(0,)]
    witness._seen = known
    station.until(lambda: station.shell.bridge.here is not None and station.shell.bridge.here.trouble is None)


def test_the_end_of_somebodys_work_is_sealed(station_of: Callable[..., Station], plant: Plant):
    station = station_of()
    elsewhere(lambda: (plant.receive(), plant.close()))
    station.until(lambda: station.shell.bridge.here is not None and station.shell.bridge.here.trouble is None)
    before = plant.rows("SELECT count(*) FROM seal WHERE why = 'shift end'")[0][0]
    station.shell.bridge.use(None)
    station.until(lambda: plant.rows("SELECT count(*) FROM seal WHERE why = 'shift end'")[0][0] == int(str(before)) + 1)


def test_a_witness_is_written_whole_or_not_at_all(tmp_path: Path):
    file = witness_file(tmp_path, "IQC-02")
    write_witness(file, {"IQC-02/ui": Seen(seq=1, hash="00" * 32)})
    (file.with_name(file.name + ".new")).write_text("half", "utf-8")  # a power cut while the next one was written
    assert read_witness(file) == {"IQC-02/ui": Seen(seq=1, hash="00" * 32)}
