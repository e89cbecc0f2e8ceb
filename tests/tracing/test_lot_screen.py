"""Quality at a lot: what hinders the release is said, what is signed is stored, nobody who worked on it decides."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from app.demo.people import PEOPLE, SECRET
from tests.looking import troubles_of
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from tests.tracing.conftest import show_lot
from tests.tracing.lots import Walked, clean_lot, decide, rich_lot, without_triggers
from ui.deviations.deviation_screen import DeviationScreen
from ui.kit import Mode, ReasonSheet, ScanSlot, set_language, theme
from ui.materials.lot_screen import LotScreen
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.signing_sheet import SigningSheet

BADGES = {person.login: person.badge for person in PEOPLE}


def lot_screen(hand: Hand) -> LotScreen:
    screen = hand.window.current
    assert isinstance(screen, LotScreen)
    return screen


def badge(hand: Hand) -> str:
    return hand.window.frame.next_band.badge.text


def sheet_of(hand: Hand) -> SigningSheet:
    hand.until(lambda: isinstance(hand.window.frame.sheet, SigningSheet) and hand.window.frame.sheet._to_sign is not None)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    return sheet


def sign(hand: Hand, login: str) -> None:
    """Badge, password, Enter."""
    sheet = sheet_of(hand)
    hand.scan(f"BDG:{BADGES[login]}")
    hand.until(lambda: sheet._signer == login)
    sheet.password.edit.setFocus()
    hand.type(SECRET)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.frame.sheet is None)


def give_reason(hand: Hand, words: str) -> None:
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, ReasonSheet)
    sheet.reason.edit.setFocus()
    hand.type(words)
    hand.press(Qt.Key.Key_Return)


def status(plant: Plant, walked: Walked) -> list[tuple[object, ...]]:
    return elsewhere(lambda: plant.rows("SELECT status FROM lot WHERE id = %s", walked.lot))


def test_a_lot_with_an_open_deviation_cannot_be_released_and_the_bar_says_why(plant: Plant, open_lot: Callable[..., Hand]):
    walked = rich_lot(plant, decided=False)
    hand = open_lot(walked)
    release = lot_screen(hand).release_button
    assert (release.isEnabled(), str(release.reason), badge(hand)) == (False, "blocked by 2 gates", "not released")
    assert hand.sentence.startswith("Decide DEV26-0001, then release")
    hand.press(Qt.Key.Key_Return)
    assert hand.window.frame.sheet is None
    assert status(plant, walked) == [("quarantine",)]


@pytest.mark.capability("K1")
def test_whoever_measured_the_lot_is_refused_in_the_sheet_and_quality_s_signature_releases_it(plant: Plant, open_lot: Callable[..., Hand]):
    walked = rich_lot(plant)
    hand = open_lot(walked)
    hand.press(Qt.Key.Key_Return)
    sheet = sheet_of(hand)
    hand.scan(f"BDG:{BADGES['li.ming']}")
    hand.until(lambda: sheet.refusal)
    assert "Li Ming performed this work" in sheet.refusal
    assert "Wang Haiyan" in sheet.refusal
    assert "Xu Lan" in sheet.refusal
    assert status(plant, walked) == [("quarantine",)]
    sign(hand, "wang.haiyan")
    hand.until(lambda: badge(hand) == "released")
    signed = "SELECT signer, meaning, station FROM signature WHERE subject_id = %s"
    assert elsewhere(lambda: plant.rows(signed, walked.lot)) == [("wang.haiyan", "released", "IQC-02")]
    assert elsewhere(lambda: plant.rows("SELECT status FROM task WHERE kind = 'release_lot'")) == [("done",)]
    assert status(plant, walked) == [("released",)]
    assert isinstance(hand.window.frame.action_bar.primary, ScanSlot)


def test_a_hold_is_signed_with_its_reason_and_ended_by_quality(plant: Plant, open_lot: Callable[..., Hand]):
    walked = clean_lot(plant, supplier_lot="NF26-0932")
    hand = open_lot(walked)
    hand.press(Qt.Key.Key_F8)
    hand.press(Qt.Key.Key_Return)
    assert isinstance(hand.window.frame.sheet, ReasonSheet)
    give_reason(hand, "Supplier reported a mix-up.")
    sign(hand, "tom.becker")
    hand.until(lambda: badge(hand) == "held")
    stored = "SELECT signer, meaning, reason FROM signature WHERE subject_id = %s ORDER BY at"
    assert elsewhere(lambda: plant.rows(stored, walked.lot)) == [("tom.becker", "held", "Supplier reported a mix-up.")]
    assert hand.window.frame.action_bar.primary is lot_screen(hand).end_button
    hand.press(Qt.Key.Key_Return)
    sign(hand, "xu.lan")
    hand.until(lambda: badge(hand) == "waits for release")
    assert status(plant, walked) == [("quarantine",)]


def test_a_rejected_lot_offers_no_way_back(plant: Plant, open_lot: Callable[..., Hand]):
    walked = clean_lot(plant, supplier_lot="NF26-0932")
    hand = open_lot(walked)
    hand.press(Qt.Key.Key_F11)
    give_reason(hand, "Wrong sterilisation.")
    sign(hand, "xu.lan")
    hand.until(lambda: badge(hand) == "rejected")
    screen = lot_screen(hand)
    offered = [
        button for button in (screen.hold_button, screen.reject_button, screen.release_button, screen.end_button) if button.isVisible()
    ]
    assert offered == []


def test_an_inspector_sees_the_lot_and_is_offered_nothing_to_sign(plant: Plant, open_lot: Callable[..., Hand]):
    hand = open_lot(clean_lot(plant, supplier_lot="NF26-0932"), "li.ming")
    screen = lot_screen(hand)
    offered = [button for button in (screen.hold_button, screen.reject_button, screen.release_button) if button.isVisible()]
    assert (offered, isinstance(hand.window.frame.action_bar.primary, ScanSlot)) == ([], True)


@pytest.mark.capability("K2")
def test_a_broken_signature_is_a_red_banner_and_closes_the_release(plant: Plant, open_lot: Callable[..., Hand]):
    walked = rich_lot(plant)
    hand = open_lot(walked)
    assert (hand.banner, lot_screen(hand).release_button.isEnabled()) == ("", True)
    elsewhere(lambda: without_triggers(plant, "UPDATE lineside.deviation SET what_happened = 'Nothing.'"))
    show_lot(hand, walked)
    hand.until(lambda: hand.banner)
    assert "The signature of Tom Becker is broken." in hand.banner
    assert (badge(hand), lot_screen(hand).release_button.isEnabled()) == ("signature broken", False)
    assert [row.title.text for row in lot_screen(hand).exceptions.rows.rows[:2]] == ["Signature of {name} is broken"] * 2


def test_what_others_decide_meanwhile_opens_the_gates_on_this_screen(plant: Plant, open_lot: Callable[..., Hand]):
    walked = rich_lot(plant, decided=False)
    hand = open_lot(walked)
    elsewhere(lambda: decide(plant, plant.sign_in("li.ming", station="REC-01"), walked.deviation))
    hand.until(lambda: badge(hand) == "waits for release")
    assert lot_screen(hand).release_button.isEnabled()


def test_any_scan_of_a_lot_or_container_opens_its_lot_and_a_strange_one_is_refused(plant: Plant, open_lot: Callable[..., Hand]):
    one, other = clean_lot(plant, supplier_lot="NF26-0932"), clean_lot(plant, supplier_lot="NF26-0933")
    hand = open_lot(one)
    hand.scan(other.container)
    hand.until(lambda: lot_screen(hand).history.lot.id == other.lot)
    hand.scan(one.code)
    hand.until(lambda: lot_screen(hand).history.lot.id == one.lot)
    hand.scan("L26-7777")
    hand.until(lambda: hand.banner)
    assert hand.banner.startswith("Not opened: nothing here has the label L26-7777.")
    assert lot_screen(hand).history.lot.id == one.lot


def test_a_lot_that_waits_for_release_is_quality_s_task_at_home(plant: Plant, open_station: Callable[..., Hand]):
    walked = clean_lot(plant, supplier_lot="NF26-0932")
    hand = open_station("IQC-02")
    hand.sign_in("wang.haiyan")
    hand.until(lambda: hand.sentence == f"Next: Decide on lot {walked.code}")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: lot_screen(hand).history is not None)
    assert lot_screen(hand).history.lot.code == walked.code


def test_a_figure_opens_an_exception_to_be_decided_or_with_its_proof(plant: Plant, open_lot: Callable[..., Hand]):
    walked = rich_lot(plant, decided=False)
    hand = open_lot(walked)
    hand.press(Qt.Key.Key_2)
    hand.until(lambda: hand.window.frame.sheet is not None)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, EvidenceSheet)
    assert sheet.evidence[0].raw is not None
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: isinstance(hand.window.current, DeviationScreen))
    hand.press(Qt.Key.Key_Escape)
    hand.until(lambda: isinstance(hand.window.current, LotScreen) and hand.window.current.history is not None)


def test_f4_shows_every_movement_the_balance_is_made_of(plant: Plant, open_lot: Callable[..., Hand]):
    hand = open_lot(rich_lot(plant))
    hand.press(Qt.Key.Key_F4)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, EvidenceSheet)
    assert [fact.value.facts["quantity"].value for fact in sheet.evidence[0].facts] == [4000, 2000, -2000]


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", Language)
def test_the_screen_is_whole_on_every_supported_glass(
    plant: Plant, open_lot: Callable[..., Hand], size: tuple[int, int], language: Language
):
    hand = open_lot(rich_lot(plant, decided=False), size=size)
    set_language(language)
    theme.look(mode=Mode.DARK)
    assert troubles_of(hand.window, hand.bot) == []
    assert (hand.window.width(), hand.window.height()) == size
