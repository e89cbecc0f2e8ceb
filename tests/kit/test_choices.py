import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.phrases import Language, Phrase
from tests.kit.conftest import hear, hue
from ui.kit import ChoiceRows, Choices, set_language, theme
from ui.kit.check import look_over
from ui.kit.focus_ring import FocusRing

CLASSES = [Phrase("minor"), Phrase("major"), Phrase("critical")]
KINDS = pytest.mark.parametrize("kind", [Choices, ChoiceRows])


class Ground(QWidget):
    """Stands around one control and writes down every key it let through."""

    def __init__(self, control: QWidget) -> None:
        super().__init__()
        self.control, self.passed = control, []
        rows = QVBoxLayout(self)
        rows.setContentsMargins(30, 30, 30, 30)
        rows.addWidget(control)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt names it
        self.passed.append(Qt.Key(event.key()))


@pytest.fixture
def ground(shown, qtbot):
    """Three classes to choose from with the keyboard on them, nothing chosen."""

    def stand(kind) -> Ground:
        made = shown(Ground(kind(CLASSES, None)))
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow, timeout=2000)
        made.control.setFocus(Qt.FocusReason.TabFocusReason)
        return made

    return stand


def chosen(control) -> list[str]:
    """What stands there as chosen."""
    return [said.text for said in control.said() if said.bold]


def click(qtbot, control, n: int, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    room = control._rooms()[n] if isinstance(control, Choices) else control._room(n)
    qtbot.mouseClick(control, button, pos=room.center().toPoint())


@KINDS
def test_nothing_is_chosen_until_somebody_did_and_then_exactly_one(shown, qtbot, kind):
    control = shown(kind(CLASSES, None), 600, 200)
    heard = hear(control.chosen)
    assert (control.index, chosen(control)) == (None, [])
    for n in (0, 2, 2, 1):
        click(qtbot, control, n)
        assert (control.index, chosen(control)) == (n, [str(CLASSES[n])])
    assert heard == [0, 2, 1], "the same one again is no new choice"


@KINDS
def test_what_the_screen_chooses_is_shown_and_not_heard_as_a_persons_choice(shown, kind):
    control = shown(kind(CLASSES, 1), 600, 200)
    heard = hear(control.chosen)
    assert chosen(control) == ["major"]
    control.choose(2)
    assert chosen(control) == ["critical"]
    control.choose(None)
    assert chosen(control) == []
    control.offer([Phrase("reject"), Phrase("use as is")], 0)
    assert chosen(control) == ["reject"]
    assert heard == []


@KINDS
def test_only_the_left_button_chooses(shown, qtbot, kind):
    control = shown(kind(CLASSES, None), 600, 200)
    for button in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        click(qtbot, control, 1, button)
    assert control.index is None


@KINDS
def test_while_it_is_disabled_neither_key_nor_click_chooses(ground, qtbot, kind):
    stood = ground(kind)
    heard = hear(stood.control.chosen)
    stood.control.setEnabled(False)
    glass = stood.windowHandle()
    qtbot.mouseClick(glass, Qt.MouseButton.LeftButton, pos=stood.control.geometry().center())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_3):
        qtbot.keyClick(glass, key)
    assert (stood.control.index, heard) == (None, [])
    stood.control.setEnabled(True)
    qtbot.mouseClick(glass, Qt.MouseButton.LeftButton, pos=stood.control.geometry().center())
    assert heard == [1]


def test_a_digit_for_disabled_rows_ends_there_and_reaches_no_screen(shown):
    rows = shown(ChoiceRows(CLASSES, None))
    rows.setEnabled(False)
    assert rows.press(Qt.Key.Key_1)
    assert rows.index is None
    rows.setEnabled(True)
    assert rows.press(Qt.Key.Key_1)
    assert rows.index == 0


def test_segments_are_chosen_by_click_and_by_arrow_and_say_so_once(shown, qtbot):
    choices = shown(Choices(CLASSES, None))
    heard = hear(choices.chosen)
    qtbot.keyClick(choices, Qt.Key.Key_Right)
    qtbot.keyClick(choices, Qt.Key.Key_Right)
    click(qtbot, choices, 1)
    assert heard == [0, 1]
    assert choices.index == 1


@pytest.mark.parametrize(("key", "first", "end"), [(Qt.Key.Key_Right, 0, 2), (Qt.Key.Key_Left, 2, 0)])
def test_an_arrow_begins_at_its_own_end_and_stops_at_the_other(shown, qtbot, key, first, end):
    choices = shown(Choices(CLASSES, None))
    heard = hear(choices.chosen)
    qtbot.keyClick(choices, key)
    assert choices.index == first
    for _ in range(4):
        qtbot.keyClick(choices, key)
    assert (choices.index, heard) == (end, [first, 1, end])


def test_an_arrow_where_nothing_is_offered_yet_chooses_nothing(shown, qtbot):
    choices = shown(Choices([], None), 400, 40)
    heard = hear(choices.chosen)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(choices, key)
    assert (choices.index, heard) == (None, [])


def test_a_meaning_is_chosen_by_the_digit_on_its_row(shown):
    rows = shown(ChoiceRows(["Approved as line supervisor", "Not approved, back to the operator"], 0))
    assert rows.press(Qt.Key.Key_2)
    assert rows.index == 1
    assert not rows.press(Qt.Key.Key_3)
    assert not rows.press(Qt.Key.Key_Escape)


@pytest.mark.parametrize("pad", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier])
def test_rows_in_focus_take_digits_of_both_keypads_and_let_every_other_key_through(ground, qtbot, pad):
    stood = ground(ChoiceRows)
    heard = hear(stood.control.chosen)
    passing = [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_0, Qt.Key.Key_4]
    for key in passing:
        qtbot.keyClick(stood.control, key, pad)
    assert (heard, stood.passed) == ([], passing), "a call for help is a row: an arrow or a space must not call"
    qtbot.keyClick(stood.control, Qt.Key.Key_3, pad)
    assert (heard, stood.passed) == ([2], passing)


def test_segments_in_focus_let_enter_and_every_key_but_their_arrows_through(ground, qtbot):
    stood = ground(Choices)
    passing = [Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape, Qt.Key.Key_1]
    for key in (*passing, Qt.Key.Key_Right):
        qtbot.keyClick(stood.control, key)
    assert (stood.control.index, stood.passed) == (0, passing)


def test_segments_show_the_focus_as_a_border_of_3_px(ground, glass, qtbot):
    stood = ground(Choices)
    qtbot.waitUntil(stood.control.hasFocus, timeout=2000)
    assert [hue(glass(stood.control), 60, n) for n in range(3)] == [theme.color.actfill.name()] * 3
    stood.control.clearFocus()
    assert hue(glass(stood.control), 60, 2) == theme.color.entry.name()


def test_rows_show_the_focus_as_a_ring_of_3_px_after_a_gap_of_3_px(ground, glass, qtbot):
    stood = ground(ChoiceRows)
    qtbot.waitUntil(stood.control.hasFocus, timeout=2000)
    image, at = glass(stood), stood.control.geometry()
    blue, canvas = theme.color.actfill.name(), theme.color.canvas.name()
    assert [hue(image, at.x() - n, at.center().y()) for n in range(1, 7)] == [canvas] * 3 + [blue] * 3
    assert chosen(stood.control) == [], "the focus is no choice"
    stood.control.clearFocus()
    assert [ring.isVisible() for ring in stood.findChildren(FocusRing)] == [False]


def test_a_click_on_rows_leaves_the_keyboard_where_it_is(ground, qtbot):
    stood = ground(ChoiceRows)
    stood.setFocus()
    click(qtbot, stood.control, 1)
    assert stood.control.index == 1
    assert not stood.control.hasFocus()


@KINDS
def test_in_the_other_language_the_same_one_is_chosen_and_nothing_is_cut(shown, client, kind):
    control = shown(kind(CLASSES, 2))
    heard = hear(control.chosen)
    for language, words in ((Language.ZH, ["轻微", "重大", "严重"]), (Language.EN, ["minor", "major", "critical"])):
        set_language(language)
        control.resize(control.sizeHint())
        client.processEvents()
        assert [said.text for said in control.said()] == words
        assert chosen(control) == [words[2]]
        assert look_over(control) == []
    assert (control.index, heard) == (2, [])


def test_a_digit_chooses_its_row_in_chinese_too(shown):
    set_language(Language.ZH)
    rows = shown(ChoiceRows(CLASSES, None))
    assert rows.press(Qt.Key.Key_2)
    assert chosen(rows) == ["重大"]


def test_ten_rows_are_refused_because_the_tenth_had_no_key():
    with pytest.raises(ValueError, match="at most 9"):
        ChoiceRows([str(n) for n in range(10)], None)
