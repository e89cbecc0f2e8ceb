"""The fullest step screens in both languages, palettes and sizes: nothing clipped, faint, missing or too small. The rest: the gallery."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from tests.batches.bench import Bench, open_bench
from tests.batches.runs import Run
from tests.batches.test_step_deviation import live
from tests.looking import troubles_of
from ui.kit import Mode, set_language, theme

SIZES = ((1920, 1080), (1280, 800))


def at_instruction(run: Run) -> None:
    run.clear(), run.load(), run.start("assembly")


def at_clearance(run: Run) -> None:
    run.start("clearance")


def at_material(run: Run) -> None:
    run.clear(), run.start("hubs"), run.consume("hubs", run.hubs, "1")


def at_equipment(run: Run) -> None:
    run.clear(), run.load(), run.start("assembly"), run.finish("assembly"), run.start("sealer")
    run.enter("sealer", "asset", device="SL-03")


def at_hold(run: Run) -> None:
    run.clear(), run.load(), run.start("assembly"), run.finish("assembly"), run.start("open_time")


def at_signing(run: Run) -> None:
    run.clear(), run.load(), run.assemble(), run.seal(), run.finish("sealing"), run.count()


def at_sealing(run: Run) -> None:
    run.clear(), run.load(), run.assemble(), run.start("sealing"), run.says("136.8", "137.1")


def at_held(run: Run) -> None:
    at_sealing(run), run.says("143.4", "137.0")


def at_labels(run: Run) -> None:
    at_sealing(run)
    run.enter("sealing", "dwell", "1.21", unit="s"), run.enter("sealing", "pressure", "412", unit="kPa"), run.finish("sealing")
    run.start("unit_labels"), run.print_label(run.unit_ids()[0], state="unknown")


MOMENTS = (at_clearance, at_instruction, at_material, at_equipment, at_hold, at_sealing, at_held, at_labels, at_signing)


def troubles(bench: Bench, size: tuple[int, int]) -> list[str]:
    """Of the window as it stands, in all four looks."""
    found = []
    for mode in Mode:
        for language in Language:
            theme.look(mode=mode)
            set_language(language)
            troubles = troubles_of(bench.window, bench.bot)
            assert bench.window.size().toTuple() == size, "the window grew beyond its glass"
            found += [f"{mode.value} {language.value} {trouble}" for trouble in troubles]
    theme.look(mode=Mode.LIGHT)
    set_language(Language.EN)
    return found


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
def test_every_kind_of_step_is_whole_in_every_look(
    run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: Callable[[Run], None]
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    moment(run)
    with open_bench(run, qtbot, tmp_path) as bench:
        if moment in (at_sealing, at_held):
            live(bench, "137.0", "137.2")
            bench.until(lambda: bench.screen.panel.channels.now.value == Decimal("137.2"))
        if moment is at_held:
            bench.until(lambda: bench.screen.is_held)
        found = []
        for size in SIZES:
            bench.window.resize(*size)
            bench.until(lambda size=size: bench.window.size().toTuple() == size)
            found += [f"{size[0]}: {one}" for one in troubles(bench, size)]
        assert found == []
