"""The inspector types a value in place of the gauge, and a second person signs it at the same station (E6)."""

import itertools
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from app.demo.people import SECRET
from tests.inspection.station import Station
from ui.inspection.cursor import Place
from ui.kit import set_language
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.signing_sheet import SigningSheet
from ui.typed.typing_sheet import TypingSheet

pytestmark = pytest.mark.capability("E6")


def open_typing(station: Station) -> TypingSheet:
    """F11 at the cell in focus."""
    station.press(Qt.Key.Key_F11)
    station.until(lambda: isinstance(station.window.frame.sheet, TypingSheet))
    sheet = station.window.frame.sheet
    assert isinstance(sheet, TypingSheet)
    return sheet


def type_value(station: Station, value: str = "0.861", reason: str = "cable broken") -> SigningSheet:
    """Value, instrument, reason, Enter: the second person is asked for."""
    sheet = open_typing(station)
    station.type(value)
    if sheet.device is None:
        sheet.instrument._take(0)
    sheet.reason.setFocus()
    station.type(reason)
    station.press(Qt.Key.Key_Return)
    station.until(lambda: isinstance(station.window.frame.sheet, SigningSheet))
    asked = station.window.frame.sheet
    assert isinstance(asked, SigningSheet)
    return asked


def sign(station: Station, asked: SigningSheet, badge: str = "T-0124") -> None:
    """A badge and a password."""
    station.until(lambda: asked._to_sign is not None)
    station.scan(f"BDG:{badge}")
    station.until(lambda: asked._signer is not None)
    asked.password.edit.setFocus()
    station.type(SECRET)
    station.press(Qt.Key.Key_Return)


def test_a_typed_value_stands_in_its_cell_with_its_tag_once_a_second_person_signed(measuring: Station):
    asked = type_value(measuring)
    assert measuring.screen.hand.bench.taken == {}
    sign(measuring, asked)
    measuring.until(lambda: Place(0, 1) in measuring.screen.hand.bench.taken)
    taken = measuring.screen.hand.bench.taken[Place(0, 1)]
    assert (taken.origin, taken.measured.value, taken.taken_by) == ("typed", Decimal("0.861"), "li.ming")
    assert measuring.window.frame.sheet is None
    assert [said.text for said in measuring.screen.body.grid.said()].count("typed") == 1
    measuring.screen.hand.go(Place(0, 1))
    measuring.press(Qt.Key.Key_F4)
    measuring.until(lambda: isinstance(measuring.window.frame.sheet, EvidenceSheet))
    (shown,) = measuring.window.frame.sheet.evidence
    told = {str(fact.name): str(fact.value) for fact in shown.facts}
    assert told["typed because"] == "cable broken"
    assert told["typed by"].startswith("Li Ming")
    assert told["verified by"].startswith("Chen Jing")
    assert told["device"] == "LM-07, serial no. 61870023"
    assert "clock" in told["workstation time"]


def test_who_typed_it_is_refused_in_the_sheet_and_not_now_leaves_it_waiting(measuring: Station):
    asked = type_value(measuring)
    measuring.until(lambda: asked._to_sign is not None)
    measuring.scan("BDG:T-0117")
    measuring.until(lambda: "performed this work" in asked.refusal)
    measuring.press(Qt.Key.Key_Escape)
    measuring.until(lambda: measuring.window.frame.sheet is None)
    measuring.until(lambda: Place(0, 1) in measuring.screen.hand.bench.waiting)
    measuring.screen._point(Place(0, 1))
    assert measuring.sentence == "(1) 0.861 mm of sample 1 waits for a second person."
    assert measuring.primary.startswith("Have it verified")
    measuring.press(Qt.Key.Key_F8)  # withdrawn: the cell is empty again, what was typed stays on record
    measuring.until(lambda: measuring.screen.hand.bench.waiting == {})
    assert measuring.plant.rows("SELECT status FROM lineside.typed_value") == [("withdrawn",)]


def test_a_gauge_that_reads_after_all_goes_before_what_was_typed(measuring: Station):
    type_value(measuring)
    measuring.press(Qt.Key.Key_Escape)
    measuring.until(lambda: Place(0, 1) in measuring.screen.hand.bench.waiting)
    measuring.screen._point(Place(0, 1))
    measuring.take("LM-07", "0.870")
    assert measuring.screen.hand.bench.taken[Place(0, 1)].origin == "device"


def test_the_sheet_says_what_is_missing_and_takes_no_instrument_that_is_not_allowed(measuring: Station):
    measuring.screen._point(Place(1, 1))
    sheet = open_typing(measuring)
    assert sheet._wanted.instruments == ("DC-014",)  # DC-009 is overdue
    assert sheet.device == "DC-014"
    assert "nothing is entered yet" in sheet._act.accessibleName() + str(sheet._missing())
    measuring.type("25.04")
    assert str(sheet._missing()) == "write the reason"
    measuring.press(Qt.Key.Key_Escape)
    measuring.until(lambda: measuring.window.frame.sheet is None)
    assert measuring.plant.rows("SELECT count(*) FROM lineside.typed_value") == [(0,)]


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", list(Language))
def test_nothing_of_it_is_cut_on_any_glass_in_any_language(station_of, lot: str, size: tuple[int, int], language: Language):
    station = station_of(size=size)
    station.open_lot(lot)
    set_language(language)
    sheet = open_typing(station)
    station.until(lambda: sheet.height() <= station.window.height())
    parts = [part for part in (sheet.entry, sheet.read_from, sheet.instrument, sheet.reason, sheet.pad) if part.isVisible()]
    for above, below in itertools.pairwise(parts):
        assert above.geometry().bottom() < below.geometry().top() + 1
    assert all(part.height() >= part.minimumSizeHint().height() for part in parts)
