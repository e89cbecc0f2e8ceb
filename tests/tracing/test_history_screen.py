"""The whole history of a lot on screen, each entry with its proof, and all of it on paper."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from tests.looking import troubles_of
from tests.plant import Plant
from tests.shell.conftest import Hand
from tests.tracing.lots import clean_lot, rich_lot
from ui.kit import set_language
from ui.materials.lots_screen import LotsScreen
from ui.shell.evidence_sheet import EvidenceSheet
from ui.tracing.history_screen import HistoryScreen
from ui.tracing.paper_sheet import PaperSheet


def open_history(hand: Hand) -> HistoryScreen:
    hand.press(Qt.Key.Key_F6)
    screen = hand.window.current
    assert isinstance(screen, HistoryScreen)
    hand.until(lambda: screen.history is not None)
    return screen


def words_of(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def test_f4_shows_limits_gauge_calibration_both_clocks_and_the_frame_of_a_reading(plant: Plant, open_lot: Callable[..., Hand]):
    hand = open_lot(rich_lot(plant))
    screen = open_history(hand)
    bad = next(n for n, event in enumerate(screen.history.events) if event.kind == "measured too high")
    screen.table.setFocus()
    for _ in range(bad):
        hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_F4)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, EvidenceSheet)
    proof = sheet.evidence[0]
    names = [str(fact.name) for fact in proof.facts]
    assert str(proof.title) == "Effective length, sample 3: 25.62 mm"
    assert proof.raw == b"01A+00025.62"
    assert names[:4] == ["limits", "verdict", "device", "it says of itself"]
    assert {"calibration"} <= set(names)
    assert {"workstation time", "time, by the database", "station", "person"} <= set(names)


@pytest.mark.capability("F10")
@pytest.mark.parametrize(("language", "said"), [(Language.EN, "Lot history"), (Language.ZH, "批次履历")])
def test_the_paper_is_on_the_disk_before_its_first_page_is_shown(
    plant: Plant, open_lot: Callable[..., Hand], documents: Path, language: Language, said: str
):
    walked = rich_lot(plant)
    hand = open_lot(walked)
    set_language(language)
    screen = open_history(hand)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, PaperSheet))
    (file,) = (documents / "Lineside").iterdir()
    assert file.name.startswith(walked.code)
    assert said in words_of(file)
    sheet = hand.window.frame.sheet
    assert (sheet.filed.file, sheet.filed.pages, sheet.page.page.width() > 700) == (file, 3, True)
    assert not screen.paper.is_busy


def test_a_folder_that_takes_no_file_is_said_and_nothing_half_is_left(plant: Plant, open_lot: Callable[..., Hand], documents: Path):
    documents.write_text("a file stands where the folder should be")
    hand = open_lot(clean_lot(plant, supplier_lot="NF26-0932"))
    screen = open_history(hand)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.banner)
    assert hand.banner.startswith("Not written: ")
    assert (hand.window.frame.sheet, screen.paper.is_busy) == (None, False)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_history_and_list_are_whole_on_every_supported_glass(plant: Plant, open_lot: Callable[..., Hand], size: tuple[int, int]):
    hand = open_lot(rich_lot(plant), size=size)
    open_history(hand)
    assert troubles_of(hand.window, hand.bot) == []
    hand.window.open_workbench("trace")
    lots = hand.window.current
    assert isinstance(lots, LotsScreen)
    hand.until(lambda: lots.table.chosen_key is not None)
    assert troubles_of(hand.window, hand.bot) == []
    assert (hand.window.width(), hand.window.height()) == size
