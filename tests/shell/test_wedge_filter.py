"""A wedge scanner and a person share one keyboard: the scan never reaches a widget, what a person types always does."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShortcut, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.shell.wedge_filter import GS, WedgeFilter
from ui.shell.wedge_setup import WedgeSetup

STX = WedgeSetup(prefix="stx")

SPECIAL = {
    "\n": (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r"),
    "\t": (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "\t"),
    GS: (Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier, "]"),
    "\x02": (Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier, "\x02"),
    "\x03": (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier, "\x03"),
}


class Hands:
    """Everything that presses keys here: real key events to the window, with a clock of our own instead of waiting."""

    def __init__(self, window: QWindow) -> None:
        self.window = window
        self.now_ms = 1_000.0

    def press(self, character: str, *, after_ms: float, auto_repeat: bool = False) -> None:
        self.now_ms += after_ms
        plain = Qt.KeyboardModifier.NoModifier
        key, modifiers, text = SPECIAL.get(character, (ord(character.upper()), plain, character))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self.window, QKeyEvent(kind, int(key), modifiers, text, auto_repeat))

    def scan(self, text: str) -> None:
        for character in text:
            self.press(character, after_ms=4.0)

    def type_slowly(self, text: str) -> None:
        for character in text:
            self.press(character, after_ms=120.0)


class Station:
    """A screen with a field, a password field and an Approve button, watched by the filter."""

    def __init__(self, qtbot: QtBot, setup: WedgeSetup) -> None:
        self.qtbot = qtbot
        self.screen = QWidget()
        self.field = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.approve = QPushButton("Approve")
        self.approve.setAutoDefault(True)
        self.clicks = 0
        self.approve.clicked.connect(self._count)
        layout = QVBoxLayout(self.screen)
        for widget in (self.field, self.password, self.approve):
            layout.addWidget(widget)
        qtbot.addWidget(self.screen)
        with qtbot.waitExposed(self.screen):
            self.screen.show()
        self.screen.activateWindow()
        self.hands = Hands(self.screen.windowHandle())
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.filter = WedgeFilter(application, setup=setup, now_ms=lambda: self.hands.now_ms)
        self.scans: list[str] = []
        self.filter.scanned.connect(self.scans.append)

    def _count(self) -> None:
        self.clicks += 1


@pytest.fixture
def station(qtbot: QtBot) -> Iterator[Callable[..., Station]]:
    made: list[Station] = []

    def make(setup: WedgeSetup = WedgeSetup()) -> Station:  # noqa: B008 - frozen
        made.append(Station(qtbot, setup))
        return made[-1]

    yield make
    for each in made:
        each.filter.remove()


@pytest.mark.capability("E2")
def test_a_scan_types_nothing_into_the_field_that_has_the_focus(station):
    here = station()
    here.field.setFocus()
    here.hands.scan("]d20109506000134352\n")
    assert here.scans == ["]d20109506000134352"]
    assert here.field.text() == ""


@pytest.mark.capability("E2")
def test_a_scan_while_approve_has_the_focus_does_not_press_it(station):
    here = station()
    here.approve.setFocus()
    here.hands.scan("HELLO WORLD\n")
    assert here.clicks == 0
    assert not here.approve.isDown()
    assert here.scans == ["HELLO WORLD"]


@pytest.mark.capability("E2")
def test_a_scan_never_enters_a_password_field(station):
    here = station()
    here.password.setFocus()
    here.hands.scan("BDG:4f7a91\n")
    assert here.password.text() == ""
    assert here.scans == ["BDG:4f7a91"]


@pytest.mark.capability("E2")
def test_the_separator_between_lot_and_serial_survives(station):
    here = station()
    here.field.setFocus()
    here.hands.scan(f"10ABC{GS}21X7\n")
    assert here.scans == ["10ABC\x1d21X7"]


def test_slow_typing_arrives_whole_and_in_order(station):
    here = station()
    here.field.setFocus()
    here.hands.type_slowly("lot 0382, ok")
    here.qtbot.waitUntil(lambda: here.field.text() == "lot 0382, ok", timeout=2_000)
    assert here.scans == []


def test_a_person_may_press_enter_after_typing(station):
    here = station()
    here.field.setFocus()
    entered: list[str] = []
    here.field.returnPressed.connect(lambda: entered.append(here.field.text()))
    here.hands.type_slowly("12.5\n")
    assert entered == ["12.5"]
    assert here.scans == []


def test_three_fast_keys_and_enter_are_a_person_not_a_scan(station):
    here = station()
    here.field.setFocus()
    entered: list[str] = []
    here.field.returnPressed.connect(lambda: entered.append(here.field.text()))
    here.hands.scan("125\n")
    assert entered == ["125"]
    assert here.scans == []


def test_a_scan_without_its_end_is_typed_after_the_silence_so_that_nothing_is_lost(station):
    here = station()
    here.field.setFocus()
    here.hands.scan("LOC:Q-A")
    assert here.field.text() == ""
    here.qtbot.waitUntil(lambda: here.field.text() == "LOC:Q-A", timeout=2_000)
    assert here.scans == []


def test_what_a_person_typed_before_a_scan_stays_and_the_scan_does_not_mix_in(station):
    here = station()
    here.field.setFocus()
    here.hands.type_slowly("ab")
    here.hands.now_ms += 200
    here.hands.scan("L26-0382\n")
    here.qtbot.waitUntil(lambda: here.field.text() == "ab", timeout=2_000)
    assert here.scans == ["L26-0382"]


class Listener(QWidget):
    """Hears every key that gets through, going down and coming up."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heard: list[str] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt names it
        self.heard.append(f"down {event.text()}")

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt names it
        self.heard.append(f"up {event.text()}")


@pytest.mark.parametrize(("setup", "before"), [(WedgeSetup(), ""), (STX, "\x02")])
def test_not_even_the_release_of_a_scanned_key_gets_through(station, setup, before):
    here = station(setup)
    listener = Listener()
    here.screen.layout().addWidget(listener)
    listener.show()
    listener.setFocus()
    here.hands.scan(f"{before}L26-0382\n")
    here.hands.type_slowly("k\n")
    here.qtbot.waitUntil(lambda: len(listener.heard) == 4, timeout=2_000)
    assert listener.heard == ["down k", "up k", "down \r", "up \r"]
    assert here.scans == ["L26-0382"]


def test_two_scans_glued_together_are_two_scans(station):
    here = station()
    here.hands.scan("L26-0382\nC26-00017\n")
    assert here.scans == ["L26-0382", "C26-00017"]


def test_a_tab_ends_a_scan_and_leaves_the_focus_where_it_was(station):
    here = station()
    here.field.setFocus()
    here.hands.scan("PO26-0417\t")
    assert here.scans == ["PO26-0417"]
    assert here.field.hasFocus()


def test_a_held_down_key_is_no_scan_however_fast_it_repeats(station):
    here = station()
    here.field.setFocus()
    here.hands.press("a", after_ms=500.0)
    for _ in range(6):
        here.hands.press("a", after_ms=30.0, auto_repeat=True)
    here.hands.press("\n", after_ms=30.0)
    assert here.scans == []
    assert here.field.text() == "aaaaaaa"


def test_an_arrow_key_lets_what_was_typed_go_first(station):
    here = station()
    here.field.setFocus()
    here.hands.press("b", after_ms=120.0)
    here.hands.now_ms += 10
    left = int(Qt.Key.Key_Left)
    QCoreApplication.sendEvent(here.hands.window, QKeyEvent(QEvent.Type.KeyPress, left, Qt.KeyboardModifier.NoModifier))
    here.hands.press("a", after_ms=120.0)
    here.qtbot.waitUntil(lambda: here.field.text() == "ab", timeout=2_000)


def test_a_command_key_is_never_held_back(station):
    here = station()
    here.field.setText("keep")
    here.field.setFocus()
    select_all = QKeyEvent(QEvent.Type.KeyPress, int(Qt.Key.Key_A), Qt.KeyboardModifier.ControlModifier, "\x01")
    QCoreApplication.sendEvent(here.hands.window, select_all)
    assert here.field.selectedText() == "keep"


def test_enter_as_a_shortcut_of_the_screen_is_kept_from_the_end_of_a_scan_only(station):
    here = station()
    QShortcut(Qt.Key.Key_Return, here.screen)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, int(Qt.Key.Key_Return), Qt.KeyboardModifier.NoModifier, "\r")
    override.ignore()
    QCoreApplication.sendEvent(here.hands.window, override)
    assert not override.isAccepted()
    here.hands.scan("L26-0382")
    here.hands.now_ms += 4
    override.ignore()
    QCoreApplication.sendEvent(here.hands.window, override)
    assert override.isAccepted()


def test_a_scan_fires_no_shortcut_of_the_screen_and_a_person_still_can(station):
    here = station()
    fired: list[str] = []
    for name in ("5", "Return"):
        QShortcut(name, here.screen).activated.connect(lambda name=name: fired.append(name))
    for key in (*[Qt.Key.Key_5] * 5, Qt.Key.Key_Return):  # through the whole way of a key, shortcuts included
        QTest.keyClick(here.hands.window, key)
    assert here.scans == ["55555"]
    assert fired == []
    QTest.keyClick(here.hands.window, Qt.Key.Key_Return)
    assert fired == ["Return"]


def test_a_window_that_closed_in_the_meantime_takes_its_keys_with_it(station):
    here = station()
    other = QWidget()
    with here.qtbot.waitExposed(other):
        other.show()
    Hands(other.windowHandle()).press("x", after_ms=0.0)
    other.close()
    other.deleteLater()
    QCoreApplication.sendPostedEvents(other, QEvent.Type.DeferredDelete)
    here.field.setFocus()
    here.hands.type_slowly("ok")
    here.qtbot.waitUntil(lambda: here.field.text() == "ok", timeout=2_000)


@pytest.mark.capability("E2")
def test_with_a_prefix_key_a_slow_scan_is_a_scan_and_typing_is_not_held_back(station):
    here = station(STX)
    here.field.setFocus()
    here.hands.scan("fast")
    assert here.field.text() == "fast"
    here.hands.type_slowly(f"\x0210AB{GS}21X\n")
    assert here.scans == ["10AB\x1d21X"]
    assert here.field.text() == "fast"


def test_with_a_prefix_key_etx_ends_the_scan_too(station):
    here = station(STX)
    here.approve.setFocus()
    here.hands.scan("\x02A B\x03")
    assert here.scans == ["A B"]
    assert here.clicks == 0


def test_an_input_method_that_eats_a_scan_is_named_and_writes_nothing_more(station):
    here = station()
    here.field.setFocus()
    with here.qtbot.waitSignal(here.filter.input_method_in_the_way, timeout=1_000):
        for character in "０１０９":
            here.hands.now_ms += 4
            composed = QInputMethodEvent()
            composed.setCommitString(character)
            QCoreApplication.sendEvent(here.field, composed)
    assert here.field.text() == "０１０"


def test_a_person_who_writes_chinese_is_left_alone(station):
    here = station()
    here.field.setFocus()
    for word in ("来料", "检验", "合格", "批号", "有效"):
        here.hands.now_ms += 400
        composed = QInputMethodEvent()
        composed.setCommitString(word)
        QCoreApplication.sendEvent(here.field, composed)
    assert here.field.text() == "来料检验合格批号有效"
