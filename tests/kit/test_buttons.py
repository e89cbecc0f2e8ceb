import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.base.phrases import Phrase
from tests.kit.conftest import hue
from ui.kit import ActionBar, Button, Destructive, Label, NamedWork, NotYet, PrimaryButton, ScanSlot, back_button, theme
from ui.kit.focus_ring import FocusRing


@pytest.fixture
def bar(shown):
    return shown(ActionBar(), 1400, 108)


def pressed(button: Button) -> list[bool]:
    heard: list[bool] = []
    button.clicked.connect(lambda: heard.append(True))
    return heard


@pytest.mark.capability("Q2")
def test_enter_presses_the_primary_and_esc_goes_back(bar):
    take, back = PrimaryButton("Take 25.04 mm"), back_button()
    bar.lay(back, primary=take)
    taken, left = pressed(take), pressed(back)
    assert bar.press(Qt.Key.Key_Enter)
    assert bar.press(Qt.Key.Key_Return)
    assert bar.press(Qt.Key.Key_Escape)
    assert (len(taken), len(left)) == (2, 1)


def test_enter_does_nothing_while_a_scan_slot_stands(bar):
    take, undo = PrimaryButton("Take 25.04 mm"), Button("Undo last", height=76)
    bar.lay(undo, primary=take)
    taken, undone = pressed(take), pressed(undo)
    bar.put_in_corner(ScanSlot("Waiting for a location", "suggested Q-A-03"))
    undo.setFocus(Qt.FocusReason.TabFocusReason)
    assert bar.press(Qt.Key.Key_Return), "the key ends here"
    assert (taken, undone) == ([], [])
    assert not take.isVisible()


def test_a_button_in_focus_is_not_pressed_by_enter(shown, qtbot):
    button = shown(Button("Hold the whole batch"))
    heard = pressed(button)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert heard == []
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert heard == [True]


def test_a_closed_primary_stays_dead_and_its_reason_stands_at_its_left(bar):
    finish = PrimaryButton("Finish step 6")
    bar.lay(back_button(), primary=finish)
    heard = pressed(finish)
    finish.not_yet("25 trays still to seal")
    bar.press(Qt.Key.Key_Return)
    assert heard == []
    assert (bar.reason.isVisible(), bar.reason.text) == (True, "25 trays still to seal")
    assert bar.reason.geometry().right() < finish.geometry().left()
    finish.ready()
    bar.press(Qt.Key.Key_Return)
    assert heard == [True]
    assert not bar.reason.isVisible()


def test_a_closed_action_in_a_panel_has_its_reason_at_its_left(shown):
    closed = shown(NotYet(Button("Release"), "blocked by 2 gates"), 600, 56)
    label = closed.findChild(Label)
    assert label.text == "blocked by 2 gates"
    assert label.geometry().right() < closed.button.geometry().left()


def test_a_busy_button_says_what_goes_on_after_100_ms_runs_a_bar_after_1_s_and_takes_no_press(shown, qtbot):
    take = shown(PrimaryButton("Take 25.04 mm"))
    heard = pressed(take)
    take.begin_busy("Saving")
    assert take.said_text == "Take 25.04 mm", "nothing flickers for quick work"
    assert not take.shows_bar
    qtbot.mouseClick(take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: take.said_text == "Saving", timeout=3000)
    qtbot.waitUntil(lambda: take.shows_bar, timeout=3000)
    take.end_busy()
    assert (take.said_text, take.shows_bar, heard) == ("Take 25.04 mm", False, [])
    take.click()
    assert heard == [True]


def test_no_clock_ticks_in_an_idle_button(shown):
    button = shown(Button("Photo"))
    assert not button._beat.isActive()
    button.begin_busy("Saving")
    assert button._beat.isActive()
    button.end_busy()
    assert not button._beat.isActive()


def test_a_destructive_act_is_never_on_enter():
    with pytest.raises(ValueError, match="never on Enter"):
        Destructive("Reject the batch", key=Qt.Key.Key_Return)


def test_the_focus_ring_is_3_px_after_a_gap_of_3_px(shown, glass, qtbot):
    ground = QWidget()
    row = QHBoxLayout(ground)
    row.setContentsMargins(30, 30, 30, 30)
    row.setSpacing(24)
    button = Button("Photo")
    row.addWidget(Button("Back"))
    row.addWidget(button)
    shown(ground)
    qtbot.waitUntil(ground.isActiveWindow, timeout=2000)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    [ring] = [ring for ring in ground.findChildren(FocusRing) if ring.isVisible()]
    image, at, middle = glass(ground), button.pos(), button.geometry().center().y()
    blue, canvas = theme.color.actfill.name(), theme.color.canvas.name()
    assert [hue(image, at.x() - n, middle) for n in range(1, 7)] == [canvas] * 3 + [blue] * 3
    button.clearFocus()
    assert not ring.isVisible()


def test_the_primary_and_the_slot_are_76_high_and_wide_enough(shown):
    primary, slot = shown(PrimaryButton("Go")), shown(ScanSlot("Scan"))
    assert (primary.height(), slot.height()) == (76, 76)
    assert primary.width() >= 320
    assert slot.width() >= 420


def test_a_primary_grows_with_its_words_instead_of_cutting_them(bar):
    primary = PrimaryButton(Phrase("Take {value}", value="25.04 mm and set the other eleven samples aside"))
    bar.lay(primary=primary)
    [said] = primary.said()
    assert said.room.width() >= 400
    assert said.room.left() > 0
    assert said.room.right() < primary.width()


def test_work_over_a_second_shows_its_name_and_ticks_no_longer_than_it_lasts(shown, qtbot):
    ground = QWidget()
    row = QHBoxLayout(ground)
    work = NamedWork()
    row.addWidget(work)
    shown(ground, 400, 80)
    work.begin("Printing 40 labels")
    assert not work.isVisible()
    qtbot.waitUntil(work.isVisible, timeout=3000)
    assert work.label.text == "Printing 40 labels"
    work.end()
    assert not work.isVisible()
    assert not work._beat.isActive()
