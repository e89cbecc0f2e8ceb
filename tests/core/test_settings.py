"""The workstation's settings: a file, the environment over it, and a sentence when one of them cannot be."""

import os
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core import settings as workstation
from app.core.settings import Settings, SettingsUnreadable, load, save


def test_a_new_workstation_has_its_own_server_and_is_not_enrolled(tmp_path: Path) -> None:
    found = load(tmp_path / "settings.toml", {})
    assert (found.server, found.station, found.language) == ("embedded", None, Language.EN)


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('language = "zh_CN"\nidle_lock_s = 600\n', "utf-8")
    found = load(tmp_path / "settings.toml", {"LINESIDE_IDLE_LOCK_S": "120", "LINESIDE_STATION": "IQC-01"})
    assert (found.language, found.idle_lock_s, found.station) == (Language.ZH, 120, "IQC-01")


def test_saved_settings_come_back_as_they_were(tmp_path: Path) -> None:
    mine = Settings(
        server="postgresql://db.plant:5432/lineside",
        station="来料-1",
        station_secret_file=tmp_path / 'a "quoted" folder' / "secret",
        language=Language.ZH,
        theme="dark",
        scale="1.3",
        dpi_override=96.5,
        data_folder=tmp_path,
    )
    save(mine, tmp_path / "deep" / "settings.toml")
    assert load(tmp_path / "deep" / "settings.toml", {}) == mine


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("idle_lock_s = 5", "idle_lock_s"),
        ('server = "mysql://db/lineside"', "server"),
        ('colour = "red"', "colour"),
        ("language = ", "line 1"),
        ("dpi_override = 5000", "dpi_override"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_nothing_is_guessed(tmp_path: Path, line: str, named: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(line + "\n", "utf-8")
    with pytest.raises(SettingsUnreadable, match=named) as caught:
        load(file, {})
    assert str(file) in str(caught.value)
    assert "未采用" in caught.value.what.in_language(Language.ZH)


def test_a_wrong_variable_of_the_environment_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnreadable, match="LINESIDE_THEME"):
        load(tmp_path / "settings.toml", {"LINESIDE_THEME": "pink"})


@pytest.mark.parametrize(
    "url", ["postgresql://me:hush@db/lineside", "postgresql://db/lineside?password=hush", "postgresql://me@db/lineside"]
)
def test_a_password_in_the_server_address_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsUnreadable) as caught:
        load(tmp_path / "settings.toml", {"LINESIDE_SERVER": url})
    assert "hush" not in str(caught.value)


def test_the_settings_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINESIDE_SETTINGS", str(tmp_path / "mine.toml"))
    assert workstation.settings_file() == tmp_path / "mine.toml"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no such accounts")
def test_an_ordinary_persons_data_lie_in_their_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().data_folder == tmp_path / "lineside"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no root on Windows")
def test_under_root_the_data_lie_where_the_servers_account_can_reach_them() -> None:
    root = os.geteuid() == 0
    assert (Settings().data_folder == Path("/var/lib/lineside")) is root
