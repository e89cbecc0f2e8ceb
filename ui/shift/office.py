"""Signing at the same station: the inspector cannot, supervisor and quality do; the lot is held, released; evidence, papers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.base.phrases import Language
from app.core.session import sign_in
from app.demo.people import SECRET
from app.materials.queries import lot_by_code
from app.reports.pictures import page_pictures
from app.tracing.filing import file_lot_paper
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand, ShiftFailed

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


def _papers(shift: Shift, hand: Hand) -> None:
    """The lot's history as a paper in both languages, from the same facts, written by another person on a session of her own."""
    wanted = (shift.found["lot"], shift.found["container"], shift.found["deviation"], "25.62", "412.50")
    with ThreadPoolExecutor(1) as elsewhere:  # the window's thread is closed to SQL
        files = elsewhere.submit(_file, shift).result()
    for language, file in files.items():
        told = text_of(file)
        if missing := [words for words in (*wanted, *PRINTED_NAMES[language]) if words not in told]:
            raise ShiftFailed(f"{file.name} does not say {missing}")
        for number, page in enumerate(page_pictures(file.read_bytes(), dpi=80), 1):
            page.save(str(shift.pictures / f"paper-{language.value}-{number}.png"))


def _file(shift: Shift) -> dict[Language, Path]:
    auditor = sign_in(shift.stage.server, login="ma.lin", password=SECRET, tickets=lambda: None)
    try:
        lot = auditor.ask(lambda session: lot_by_code(session, shift.found["lot"]))
        if lot is None:
            raise ShiftFailed(f"the auditor does not find {shift.found['lot']}")
        names = {"person": auditor.who.name, "station": "QA-01", "folder": shift.papers}
        filed = {
            language: auditor.ask(partial(file_lot_paper, lot=lot.id, language=language, **names))  # type: ignore[arg-type]
            for language in Language
        }
        return {language: one.file for language, one in filed.items()}
    finally:
        auditor.close()


def text_of(pdf: Path) -> str:
    """All text of a PDF, without its line breaks."""
    document = PdfDocument(pdf)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split("\r\n")) for page in document)
    finally:
        document.close()


STEPS: list[Step] = [
    ("refuse the performer's signature", _performer_is_refused),
    ("two people sign the disposition", _two_sign),
    ("quality takes over", _quality_takes_over),
    ("hold the lot", _act("Hold", "held", "held", "Waiting for the supplier's answer.")),
    ("end the hold", _act("End the hold", "quarantine", "hold ended")),
    ("release the lot", _act("Release 4\u2009000 pcs", "released", "released")),
    ("show the evidence", _evidence),
    ("write the papers", _papers),
]
