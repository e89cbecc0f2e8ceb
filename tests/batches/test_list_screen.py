"""The list of batches: what each waits for, where Enter leads, and who may start one."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.batches.worklist import batches_of_site
from tests.batches.masters import approve, draft, revised, submit
from tests.batches.runs import Run
from tests.batches.screens import badge, glass, troubles
from tests.shell.conftest import Hand, elsewhere
from tests.triggers import triggers_off
from ui.batches.kit_sheet import KitSheet
from ui.batches.list_screen import BatchesScreen
from ui.batches.start_sheet import StartSheet
from ui.kit import ScanSlot
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.registry import SCREENS as REGISTERED

OPENS = Callable[..., Hand]


def waits(run: Run) -> tuple[int, str] | None:
    ((site,),) = run.plant.rows("SELECT id FROM lineside.site")
    (line,) = run.at.ask(lambda session: batches_of_site(session, site))  # type: ignore[arg-type]
    return (line.waits.step, line.waits.why) if line.waits is not None else None


def at_batches(hand: Hand, login: str) -> BatchesScreen:
    hand.sign_in(login)
    hand.window.open_workbench("batches")
    screen = hand.window.current
    assert isinstance(screen, BatchesScreen)
    return screen


@pytest.mark.capability("F2")
def test_an_open_batch_says_which_step_it_waits_for_and_why(run: Run):
    assert waits(run) == (1, "start")
    run.start("clearance")
    assert waits(run) == (1, "work")
    for check in ("no_parts", "no_labels"):
        run.enter("clearance", check, said="yes")
    outside = run.enter("clearance", "clean", said="no")
    assert waits(run) == (1, "deviation")
    deviation = run.deviate(outside, decided=False)
    assert waits(run) == (1, "deviation")
    run.decide(deviation)
    assert waits(run) == (1, "work")


@pytest.mark.capability("F2")
@pytest.mark.parametrize("login", ["chen.jing", "li.ming", "tom.becker", "wang.haiyan", "gao.yun", "zhou.min"])
def test_everybody_who_works_on_batches_finds_them_under_the_rail(made: Run, open_batches: OPENS, login: str):
    hand = open_batches()
    screen = at_batches(hand, login)
    hand.until(lambda: screen.chosen is not None)
    line = screen.chosen
    assert line is not None
    assert (line.status, line.done, line.steps) == ("complete", 12, 12)
    assert "waits for its review and release" in glass(hand)
    offered = screen.start_button in screen.face.lefts
    assert offered == (login in ("tom.becker", "gao.yun"))


@pytest.mark.capability("F2")
def test_enter_and_a_scan_of_its_code_open_the_batch_where_it_stands(made: Run, open_batches: OPENS):
    hand = open_batches()
    screen = at_batches(hand, "wang.haiyan")
    hand.until(lambda: screen.chosen is not None)
    code = screen.chosen.code if screen.chosen else ""
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.current.key == "batches.release")
    hand.window.go_back()
    hand.until(lambda: hand.window.current is screen)
    hand.scan("B26-9999")
    hand.until(lambda: "there is no batch B26-9999" in hand.banner)
    hand.scan(code)
    hand.until(lambda: hand.window.current.key == "batches.release" and not hand.banner)


@pytest.mark.capability("F2")
def test_a_planner_starts_a_batch_from_the_effective_record_and_not_more_than_it_allows(run: Run, open_batches: OPENS):
    second = elsewhere(lambda: _second_revision(run))
    hand = open_batches()
    screen = at_batches(hand, "gao.yun")
    hand.until(lambda: screen.chosen is not None)
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, StartSheet))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, StartSheet)
    assert sheet.master is not None
    assert (sheet.master.id, sheet.master.revision) == (second, 2)
    hand.type("25")
    assert sheet.primary is not None
    assert "at most 24 pcs" in str(sheet.entry.refusal)
    hand.press(Qt.Key.Key_Return)
    assert elsewhere(lambda: run.plant.rows("SELECT count(*) FROM batch")) == [(1,)]
    sheet.entry.set_text("12")
    hand.press(Qt.Key.Key_Return)
    hand.press(Qt.Key.Key_Return)  # a second Enter starts no second batch
    hand.until(lambda: hand.window.frame.sheet is None and len(screen._lines) == 2)
    assert elsewhere(lambda: run.plant.rows("SELECT planned, master, started_by FROM batch ORDER BY started_at DESC"))[0] == (
        12,
        second,
        "gao.yun",
    )
    assert screen.chosen is not None
    assert screen.chosen.planned.value == 12


def _second_revision(run: Run) -> object:
    master = draft(run.plant, revised(2))
    submit(run.plant, master)
    approve(run.plant, master)
    return master


@pytest.mark.capability("F2")
def test_a_refused_start_says_why_in_the_banner_and_the_sheet_stands(run: Run, open_batches: OPENS):
    hand = open_batches()
    screen = at_batches(hand, "gao.yun")
    hand.until(lambda: screen.chosen is not None)
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, StartSheet))
    elsewhere(lambda: _second_revision(run))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, StartSheet)
    hand.type("2")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: "MR-SIV-2225 revision 1 is not the effective, signed one" in hand.banner)
    assert hand.window.frame.sheet is sheet
    assert sheet.entry.text == "2"


@pytest.mark.capability("Q2", "Q3")
def test_the_list_is_whole_in_every_look(run: Run, open_batches: OPENS):
    elsewhere(lambda: (run.start("clearance"), run.enter("clearance", "clean", said="no"), run.plant.start_batch(planned="12")))
    hand = open_batches()
    screen = at_batches(hand, "gao.yun")
    hand.until(lambda: len(screen._lines) == 2)
    assert "step 1 waits for its deviation" in glass(hand)
    assert troubles(hand) == []
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, StartSheet))
    hand.type("24")
    assert troubles(hand) == []


def test_without_a_batch_the_list_awaits_a_scan(plant, open_batches: OPENS):
    hand = open_batches(plant)
    screen = at_batches(hand, "chen.jing")
    assert isinstance(hand.window.frame.action_bar.primary, ScanSlot)
    assert screen.chosen is None
    assert REGISTERED["batches.list"].leads
    assert badge(hand) == ""


def kit(hand: Hand) -> KitSheet:
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, KitSheet)
    return sheet


def laid_out(hand: Hand) -> list[str]:
    view = kit(hand).view
    return [line.container for line in view.lines] if view is not None else []


@pytest.mark.capability("F4")
def test_a_scan_lays_a_container_out_for_the_batch_and_its_number_puts_it_back(run: Run, open_batches: OPENS):
    hubs, clips = (
        str(run.plant.rows("SELECT code FROM container WHERE id = %s", run.container_of(lot))[0][0]) for lot in (run.hubs, run.clips)
    )
    other = run.plant.start_batch()
    hand = open_batches()
    screen = at_batches(hand, "zhou.min")
    hand.until(lambda: len(screen._lines) == 2)
    assert screen.chosen is not None
    assert screen.chosen.id == other
    hand.press(Qt.Key.Key_F6)
    hand.until(lambda: kit(hand).view is not None)
    assert "2 pcs wanted, 0 in it, 0 laid out" in glass(hand)
    hand.scan(hubs)
    hand.until(lambda: laid_out(hand) == [hubs])
    assert "2 pcs wanted, 0 in it, 2 laid out" in glass(hand)
    hand.scan(clips)
    hand.until(lambda: laid_out(hand) == [hubs, clips])
    assert troubles(hand) == []
    hand.press(Qt.Key.Key_F4)
    read = hand.window.frame.sheet
    assert isinstance(read, EvidenceSheet)
    titles = [str(one.title) for one in read.evidence]
    assert "2 pcs wanted, 0 in it, 2 laid out" in titles[0]
    assert f"Left in {hubs}" in "; ".join(titles)
    assert troubles(hand) == []
    hand.press(Qt.Key.Key_Escape)
    assert laid_out(hand) == [hubs, clips], "the kit stands as it was"
    hand.scan("C26-99999")
    hand.until(lambda: "there is no container C26-99999" in hand.banner)
    hand.scan(hubs)
    hand.until(lambda: f"container {hubs} stands in the kit of {screen.chosen.code if screen.chosen else ''}" in hand.banner)
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: laid_out(hand) == [clips] and not hand.banner)
    rows = "SELECT c.code, k.batch, k.status, k.laid_by FROM kit k JOIN container c ON c.id = k.container ORDER BY k.laid_at"
    assert elsewhere(lambda: run.plant.rows(rows)) == [(hubs, other, "put back", "zhou.min"), (clips, other, "laid out", "zhou.min")]


def test_an_operator_is_offered_no_kit(run: Run, open_batches: OPENS):
    hand = open_batches()
    screen = at_batches(hand, "chen.jing")
    hand.until(lambda: screen.chosen is not None)
    assert screen.kit_button not in screen.face.lefts


@pytest.mark.capability("K2", "R11-15")
def test_a_batch_that_waits_for_the_market_says_when_its_release_no_longer_matches(made: Run, open_batches: OPENS):
    made.review()
    made.release()
    made.home()
    hand = open_batches()
    screen = at_batches(hand, "wang.haiyan")
    hand.until(lambda: screen.chosen is not None)
    assert "released for production" in glass(hand)
    assert screen._broken == frozenset()
    superuser = elsewhere(made.plant.superuser)
    with triggers_off(superuser, "step_entry"):
        superuser.execute("UPDATE lineside.step_entry SET value = value + 0.01 WHERE field = 'dwell'")
    screen.opened({})
    hand.until(lambda: "no longer as signed" in glass(hand))
    assert "released for production" not in glass(hand)
