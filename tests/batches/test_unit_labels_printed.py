"""Labels of units go through the print queue to a printer whose paper is scanned again: what is read is what counts (G3, G5, G8)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pypdfium2
import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.batches.labelling import ApplyLabel, ConfirmUnitLabel, PrintUnitLabel
from app.batches.rules import NoLabelWaits, UnitHasLabel
from app.devices.events import Standing
from app.devices.simulators import sbpl_picture, tspl_picture
from app.devices.simulators.sbpl_printer import SbplPrinter
from app.devices.simulators.tspl_printer import TsplPrinter
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.container_form import LabelFacts, LabelUnreadable
from app.labels.emit import zpl_fields
from app.labels.emit.print_head import PrintHead
from app.labels.forms import label_job, label_pdf
from app.labels.scan_back import ScanDiffers
from tests.batches.runs import Run
from tests.labels.queue_station import PrintStation
from tests.plant import Plant

REAL_SYMBOL = zpl_fields.gs1_datamatrix_field


@pytest.fixture
def station(run: Run) -> Iterator[PrintStation]:
    """The station where the batch is made, with its labelling begun."""
    run.clear()
    run.load()
    run.assemble()
    run.seal()
    run.finish("sealing")
    run.start("unit_labels")
    with ZplPrinter() as printer:
        here = PrintStation(run.plant, printer, "IQC-02")
        yield here
        here.stop()


def ask(run: Run, unit: UUID, *, reason: str | None = None) -> UUID:
    label = run.at.give(PrintUnitLabel(command_id=new_id(), unit=unit, printer="LP-02", reason=reason))
    assert isinstance(label, UUID)
    return label


def apply(run: Run, unit: UUID, scanned: str) -> None:
    run.at.give(ApplyLabel(command_id=new_id(), unit=unit, scanned=scanned))


def units(plant: Plant) -> list[tuple[object, ...]]:
    return plant.rows("SELECT u.status, l.status, l.copy_no FROM lineside.unit u JOIN lineside.label l ON l.subject_id = u.id"
                      " ORDER BY u.no, l.copy_no")  # fmt: skip


@pytest.mark.capability("G3")
@pytest.mark.capability("G5")
def test_labels_of_a_batch_come_out_in_the_order_of_its_units_and_what_is_scanned_from_the_paper_labels_the_unit(
    run: Run, station: PrintStation
) -> None:
    first, second = run.unit_ids()
    ask(run, second)
    ask(run, first)
    ear = station.queue()
    ear.until_status("sent", "printed", "sent", "printed")
    serials = [serial for (serial,) in run.plant.rows("SELECT serial FROM lineside.unit ORDER BY no")]
    assert [move.what for move in ear.moves if move.status == "sent"] == serials
    papers = station.printer.printed
    with pytest.raises(ScanDiffers, match=f"serial number {serials[1]}"):
        apply(run, first, papers[1].scans[0])
    for unit, paper in zip((first, second), papers, strict=True):
        (scanned,) = paper.scans
        apply(run, unit, scanned)
    assert units(run.plant) == [("labelled", "applied", 1), ("labelled", "applied", 1)]
    run.finish("unit_labels")


def no_separator(x: int, y: int, module: int, symbol) -> bytes:  # type: ignore[no-untyped-def]
    """The escape is swallowed: lot and serial run into each other."""
    head, mark, data = REAL_SYMBOL(x, y, module, symbol).partition(b"_^FD_1")
    return head + mark + data.replace(b"_1", b"")


def no_leading_fnc1(x: int, y: int, module: int, symbol) -> bytes:  # type: ignore[no-untyped-def]
    """What makes a GS1 symbol of it is missing."""
    return REAL_SYMBOL(x, y, module, symbol).replace(b"_^FD_1", b"_^FD")


@pytest.mark.capability("G5")
@pytest.mark.parametrize("wrong", [no_separator, no_leading_fnc1])
def test_a_label_with_a_wrong_escape_labels_nothing(
    run: Run, station: PrintStation, monkeypatch: pytest.MonkeyPatch, wrong: object
) -> None:
    monkeypatch.setattr(zpl_fields, "gs1_datamatrix_field", wrong)
    unit = run.unit_ids()[0]
    ask(run, unit)
    station.queue().until_status("sent", "printed")
    (paper,) = station.printer.printed
    assert paper.scans != (), "it looks like a label"
    with pytest.raises(ScanDiffers):
        apply(run, unit, paper.scans[0])
    assert units(run.plant) == [("made", "printed", 1)]


@pytest.mark.capability("G8")
def test_paper_that_ends_after_the_print_command_leaves_the_label_unknown_and_only_a_person_lets_another_come_out(
    run: Run, station: PrintStation
) -> None:
    unit = run.unit_ids()[0]
    label = ask(run, unit)
    station.printer.let_paper_end_within_next_label()
    ear = station.queue()
    ear.until_status("sent", "unknown")
    station.printer.load_paper()
    ear.until_standing(Standing.LIVE)
    assert [paper.complete for paper in station.printer.printed] == [False], "the printer did not repeat it either"
    with pytest.raises(UnitHasLabel):
        ask(run, unit, reason="I see none")
    run.at.give(ConfirmUnitLabel(command_id=new_id(), label=label, came_out=False, remark="half a label, thrown away"))
    ask(run, unit, reason="half a label, thrown away")
    ear.until_status("sent", "unknown", "sent", "printed")
    half, whole = station.printer.printed
    assert (half.complete, whole.complete) == (False, True)
    apply(run, unit, whole.scans[0])
    assert units(run.plant) == [("labelled", "refused", 1), ("labelled", "applied", 2)]


@pytest.mark.capability("G8")
def test_a_label_left_behind_by_a_killed_program_is_not_sent_again_and_counts_when_it_is_in_the_hand(
    run: Run, station: PrintStation
) -> None:
    unit = run.unit_ids()[0]
    label = ask(run, unit)
    says = run.plant.rows("SELECT content ->> 'decoded' FROM lineside.label WHERE id = %s", label)[0][0]
    run.move_label(label, f"]d2{says}", "sent")
    ear = station.queue()
    ear.until_status("unknown")
    ear.until_standing(Standing.LIVE)
    assert station.printer.printed == []
    apply(run, unit, f"]d2{says}")
    assert units(run.plant) == [("labelled", "applied", 1)]
    with pytest.raises(NoLabelWaits):
        apply(run, unit, f"]d2{says}")


@pytest.mark.capability("G2")
@pytest.mark.capability("G5")
@pytest.mark.parametrize("speaks", ["tspl", "sbpl"])
def test_a_label_printed_as_a_picture_is_scanned_from_the_paper_and_labels_its_unit(run: Run, station: PrintStation, speaks: str) -> None:
    unit = run.unit_ids()[0]
    with TsplPrinter() if speaks == "tspl" else SbplPrinter() as printer:
        printer.take_its_time(before=1, printing=1)
        other = PrintStation(run.plant, printer, "IQC-02", speaks=speaks)
        ask(run, unit)
        other.queue().until_status("sent", "printed")
        other.stop()
        (raw,) = printer.printed
    paper = tspl_picture.paper(raw, dpi=203) if speaks == "tspl" else sbpl_picture.paper(raw, width=400, height=240)
    (scanned,) = paper.scans
    apply(run, unit, scanned)
    assert units(run.plant) == [("labelled", "applied", 1)]


@pytest.mark.capability("J6")
def test_in_a_plant_for_practice_the_queue_prints_what_may_reach_no_product(run: Run, station: PrintStation) -> None:
    first, second = run.unit_ids()
    ask(run, first)
    station.queue().until_status("sent", "printed")
    station.stop()
    ask(run, second)
    behind = run.plant.superuser()  # no plant becomes one for practice by anybody's hand: past its triggers
    behind.execute("ALTER TABLE lineside.practice DISABLE TRIGGER ALL; INSERT INTO lineside.practice DEFAULT VALUES")
    station.queue().until_status("sent", "printed")
    real, practice = station.printer.printed
    assert practice.scans[0].startswith("]d2")
    assert np.count_nonzero(practice.dots) > 1.2 * np.count_nonzero(real.dots), "white on black, under the symbol"


@pytest.mark.capability("G3")
def test_every_kind_has_its_own_page_and_a_kind_nobody_drew_has_none(run: Run, station: PrintStation) -> None:
    ask(run, run.unit_ids()[0])
    ((content, at),) = run.plant.rows("SELECT content, requested_at FROM lineside.label WHERE kind = 'unit'")
    facts = LabelFacts(content=content, copy_no=1, requested_at=at, zone=ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type]
    page = pypdfium2.PdfDocument(label_pdf("unit", facts, Language.ZH, practice=False))[0]
    assert content["serial"] in page.get_textpage().get_text_range()  # type: ignore[index,call-overload]
    with pytest.raises(LabelUnreadable, match="container"):
        label_pdf("container", facts, Language.EN, practice=False)
    with pytest.raises(LabelUnreadable, match="kind"):
        label_job("box", facts, Language.EN, head=PrintHead(speaks="zpl", dpi=203), practice=False)
    with pytest.raises(LabelUnreadable, match="kind"):
        label_pdf("box", facts, Language.EN, practice=False)
