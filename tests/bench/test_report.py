"""What `make bench` says: every figure with its goal and the limit of this machine beside it, for eyes and for programs."""

import json
from pathlib import Path

import pytest

from tests.bench.measuring import Figure, percentiles, show, write

FIGURES = (
    Figure(
        name="bulk rows under the trail",
        unit="rows/s",
        median=48669.85,
        p95=42059.43,
        goal=">= 50 000 rows/s",
        holds=False,
        limit="bare 192290 rows/s",
    ),
    Figure(name="client start", unit="s", median=1.09, p95=1.1, goal="p95 < 1.5 s", holds=True, limit="an empty Qt window 0.09 s"),
)


def test_each_line_has_the_figure_its_goal_and_what_the_bare_machine_does(capsys: pytest.CaptureFixture[str]) -> None:
    show(FIGURES)
    missed, held = capsys.readouterr().out.splitlines()
    assert missed.startswith("MISSED  bulk rows under the trail")
    assert "48669.85" in missed
    assert missed.endswith("goal >= 50 000 rows/s       beside bare 192290 rows/s")
    assert held.startswith("holds   client start")
    assert held.endswith("beside an empty Qt window 0.09 s")


def test_a_figure_without_the_limit_of_the_machine_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="limit"):
        Figure(name="x", unit="s", median=1.0, p95=1.0, goal="none", holds=True)  # type: ignore[call-arg]


def test_programs_read_the_same_with_the_machine_it_was_measured_on(tmp_path: Path) -> None:
    write(FIGURES, tmp_path / "figures.json")
    told = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert set(told["machine"]) == {"cores", "system", "python"}
    assert [(one["name"], one["median"], one["limit"], one["holds"]) for one in told["figures"]] == [
        (one.name, one.median, one.limit, one.holds) for one in FIGURES
    ]


def test_the_95th_percentile_is_that_of_the_values() -> None:
    assert percentiles(range(1, 101)) == (50.5, pytest.approx(95.95))
