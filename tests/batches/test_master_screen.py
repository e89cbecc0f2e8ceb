"""Master records on screen: the readable difference, and whose turn it is."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from tests.batches.masters import draft, revised
from tests.batches.screens import BADGES, badge, glass, sign, troubles
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from ui.batches.master_screen import MastersScreen
from ui.kit import say
from ui.shell.signing_sheet import SigningSheet

OPENS = Callable[..., Hand]
SECOND = (
    ("upper: 142.0", "upper: 141.5"),
    ("  - key: open_time", "  - key: look\n    kind: instruction\n    name: {en: Look at the hub, zh: 查看针座}\n\n  - key: open_time"),
)


def masters_at(hand: Hand, login: str) -> MastersScreen:
    hand.sign_in(login)
    screen = hand.window.open("batches.masters", {})
    assert isinstance(screen, MastersScreen)
    hand.until(lambda: screen.read is not None)
    return screen


def goes_on_as(hand: Hand, login: str) -> None:
    hand.window.lock(login=login)
    hand.sign_in(login)


@pytest.mark.capability("F1")
def test_a_revision_goes_from_draft_to_effective_and_out_of_use_by_whose_turn_it_is(plant: Plant, open_batches: OPENS):
    second = draft(plant, revised(2, *SECOND))
    hand = open_batches(plant)
    screen = masters_at(hand, "zhao.lei")
    assert screen.line is not None
    assert (screen.line.id, screen.line.state, badge(hand)) == (second, "draft", "draft")
    told = [say(sentence) for sentence in screen.changes.sentences]
    assert "step look is new: 6 Look at the hub (instruction)" in told
    assert any("142.0 → 141.5" in sentence for sentence in told)
    assert all(sentence.split(" → ")[0].split()[0] in glass(hand) for sentence in told)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: badge(hand) == "in review")
    assert hand.window.frame.action_bar.primary is None
    goes_on_as(hand, "wang.haiyan")
    hand.until(lambda: hand.window.frame.action_bar.primary is screen.sign_button)
    hand.press(Qt.Key.Key_Return)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    hand.until(lambda: sheet._to_sign is not None)
    hand.scan(f"BDG:{BADGES['zhao.lei']}")
    hand.until(lambda: "Zhao Lei performed this work" in sheet.refusal)
    sign(hand, "wang.haiyan")
    hand.until(lambda: badge(hand) == "effective")
    assert [line.state for line in screen._lines.values()] == ["effective", "signed"]
    hand.press(Qt.Key.Key_F11)
    sign(hand, "xu.lan")
    hand.until(lambda: badge(hand) == "obsolete")
    assert [line.state for line in screen._lines.values()] == ["obsolete", "effective"]
    meanings = "SELECT signer, meaning FROM signature WHERE subject_id = %s ORDER BY at"
    assert elsewhere(lambda: plant.rows(meanings, second)) == [("wang.haiyan", "approved"), ("xu.lan", "withdrawn")]


@pytest.mark.capability("F1")
def test_a_first_revision_shows_its_steps_and_an_operator_is_offered_nothing(plant: Plant, open_batches: OPENS):
    hand = open_batches(plant)
    screen = masters_at(hand, "chen.jing")
    assert len(screen.changes.sentences) == 12
    assert "7 Pouch sealing" in glass(hand)
    assert hand.sentence == "Batches start from revision 1."
    assert hand.window.frame.action_bar.primary is None
    assert screen.withdraw_button not in screen.face.lefts


@pytest.mark.capability("Q2", "Q3")
def test_the_difference_is_whole_in_every_look_and_beside_the_signing_sheet(plant: Plant, open_batches: OPENS):
    draft(plant, revised(2, *SECOND))
    hand = open_batches(plant)
    screen = masters_at(hand, "zhao.lei")
    assert troubles(hand) == []
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: screen.line is not None and screen.line.state == "review")
    goes_on_as(hand, "wang.haiyan")
    hand.until(lambda: hand.window.frame.action_bar.primary is screen.sign_button)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, SigningSheet) and hand.window.frame.sheet._to_sign is not None)
    assert troubles(hand) == []
