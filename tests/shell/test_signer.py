"""Who signs: a badge before the sheet has read, a written name, another meaning, another person, a record that changed meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.stations import StationLink
from app.demo.people import SECRET
from app.deviations.commands import DescribeDeviation
from tests.plant import Plant
from tests.shell.conftest import Deviated, Hand, deviation_to_sign, elsewhere, new_person
from ui.kit import Field, set_language
from ui.shell.call import CallSheet
from ui.shell.signing_sheet import SigningSheet

TOM, LI, WANG = "BDG:T-0231", "BDG:T-0117", "BDG:T-0240"


@pytest.fixture
def signed() -> list[Any]:
    """What the screen was told after a signature."""
    return []


@pytest.fixture
def opening(deviation: Deviated, at_step: Hand, signed: list[Any]) -> Callable[..., Hand]:
    """Open the sheet with its first so many meanings; nothing has been read yet, because no answer comes before the hand rests."""

    def open_it(meanings: int = 2) -> Hand:
        asked = deviation_to_sign(deviation, lambda answer, choice: signed.append(str(choice.words)))
        at_step.step.sign(**asked | {"choices": asked["choices"][:meanings]})
        assert sheet(at_step)._to_sign is None
        return at_step

    return open_it


@pytest.fixture
def read(opening: Callable[..., Hand]) -> Hand:
    """The sheet with both meanings, read."""
    hand = opening()
    until_read(hand)
    return hand


def sheet(hand: Hand) -> SigningSheet:
    shown = hand.window.frame.sheet
    assert isinstance(shown, SigningSheet)
    return shown


def until_read(hand: Hand) -> None:
    hand.until(lambda: sheet(hand)._to_sign is not None)


def until_signer(hand: Hand, name: str) -> None:
    """Somebody is taken as the signer, and their name stands in the field."""
    hand.until(lambda: sheet(hand)._signer is not None and sheet(hand).person.text == name)


def meaning(hand: Hand) -> int | None:
    return sheet(hand).meaning.index


def writes_in(hand: Hand) -> Field | None:
    """The field of the sheet that has the keyboard."""
    return next((field for field in (sheet(hand).person, sheet(hand).password) if field.edit.hasFocus()), None)


def enter_name(hand: Hand, name: str) -> None:
    sheet(hand).person.set_text("")
    sheet(hand).person.edit.setFocus()
    hand.type(name)
    hand.press(Qt.Key.Key_Return)


def with_password(hand: Hand) -> None:
    sheet(hand).password.edit.setFocus()
    hand.type(SECRET)
    hand.press(Qt.Key.Key_Return)


# before anything was read -------------------------------------------------------------------------------------------------------------


@pytest.mark.capability("K1")
def test_a_badge_scanned_before_the_sheet_has_read_is_kept_and_taken(opening: Callable[..., Hand], signed: list[Any]) -> None:
    hand = opening()
    hand.scan(TOM)
    until_signer(hand, "Tom Becker")
    assert meaning(hand) == 0
    assert writes_in(hand) is sheet(hand).password
    with_password(hand)
    hand.until(lambda: signed)


def test_a_name_entered_before_the_sheet_has_read_is_kept_and_taken(opening: Callable[..., Hand]) -> None:
    hand = opening()
    enter_name(hand, "tom.becker")
    until_signer(hand, "Tom Becker")
    assert sheet(hand).refusal == ""


def test_of_two_badges_before_the_sheet_has_read_the_later_one_signs(opening: Callable[..., Hand]) -> None:
    hand = opening()
    hand.scan(WANG)
    hand.scan(TOM)
    until_signer(hand, "Tom Becker")
    assert meaning(hand) == 0


def test_the_badge_of_who_performed_the_work_is_refused_as_soon_as_it_is_known(opening: Callable[..., Hand]) -> None:
    hand = opening()
    hand.scan(LI)
    hand.until(lambda: sheet(hand).refusal)
    assert "Li Ming performed this work" in sheet(hand).refusal
    assert not sheet(hand).sign.isEnabled()


def test_a_badge_is_forgotten_when_a_name_is_written_before_its_answer(opening: Callable[..., Hand]) -> None:
    hand, later = opening(1), list[Any]()
    hand.scan(TOM)
    hand.type("Wang")
    hand.bridge.ask_station(StationLink.people, done=later.append)
    hand.until(lambda: later and sheet(hand)._to_sign is not None)
    assert (sheet(hand)._signer, sheet(hand).person.text) == (None, "Wang")


def test_a_password_begun_before_the_sheet_has_read_never_ends_in_a_field_that_shows_it(
    opening: Callable[..., Hand], signed: list[Any]
) -> None:
    hand = opening(1)
    sheet(hand).password.edit.setFocus()
    hand.type(SECRET[:5])
    until_read(hand)
    hand.type(SECRET[5:])
    assert (sheet(hand).person.text, sheet(hand).password.text) == ("", SECRET)
    hand.scan(TOM)
    until_signer(hand, "Tom Becker")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: signed)


def test_a_password_with_digits_chooses_no_meaning_when_the_badge_is_known_only_now(opening: Callable[..., Hand], plant: Plant) -> None:
    hand = opening()
    sheet(hand).password.edit.setFocus()
    hand.scan(WANG)
    hand.type("pass")
    until_signer(hand, "Wang Haiyan")
    hand.type("1")
    assert (sheet(hand).password.text, meaning(hand)) == ("pass1", 1)


def test_a_name_begun_before_the_sheet_has_read_is_written_to_its_end(opening: Callable[..., Hand]) -> None:
    hand = opening()
    hand.type("T-0")
    until_read(hand)
    hand.type("231")
    assert (sheet(hand).person.text, meaning(hand)) == ("T-0231", None)
    hand.press(Qt.Key.Key_Return)
    until_signer(hand, "Tom Becker")


# the meaning --------------------------------------------------------------------------------------------------------------------------


def test_the_only_meaning_is_chosen_by_itself(opening: Callable[..., Hand], signed: list[Any]) -> None:
    hand = opening(1)
    assert meaning(hand) == 0
    until_read(hand)
    assert writes_in(hand) is sheet(hand).person
    assert sheet(hand).sign.said_text == "Scan a badge or enter a name"
    hand.scan(TOM)
    until_signer(hand, "Tom Becker")
    with_password(hand)
    hand.until(lambda: signed)
    assert signed == ["Approved as line supervisor"]


def test_of_several_meanings_none_is_chosen_and_nobody_signs_before_one_is(read: Hand, plant: Plant) -> None:
    assert meaning(read) is None
    assert sheet(read).meaning.hasFocus()
    assert sheet(read).sign.said_text == "Choose a meaning"
    read.press(Qt.Key.Key_Return)
    assert not sheet(read).sign.is_busy
    assert plant.rows("SELECT 1 FROM lineside.signature WHERE subject_kind = 'deviation'") == []


def test_a_meaning_chosen_for_one_person_alone_goes_with_that_person(read: Hand) -> None:
    read.scan(TOM)
    until_signer(read, "Tom Becker")
    assert meaning(read) == 0
    read.scan(WANG)
    until_signer(read, "Wang Haiyan")
    assert meaning(read) == 1
    assert sheet(read).refusal == ""
    sheet(read).person.edit.setFocus()
    read.type("x")
    assert meaning(read) is None
    assert sheet(read)._signer is None


def test_another_meaning_is_another_question_of_who_may(read: Hand) -> None:
    sheet(read).meaning.press(Qt.Key.Key_1)
    read.scan(WANG)
    read.until(lambda: sheet(read).refusal)
    assert sheet(read).refusal.endswith("May sign: Tom Becker.")
    sheet(read).meaning.press(Qt.Key.Key_2)
    until_signer(read, "Wang Haiyan")
    assert sheet(read).refusal == ""
    sheet(read).meaning.press(Qt.Key.Key_1)
    assert sheet(read).refusal.endswith("May sign: Tom Becker.")
    assert (sheet(read)._signer, sheet(read).person.text) == (None, "")
    assert not sheet(read).sign.isEnabled()


def test_while_it_is_being_signed_the_meaning_stands(opening: Callable[..., Hand], signed: list[Any]) -> None:
    hand = opening()
    hand.scan(TOM)
    until_signer(hand, "Tom Becker")
    sheet(hand).password.edit.setFocus()
    hand.type("not his password")
    hand.press(Qt.Key.Key_Return)
    assert sheet(hand).sign.is_busy
    assert sheet(hand).press(Qt.Key.Key_2)
    assert meaning(hand) == 0
    hand.until(lambda: sheet(hand).refusal)
    assert sheet(hand).press(Qt.Key.Key_2), "after the refusal it may be chosen again"
    assert meaning(hand) == 1


# the person ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tom.becker", "Tom Becker", "TOM BECKER", "T-0231", "t-0231"])
def test_a_signer_may_be_written_as_at_sign_in_by_name_or_as_the_badge(read: Hand, name: str) -> None:
    enter_name(read, name)
    until_signer(read, "Tom Becker")


def test_a_chinese_name_is_known_and_stands_there_in_chinese(read: Hand) -> None:
    set_language(Language.ZH)
    enter_name(read, "王海燕")
    until_signer(read, "王海燕")
    read.type(SECRET)
    assert sheet(read).sign.said_text == "以 王海燕 签署"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("li.ming", "Li Ming performed this work"),
        ("Zhou Min", "zhou.min does not have the right for this. May sign: "),
        ("nobody.here", "Not known: nobody here has the badge or name nobody.here. May sign: "),
    ],
)
def test_a_written_name_is_refused_for_the_same_reason_as_the_badge(read: Hand, name: str, told: str) -> None:
    enter_name(read, name)
    read.until(lambda: sheet(read).refusal)
    assert told in sheet(read).refusal
    assert sheet(read)._signer is None


@pytest.fixture
def namesake(plant: Plant) -> str:
    """A second supervisor called Tom Becker."""
    return new_person(plant, "tom", name="Tom Becker", job="supervisor")


def test_of_two_people_with_one_name_nobody_is_guessed(namesake: str, read: Hand) -> None:
    enter_name(read, "Tom Becker")
    read.until(lambda: sheet(read).refusal)
    assert sheet(read).refusal == (
        "Not clear who signs: several people here are called Tom Becker. Scan the badge, or enter the name used at sign-in."
    )
    enter_name(read, namesake)
    until_signer(read, "Tom Becker")
    assert sheet(read)._signer == namesake


def test_a_refused_badge_leaves_no_other_name_in_the_field(read: Hand) -> None:
    read.scan(TOM)
    until_signer(read, "Tom Becker")
    read.scan(LI)
    read.until(lambda: sheet(read).refusal)
    assert (sheet(read)._signer, sheet(read).person.text) == (None, "")


# meanwhile ----------------------------------------------------------------------------------------------------------------------------


def test_a_signer_who_worked_on_the_record_meanwhile_is_refused_when_it_is_read_again(
    read: Hand, deviation: Deviated, plant: Plant, signed: list[Any]
) -> None:
    read.scan(TOM)
    until_signer(read, "Tom Becker")
    change = DescribeDeviation(
        command_id=new_id(), deviation=deviation.id, version=2, what_happened="Other words.", class_="major", disposition="reject"
    )
    elsewhere(lambda: plant.sign_in("tom.becker", station=None).give(change))
    with_password(read)
    read.until(lambda: "Tom Becker performed this work" in sheet(read).refusal)
    assert sheet(read).refusal.endswith("May sign: Wang Haiyan, Xu Lan.")
    assert not sheet(read).sign.isEnabled()
    assert signed == []


def test_the_answer_to_a_signature_closes_no_other_sheet(read: Hand, signed: list[Any]) -> None:
    read.scan(TOM)
    until_signer(read, "Tom Becker")
    answered = threading.Event()
    read.bridge._came.connect(lambda _: answered.set(), Qt.ConnectionType.DirectConnection)
    with_password(read)
    assert answered.wait(20)
    read.window.call()
    read.until(lambda: signed)
    QApplication.processEvents()
    assert isinstance(read.window.frame.sheet, CallSheet)
