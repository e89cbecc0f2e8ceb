"""The table in `docs/devices-fuzz.md` is that of the program it names: every family stands in it, nothing went wrong."""

import re
from pathlib import Path

from app.devices.protocol import families
from tests.devices.fuzz.counting import head
from tests.devices.fuzz.planted import faults
from tests.devices.fuzz.printing import LANGUAGES

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "devices-fuzz.md").read_text("utf-8")
COUNTED, _, PLANTED = TEXT.partition("## Counted")[2].partition("Planted, so that")


def cells(text: str) -> list[list[str]]:
    """Of the rows that hold a number."""
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines() if row.startswith("| ")]
    return [row for row in rows if any(cell.isdigit() for cell in row)]


def test_every_family_printer_and_the_machine_were_spoilt_a_hundred_thousand_times_in_all_and_nothing_went_wrong():
    assert head().splitlines()[0] in COUNTED
    rows = cells(COUNTED)
    missing = {*families(), *LANGUAGES, "modbus"} - {row[0] for row in rows}
    assert missing == set(), "run `make fuzz` and put its table into docs/devices-fuzz.md"
    assert sum(int(row[1]) for row in rows) >= 100_000
    assert [row[0] for row in rows if row[5:9] != ["0"] * 4] == []
    assert [row[0] for row in rows if int(row[2]) == 0 or int(row[4]) == 0] == []


def test_every_planted_fault_was_seen():
    assert {row[0] for row in cells(PLANTED) if int(row[2]) > 0} == {name for name, _, _ in faults()}


def test_what_was_found_names_its_tests():
    for file, test in re.findall(r"`([a-z_/]+\.py)::([a-z_0-9]+)`", TEXT):
        assert f"def {test}(" in (Path(__file__).resolve().parents[1] / file).read_text("utf-8"), (file, test)
