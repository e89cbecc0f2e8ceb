"""What `docs/security.md` promises names the tests that try it, and they exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith(("| what |", "| act |"))]


def test_the_tables_are_there():
    assert len(ROWS) >= 18


@pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip()[:60] for row in ROWS])
def test_each_line_names_tests_that_exist(row: str):
    named = re.findall(r"`([a-z_/]+\.py)::([a-z_0-9]+)`", row)
    assert named, row
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text("utf-8"), (file, test)
