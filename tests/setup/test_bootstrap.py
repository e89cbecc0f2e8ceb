"""A fresh clone becomes ready with what the lock names and nothing else; a second time nothing is done."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.setup.conftest import lock
from tests.setup.readme import ENGLISH, read


def bootstrap(house: Path) -> subprocess.CompletedProcess[str]:
    """By the words README has for Windows and macOS; `make run` and `make test` say the same."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "DISPLAY", "WAYLAND"))}
    environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(house / "wheels"), "PIP_CONFIG_FILE": os.devnull}
    python = Path(sys.base_prefix) / "bin" / "python3"
    [words] = [line.split() for line in read(ENGLISH).commands if "bootstrap" in line]
    return subprocess.run([str(python), *words[1:]], cwd=house, env=environment, capture_output=True, text=True, check=False, timeout=110)


def size_of_bolt(house: Path) -> str:
    ask = [str(house / ".venv" / "bin" / "python"), "-c", "import bolt; print(bolt.SIZE)"]
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()


def test_the_locked_set_is_installed_once_and_a_second_start_does_nothing(small_house: Path) -> None:
    first = bootstrap(small_house)
    assert first.returncode == 0, first.stderr
    assert size_of_bolt(small_house) == "M6"
    assert "No fonts were built: tools/build_fonts.py is not in this tree." in first.stdout
    again = bootstrap(small_house)
    assert again.returncode == 0
    assert "Installing" not in again.stdout
    (small_house / "requirements.lock").write_text(f"bolt==2.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    refused = bootstrap(small_house)
    assert refused.returncode == 1
    assert "could not be installed" in refused.stderr
    assert bootstrap(small_house).returncode == 1, "a set that was refused is never taken for ready"


def test_a_package_whose_hash_differs_is_not_installed(small_house: Path) -> None:
    lock(small_house, "0" * 64)
    done = bootstrap(small_house)
    assert done.returncode == 1
    assert size_of_bolt(small_house) == ""


@pytest.mark.parametrize(("version", "taken"), [((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), True), ((3, 14), False)])
def test_a_python_nobody_tried_is_refused_with_how_to_name_another_one(
    tools: ModuleType, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], taken: bool
) -> None:
    import bootstrap as tool

    with monkeypatch.context() as patched:
        patched.setattr(sys, "version_info", (*version, 4, "final", 0))
        if taken:
            tool.check_python()
            return
        with pytest.raises(tools.MissingError, match=r"Lineside needs Python 3\.11 to 3\.13; .* make run PYTHON=python3\.11"):
            tool.check_python()
