"""The signing sheet: who signs, as what, over what; refused in the sheet; left without loss."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.demo.people import SECRET
from app.deviations.commands import DescribeDeviation
from tests.plant import Plant
from tests.shell.conftest import Deviated, Hand, deviation_to_sign, elsewhere
from ui.shell.signing_sheet import SigningSheet, short_digest


@pytest.fixture
def signed() -> list[Any]:
    """What the screen was told after a signature."""
    return []


@pytest.fixture
def signing(deviation: Deviated, at_step: Hand, signed: list[Any]) -> Hand:
    """The inspector's station with the sheet open and read."""
    step = at_step.step
    step.sign(**deviation_to_sign(deviation, lambda answer, choice: signed.append((answer, str(choice.words))), step.panel))
    at_step.until(lambda: sheet(at_step)._to_sign is not None)
    return at_step


def sheet(hand: Hand) -> SigningSheet:
    shown = hand.window.frame.sheet
    assert isinstance(shown, SigningSheet)
    return shown


def signatures(plant: Plant) -> list[tuple[object, ...]]:
    return plant.rows("SELECT signer, meaning, station FROM lineside.signature WHERE subject_kind = 'deviation'")


def as_supervisor(hand: Hand) -> None:
    """The first meaning, by its key."""
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: sheet(hand).meaning.index == 0)


def as_tom(hand: Hand, secret: str = SECRET) -> None:
    """Badge, password, Enter."""
    as_supervisor(hand)
    hand.scan("BDG:T-0231")
    hand.until(lambda: sheet(hand)._signer == "tom.becker")
    sheet(hand).password.edit.setFocus()
    hand.type(secret)
    hand.press(Qt.Key.Key_Return)


@pytest.mark.capability("K1")
def test_the_supervisor_signs_with_badge_and_password_and_the_operator_stays_signed_in(
    signing: Hand, plant: Plant, signed: list[Any]
) -> None:
    digest = plant.rows("SELECT sha256(convert_to(lineside.canonical('deviation', id), 'UTF8')) FROM lineside.deviation")[0][0]
    assert isinstance(digest, bytes)
    assert sheet(signing)._digest.value.text == short_digest(digest)
    as_tom(signing)
    signing.until(lambda: signed)
    assert signed == [("open", "Approved as line supervisor")]
    assert signatures(plant) == [("tom.becker", "approved by supervisor", "IQC-02")]
    assert signing.bridge.who is not None
    assert signing.bridge.who.login == "li.ming"
    assert signing.window.frame.sheet is None


@pytest.mark.capability("K1")
def test_a_wrong_password_is_refused_in_the_sheet_and_put_on_record(signing: Hand, plant: Plant, signed: list[Any]) -> None:
    as_tom(signing, secret="not his password")
    signing.until(lambda: sheet(signing).refusal)
    assert sheet(signing).refusal == "Not signed: name and password do not belong together. Enter the password again."
    assert sheet(signing).password.text == ""
    assert signatures(plant) == []
    assert plant.rows("SELECT login FROM lineside.sign_in_failure") == [("tom.becker",)]
    signing.type(SECRET)
    signing.press(Qt.Key.Key_Return)
    signing.until(lambda: signed)


def test_the_badge_of_who_performed_the_work_is_refused_with_the_names_of_those_who_may(signing: Hand) -> None:
    as_supervisor(signing)
    signing.scan("BDG:T-0117")
    signing.until(lambda: sheet(signing).refusal)
    assert "Li Ming performed this work" in sheet(signing).refusal
    assert "May sign: Tom Becker." in sheet(signing).refusal
    assert not sheet(signing).sign.isEnabled()


def test_who_has_no_right_for_the_meaning_is_refused_before_the_password(signing: Hand) -> None:
    as_supervisor(signing)
    signing.scan("BDG:T-0240")
    signing.until(lambda: sheet(signing).refusal)
    assert sheet(signing).refusal == "Not signed: wang.haiyan does not have the right for this. May sign: Tom Becker."


@pytest.mark.capability("K1")
def test_not_now_loses_nothing_and_leaves_the_screen_enabled(signing: Hand, plant: Plant, signed: list[Any]) -> None:
    as_supervisor(signing)
    signing.press(Qt.Key.Key_Escape)
    assert signing.window.frame.sheet is None
    assert signatures(plant) == []
    assert signing.step.isEnabled()
    signing.press(Qt.Key.Key_Return)
    signing.until(lambda: signing.step.given == 1)
    assert signed == []


def test_a_scan_while_the_password_has_the_focus_never_enters_it_and_reaches_the_screen(signing: Hand) -> None:
    as_supervisor(signing)
    sheet(signing).password.edit.setFocus()
    signing.type("line")
    signing.wedge("L26-0382")
    signing.until(lambda: signing.step.scanned)
    assert sheet(signing).password.text == "line"
    assert signing.step.scanned[0].lot == "L26-0382"
    assert signing.window.frame.sheet is not None


def test_a_record_that_changed_meanwhile_is_not_signed_but_read_again(
    signing: Hand, deviation: Deviated, plant: Plant, signed: list[Any]
) -> None:
    change = DescribeDeviation(
        command_id=new_id(), deviation=deviation.id, version=2, what_happened="Other words.", class_="major", disposition="reject"
    )
    elsewhere(lambda: plant.sign_in("li.ming", station=None).give(change))
    as_tom(signing)
    signing.until(lambda: sheet(signing).refusal)
    assert sheet(signing).refusal == "Not signed: the record is no longer what the sheet showed. Read it again, then sign." or (
        "somebody changed this record meanwhile" in sheet(signing).refusal
    )
    signing.until(lambda: sheet(signing)._to_sign is not None)
    assert signatures(plant) == []
    signing.type(SECRET)
    signing.press(Qt.Key.Key_Return)
    signing.until(lambda: signed)
    assert signed == [("decided", "Approved as line supervisor")]
