"""An operator carries out a batch at the real window: scans, keys and readings as a hand gives them, every row as it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from app.core.devices_here import PrinterHere
from app.devices.settings import DeviceSettings
from tests.batches.runs import OPERATOR, Run
from tests.inspection.station import Station, elsewhere, open_station
from ui.batches.next_act import Kind
from ui.kit import Mode, set_language, theme
from ui.kit.check import look_over

PRINTER = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url="socket://127.0.0.1:9", unit=None))


class Bench(Station):
    """The station with a batch open."""

    run: Run

    @property
    def kind(self) -> Kind | None:
        act = self.screen.act
        return act.kind if act is not None else None

    def until_asked(self, kind: Kind) -> None:
        """Wait until the screen wants this, with nothing under way."""
        try:
            self.until(lambda: self.kind is kind and not self.screen.do_it.is_busy)
        except Exception as late:
            raise AssertionError(f"wanted {kind}, is {self.kind}: {self.sentence!r}, banner {self.banner!r}") from late

    def hit(self) -> None:
        """Enter, by a hand that came back: no bounce of the press before."""
        self.press(Qt.Key.Key_Shift)
        self.press(Qt.Key.Key_Return)

    def enter(self, kind: Kind, then: Kind) -> None:
        """Press Enter on what is asked now, and wait for the next."""
        self.until_asked(kind)
        before = self.sentence
        self.hit()
        self.until(lambda: self.sentence != before)
        self.until_asked(then)

    def write(self, text: str, then: Kind) -> None:
        """Type a figure over what stands there and press Enter."""
        step, before = self.screen.view.open.row.key, len(self.screen.view.open.entered)
        self.screen.entry.number.edit.selectAll()
        self.type(text)
        self.hit()
        self.until(lambda: self.screen.view.open.row.key != step or len(self.screen.view.open.entered) > before)
        self.until_asked(then)


@pytest.fixture
def bench_of(run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    """Open the window at the batch; what the test did by commands before is signed out."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExitStack() as stack:

        def open_one(*, login: str = OPERATOR, size: tuple[int, int] = (1920, 1080)) -> Bench:
            run.home()
            screens = ("ui.shell", "ui.batches", "ui.deviations")
            station = stack.enter_context(open_station(run.plant, qtbot, tmp_path, size=size, printers=(PRINTER,), screens=screens))
            bench = Bench(station.shell, station.plant, station.gauges, station.bot, station.size)
            bench.run = run
            bench.sign_in(login)
            bench.window.open("batches.step", {"batch": str(run.batch)})
            bench.until(lambda: bench.screen.key == "batches.step" and bench.screen.view is not None)
            return bench

        yield open_one


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    """The operator at the batch that was just started."""
    return bench_of()


def code_of(run: Run, lot: object) -> str:
    return str(run.plant.rows("SELECT code FROM container WHERE lot = %s", lot)[0][0])


@pytest.mark.capability("F2", "F3", "F8")
def test_a_whole_batch_is_carried_out_by_scans_keys_and_readings(bench: Bench):
    _clear(bench)
    _load(bench)
    _assemble(bench)
    _seal_and_measure(bench)
    _label_and_count(bench)
    rows = bench.run.plant.rows("SELECT key, status, done_by, done_station FROM batch_step WHERE kind <> 'sign' ORDER BY no")
    assert {row[1:] for row in rows} == {("done", OPERATOR, "IQC-02")}


def _clear(bench: Bench) -> None:
    bench.enter(Kind.START, Kind.ANSWER)
    assert bench.sentence == "No parts of the batch before?"
    bench.enter(Kind.ANSWER, Kind.ANSWER)
    bench.enter(Kind.ANSWER, Kind.ANSWER)
    assert bench.sentence == "Tables and trays are clean?"
    bench.enter(Kind.ANSWER, Kind.FINISH)
    bench.enter(Kind.FINISH, Kind.START)


def _load(bench: Bench) -> None:
    run = bench.run
    bench.enter(Kind.START, Kind.COMPONENT)
    bench.scan(code_of(run, run.clips))
    bench.until_asked(Kind.QUANTITY)
    bench.hit()
    bench.until(lambda: bench.banner)
    assert "is not CH-2225" in bench.banner, "the wrong component is refused in the flow"
    bench.scan(code_of(run, run.hubs))
    bench.enter(Kind.QUANTITY, Kind.FINISH)
    assert run.plant.rows("SELECT quantity, origin, unit_serial FROM consumption") == [(2, "scanned", None)]
    bench.enter(Kind.FINISH, Kind.START)
    bench.enter(Kind.START, Kind.UNITS)
    bench.enter(Kind.UNITS, Kind.COMPONENT)
    for then in (Kind.COMPONENT, Kind.FINISH):
        bench.bot.wait(450)  # a scanner takes two equal scans in a moment for one
        bench.scan(code_of(run, run.clips))
        bench.enter(Kind.QUANTITY, then)
    bench.enter(Kind.FINISH, Kind.START)
    clips = run.plant.rows("SELECT unit_serial FROM consumption WHERE lot = %s ORDER BY 1", run.clips)
    assert clips == run.plant.rows("SELECT serial FROM unit ORDER BY no")


def _assemble(bench: Bench) -> None:
    bench.enter(Kind.START, Kind.FINISH)
    bench.enter(Kind.FINISH, Kind.START)
    bench.enter(Kind.START, Kind.ASSET)
    bench.scan("AST:SL-03")
    bench.until_asked(Kind.TIME)
    bench.type("00:01")
    bench.enter(Kind.TIME, Kind.FINISH)
    bench.enter(Kind.FINISH, Kind.START)
    bench.enter(Kind.START, Kind.FINISH)
    bench.enter(Kind.FINISH, Kind.START)


def _seal_and_measure(bench: Bench) -> None:
    bench.enter(Kind.START, Kind.NUMBER)
    elsewhere(lambda: bench.run.says("137.0", "137.4"))
    bench.write("1.21", Kind.NUMBER)
    bench.write("412", Kind.FINISH)
    bench.enter(Kind.FINISH, Kind.START)
    bench.enter(Kind.START, Kind.READING)
    for then in (Kind.READING, Kind.FINISH):
        before = len(bench.screen.view.open.entered)
        bench.measure("DC-014", "10.02")
        bench.until(lambda: bench.screen.reading is not None)
        bench.hit()
        bench.until(lambda before=before: len(bench.screen.view.open.entered) > before)
        bench.until_asked(then)
    bench.enter(Kind.FINISH, Kind.START)


def _label_and_count(bench: Bench) -> None:
    run = bench.run
    bench.enter(Kind.START, Kind.PRINT)
    for unit in run.unit_ids():
        bench.until_asked(Kind.PRINT)
        bench.hit()
        bench.until(lambda: bench.kind is Kind.PRINTING)
        says = elsewhere(lambda unit=unit: run.printed(unit))
        bench.until_asked(Kind.SCAN_LABEL)
        bench.scan(says)
        bench.until(lambda: bench.kind in (Kind.PRINT, Kind.FINISH))
    bench.enter(Kind.FINISH, Kind.START)
    bench.enter(Kind.START, Kind.NUMBER)
    for figure, then in (("2", Kind.NUMBER), ("0", Kind.NUMBER), ("0", Kind.FINISH)):
        bench.write(figure, then)
    bench.enter(Kind.FINISH, Kind.SIGN)
    counted = """SELECT s.key, field, value FROM step_entry e JOIN batch_step s ON s.id = e.batch_step
        WHERE field IN ('applied', 'made', 'not_found') ORDER BY 1, 2"""
    assert run.plant.rows(counted) == [
        ("count", "made", 2),
        ("count", "not_found", 0),
        ("unit_labels", "applied", 2),
        ("unit_labels", "not_found", 0),
    ]


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_clipped_or_faint(bench_of: Callable[..., Bench], run: Run, size: tuple[int, int], language: Language):
    run.clear()
    run.start("hubs")
    bench = bench_of(size=size)
    bench.until_asked(Kind.COMPONENT)
    set_language(language)
    for mode in Mode:
        theme.look(mode=mode)
        bench.bot.wait(30)
        assert [str(one) for one in look_over(bench.window)] == []
