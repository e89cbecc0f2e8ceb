"""A station whose database is not what it saw records nothing and says why; the end of somebody's work is sealed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.base.ids import new_id
from app.core.session import Signer
from app.core.tasks import CallForHelp
from app.core.trust.witness import Seen, read_witness, witness_file, write_witness
from app.materials.commands import HoldLot
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

    def contradicted() -> bool:
        """It had seen what is not there any more; a look under way may still write what it found."""
        witness._seen = {**known, "seals": Seen(seq=known["seals"].seq + 5, hash="ab" * 32)}
        return "is not what this station saw" in station.glass()

    station.until(contradicted)
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


def test_nobody_signs_at_a_station_while_the_database_is_not_made_of_what_the_program_installs(
    station_of: Callable[..., Station], plant: Plant
):
    """A rule that swallows changes of lots; the station says which, and opens by itself when it is taken away."""
    station = station_of()
    watch = station.shell.bridge._watch
    superuser = plant.superuser()
    elsewhere(lambda: superuser.execute("CREATE RULE quiet AS ON UPDATE TO lineside.lot DO INSTEAD NOTHING"))
    watch._schema_at = watch._compared_at = float("-inf")  # half an hour goes by
    station.until(lambda: "changed, nobody signs" in station.glass())
    told: list[object] = []
    order = HoldLot(command_id=new_id(), lot=new_id(), version=1)
    signer = Signer(login="wang.haiyan", password="any", seen=b"")
    station.shell.bridge.give(order, done=told.append, refused=told.append, signer=signer)
    assert [str(one) for one in told] == [
        "Not signed: the rule lot.quiet of the database is not as this program installs it (differences: 1)."
    ]
    elsewhere(lambda: superuser.execute("DROP RULE quiet ON lineside.lot"))
    watch._compared_at = float("-inf")
    station.until(lambda: "changed, nobody signs" not in station.glass())
