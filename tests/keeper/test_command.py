"""``main.py keeper`` as a service calls it, and ``db keeper``, which makes a computer the keeper."""

import stat
from pathlib import Path

import pytest

from app.cli import db, keeper
from app.cli.superuser import address_without_user
from app.core.keeper.found import Found
from app.core.keeper.link import KeeperLink
from app.core.settings import Settings, save
from app.core.station_files import keep_secret
from app.demo.people import SECRET
from tests.plant import Plant

pytestmark = pytest.mark.capability("P4")


@pytest.fixture
def here(plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer of the plant with no secrets of a keeper."""
    server = plant.server
    url = f"postgresql://localhost:{server.port}/{server.dbname}?host={server.host}"
    save(Settings(server=url, data_folder=tmp_path / "data"), tmp_path / "settings.toml")
    monkeypatch.setenv("LINESIDE_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("PGPASSWORD", plant.address.secret)
    return tmp_path


def test_a_computer_becomes_the_keeper_with_two_secrets_that_only_it_can_read(
    plant: Plant, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert keeper.main(["--once"]) == 2
    assert "python main.py db keeper" in capsys.readouterr().err
    assert db.main(["keeper", "--url", address_without_user(plant.server, "postgres")]) == 0
    for name in ("secret", "backup"):
        assert stat.S_IMODE((here / "keeper" / name).stat().st_mode) == 0o600
    said = capsys.readouterr()
    assert keeper.main(["--night"]) == 0
    said = capsys.readouterr()
    assert "Found and put on record: 0." in said.err
    assert "No backup is taken from here" in said.err
    link = KeeperLink(plant.server, (here / "keeper" / "secret").read_text("utf-8").strip())
    link.report(Found(kind="late entry", key="x", facts={"who": "li.ming"}))
    assert link.turn()
    assert keeper.main(["--once"]) == 0
    assert "Another keeper keeps" in capsys.readouterr().err
    link.close()
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert keeper.main(["--findings", "--person", "wang.haiyan"]) == 0
    assert 'late entry: {"who": "li.ming"}' in capsys.readouterr().out


def test_what_a_night_finds_is_said_and_ends_with_one(plant: Plant, here: Path, capsys: pytest.CaptureFixture[str]):
    assert db.main(["keeper", "--url", address_without_user(plant.server, "postgres")]) == 0
    plant.superuser().execute("ALTER TABLE lineside.lot DISABLE TRIGGER audit_update")
    assert keeper.main(["--night"]) == 1
    assert ":schema:trigger lot.audit_update:it was changed" in capsys.readouterr().out


def test_a_secret_that_others_can_read_lets_no_keeper_start(here: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("secret", "backup"):
        keep_secret(here / "keeper" / name, "x" * 20)
    (here / "keeper" / "secret").chmod(0o644)
    assert keeper.main(["--once"]) == 2
    assert "can read its secret" in capsys.readouterr().err
