"""On the line: the released lot becomes product. An operator clears the line and takes components by scan."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal

from PySide6.QtCore import Qt

from app.core.session import SignedIn, sign_in
from app.demo import stock
from app.demo.people import SECRET
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand
from ui.shift.planning import PLANNED

CHECKS = 3


def _stock(shift: Shift, hand: Hand) -> None:
    """Other people at another station: the second material is received, inspected and released."""
    with ThreadPoolExecutor(1) as elsewhere:  # the window's thread is closed to SQL
        elsewhere.submit(_prepare, shift).result()
    frozen = """SELECT frozen ->> 'code', (frozen ->> 'revision')::int, frozen_digest = sha256(convert_to(frozen::text, 'UTF8'))
        FROM lineside.batch"""
    shift.reads_back("the frozen record", [("MR-SIV-2225", 1, True)], frozen)


def _prepare(shift: Shift) -> None:
    with closing(shift.stage.link("REC-01")) as link:
        people: list[SignedIn] = []

        def at(login: str) -> SignedIn:
            people.append(sign_in(shift.stage.server, login=login, password=SECRET, tickets=link.ticket))
            return people[-1]

        try:
            clips = stock.release_clips(at, quantity=Decimal(500))
            shift.found["clip_container"] = clips.container_code
        finally:
            for one in people:
                one.close()


def _operator(shift: Shift, hand: Hand) -> None:
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0124")
    hand.until(lambda: hand.window.gate is not None, "the lock for the operator")
    hand.sign_in("chen.jing", SECRET)
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['batch']}")
    hand.reads("Begin step 1: Line clearance.")


def _enter(hand: Hand, then: str) -> None:
    """Enter on what is asked, until the next is."""
    hand.breathe()
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.sentence == then, repr(then))


def _clear(shift: Shift, hand: Hand) -> None:
    _enter(hand, "No parts of the batch before?")
    _enter(hand, "No labels and papers of the batch before?")
    _enter(hand, "Tables and trays are clean?")
    hand.picture("step-clearance")
    _enter(hand, "Finish the step.")
    _enter(hand, "Begin step 2: Catheter-hub assemblies.")
    answers = "SELECT said, entered_by, station FROM lineside.step_entry"
    shift.reads_back("the line clearance", [("yes", "chen.jing", "IQC-02")] * CHECKS, answers)


def _wrong_component(shift: Shift, hand: Hand) -> None:
    _enter(hand, "Scan a container of CH-2225.")
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['clip_container']}")
    hand.until(lambda: hand.sentence.startswith("How much of"), "the container that was scanned")
    hand.breathe()
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: "is not CH-2225" in hand.banner, "the refusal of the wrong component")
    hand.picture("step-wrong-component")
    shift.reads_back("after the wrong component", [(0,)], "SELECT count(*) FROM lineside.consumption")


def _hubs(shift: Shift, hand: Hand) -> None:
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['container']}")
    hand.until(lambda: shift.found["lot"] in hand.sentence, "the hubs that were scanned")
    hand.picture("step-component")
    _enter(hand, "Finish the step.")
    _enter(hand, "Begin step 3: Safety clips.")
    if shift.spoiled("component"):
        shift.stage.tamper(
            "ALTER TABLE lineside.consumption DISABLE TRIGGER ALL",
            "UPDATE lineside.consumption SET lot = (SELECT id FROM lineside.lot WHERE supplier_lot = 'BK-771')",
            "ALTER TABLE lineside.consumption ENABLE TRIGGER ALL",
        )
    taken = """SELECT l.code, c.quantity::int, c.origin, c.consumed_by FROM lineside.consumption c JOIN lineside.lot l ON l.id = c.lot"""
    shift.reads_back("the hubs in the batch", [(shift.found["lot"], PLANNED, "scanned", "chen.jing")], taken)
    balance = "SELECT l.balance::int FROM lineside.lot l WHERE l.code = %s"
    shift.reads_back("the balance of the lot", [(4000 - PLANNED,)], balance, shift.found["lot"])


STEPS: list[Step] = [
    ("a second material is released", _stock),
    ("the operator opens the batch", _operator),
    ("clear the line", _clear),
    ("refuse the wrong component", _wrong_component),
    ("take the hubs", _hubs),
]
