"""The table of capabilities is read from the marks of the tests."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.setup.conftest import HOUSE

MARKED = """
pytestmark = pytest.mark.capability("Q3")

@pytest.mark.capability("A5")
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.capability("R11-13"))])
def test_a_scan(x): ...

@pytest.mark.capability("A6", "A7")
class TestLots:
    def test_a_lot(self): ...

def not_a_test(): ...
"""


@pytest.fixture
def capabilities(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(HOUSE / "tools"))
    import capabilities

    return capabilities


def test_marks_are_found_on_tests_classes_modules_and_parameters(capabilities: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "test_x.py").write_text(MARKED)
    scan, lot = "room/test_x.py::test_a_scan", "room/test_x.py::TestLots::test_a_lot"
    assert capabilities.marks(tmp_path) == {"Q3": {scan, lot}, "A5": {scan}, "R11-13": {scan}, "A6": {lot}, "A7": {lot}}


def test_the_lists_rows_are_read_and_its_other_tables_are_not(capabilities: ModuleType) -> None:
    text = "| ID | Capability |\n|---|---|\n| A5 | GS1 parsed |\n| RCN-03 | Art. 5 |\n| 1 | frappe/erpnext#1 | open |\n"
    assert capabilities.rows(text) == {"A5": "GS1 parsed", "RCN-03": "Art. 5"}
    assert sorted(["R11-2", "A10", "A2"], key=capabilities.in_order) == ["A2", "A10", "R11-2"]


def test_every_mark_of_this_tree_names_a_row_of_the_list() -> None:
    done = subprocess.run(
        [sys.executable, str(HOUSE / "tools" / "capabilities.py")], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "have tests" in done.stdout
