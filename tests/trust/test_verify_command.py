"""``main.py verify`` and ``main.py witness`` as an auditor and an administrator call them."""

import json
from pathlib import Path

import pytest

from app.cli import verify, witness
from app.core.settings import Settings, save
from app.core.station_files import keep_secret
from app.core.trust.witness import TrailContradicts, TrailWitness, read_witness, witness_file, write_witness
from app.demo.people import SECRET
from tests.plant import Plant
from tests.trust.test_tampering import STATION, Told, day, look, tampered

__all__ = ["day"]
pytestmark = pytest.mark.capability("K5")


@pytest.fixture
def here(day: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workstation that stands for the station whose witness the day has."""
    server, file, secret = day.plant.server, tmp_path / "settings.toml", tmp_path / "secret"
    keep_secret(secret, day.plant.secrets[STATION])
    url = f"postgresql://localhost:{server.port}/{server.dbname}?host={server.host}"
    save(Settings(server=url, station=STATION, station_secret_file=secret, data_folder=tmp_path), file)
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    monkeypatch.setenv("PGPASSWORD", SECRET)
    day.plant.close()
    return tmp_path


def test_every_check_is_a_line_and_the_answer_is_zero_where_everything_holds(here: Path, day: Told, capsys: pytest.CaptureFixture[str]):
    assert verify.main(["--person", "ma.lin"]) == 0
    said = capsys.readouterr()
    assert [line.split()[0] for line in said.out.splitlines()] == ["chains", "seals", "rows", "schema", "witness"]
    assert all(line.endswith("holds") for line in said.out.splitlines())
    assert "is what it was" in said.err


def test_what_does_not_hold_is_named_for_programs_too_and_the_answer_is_one(here: Path, day: Told, capsys: pytest.CaptureFixture[str]):
    tampered(day.plant, f"UPDATE lineside.lot SET supplier_lot = 'OTHER' WHERE id = '{day.lot}'")
    assert verify.main(["--person", "ma.lin", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    wrong = {one["check"]: one["first_wrong"] for one in said["checks"]}
    assert said["holds"] is False
    assert wrong["rows"] == {"where": f"lot {day.lot}", "why": "supplier_lot is not what the trail has"}
    assert [name for name, first in wrong.items() if first is not None] == ["rows"]


def test_since_a_day_only_what_came_later_is_compared(here: Path, day: Told, capsys: pytest.CaptureFixture[str]):
    assert verify.main(["--person", "ma.lin", "--since", "2999-01-01", "--json"]) == 0
    counted = {one["check"]: one["compared"] for one in json.loads(capsys.readouterr().out)["checks"]}
    assert counted["chains"] == 0
    ((at,),) = day.plant.rows("SELECT min(at)::text FROM audit_log WHERE chain = %s AND seq = 5", f"{STATION}/ui")
    assert verify.main(["--person", "ma.lin", "--since", str(at), "--json"]) == 0
    counted = {one["check"]: one["compared"] for one in json.loads(capsys.readouterr().out)["checks"]}
    assert 0 < counted["chains"] < day.plant.rows("SELECT count(*) FROM audit_log")[0][0]


def test_who_may_not_read_the_trail_is_refused(here: Path, capsys: pytest.CaptureFixture[str]):
    assert verify.main(["--person", "chen.jing"]) == 2
    assert "do not have the right" in capsys.readouterr().err


def test_after_a_known_restore_an_administrator_begins_anew_and_it_stays_on_record(
    here: Path, day: Told, capsys: pytest.CaptureFixture[str]
):
    file = witness_file(here, STATION)
    seen = read_witness(file)
    chain = f"{STATION}/ui"
    later = dict(seen) | {chain: type(seen[chain])(seq=seen[chain].seq + 7, hash="ab" * 32)}
    write_witness(file, later)  # the station had seen more than the restored copy has
    with pytest.raises(TrailContradicts):
        look(day)
    day.plant.close()
    assert witness.main(["show"]) == 0
    assert f"{chain} {seen[chain].seq + 7} {'ab' * 32}" in capsys.readouterr().out
    assert witness.main(["renew", "--person", "chen.jing", "--reason", "restored"]) == 2
    assert witness.main(["renew", "--person", "sun.wei", "--reason", "backup of 25 Nov restored, decided by Wang Haiyan"]) == 0
    look(day)
    rows = day.plant.rows("SELECT reason, renewed_by, seen -> %s, stands -> %s FROM witness_renewal", chain, chain)
    assert rows == [
        (
            "backup of 25 Nov restored, decided by Wang Haiyan",
            "sun.wei",
            [seen[chain].seq + 7, "ab" * 32],
            [seen[chain].seq, seen[chain].hash],
        )
    ]


def test_a_damaged_witness_is_said_and_nothing_is_guessed(plant: Plant, tmp_path: Path):
    file = witness_file(tmp_path, STATION)
    file.parent.mkdir()
    file.write_text('{"IQC-02/ui": ["many"]}', "utf-8")
    link = plant.link()
    with pytest.raises(Exception, match="cannot be read from"):
        TrailWitness(file).look(link)
    link.close()
    assert file.read_text("utf-8") == '{"IQC-02/ui": ["many"]}'
