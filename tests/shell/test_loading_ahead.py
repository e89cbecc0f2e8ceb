"""Nobody waits for a library: the start does not load it, and the window's thread does not load it at the first scan."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.plant import Plant
from ui.shell.ahead import LATER, SCANNING

HOUSE = Path(__file__).resolve().parents[2]


def first_scans(plant: Plant, folder: Path) -> dict[str, object]:
    """What a client fresh from its start tells of its first scans."""
    told = {"server": asdict(plant.server), "station": "IQC-02", "secret": plant.secrets["IQC-02"], "folder": str(folder)}
    client = subprocess.run(
        [sys.executable, "-m", "tests.shell.first_scan_program"],
        cwd=HOUSE,
        input=json.dumps(told) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert client.returncode == 0, client.stderr
    found: dict[str, object] = json.loads(client.stdout.splitlines()[-1])
    return found


def test_scans_in_the_first_moment_wait_in_their_order_for_rules_that_another_thread_loads(plant: Plant, tmp_path: Path) -> None:
    found = first_scans(plant, tmp_path)
    assert found["at_sign_in"] == [], "the start waits for none of them"
    assert found["on_the_window"] == [], "the window's thread loads nothing"
    assert {SCANNING, "biip", *LATER} <= set(found["beside"])  # type: ignore[call-overload]
    assert found["after"] == ["biip", "reportlab", "PIL", "pypdfium2", "numpy", "ui.shell.home_screen", "ui.batches.step_screen"]
    assert found["chosen"] == "wang.haiyan", "the badge that was scanned last"
    assert found["scans"] == ["a badge", "product 09521101530025, lot NF26-0931, expires 30 Sep 2029, quantity 4\u2009000", "a badge"]


@pytest.mark.parametrize("first", ["ui.shift.guided", "ui.shell.start", "ui.kit", "ui.batches.step_screen", "ui.practice.line_window"])
def test_whatever_window_is_loaded_first_everything_behind_it_loads(first: str):
    """PySide looks into modules while they are imported; what it loads before pydantic breaks it in an order that nothing else shows."""
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {first}, app.batches.master_file"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
