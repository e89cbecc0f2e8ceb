"""`make run` and `make test` do what the README promises; CI calls exactly `make test`."""

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.setup.conftest import HOUSE, stand_in

STEPS = {
    "test": ["tools/bootstrap.py", "ruff check", "ruff format --check", "mypy", "lint-imports", "-m pytest"],
    "run": ["tools/bootstrap.py", "main.py"],
    "capabilities": ["tools/bootstrap.py", "tools/capabilities.py"],
}


@pytest.mark.parametrize("target", STEPS)
def test_a_target_makes_the_clone_ready_first_and_then_does_its_work(target: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    said = subprocess.run(["make", "-n", target], cwd=HOUSE, env=environment, capture_output=True, text=True, check=True).stdout
    places = [said.find(step) for step in STEPS[target]]
    assert -1 not in places, said
    assert places == sorted(places), said


def test_ci_calls_exactly_make_test_with_nobody_at_the_keyboard(programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = stand_in(programs, "make", then="pwd; read line && exit 3; exit 7")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.defpath}")
    done = subprocess.run([str(HOUSE / ".ci" / "run")], cwd=tmp_path, input="yes\n", capture_output=True, text=True, check=False)
    assert (asked.read_text(), done.returncode) == ("make test\n", 7)
    assert Path(done.stdout.strip()) == HOUSE


def test_the_slowest_twenty_tests_are_printed_and_none_may_hang() -> None:
    options = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]["addopts"]
    assert "--durations=20" in options
    assert "--timeout=" in options
