"""The administrator's quarter of an hour: somebody new gets an account and a job, a pair is refused, and everybody may look at oneself."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.demo.people import SECRET
from ui.people.account_sheets import HandOverSheet, NewPersonSheet
from ui.people.job_sheet import GiveJobSheet
from ui.people.person_sheet import PersonSheet
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand, ShiftFailed

NEWCOMER = "lin.yue"
JOB_OF = "SELECT s.job, s.line FROM lineside.scope s JOIN lineside.person p ON p.id = s.person WHERE p.login = %s"


def _administrator_takes_over(shift: Shift, hand: Hand) -> None:
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0001")
    hand.until(lambda: hand.window.gate is not None, "the lock for the administrator")
    hand.sign_in("sun.wei", SECRET)
    hand.tap("Plant")
    hand.reads("Choose a person, or scan a badge.", "Wang Haiyan", "11 of 11 work here")
    hand.picture("people")


def _new_person(shift: Shift, hand: Hand) -> None:
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, NewPersonSheet), "the form of an account")
    form = hand.window.frame.sheet
    if not isinstance(form, NewPersonSheet):
        raise ShiftFailed("the form of an account went")
    for field, text in (
        (form.name_en, "Lin Yue"),
        (form.name_zh, "林月"),
        (form.login, NEWCOMER),
        (form.check, "identity card, in person"),
    ):
        field.edit.setFocus()
        hand.type(text)
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0301")
    hand.until(lambda: form.badge.text == "T-0301", "the badge in its field")
    hand.picture("person-new")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, HandOverSheet), "the first password")
    hand.reads("It lets in once, to set a password of one's own.")
    hand.picture("person-first-password")
    hand.press(Qt.Key.Key_Return)
    made = "SELECT name_zh, badge, enabled_check, checked_by, secret_set_at FROM lineside.person WHERE login = %s"
    shift.reads_back("the new account", [("林月", "T-0301", "identity card, in person", "sun.wei", None)], made, NEWCOMER)


def _give_job(shift: Shift, hand: Hand) -> None:
    hand.until(lambda: isinstance(hand.window.frame.sheet, PersonSheet), "the account")
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, GiveJobSheet), "the jobs")
    hand.press(Qt.Key.Key_Down)
    hand.picture("person-job")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: shift.stage.rows(JOB_OF, NEWCOMER) == [("operator", None)], "the job")
    hand.until(lambda: isinstance(hand.window.frame.sheet, PersonSheet), "the account with its job")
    hand.reads("identity card, in person", "first password, not replaced yet")
    hand.picture("person")
    hand.press(Qt.Key.Key_Escape)


def _jobs_and_rights(shift: Shift, hand: Hand) -> None:
    hand.press(Qt.Key.Key_F6)
    hand.reads("What may the operator do?", "release and reject lots")
    hand.picture("jobs")
    hand.press(Qt.Key.Key_F6)
    hand.reads("No person may hold both rights of a pair")
    hand.picture("jobs-pairs")
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_Right)
    hand.reads("What may the receiver do?")
    hand.press(Qt.Key.Key_Down)
    for _ in range(5):
        hand.press(Qt.Key.Key_Down)
    hand.reads("Jobs and rights • release and reject lots")
    hand.press(Qt.Key.Key_Return)
    hand.reads("would hold two rights that may not meet in one person")
    hand.picture("jobs-pair-refused")
    shift.reads_back("rights of the receiver", [], "SELECT FROM lineside.job_right WHERE job = 'receiver' AND right_name = 'release_lot'")


def _who_sees_what(shift: Shift, hand: Hand) -> None:
    """The rules of the masks; the list of lots shows an administrator no supplier lot."""
    hand.press(Qt.Key.Key_Escape)
    hand.reads("Choose a person, or scan a badge.")
    hand.press(Qt.Key.Key_F7)
    hand.reads("What each job sees", "line supervisor")
    hand.picture("masks")
    hand.tap("Trace")
    hand.reads(shift.found["lot"], "•••")
    hand.picture("lots-masked")


def _oneself(shift: Shift, hand: Hand) -> None:
    hand.tap("Home")
    hand.press(Qt.Key.Key_F8)
    hand.reads("Last log-ins", "SUZ, every line", "signed in")
    hand.picture("my-account")
    hand.press(Qt.Key.Key_Escape)


STEPS: list[Step] = [
    ("the administrator takes over", _administrator_takes_over),
    ("make an account", _new_person),
    ("give a job", _give_job),
    ("look at jobs and rights", _jobs_and_rights),
    ("see who sees what", _who_sees_what),
    ("look at oneself", _oneself),
]
