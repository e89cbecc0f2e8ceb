"""What the system must bring is found by asking the loader, installed when we may, and otherwise named exactly."""

import shutil
from pathlib import Path
from types import ModuleType

import PySide6
import pytest

from tests.setup.conftest import HOUSE, stand_in

PLUGIN = "plugins/platforms/libqxcb.so"


def test_the_list_names_packages_and_explains_them(tools: ModuleType) -> None:
    names = tools.packages()
    assert {"python3-venv", "make", "git", "libgl1", "libxcb-cursor0"} <= set(names)
    assert len(names) == len(set(names))
    assert all(" " not in name for name in names)


@pytest.mark.parametrize("file", ["README.md", "Makefile", "tools/bare.sh"])
def test_everybody_uses_the_one_list(file: str) -> None:
    assert "tools/debian-packages.txt" in (HOUSE / file).read_text("utf-8")


@pytest.mark.skipif(shutil.which("ldd") is None, reason="only Linux has ldd")
def test_a_library_the_loader_cannot_find_is_named(tools: ModuleType, tmp_path: Path) -> None:
    shutil.copy(Path(PySide6.__file__).parent / "Qt" / PLUGIN, tmp_path)  # away from its folder it finds Qt's own libraries no more
    assert "libQt6XcbQpa.so.6" in tools.libraries_missing(tmp_path, ["libqxcb.so"])


@pytest.mark.skipif(shutil.which("ldd") is None, reason="only Linux has ldd")
def test_the_qt_parts_that_are_asked_about_exist(tools: ModuleType) -> None:
    site = Path(PySide6.__file__).parents[1]
    parts = (*tools.QT_WITHOUT_A_SCREEN, *tools.QT_ON_A_SCREEN)
    assert [part for part in parts if not (site / part).exists()] == []
    assert tools.libraries_missing(site, tools.QT_WITHOUT_A_SCREEN) == [], "this test itself runs Qt without a screen"


def test_without_apt_the_exact_command_is_named(tools: ModuleType, programs: Path) -> None:
    with pytest.raises(tools.MissingError, match="sudo apt-get install --no-install-recommends libgl1 libegl1"):
        tools.install(["libgl1", "libegl1"])


def test_an_ordinary_user_whose_sudo_asks_for_a_password_gets_the_command_and_no_question(
    tools: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    stand_in(programs, "apt-get", then="exit 0")
    asked = stand_in(programs, "sudo", then="exit 1")
    with pytest.raises(tools.MissingError, match="sudo apt-get install --no-install-recommends libgl1"):
        tools.install(["libgl1"])
    assert asked.read_text() == "sudo -n true\n"


@pytest.mark.parametrize(("user", "through"), [(0, ""), (1000, "sudo -n ")])
def test_root_and_a_user_with_free_sudo_install_through_apt(
    tools: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch, user: int, through: str
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    stand_in(programs, "true", then="exit 0")
    stand_in(programs, "sudo", then='shift; "$@"')
    asked = stand_in(programs, "apt-get", then="exit 0")
    assert tools.install(["libgl1", "libegl1"])
    said = asked.read_text()
    assert "apt-get install -y -qq --no-install-recommends libgl1 libegl1\n" in said
    assert said.index("apt-get update") < said.index("apt-get install")
    assert (through in said) is True
    assert ("sudo" in said) is bool(through)


def test_apt_that_cannot_install_is_no_success(tools: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    stand_in(programs, "apt-get", then="exit 100")
    assert not tools.install(["libgl1"])
