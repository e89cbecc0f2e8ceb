"""The guided shift is a check that can fail: right from dock to release, and wrong, by name, when one of twelve places is spoiled."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.core.cluster import fast_environment, short_folder
from ui.shift.guided import OF_THE_LINE, SPOILS

HOUSE = Path(__file__).resolve().parents[2]
WHERE_IT_SHOWS = {
    "scan": "read the good pack",
    "approval": "refuse the wrong packs",
    "gauge": "refuse the overdue gauge",
    "reading": "measure the lengths",
    "signature": "two people sign the disposition",
    "component": "take the hubs",
    "label": "label every unit",
    "verifier": "perform and verify by signature",
    "value": "seal",
    "skipped": "measure the seal",
    "paper": "write the batch's record",
    "trail": "the trail",
}


SCREENS_OF_A_DESKTOP = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def _shift(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", "shift", "--out", str(folder), *options]
    return subprocess.run(command, cwd=HOUSE, env=fast_environment(), capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.timeout(300)
@pytest.mark.capability("A4")
@pytest.mark.capability("C11")
@pytest.mark.capability("I2")
def test_without_a_display_the_lot_goes_from_the_dock_to_its_release_and_the_start_says_where_pictures_and_papers_lie():
    with short_folder() as folder:
        environment = {name: value for name, value in os.environ.items() if name not in SCREENS_OF_A_DESKTOP} | {"TMPDIR": str(folder)}
        command = [sys.executable, "main.py"]
        done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=280, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stderr.startswith("This computer has no display, so no window opens. The guided shift runs instead")
        assert "ok  release the lot" in done.stdout
        assert "ok  the trail: every chain holds, every row is what its last entry says" in done.stdout
        told = dict(re.findall(r"^(pictures|papers): +(.+)$", done.stdout, re.MULTILINE))
        assert len(list(Path(told["papers"]).glob("*.pdf"))) == 4, "lot and batch, one in each language"
        with Image.open(Path(told["pictures"]) / "measure-out-of-limits.png") as picture:
            assert picture.size == (1920, 1080)


def test_every_spoiled_place_is_named_by_a_step_of_the_shift():
    assert WHERE_IT_SHOWS.keys() == SPOILS.keys()
    assert len(SPOILS) == 12


@pytest.mark.timeout(300)
@pytest.mark.parametrize("names", [sorted(OF_THE_LINE), sorted(SPOILS.keys() - OF_THE_LINE)], ids=["on the line", "before it"])
def test_a_spoiled_shift_fails_at_the_place_that_was_spoiled(names: list[str], tmp_path: Path):
    done = _shift(tmp_path, "--spoil", *names)
    assert done.returncode == 1, done.stdout[-2000:]
    failed = [line for line in done.stderr.splitlines() if line.startswith("FAILED")]
    assert len(failed) == len(names), done.stderr[-2000:]
    for name, line in zip(names, failed, strict=True):
        assert line.startswith(f"FAILED  {WHERE_IT_SHOWS[name]}")
        assert f"spoiled on purpose: {name}" in line
