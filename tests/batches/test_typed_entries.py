"""Figures and weights of a batch that were typed in place of a device: a reason, a second person, an exception for good (E6)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Quantity
from app.base.phrases import Language, Phrase
from app.batches.commands import ConsumeMaterial
from app.batches.queries import exceptions_of
from app.batches.rules import FieldNotAsked, StepLacks, WhyWanted
from app.core.refusals import PerformerCannotSign
from app.plant.rules import GaugeOfOtherKind, GaugeOutOfRange, GaugeOverdue, OtherUnit
from app.tracing.batch_export import batch_bundle
from app.tracing.batch_queries import batch_history
from app.tracing.batch_report import batch_paper
from app.typed.commands import Typed, TypeWeight
from app.typed.rules import SecondPersonWanted, TypedAlready
from tests.attack.target import sqlstate_of
from tests.batches.bench import Bench, open_bench
from tests.batches.refusals import consumption, current, entry, refuses, tried
from tests.batches.runs import Run
from tests.batches.screens import sign
from tests.core.matrices import BY_JOB
from ui.typed.typing_sheet import TypingSheet

pytestmark = pytest.mark.capability("E6")
TOOL = Path(__file__).parents[2] / "tools" / "verify_export.py"


@pytest.fixture
def widths(run: Run) -> Run:
    """The seal widths are measured next."""
    run.clear()
    run.load()
    run.assemble()
    run.seal()
    run.finish("sealing")
    run.start("seal_width")
    return run


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join("\n".join(page.get_textpage().get_text_range() for page in pages).split())


def exceptions(run: Run) -> list[tuple[str, str | None, str | None]]:
    return run.at.ask(lambda session: [(one.kind, one.value, one.reason) for one in exceptions_of(session, run.batch)])


def test_a_step_does_not_end_over_a_typed_figure_before_a_second_person_signed_it(widths: Run):
    widths.read("seal_width", "c1", "10.02", device="DC-014", unit="mm")
    typed = widths.type_in("seal_width", "c1", "10.04", device="DC-014", unit="mm", sample=2, verified_by=None)
    refuses(widths.plant, StepLacks, lambda: widths.finish("seal_width"))
    assert exceptions(widths) == []
    with pytest.raises(PerformerCannotSign):
        widths.verify(typed, signer="chen.jing")
    widths.verify(typed)
    widths.finish("seal_width")
    assert current(widths, "seal_width")["c1", 2][:2] == (typed, Decimal("10.04"))
    kept = "SELECT origin, entered_by, raw, calibration IS NOT NULL, station, reason FROM lineside.step_entry WHERE id = %s"
    assert widths.plant.rows(kept, typed) == [("typed", "chen.jing", None, True, "IQC-02", "cable broken")]
    assert exceptions(widths) == [("typed", "10.04", "cable broken")]


def test_a_correction_that_is_typed_is_a_correction_and_a_typed_value(widths: Run):
    first = widths.read("seal_width", "c1", "10.02", device="DC-014", unit="mm")
    typed = widths.type_in("seal_width", "c1", "10.03", device="DC-014", unit="mm", corrects=first, verified_by=None)
    assert current(widths, "seal_width")["c1", 1][0] == first
    widths.verify(typed)
    assert current(widths, "seal_width")["c1", 1][0] == typed
    assert sorted(exceptions(widths)) == [("correction", "10.03", "cable broken"), ("typed", "10.03", "cable broken")]


@pytest.mark.capability("D2")
def test_what_is_typed_is_judged_like_a_reading_and_only_where_a_device_should_send(widths: Run):
    kept = {"unit": "mm", "verified_by": None}
    refuses(widths.plant, GaugeOverdue, lambda: widths.type_in("seal_width", "c1", "10.0", device="DC-009", **kept), gauge="DC-009")
    refuses(widths.plant, GaugeOfOtherKind, lambda: widths.type_in("seal_width", "c1", "10.0", device="LM-07", **kept))
    refuses(widths.plant, GaugeOutOfRange, lambda: widths.type_in("seal_width", "c1", "151", device="DC-014", **kept))
    refuses(widths.plant, OtherUnit, lambda: widths.type_in("seal_width", "c1", "1", device="DC-014", unit="cm", verified_by=None))
    refuses(widths.plant, FieldNotAsked, lambda: widths.type_in("seal_width", "c9", "10.0", device="DC-014", **kept))
    refuses(widths.plant, WhyWanted, lambda: widths.type_in("seal_width", "c1", "10.0", device="DC-014", reason=" ", **kept))
    widths.type_in("seal_width", "c1", "10.0", device="DC-014", **kept)
    with pytest.raises(TypedAlready):
        widths.type_in("seal_width", "c1", "10.1", device="DC-014", **kept)


def test_no_job_gets_a_typed_figure_on_record_from_a_shell_of_its_own(widths: Run):
    typed = widths.type_in("seal_width", "c1", "10.04", device="DC-014", unit="mm", verified_by=None)
    device = "(SELECT id FROM lineside.asset WHERE code = 'DC-014')"
    for login in BY_JOB.values():
        for row in ("uuidv7()", f"'{typed}'"):
            given = {"id": row, "value": "10", "unit": "'mm'", "device": device, "reason": "'x'"}
            assert tried(widths, login, entry(widths, "seal_width", "c1", **given)) in ("42501", SecondPersonWanted.sqlstate), login
        widths.home()
    assert current(widths, "seal_width") == {}


def weight(run: Run, grams: str = "2.00") -> TypeWeight:
    where = {"step": run.steps["hubs"], "lot": run.hubs, "container": run.container_of(run.hubs), "unit_serial": None, "sublot": None}
    typed = Typed(quantity=Quantity(Decimal(grams), "g"), device="WB-04", reason="cable broken", at=datetime.now(UTC))
    return TypeWeight(command_id=new_id(), id=new_id(), scanned=b"]d2scan", typed=typed, **where)


def test_a_typed_weight_moves_nothing_in_the_ledger_before_a_second_person_signed_it(weighing: Run):
    order = weight(weighing)
    weighing.at.give(order)
    moved = "SELECT quantity::text FROM lineside.ledger WHERE kind = 'consumption'"
    assert weighing.plant.rows(moved) == []
    alone = {"origin": "'typed'", "reason": "'x'", "scale": "(SELECT id FROM lineside.asset WHERE code = 'WB-04')"}
    assert tried(weighing, "chen.jing", consumption(weighing, "hubs", weighing.hubs, "2", **alone)) == SecondPersonWanted.sqlstate
    consumed = ConsumeMaterial(
        command_id=new_id(),
        id=new_id(),
        step=order.step,
        lot=order.lot,
        container=order.container,
        unit_serial=None,
        quantity=Decimal(2),
        origin="typed",
        raw=None,
        scale=None,
        reason="x",
    )
    with pytest.raises(SecondPersonWanted):
        weighing.at.give(consumed)
    weighing.verify(order.id)
    assert weighing.plant.rows(moved) == [("-2.00",)]
    kept = "SELECT origin, consumed_by, raw, reason, station FROM lineside.consumption WHERE id = %s"
    assert weighing.plant.rows(kept, order.id) == [("typed", "chen.jing", b"]d2scan", "cable broken", "IQC-02")]
    assert [kind for kind, *_ in exceptions(weighing)] == ["typed lot"]


def test_paper_and_exported_file_say_who_typed_why_and_who_verified_and_the_file_verifies(widths: Run, tmp_path: Path):
    widths.read("seal_width", "c1", "10.02", device="DC-014", unit="mm")
    widths.type_in("seal_width", "c1", "10.04", device="DC-014", unit="mm", sample=2)
    widths.home()
    quality = widths.plant.sign_in("wang.haiyan")
    history = quality.ask(lambda session: batch_history(session, widths.batch))
    paper = text_of(batch_paper(history, Language.EN, printed=Phrase("printed")))
    assert "Typed by Chen Jing" in paper
    assert "read from DC-014: cable broken; verified by Li Ming" in paper
    file = tmp_path / "record.zip"
    file.write_bytes(quality.ask(lambda session: batch_bundle(session, widths.batch, Language.EN)))
    told = subprocess.run([sys.executable, TOOL, file, "--json"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    assert json.loads(told.stdout)["signatures"] >= 1
    assert b'"typed_value"' in file.read_bytes()


# at the step screen -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bench_of(run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExitStack() as stack:
        yield lambda of, **how: stack.enter_context(open_bench(of, qtbot, tmp_path, **how))


def sheet_of(bench: Bench) -> TypingSheet:
    bench.until(lambda: isinstance(bench.window.frame.sheet, TypingSheet))
    sheet = bench.window.frame.sheet
    assert isinstance(sheet, TypingSheet)
    return sheet


def test_a_figure_written_where_the_caliper_should_send_asks_for_instrument_reason_and_a_second_person(
    widths: Run, bench_of: Callable[..., Bench]
):
    widths.home()
    bench = bench_of(widths)
    bench.reads("Measure Seal width, sample 1 with the caliper.")
    bench.type("10.04")
    bench.until(lambda: bench.primary == "Type 10.04 mm")
    bench.press(Qt.Key.Key_Return)
    sheet = sheet_of(bench)
    assert (sheet.entry.text, sheet.device) == ("10.04", "DC-014")
    sheet.reason.setFocus()
    bench.type("cable broken")
    bench.press(Qt.Key.Key_Return)
    sign(bench, "li.ming")
    bench.until(lambda: widths.plant.rows("SELECT 1 FROM lineside.step_entry WHERE field = 'c1'"))
    bench.reads("Measure Seal width, sample 2 with the caliper.")
    assert widths.plant.rows("SELECT value::text, origin FROM lineside.step_entry WHERE field = 'c1'") == [("10.04", "typed")]
    assert "typed" in bench.glass()
    bench.until(bench.screen.evidence)
    (shown, *_) = bench.screen.evidence()
    told = {str(fact.name): str(fact.value) for fact in shown.facts}
    assert told["typed by"].startswith("Chen Jing")
    assert told["verified by"].startswith("Li Ming")


def test_what_waits_for_its_second_person_is_said_and_can_be_verified_later(widths: Run, bench_of: Callable[..., Bench]):
    for sample in (1, 2):
        widths.type_in("seal_width", "c1", "10.04", device="DC-014", unit="mm", sample=sample, verified_by=None)
    widths.home()
    bench = bench_of(widths)
    bench.reads("Seal width, sample 1: 10.04 mm waits for a second person.")
    assert bench.primary.startswith("Have it verified")
    bench.press(Qt.Key.Key_Return)
    sign(bench, "li.ming")
    bench.reads("Seal width, sample 2: 10.04 mm waits for a second person.")


def test_a_weight_is_typed_where_no_scale_hangs_at_the_station(weighing: Run, bench_of: Callable[..., Bench]):
    ((container,),) = weighing.plant.rows("SELECT code FROM lineside.container WHERE lot = %s LIMIT 1", weighing.hubs)
    weighing.home()
    bench = bench_of(weighing)
    bench.scan(str(container))
    bench.until(lambda: "no scale is connected" in bench.banner)
    bench.press(Qt.Key.Key_F11)
    sheet = sheet_of(bench)
    bench.type("2.00")
    sheet.reason.setFocus()
    bench.type("cable broken")
    bench.press(Qt.Key.Key_Return)
    sign(bench, "li.ming")
    bench.until(lambda: weighing.plant.rows("SELECT 1 FROM lineside.consumption"))
    assert weighing.plant.rows("SELECT quantity::text, origin FROM lineside.consumption") == [("2.00", "typed")]


def test_a_second_signature_over_it_is_told_that_it_is_done(widths: Run):
    typed = widths.type_in("seal_width", "c1", "10.04", device="DC-014", unit="mm")
    with pytest.raises(AppError):
        widths.verify(typed, signer="tom.becker")
    assert sqlstate_of(widths.shell("tom.becker"), f"UPDATE lineside.typed_value SET status = 'withdrawn' WHERE id = '{typed}'") == "LS190"
