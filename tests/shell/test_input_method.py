"""No input method stands between a scanner and the station: it is off wherever no words are written."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from tests.shell.conftest import Hand
from ui.shell.registry import SCREENS
from ui.shell.small_sheets import FindSheet

pytestmark = pytest.mark.capability("E2")

WORDS = (QLineEdit, QPlainTextEdit, QTextEdit)


def asks_for_words(widget: QWidget) -> bool:
    return bool(widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled))


def input_method_is_on() -> bool:
    """What the platform asks before it lets an input method have the keys."""
    focus, asked = QGuiApplication.focusObject(), QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    if focus is None:
        return False
    QCoreApplication.sendEvent(focus, asked)
    return bool(asked.value(Qt.InputMethodQuery.ImEnabled))


@pytest.mark.parametrize("login", ["zhou.min", "li.ming", "zhao.lei", "sun.wei"])
def test_on_no_screen_does_anything_but_a_field_for_words_ask_for_an_input_method(open_station: Callable[..., Hand], login: str):
    hand = open_station("IQC-02", screens=("ui",))
    hand.sign_in(login)
    looked = 0
    for key, entry in SCREENS.items():
        if not entry.leads or entry.permission not in hand.window.rights or hand.window.open(key) is None:
            continue
        looked += 1
        hand.until(lambda key=key: hand.window.current.key == key)
        asking = [type(one).__name__ for one in hand.window.findChildren(QWidget) if asks_for_words(one) and not isinstance(one, WORDS)]
        assert asking == [], key
    assert looked >= 3


def test_it_is_off_at_home_on_in_a_field_for_words_and_off_again(at_step: Hand):
    assert not input_method_is_on()
    field = QLineEdit(at_step.window)
    field.show()
    field.setFocus()
    assert input_method_is_on()
    at_step.step.other.setFocus()
    assert not input_method_is_on()


def test_it_is_off_where_passwords_codes_and_figures_are_written(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02")
    gate = hand.window.gate
    gate.password.edit.setFocus()
    hand.until(lambda: QApplication.focusWidget() is gate.password.edit)
    assert not input_method_is_on()
    hand.sign_in("li.ming")
    hand.press(Qt.Key.Key_F3)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, FindSheet)
    assert sheet.code.edit.hasFocus()
    assert not input_method_is_on()


def test_a_scan_that_an_input_method_eats_is_said_on_the_screen(at_step: Hand):
    at_step.window.scanning.composed()
    assert at_step.banner == "Not taken: an input method stands between the scanner and this station."
    at_step.scan("L26-0382")
    assert at_step.banner == ""


def test_half_a_scan_is_said_and_what_it_was_is_not(at_step: Hand):
    at_step.window.scanning.lost("BDG:secret")
    assert at_step.banner == "Not taken: only part of a scan came."
    assert "secret" not in at_step.window.frame.banner.accessibleName()
