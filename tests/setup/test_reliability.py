"""What `docs/reliability.md` promises names the tests that try it, and they exist; its table is that of the program it names."""

import re
from pathlib import Path

import pytest

from tests.faults.counting import head
from tests.faults.power import table

ROOT = Path(__file__).resolve().parents[2]
PROMISED, _, REST = (ROOT / "docs" / "reliability.md").read_text("utf-8").partition("## How it is counted")
HELD, _, PLANTED = REST.partition("## Counted")[2].partition("## Power cuts on the spool")[0].partition("Planted")
CUT, _, LOSSY = REST.partition("## Power cuts on the spool")[2].partition("## A plant with a standby")[0].partition("Planted")


def rows(text: str, *heads: str) -> list[list[str]]:
    """The cells of a table's rows."""
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines() if row.startswith("| ") and row not in heads]


PROMISES = rows(PROMISED, "| what | by which means | tried by |")


def test_the_promises_are_there():
    assert len(PROMISES) == 17


@pytest.mark.parametrize("promise", PROMISES, ids=[promise[0][:60] for promise in PROMISES])
def test_each_promise_names_tests_that_exist(promise: list[str]):
    named = re.findall(r"`([a-z_/]+\.py)::([a-z_0-9]+)`", promise[-1])
    assert named, promise
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text("utf-8"), (file, test)


def test_the_table_is_the_one_the_program_prints_and_every_row_of_it_holds():
    assert head() in HELD
    counted = rows(HELD, *head().splitlines())
    assert len(counted) >= 18
    for fault, _, acknowledged, _, *wrong, answers, _ in counted:
        assert int(acknowledged) > 0, fault
        assert wrong == ["0", "0", "0", "0"], fault
        assert len(set(answers.split(" → "))) == 1, fault


def test_no_power_cut_of_the_table_took_anything_and_there_were_thousands():
    assert table.head() in CUT
    counted = rows(CUT, *table.head().splitlines())
    assert [name for name, *_ in counted] == [name for name, _ in table.held()]
    assert sum(int(cuts) for _, cuts, *_ in counted) >= 2_000
    for name, _, acknowledged, found, *wrong in counted:
        assert acknowledged == found != "0", name
        assert set(wrong) == {"0"}, name


def test_every_power_cut_that_must_lose_something_lost_it():
    lossy = rows(LOSSY, *table.head().splitlines())
    assert [name for name, *_ in lossy] == [name for name, _ in table.planted()]
    for name, _, _, _, lost, *_ in lossy:
        assert int(lost) > 0, name


def test_every_planted_fault_was_counted():
    planted = rows(PLANTED, *head().splitlines())
    assert len(planted) == 6
    for fault, _, _, _, *wrong, _, _ in planted:
        assert wrong != ["0", "0", "0", "0"], fault
