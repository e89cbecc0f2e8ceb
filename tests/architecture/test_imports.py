"""Imports run downwards, and Qt, pyserial, pymodbus and reportlab stay in their rooms."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.conftest import Planted
from tests.architecture.import_rules import borrowed_records, stray_imports
from tests.architecture.tree import HOUSE, faults

LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINTER, "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False, timeout=60)


def layers() -> list[str]:
    contract = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    return [room.strip() for layer in contract["layers"] for room in layer.split("|")]


def test_imports_run_downwards() -> None:
    done = lint_imports(HOUSE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_import_upwards_is_found(planted: Planted) -> None:
    rooms = {room.strip("()").replace(".", "/") + "/__init__.py": "" for room in layers()}
    house = planted({"app/__init__.py": "", **rooms})
    shutil.copy(HOUSE / "pyproject.toml", house)
    assert lint_imports(house).returncode == 0
    planted({"app/base/late.py": "from app.core import work\n", "app/core/work.py": ""})
    done = lint_imports(house)
    assert done.returncode != 0
    assert "app.base.late" in done.stdout


def test_qt_pyserial_pymodbus_and_reportlab_stay_in_their_rooms() -> None:
    found = stray_imports(HOUSE)
    assert not found, faults(found)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("app/core/x.py", "from PySide6.QtCore import QObject"),
        ("app/devices/hub.py", "import serial"),
        ("app/devices/hub.py", "def late():\n    from serial.tools import list_ports"),
        ("app/devices/machines/session.py", "def late():\n    from pymodbus.client import ModbusTcpClient"),
        ("app/receiving/commands.py", "import reportlab.pdfgen.canvas as c"),
        ("ui/kit/x.py", "from reportlab import rl_config"),
    ],
)
def test_a_library_in_the_wrong_room_is_found(planted: Planted, file: str, line: str) -> None:
    (fault,) = stray_imports(planted({file: line + "\n"}))
    assert fault.file == file


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("ui/kit/x.py", "import PySide6"),
        ("main.py", "from PySide6 import QtWidgets"),
        ("app/devices/transport.py", "import serial"),
        ("app/devices/machines/modbus.py", "def late():\n    from pymodbus.client import ModbusTcpClient"),
        ("app/inspection/report.py", "import reportlab"),
        ("app/labels/emit/pdf.py", "import reportlab"),
        ("app/core/x.py", "import serialised"),
    ],
)
def test_a_library_in_its_room_is_let_be(planted: Planted, file: str, line: str) -> None:
    assert stray_imports(planted({file: line + "\n"})) == []


def test_a_station_without_machines_needs_no_library_for_them() -> None:
    """Everything that knows devices is loaded, and nothing of pymodbus: it may be missing, and it costs time."""
    look = (
        "import sys, app.cli.client, app.devices.hub, app.devices.simulators.simulator as them; them.simulators();"
        "print(any(name.partition('.')[0] == 'pymodbus' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=HOUSE, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_no_slice_reaches_into_the_records_of_another() -> None:
    found = borrowed_records(HOUSE)
    assert not found, faults(found)


@pytest.mark.parametrize(
    "line",
    [
        "from app.materials.records import Lot",
        "import app.materials.records",
        "from app.materials import records",
        "from ..materials.records import Lot",
    ],
)
def test_records_of_another_slice_are_found_however_they_are_written(planted: Planted, line: str) -> None:
    house = planted({"app/receiving/commands.py": line + "\n", "app/materials/commands.py": "from app.materials.records import Lot\n"})
    (fault,) = borrowed_records(house)
    assert fault.file == "app/receiving/commands.py"
