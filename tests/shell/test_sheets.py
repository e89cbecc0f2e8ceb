"""Where the keyboard is: in the first field of a sheet that opens, with the screen again when it goes, never with what is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.demo.people import SECRET
from tests.plant import Plant
from tests.shell.conftest import HANDED_OUT, Deviated, Hand, deviation_to_sign, new_person
from ui.kit import Field, PrimaryButton, Sheet
from ui.shell.call import CallSheet
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.first_secret import FirstSecret
from ui.shell.lock import Lock
from ui.shell.sign_in import SignIn
from ui.shell.signing_sheet import SigningSheet
from ui.shell.small_sheets import FindSheet, HelpSheet

LOT = "L26-0382"


class DamageSheet(Sheet):
    """A gauge's field, one that is only read, one for words, one for more words."""

    def __init__(self) -> None:
        super().__init__("Damage", primary=None)
        self.gauge, self.code, self.line, self.more = Field("Weight"), Field("Code"), Field("What is wrong"), Field("More")
        for field in (self.gauge, self.code, self.line, self.more):
            self.body.addWidget(field)
        self.gauge.read_from("WB-04")
        self.code.set_read_only(True)


def calls(plant: Plant) -> int:
    return len(plant.rows("SELECT 1 FROM lineside.task WHERE kind = 'call'"))


def in_hand() -> object:
    """What the keyboard writes into."""
    return QApplication.focusWidget()


# a sheet opens ------------------------------------------------------------------------------------------------------------------------


def test_what_is_found_is_typed_without_a_look_for_the_field(at_step: Hand) -> None:
    at_step.press(Qt.Key.Key_F3)
    at_step.type(LOT)
    at_step.press(Qt.Key.Key_Return)
    assert [one.lot for one in at_step.step.scanned] == [LOT]


def test_the_person_is_the_first_field_of_a_signature(deviation: Deviated, at_step: Hand) -> None:
    at_step.step.sign(**deviation_to_sign(deviation, lambda answer, choice: None))
    sheet = at_step.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    assert in_hand() is sheet.person.edit


def test_a_field_that_nobody_writes_in_is_passed_over(at_step: Hand) -> None:
    sheet = DamageSheet()
    at_step.window.open_sheet(sheet)
    assert in_hand() is sheet.line.edit
    at_step.type("torn")
    assert (sheet.line.text, sheet.more.text) == ("torn", "")


def test_a_sheet_without_a_field_takes_its_keys_from_the_field_of_the_screen(at_step: Hand, plant: Plant) -> None:
    at_step.step.field.edit.setFocus()
    at_step.type("burr")
    at_step.press(Qt.Key.Key_F9)
    at_step.press(Qt.Key.Key_1)
    at_step.until(lambda: calls(plant) == 1)
    assert at_step.step.field.text == "burr"


def test_while_a_call_is_on_its_way_no_second_one_is_given(at_step: Hand, plant: Plant) -> None:
    at_step.press(Qt.Key.Key_F9)
    sheet = at_step.window.frame.sheet
    assert isinstance(sheet, CallSheet)
    assert sheet.press(Qt.Key.Key_1)
    assert sheet.press(Qt.Key.Key_2)
    at_step.until(sheet.topics.isEnabled)
    assert plant.rows("SELECT facts ->> 'topic' FROM lineside.task WHERE kind = 'call'") == [("material",)]
    assert sheet.press(Qt.Key.Key_2)
    at_step.until(lambda: calls(plant) == 2)


def test_another_sheet_goes_and_takes_nothing_with_it(at_step: Hand, plant: Plant) -> None:
    at_step.press(Qt.Key.Key_F9)
    first = at_step.window.frame.sheet
    at_step.press(Qt.Key.Key_F3)
    second = at_step.window.frame.sheet
    assert (type(first), type(second)) == (CallSheet, FindSheet)
    at_step.until(lambda: not shiboken6.isValid(first))
    assert [sheet for sheet in at_step.window.findChildren(Sheet) if sheet.isVisible()] == [second]
    at_step.type("1")
    assert isinstance(second, FindSheet)
    assert second.code.text == "1"
    at_step.press(Qt.Key.Key_Escape)
    assert at_step.window.frame.sheet is None, "one Esc: nothing stands behind it"
    assert at_step.window.current is at_step.step
    assert calls(plant) == 0


# a sheet goes -------------------------------------------------------------------------------------------------------------------------


def by_esc(hand: Hand) -> None:
    hand.press(Qt.Key.Key_F3)
    hand.type("L26")
    hand.press(Qt.Key.Key_Escape)


def by_its_own_act(hand: Hand) -> None:
    hand.press(Qt.Key.Key_F3)
    hand.type("L26-0001")
    hand.press(Qt.Key.Key_Return)


def by_another_sheet_that_goes_too(hand: Hand) -> None:
    hand.press(Qt.Key.Key_F3)
    hand.press(Qt.Key.Key_F9)
    hand.press(Qt.Key.Key_Escape)


def from_a_field_of_the_screen(hand: Hand) -> None:
    hand.step.field.edit.setFocus()
    hand.press(Qt.Key.Key_F4)
    hand.press(Qt.Key.Key_Escape)


def by_a_lock_and_a_password(hand: Hand) -> None:
    hand.press(Qt.Key.Key_F3)
    hand.press(Qt.Key.Key_F10)
    hand.sign_in("li.ming")


WAYS = (by_esc, by_its_own_act, by_another_sheet_that_goes_too, from_a_field_of_the_screen, by_a_lock_and_a_password)


@pytest.mark.parametrize("way", WAYS)
def test_after_a_sheet_went_enter_and_scan_act_on_the_screen(at_step: Hand, plant: Plant, way: Callable[[Hand], None]) -> None:
    way(at_step)
    assert at_step.window.frame.sheet is None
    before = len(at_step.step.scanned)
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: at_step.step.given == 1)
    assert calls(plant) == 1
    at_step.wedge(LOT)
    at_step.until(lambda: len(at_step.step.scanned) == before + 1)
    assert at_step.step.scanned[-1].lot == LOT
    assert at_step.step.field.text == ""


@pytest.mark.parametrize("way", WAYS[:4])
def test_after_a_sheet_went_the_keyboard_is_the_windows_and_in_no_dead_field(at_step: Hand, way: Callable[[Hand], None]) -> None:
    way(at_step)
    assert in_hand() is at_step.window
    QApplication.processEvents()
    assert in_hand() is at_step.window, "not even when what was closed is gone"


def test_after_a_signature_enter_acts_on_the_screen(deviation: Deviated, at_step: Hand) -> None:
    at_step.step.sign(**deviation_to_sign(deviation, lambda answer, choice: None))
    at_step.scan("BDG:T-0231")
    sheet = at_step.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    at_step.until(lambda: sheet._signer is not None)
    at_step.type(SECRET)
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: at_step.window.frame.sheet is None)
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: at_step.step.given == 1)


def test_opening_another_screen_takes_the_sheet_with_it(at_step: Hand) -> None:
    at_step.press(Qt.Key.Key_F3)
    at_step.window.open("home")
    assert at_step.window.frame.sheet is None
    assert in_hand() is at_step.window.current, "home has arrows of its own"


# at a gate ----------------------------------------------------------------------------------------------------------------------------


def help_and_back(hand: Hand) -> None:
    """F1 looks up the keys in front of a gate, Esc goes on."""
    hand.press(Qt.Key.Key_F1)
    assert isinstance(hand.window.frame.sheet, HelpSheet)
    hand.press(Qt.Key.Key_Escape)
    assert hand.window.frame.sheet is None


def test_after_help_at_the_sign_in_the_password_is_typed_at_once(inspection_station: Hand) -> None:
    hand, gate = inspection_station, inspection_station.window.gate
    assert isinstance(gate, SignIn)
    hand.until(lambda: "li.ming" in gate._people)
    gate.choose("li.ming")
    help_and_back(hand)
    hand.type(SECRET)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.gate is None)


def test_after_help_at_the_lock_the_password_is_typed_at_once(at_step: Hand) -> None:
    at_step.press(Qt.Key.Key_F10)
    assert isinstance(at_step.window.gate, Lock)
    help_and_back(at_step)
    at_step.type(SECRET)
    at_step.press(Qt.Key.Key_Return)
    at_step.until(lambda: at_step.window.gate is None)


@pytest.fixture
def newcomer(plant: Plant) -> str:
    return new_person(plant, "first.help", name="First Help", job="operator")


def test_after_help_at_the_first_password_the_new_one_is_typed_at_once(newcomer: str, inspection_station: Hand) -> None:
    hand, gate = inspection_station, inspection_station.window.gate
    assert isinstance(gate, SignIn)
    hand.until(lambda: newcomer in gate._people)
    gate.choose(newcomer)
    hand.type(HANDED_OUT)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.gate, FirstSecret))
    help_and_back(hand)
    hand.type("a long sentence")
    first = hand.window.gate
    assert isinstance(first, FirstSecret)
    assert first.first.text == "a long sentence"
    assert isinstance(in_hand(), QLineEdit)


# a sheet that is only read ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "read"), [(Qt.Key.Key_F1, HelpSheet), (Qt.Key.Key_F4, EvidenceSheet)])
def test_help_and_evidence_lie_over_a_sheet_and_what_was_written_there_stands_again(at_step: Hand, key: Qt.Key, read: type[Sheet]) -> None:
    at_step.press(Qt.Key.Key_F3)
    beneath = at_step.window.frame.sheet
    assert isinstance(beneath, FindSheet)
    at_step.type("L26-00")
    for again in range(2):
        at_step.press(key)
        assert isinstance(at_step.window.frame.sheet, read), again
        assert [sheet for sheet in at_step.window.findChildren(Sheet) if sheet.isVisible()] == [at_step.window.frame.sheet]
    at_step.press(Qt.Key.Key_Escape)
    assert at_step.window.frame.sheet is beneath, "one Esc: the sheet somebody worked in"
    assert beneath.code.text == "L26-00"
    at_step.until(lambda: not at_step.window.findChildren(read))
    at_step.type("01")
    assert beneath.code.text == "L26-0001"
    at_step.press(Qt.Key.Key_Escape)
    assert at_step.window.frame.sheet is None


def test_another_sheet_and_a_lock_take_away_what_lies_beneath_too(at_step: Hand) -> None:
    for end in (Qt.Key.Key_F9, Qt.Key.Key_F10):
        at_step.press(Qt.Key.Key_F3)
        at_step.press(Qt.Key.Key_F4)
        at_step.press(end)
        at_step.until(lambda: not at_step.window.findChildren(FindSheet))
        assert at_step.window.dock.work is at_step.window.frame.sheet


def test_nothing_is_laid_over_a_sheet_whose_answer_is_awaited(at_step: Hand) -> None:
    act = PrimaryButton("store")
    busy = Sheet("Storing", primary=act)
    at_step.window.open_sheet(busy)
    act.begin_busy("storing")
    at_step.press(Qt.Key.Key_F4)
    assert at_step.window.frame.sheet is busy
    act.end_busy()
    at_step.press(Qt.Key.Key_F4)
    assert isinstance(at_step.window.frame.sheet, EvidenceSheet)
