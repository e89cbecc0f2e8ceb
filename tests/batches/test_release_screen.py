"""The review of a batch: gates with their why, exceptions only, and a release by two people who had no hand in it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.batches.queries import batch_by_code
from app.batches.review import batch_review
from tests.batches.large import grow
from tests.batches.runs import Run
from tests.batches.screens import BADGES, badge, glass, sign, troubles
from tests.batches.untidy import discrepancy, make_untidy
from tests.shell.conftest import Hand, elsewhere
from ui.batches.release_screen import ReleaseScreen
from ui.deviations.deviation_screen import DeviationScreen
from ui.kit import ScanSlot, State
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.signing_sheet import SigningSheet

OPENS = Callable[..., Hand]


def review_at(hand: Hand, run: Run, login: str) -> ReleaseScreen:
    hand.sign_in(login)
    screen = hand.window.open("batches.release", {"batch": str(run.batch)})
    assert isinstance(screen, ReleaseScreen)
    hand.until(lambda: screen.review is not None)
    return screen


def status(run: Run) -> object:
    return elsewhere(lambda: run.plant.rows("SELECT status, released_by, market_by FROM batch"))[0]


def shut(screen: ReleaseScreen) -> dict[str, str]:
    return {gate.key: str(gate.reason) for gate in screen._gates if gate.state is State.FAIL}


@pytest.mark.capability("F9", "F10")
def test_a_batch_in_order_shows_no_exception_and_is_released_by_two_people_one_after_the_other(made: Run, open_batches: OPENS):
    hand = open_batches()
    screen = review_at(hand, made, "wang.haiyan")
    assert (screen._rows, shut(screen), badge(hand)) == ((), {}, "waits for release")
    assert hand.sentence == "Release B26-0001: all in order."
    assert "27 entries in order, not shown" in glass(hand).replace("\n", " ")
    hand.press(Qt.Key.Key_Return)
    sign(hand, "wang.haiyan")
    hand.until(lambda: badge(hand) == "released for production")
    assert status(made) == ("released for production", "wang.haiyan", None)
    assert not screen.market_button.isEnabled()
    assert str(screen.market_button.reason) == "you released it: a second person signs"
    hand.press(Qt.Key.Key_Return)
    assert hand.window.frame.sheet is None
    hand.window.lock(login="he.qing")
    hand.sign_in("he.qing")
    hand.until(screen.market_button.isEnabled)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, SigningSheet) and hand.window.frame.sheet._to_sign is not None)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    hand.bot.wait(500)  # a scanner takes two equal scans in a moment for one
    sign(hand, "wang.haiyan")  # the first one's badge
    hand.until(lambda: sheet.refusal)
    assert "second" in sheet.refusal or "signed" in sheet.refusal
    sign(hand, "he.qing")
    hand.until(lambda: badge(hand) == "released to market")
    assert status(made) == ("released to market", "wang.haiyan", "he.qing")
    assert isinstance(hand.window.frame.action_bar.primary, ScanSlot)


@pytest.mark.capability("F9")
def test_who_worked_on_the_batch_is_told_so_and_refused_in_the_sheet(made: Run, open_batches: OPENS):
    hand = open_batches()
    screen = review_at(hand, made, "wang.haiyan")
    assert screen.review is not None
    assert {"chen.jing", "gao.yun"} <= screen.review.hands
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, SigningSheet) and hand.window.frame.sheet._to_sign is not None)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    hand.scan(f"BDG:{BADGES['chen.jing']}")
    hand.until(lambda: "Chen Jing performed this work" in sheet.refusal)
    assert status(made) == ("complete", None, None)


@pytest.mark.capability("F8")
@pytest.mark.parametrize(("login", "corner", "rejects"), [("tom.becker", ScanSlot, False), ("he.qing", ScanSlot, False)])
def test_whoever_may_not_release_reads_and_is_offered_nothing(made: Run, open_batches: OPENS, login: str, corner: type, rejects: bool):
    hand = open_batches()
    screen = review_at(hand, made, login)
    assert isinstance(hand.window.frame.action_bar.primary, corner)
    assert (screen.reject_button in screen.face.lefts) is rejects
    assert screen.record_button in screen.face.lefts, "whoever reads may have it on paper"


@pytest.mark.capability("F8", "F10")
def test_only_exceptions_stand_each_with_reason_owner_and_what_proves_it(run: Run, open_batches: OPENS):
    make_untidy(run)
    hand = open_batches()
    screen = review_at(hand, run, "wang.haiyan")
    told = [(one.row.kind, str(one.line.kind), str(one.line.what), str(one.line.reason), str(one.line.owner)) for one in screen._rows]
    assert [(kind, what, reason.partition(" • ")[2] or reason, owner) for kind, _, what, reason, owner in told if kind != "late"][:3] == [
        ("correction", "Dwell", "digits turned around", "Chen Jing"),
        ("near", "Seal temperature, highest", told[2][3].partition(" • ")[2], "Chen Jing"),
        ("reprint", "B26-0001-00001", "the first one tore", "Chen Jing"),
    ]
    assert told[-1][0:3] == ("outside", "DEV26-0001", "Tables and trays are clean")
    assert screen._rows[-1].line.outcome is not None
    assert "Entries to review" in glass(hand)
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: isinstance(hand.window.frame.sheet, EvidenceSheet))
    assert "1.12" in glass(hand)
    assert "digits turned around" in glass(hand)
    hand.press(Qt.Key.Key_Escape)
    assert troubles(hand) == []


@pytest.mark.capability("F8", "F9")
def test_each_exception_is_read_and_accepted_by_name_and_only_then_the_release_opens(run: Run, open_batches: OPENS):
    make_untidy(run)
    hand = open_batches()
    screen = review_at(hand, run, "wang.haiyan")
    assert hand.sentence == "Review 4 entries, then release."
    assert (str(screen.release_button.reason), screen.release_button.isEnabled()) == ("blocked by 4 reviews", False)
    for left in (3, 2, 1, 0):
        hand.press(Qt.Key.Key_1)
        hand.until(lambda: isinstance(hand.window.frame.sheet, EvidenceSheet))
        hand.press(Qt.Key.Key_Return)
        hand.until(lambda left=left: sum(one.row.waits_for_review for one in screen._rows) == left)
        assert hand.window.frame.sheet is None
    assert hand.sentence == "Release B26-0001: all in order."
    assert screen.release_button.isEnabled()
    hand.press(Qt.Key.Key_F4)
    hand.until(lambda: isinstance(hand.window.frame.sheet, EvidenceSheet))
    assert "Wang Haiyan" in glass(hand), "whoever accepted it stands in its proof"
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_Return)
    sign(hand, "wang.haiyan")
    hand.until(lambda: badge(hand) == "released for production")
    assert troubles(hand) == []


@pytest.mark.capability("F8", "K7")
def test_who_may_not_release_reads_an_exception_and_is_offered_no_accepting(run: Run, open_batches: OPENS):
    make_untidy(run)
    hand = open_batches()
    review_at(hand, run, "he.qing")
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: isinstance(hand.window.frame.sheet, EvidenceSheet))
    assert hand.window.frame.sheet is not None
    assert hand.window.frame.sheet.primary is None


@pytest.mark.capability("F9", "F10")
def test_every_closed_gate_says_its_rule_and_the_way_out_and_the_release_stands_closed(run: Run, open_batches: OPENS):
    make_untidy(run)
    entry = run.plant.rows("SELECT id FROM step_entry WHERE field = 'pressure'")[0][0]
    run.enter("sealing", "pressure", "470", unit="kPa", corrects=entry, reason="second look")  # type: ignore[arg-type]
    deviation = discrepancy(run)
    hand = open_batches()
    screen = review_at(hand, run, "wang.haiyan")
    reasons = shut(screen)
    assert set(reasons) == {"deviations", "outside", "signatures"}
    assert reasons["deviations"].startswith("Rule BAT-22: Not released: deviation DEV26-0002 of batch B26-0001 is open")
    assert "Jaw pressure in step 7 is outside its limits" in reasons["outside"]
    assert "signature of step 11" in reasons["signatures"]
    assert (str(screen.release_button.reason), screen.release_button.isEnabled()) == ("blocked by 3 gates and 5 reviews", False)
    hand.press(Qt.Key.Key_Return)
    assert hand.window.frame.sheet is None
    screen.gates.rows.opened.emit("outside")
    assert "BAT-21" in glass(hand)
    assert troubles(hand) == []
    assert [str(one.line.owner) for one in screen._rows if one.needs_decision] == ["operator", "line supervisor"]
    n = next(n for n, one in enumerate(screen._rows) if one.deviation is not None and one.deviation.id == deviation)
    hand.press(Qt.Key(Qt.Key.Key_1 + n))
    hand.until(lambda: isinstance(hand.window.current, DeviationScreen))


@pytest.mark.capability("F9")
def test_a_deviation_that_rejects_leaves_only_the_rejection_and_quality_signs_it(run: Run, open_batches: OPENS):
    run.make()
    deviation = discrepancy(run, disposition="reject")
    run.decide(deviation)
    run.home()
    hand = open_batches()
    screen = review_at(hand, run, "xu.lan")
    assert hand.sentence == "Reject B26-0001: its deviation says so."
    hand.press(Qt.Key.Key_F11)
    sign(hand, "xu.lan")
    hand.until(lambda: badge(hand) == "rejected")
    assert status(run) == ("rejected", "xu.lan", None)
    assert screen.reject_button not in screen.face.lefts
    assert hand.sentence == "B26-0001 is rejected."


@pytest.mark.capability("F8")
def test_an_open_batch_is_read_too_and_says_what_is_not_done(run: Run, open_batches: OPENS):
    hand = open_batches()
    screen = review_at(hand, run, "wang.haiyan")
    assert set(shut(screen)) == {"steps", "signatures"}
    assert hand.sentence == "Finish its steps first."
    elsewhere(lambda: (run.start("clearance"), run.enter("clearance", "clean", said="no")))
    hand.until(lambda: "outside" in shut(screen))
    assert screen.review is not None
    assert screen.review.made is None
    assert not screen.release_button.isEnabled()


@pytest.mark.capability("F8")
def test_what_a_large_batch_is_reviewed_by_does_not_grow_with_its_units_and_finds_each_exception(made: Run):
    grow(made, 400)
    review = made.at.ask(lambda session: batch_review(session, made.batch))
    kinds = [row.kind for row in review.exceptions]
    assert (kinds.count("typed"), kinds.count("near"), len(kinds)) == (8, 4, 12)
    assert review.entries == 27 + 3 * 398 + 1 + 2
    # It was grown behind the triggers: the signatures say so, and that the new units got no clip.
    assert {one.rule for one in review.obstacles} == {"LS095", "LS096", "LS111"}
    assert [one.stands for one in review.signatures] == [False, False]
    batch = made.at.ask(lambda session: batch_by_code(session, review.batch.code))
    assert batch == review.batch
