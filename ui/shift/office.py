"""Signing at the same station: the inspector cannot, supervisor and quality do; the lot is held, released; evidence, papers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy.orm import Session

from app.base.phrases import Language, Name
from app.demo.people import SECRET
from app.materials.queries import lot_by_code
from app.tracing.filing import file_lot_paper
from ui.shell.sign_in import SignIn
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand, ShiftFailed
from ui.shift.papers import demand_words, written

PRINTED_NAMES = {Language.EN: ("Tom Becker", "Wang Haiyan", "Li Ming"), Language.ZH: ("Tom Becker", "王海燕", "李明")}
SIGNED = "SELECT signer, meaning, station, signer_name_en FROM lineside.signature WHERE subject_kind = %s ORDER BY at"


def sign_in_sheet(shift: Shift, hand: Hand, badge: str, picture: str | None = None) -> None:
    """Badge, password, Enter in the sheet that is open."""
    hand.until(lambda: hand.window.frame.sheet is not None, "the signing sheet")
    sheet = hand.sheet
    hand.breathe()
    shift.stage.line.lab_scanner.scan(f"]C0BDG:{badge}")
    hand.reads("Enter the password")
    hand.type(SECRET)
    if picture:
        hand.picture(picture)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.frame.sheet is not sheet, f"the sheet signed; it says {sheet.refusal!r}")


def _performer_is_refused(shift: Shift, hand: Hand) -> None:
    hand.tap("Have it signed")
    hand.reads(shift.found["deviation"], "Supervisor signs")
    hand.tap("Supervisor signs")
    hand.until(lambda: hand.window.frame.sheet is not None, "the signing sheet")
    sheet = hand.sheet
    hand.until(lambda: "Four eyes" in hand.words, "who performed it")
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0117")
    hand.until(lambda: "Li Ming" in sheet.refusal, "the refusal of the performer")
    hand.picture("sign-performer-refused")
    shift.reads_back("after the performer's try", [], SIGNED, "deviation")


def _two_sign(shift: Shift, hand: Hand) -> None:
    sign_in_sheet(shift, hand, "T-0231", "sign-deviation")
    hand.reads("Quality signs")
    hand.tap("Quality signs")
    sign_in_sheet(shift, hand, "T-0241")
    first, second = ("tom.becker", "approved by supervisor"), ("xu.lan", "approved by quality")
    hand.until(lambda: shift.stage.rows("SELECT status FROM lineside.deviation") == [("decided",)], "the deviation decided")
    if shift.spoiled("signature"):
        shift.stage.tamper(
            "ALTER TABLE lineside.signature DISABLE TRIGGER ALL",
            "DELETE FROM lineside.signature WHERE meaning = 'approved by quality'",
            "ALTER TABLE lineside.signature ENABLE TRIGGER ALL",
        )
    expected = [(*first, "IQC-02", "Tom Becker"), (*second, "IQC-02", "Xu Lan")]
    shift.reads_back("the signatures of the deviation", expected, SIGNED, "deviation")
    shift.reads_back("who decided", [("xu.lan",)], "SELECT decided_by FROM lineside.deviation")
    if hand.window.bridge.who is None or hand.window.bridge.who.login != "li.ming":
        raise ShiftFailed("the inspector did not stay signed in")
    hand.picture("deviation-decided")


def _decide_refused_pack(shift: Shift, hand: Hand) -> None:
    hand.tap("Home")
    hand.tap("Decide on the refused pack of lot KN26-77")
    hand.reads("Decide what becomes of the refused pack of lot KN26-77.")
    hand.picture("refused-pack")
    hand.press(Qt.Key.Key_Return)
    decided = "SELECT status, done_by FROM lineside.task WHERE kind = 'decide_pack'"
    hand.until(lambda: shift.stage.rows(decided) == [("done", "wang.haiyan")], "the question answered")
    hand.until(lambda: hand.window.current is not None and hand.window.current.key == "home", "home again")


def _quality_takes_over(shift: Shift, hand: Hand) -> None:
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0240")
    hand.until(lambda: hand.window.gate is not None, "the lock for the other person")
    hand.sign_in("wang.haiyan", SECRET)
    _decide_refused_pack(shift, hand)
    hand.tap("Trace")
    hand.reads(shift.found["lot"])
    hand.picture("lots")
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['lot']}")
    hand.reads("Release 4\u2009000 pcs")
    hand.picture("lot-to-release")


def _act(words: str, status: str, meaning: str, reason: str = "") -> Callable[[Shift, Hand], None]:
    def act(shift: Shift, hand: Hand) -> None:
        hand.tap(words)
        if reason:
            hand.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "one line why")
            hand.type(reason)
            hand.press(Qt.Key.Key_Return)
        sign_in_sheet(shift, hand, "T-0240")
        hand.until(lambda: shift.stage.rows("SELECT status FROM lineside.lot") == [(status,)], f"the lot {status}")
        last = shift.stage.rows(SIGNED, "lot")[-1]
        if last != ("wang.haiyan", meaning, "IQC-02", "Wang Haiyan"):
            raise ShiftFailed(f"{words}: the last signature is {last}")

    return act


def _evidence(shift: Shift, hand: Hand) -> None:
    hand.picture("lot-released")
    hand.press(Qt.Key.Key_F4)
    hand.until(lambda: hand.window.frame.sheet is not None, "the evidence of the balance")
    hand.reads("4\u2009000")
    hand.picture("evidence")
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_F6)
    hand.reads(shift.found["container"], "Zhou Min")
    hand.picture("history")
    hand.tap("Plant")
    hand.reads("What was changed, by whom, and why?")
    hand.type(shift.found["lot"])
    hand.press(Qt.Key.Key_Return)
    hand.reads("quarantine → released")
    hand.picture("audit-trail")


def _papers(shift: Shift, hand: Hand) -> None:
    """The lot's history as a paper in both languages, from the same facts, written by another person on a session of her own."""
    wanted = (shift.found["lot"], shift.found["container"], shift.found["deviation"], "25.62", "412.50")
    for language, file in written(shift, partial(_paper, shift)).items():
        demand_words(shift, file, (*wanted, *PRINTED_NAMES[language]), pictures=f"paper-{language.value}")


def _paper(shift: Shift, session: Session, language: Language, person: Name) -> Path:
    lot = lot_by_code(session, shift.found["lot"])
    if lot is None:
        raise ShiftFailed(f"the auditor does not find {shift.found['lot']}")
    return file_lot_paper(session, lot.id, language=language, person=person, station="QA-01", folder=shift.papers).file


def _who_sees_what(shift: Shift, hand: Hand) -> None:
    """The administrator reads the rules of the masks; the list of lots shows no supplier lot to her."""
    hand.press(Qt.Key.Key_F10)
    hand.until(lambda: isinstance(hand.window.gate, SignIn), "the lock")
    gate = hand.window.gate
    assert isinstance(gate, SignIn)
    gate.choose("sun.wei")  # from the list: who installed the plant has no badge
    hand.sign_in("sun.wei", SECRET)
    hand.tap("Plant")
    hand.reads("What each job sees", "line supervisor")
    hand.picture("masks")
    hand.tap("Trace")
    hand.reads(shift.found["lot"], "•••")
    hand.picture("lots-masked")


STEPS: list[Step] = [
    ("refuse the performer's signature", _performer_is_refused),
    ("two people sign the disposition", _two_sign),
    ("quality takes over", _quality_takes_over),
    ("hold the lot", _act("Hold", "held", "held", "Waiting for the supplier's answer.")),
    ("end the hold", _act("End the hold", "quarantine", "hold ended")),
    ("release the lot", _act("Release 4\u2009000 pcs", "released", "released")),
    ("show the evidence", _evidence),
    ("write the papers", _papers),
    ("see who sees what", _who_sees_what),
]
