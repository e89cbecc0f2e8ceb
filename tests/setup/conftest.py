"""A small house with our set-up tools, and stand-ins for the system's programs that write down what they were asked."""

import hashlib
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).resolve().parents[2]
WHEEL = "bolt-1.0-py3-none-any.whl"


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module `tools/system_packages.py`, imported the way the tools do."""
    monkeypatch.syspath_prepend(str(HOUSE / "tools"))
    import system_packages

    yield system_packages
    for name in ("system_packages", "bootstrap"):  # each holds classes of the other
        sys.modules.pop(name, None)


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A house whose lock names one small package with its right hash; the package lies in `wheels`."""
    house = tmp_path / "house"
    (house / "tools").mkdir(parents=True)
    for name in ("bootstrap.py", "system_packages.py", "debian-packages.txt"):
        shutil.copy(HOUSE / "tools" / name, house / "tools")
    (house / "wheels").mkdir()
    with zipfile.ZipFile(house / "wheels" / WHEEL, "w") as wheel:
        wheel.writestr("bolt.py", "SIZE = 'M6'\n")
        wheel.writestr("bolt-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bolt\nVersion: 1.0\n")
        wheel.writestr("bolt-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(
            "bolt-1.0.dist-info/RECORD",
            "bolt.py,,\nbolt-1.0.dist-info/METADATA,,\nbolt-1.0.dist-info/WHEEL,,\nbolt-1.0.dist-info/RECORD,,\n",
        )
    lock(house, hashlib.sha256((house / "wheels" / WHEEL).read_bytes()).hexdigest())
    return house


def lock(house: Path, digest: str) -> None:
    (house / "requirements.lock").write_text(f"# locked\nbolt==1.0 \\\n    --hash=sha256:{digest}\n", "utf-8")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH; `stand_in` puts programs there."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def stand_in(folder: Path, name: str, *, then: str) -> Path:
    """A program that appends its arguments to `asked` and then does `then`."""
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/asked"\n{then}\n', "utf-8")
    program.chmod(0o755)
    return folder / "asked"
