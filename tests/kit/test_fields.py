import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.base.phrases import Language, Name
from tests.kit.conftest import hear, hue
from ui.kit import Field, Mode, PasswordField, set_language, theme


@pytest.fixture
def field(shown):
    return shown(Field("Peel force, N", text="4.31"), 400, 100)


def texts(widget) -> list[str]:
    return [said.text for said in widget.said()]


def test_a_refused_field_says_why_below_until_it_is_accepted(field, glass):
    at_rest = field.height()
    field.refuse("Not taken: 4.31 N is above the limit of 4.00 N.")
    assert "Not taken: 4.31 N is above the limit of 4.00 N." in texts(field)
    assert field.height() > at_rest
    assert hue(glass(field), 200, 37) == theme.color.stopfill.name()
    field.accept()
    assert texts(field) == ["Peel force, N"]
    assert field.height() == at_rest


def test_a_device_field_has_no_caret_and_names_its_gauge(field, glass):
    field.read_from("FG-03")
    assert not field.edit.isVisible()
    assert texts(field) == ["Peel force, N", "FG-03", "4.31"]
    assert hue(glass(field), 3, 64) == theme.color.ink2.name(), "edge of 6 px"


def test_a_typed_value_in_a_device_field_is_marked_for_good(field):
    field.read_from("FG-03")
    field.mark_typed()
    field.set_text("4.40")
    field.accept()
    assert "typed" in texts(field)
    set_language(Language.ZH)
    assert "手工输入" in texts(field)


def test_a_corrected_value_keeps_the_first_one_struck_through(field):
    field.correct("2.41")
    [old] = [said for said in field.said() if said.struck]
    assert old.text == "2.41"
    assert field.text == "4.31"


def test_a_draft_names_its_author_in_the_readers_language(field):
    field.mark_draft(Name("Chen Jing", "陈静"))
    assert "draft, Chen Jing" in texts(field)
    set_language(Language.ZH)
    assert "草稿，陈静" in texts(field)


def test_a_read_only_field_has_no_border(field, glass):
    field.set_read_only(True)
    assert hue(glass(field), 200, 36) == theme.color.canvas.name()


def test_the_focus_is_a_border_of_3_px(field, glass, qtbot):
    field.activateWindow()
    field.edit.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(field.edit.hasFocus, timeout=2000)
    assert [hue(glass(field), 200, 36 + n) for n in range(3)] == [theme.color.actfill.name()] * 3


def test_typing_is_heard_and_setting_is_not(field, qtbot):
    heard = hear(field.edited)
    field.set_text("1")
    qtbot.keyClicks(field.edit, "2")
    assert heard == ["12"]


def test_a_password_shows_no_letter_and_offers_no_menu(shown, qtbot):
    password = shown(PasswordField("Password"))
    qtbot.keyClicks(password.edit, "secret")
    assert password.edit.echoMode() is QLineEdit.EchoMode.Password
    assert set(password.edit.displayText()) == {"•"}
    assert password.edit.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    password.clear()
    assert password.text == ""


def test_a_password_field_is_dark_at_night(shown, glass):
    password = shown(PasswordField("Password"), 400, 100)
    theme.look(mode=Mode.DARK)
    assert hue(glass(password), 200, 64) == theme.color.entry.name() == "#06090b"
