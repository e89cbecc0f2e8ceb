"""What a person of one job reads on the glass: masks where fields are hidden, and the screen on which an administrator sets a rule (K8)."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.base.phrases import Language
from tests.masking.canaries import Planted, forbidden
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from tests.shell.conftest import open_station as open_any_station
from ui.kit import Piece, set_language
from ui.kit.check import look_over
from ui.people.masking_screen import MaskingScreen

__all__ = ["open_any_station"]
pytestmark = pytest.mark.capability("K8")
SCREENS = ("ui.shell", "ui.people", "ui.materials", "ui.tracing", "ui.receiving", "ui.batches")


@pytest.fixture
def plant(planted: Planted) -> Plant:
    """The one with the canaries: what `open_any_station` opens a window over."""
    return planted.plant


def words(hand: Hand) -> str:
    """Everything that stands in the window."""
    return "\n".join(said.text for piece in hand.window.findChildren(QWidget) if isinstance(piece, Piece) for said in piece.said())


@pytest.mark.parametrize(("login", "job"), [("chen.jing", "operator"), ("zhou.min", "receiver")])
def test_no_screen_tells_what_is_hidden_from_its_reader(planted: Planted, open_any_station: Callable[..., Hand], login: str, job: str):
    hand = open_any_station("IQC-02", screens=SCREENS)
    hand.sign_in(login)
    lot, code = str(planted.received.lot), planted.received.lot_code
    told = ""
    for key, context in (
        ("materials.lots", {}),
        ("materials.lot", {"lot": lot}),
        ("tracing.history", {"lot": lot}),
        ("tracing.trace", {"code": code}),
    ):
        hand.window.open(key, context)
        hand.until(lambda: code in words(hand))
        told += words(hand)
    assert [word for hidden in forbidden(job).values() for word in hidden if word in told] == []
    assert ("CNRY-LOT-9" in told) is (job == "receiver"), "who sees suppliers reads the supplier's lot on these screens"


def test_an_administrator_sets_a_rule_with_its_reason(planted: Planted, open_any_station: Callable[..., Hand]):
    hand = open_any_station("IQC-02", screens=SCREENS)
    hand.sign_in("sun.wei")
    screen = hand.window.open("people.masking", {})
    assert isinstance(screen, MaskingScreen)
    hand.until(lambda: screen.table.chosen_key is not None)
    for _ in range(6):
        hand.press(Qt.Key.Key_Down)
    assert screen.table.chosen_key == "engineer"
    screen.of_class.setFocus()
    hand.press(Qt.Key.Key_Right)
    assert str(screen.set_button.reason) == "This rule stands"
    screen.rule.setFocus()
    hand.press(Qt.Key.Key_Left)
    assert str(screen.set_button.reason) == "write the reason"
    screen.reason.edit.setFocus()
    hand.type("changes need it")
    for language in (Language.ZH, Language.EN):
        set_language(language)
        assert look_over(hand.window) == []
    hand.press(Qt.Key.Key_Return)
    rule = "SELECT rule FROM lineside.mask_rule WHERE class = 'supplier' AND job = 'engineer'"
    hand.until(lambda: elsewhere(lambda: planted.plant.rows(rule)) == [("clear",)])
    hand.until(lambda: str(screen.set_button.reason) == "This rule stands")


def test_a_rule_that_work_needs_is_refused_on_the_screen_with_its_reason(planted: Planted, open_any_station: Callable[..., Hand]):
    hand = open_any_station("IQC-02", screens=SCREENS)
    hand.sign_in("sun.wei")
    screen = hand.window.open("people.masking", {})
    assert isinstance(screen, MaskingScreen)
    hand.until(lambda: screen.table.chosen_key is not None)
    screen.of_class.setFocus()
    for _ in range(3):
        hand.press(Qt.Key.Key_Right)
    screen.rule.setFocus()
    hand.press(Qt.Key.Key_Right)
    screen.reason.edit.setFocus()
    hand.type("a try")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: "operator cannot work without seeing formula fields" in hand.banner)
