"""Accounts on screen: opened by a badge, a job taken by its figure, closed and let in again, a password past its age, and oneself."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.base.phrases import Language
from app.core.command import Permission
from app.core.database import WrongNameOrPassword
from app.demo.people import SECRET
from tests.attack.newcomers import Newcomers
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from ui.kit import ReasonSheet, set_language
from ui.kit.check import look_over
from ui.people.account_sheets import HandOverSheet, LetInSheet
from ui.people.people_screen import PeopleScreen
from ui.people.person_sheet import PersonSheet
from ui.people.right_words import RIGHTS
from ui.shell.first_secret import FirstSecret
from ui.shell.own_sheet import OwnSecretSheet, OwnSheet
from ui.shell.sign_in import SignIn

pytestmark = pytest.mark.capability("K10")


def people(hand: Hand) -> PeopleScreen:
    """Sun Wei looks at all accounts."""
    hand.sign_in("sun.wei")
    screen = hand.window.open("people.list")
    assert isinstance(screen, PeopleScreen)
    hand.until(lambda: screen.people and screen.sites)
    return screen


def account(hand: Hand) -> PersonSheet:
    """The account that stands beside the list."""
    hand.until(lambda: isinstance(hand.window.frame.sheet, PersonSheet))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, PersonSheet)
    return sheet


def write_why(hand: Hand, why: str) -> None:
    hand.until(lambda: isinstance(hand.window.frame.sheet, ReasonSheet) and isinstance(QApplication.focusWidget(), QLineEdit))
    hand.type(why)
    hand.press(Qt.Key.Key_Return)


@pytest.fixture
def newcomer(newcomers: Newcomers) -> str:
    """A planner with a password of their own."""
    return elsewhere(lambda: newcomers.hire("planner"))


def choose(screen: PeopleScreen, login: str) -> None:
    screen.back_to(next(key for key, one in screen.people.items() if one.login == login))


def test_a_badge_opens_its_account_and_hands_nothing_over(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02")
    people(hand)
    hand.scan("]C0BDG:T-0117")
    assert account(hand).person.login == "li.ming"
    assert hand.window.gate is None
    hand.scan("]C0BDG:T-7777")
    hand.until(lambda: "T-7777" in hand.banner)


def test_a_figure_takes_a_job_away_with_a_reason_on_record(open_station: Callable[..., Hand], newcomer: str, plant: Plant):
    hand = open_station("IQC-02")
    choose(people(hand), newcomer)
    assert [one.job for one in account(hand).person.places] == ["planner"]
    hand.press(Qt.Key.Key_1)
    write_why(hand, "moved to another plant")
    hand.until(lambda: isinstance(hand.window.frame.sheet, PersonSheet) and hand.window.frame.sheet.person.places == ())
    why = "SELECT payload::jsonb ->> 'reason' FROM lineside.audit_log WHERE tab = 'scope' AND payload::jsonb ->> 'op' = 'DELETE'"
    assert plant.rows(why) == [("moved to another plant",)]


def test_an_account_is_closed_and_let_in_again_with_a_password_shown_once(open_station: Callable[..., Hand], newcomer: str, plant: Plant):
    hand = open_station("IQC-02")
    choose(people(hand), newcomer)
    account(hand).disable.click()
    write_why(hand, "left the company")
    hand.until(lambda: isinstance(hand.window.frame.sheet, PersonSheet) and not hand.window.frame.sheet.person.enabled)
    account(hand).let_in.click()
    form = hand.window.frame.sheet
    assert isinstance(form, LetInSheet)
    hand.press(Qt.Key.Key_Return)
    assert hand.window.frame.sheet is form, "how the identity was checked is not written yet"
    hand.type("identity card, in person")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, HandOverSheet))
    shown = hand.window.frame.sheet
    assert isinstance(shown, HandOverSheet)
    elsewhere(lambda: plant.shell(newcomer, secret=shown.secret))
    hand.press(Qt.Key.Key_Return)
    assert account(hand).person.secret_set_at is None


def test_a_password_past_its_age_is_replaced_before_the_work_goes_on(open_station: Callable[..., Hand], newcomer: str, plant: Plant):
    aged = "UPDATE lineside.person SET secret_set_at = secret_set_at - interval '366 days' WHERE login = %s"
    elsewhere(lambda: plant.superuser().execute(aged, [newcomer]))
    hand = open_station("IQC-02")
    gate = hand.window.gate
    assert isinstance(gate, SignIn)
    hand.until(lambda: newcomer in gate._people)
    gate.choose(newcomer)
    gate.password.edit.setFocus()
    hand.type(SECRET)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.gate, FirstSecret))
    first = hand.window.gate
    assert isinstance(first, FirstSecret)
    assert hand.sentence.startswith("Set a new password.")
    for field in (first.first, first.again):
        field.edit.setFocus()
        hand.type("a newer sentence")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.gate is None)
    assert Permission.PLAN_BATCH in hand.window.rights, "rights count from the new password on"


def test_everybody_sees_their_own_account_and_a_wrong_password_under_their_name(open_station: Callable[..., Hand], plant: Plant):
    elsewhere(lambda: plant.link("REC-01").report_failed_sign_in("li.ming"))
    hand = open_station("IQC-02")
    hand.sign_in("li.ming")
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, OwnSheet) and hand.window.frame.sheet.logins.rows)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, OwnSheet)
    assert [str(row.title) for row in sheet.jobs.rows] == ["inspector"]
    tries = [str(row.line) for row in sheet.logins.rows if str(row.title) == "wrong password"]
    assert tries == ["REC-01"]


def test_an_own_password_is_changed_whenever_its_owner_wants(open_station: Callable[..., Hand], newcomer: str, plant: Plant):
    hand = open_station("IQC-02")
    hand.sign_in(newcomer)
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, OwnSheet))
    own = hand.window.frame.sheet
    assert isinstance(own, OwnSheet)
    own.change.click()
    form = hand.window.frame.sheet
    assert isinstance(form, OwnSecretSheet)
    for field in (form.first, form.again):
        field.edit.setFocus()
        hand.type("a sentence of mine")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, OwnSheet))
    elsewhere(lambda: plant.shell(newcomer, secret="a sentence of mine"))
    with pytest.raises(WrongNameOrPassword):
        elsewhere(lambda: plant.shell(newcomer, secret=SECRET))


def test_every_right_has_its_words():
    assert set(RIGHTS) == set(Permission) - {Permission.EVERYBODY}


@pytest.mark.parametrize("language", [Language.EN, Language.ZH], ids=["en", "zh"])
@pytest.mark.parametrize("key", ["people.list", "people.jobs"])
def test_nothing_is_cut_on_a_small_glass(key: str, language: Language, open_station: Callable[..., Hand]):
    hand = open_station("IQC-02", size=(1280, 800))
    hand.sign_in("sun.wei")
    set_language(language)
    hand.window.open(key)
    hand.until(lambda: not look_over(hand.window))
