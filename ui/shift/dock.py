"""At the dock: an order, a pack with its refusals, the location, the label, the weight."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from app.demo.people import SECRET
from app.demo.plant import HUB_GTIN, LAPSED_ORDER, NEEDLE_GTIN, ORDER
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand, ShiftFailed

GS = "\x1d"
SUPPLIER_LOT = "NF26-0931"
EXPIRES = date(2029, 9, 30)


def pack(*, gtin: str = HUB_GTIN, lot: str = SUPPLIER_LOT, expires: str = "290930", count: str = "4000", separator: str = GS) -> str:
    """A supplier's GS1 DataMatrix as a scanner in AIM mode sends it."""
    return f"]d201{gtin}112610011" + f"7{expires}10{lot}{separator}30{count}"


def _sign_in(shift: Shift, hand: Hand) -> None:
    hand.devices_live()
    shift.stage.line.dock_scanner.scan("]C0BDG:T-0102")
    hand.sign_in("zhou.min", SECRET)
    hand.reads("Zhou Min")
    who = "SELECT who, station, purpose FROM lineside.login_record WHERE who = 'zhou.min' AND station IS NOT NULL GROUP BY 1, 2, 3"
    shift.reads_back("the sign-in", [("zhou.min", "REC-01", "work")], who)


def _open_order(shift: Shift, hand: Hand) -> None:
    shift.stage.line.dock_scanner.scan(f"]C0{ORDER}")
    hand.reads("Nordfil Medical GmbH", "Catheter-hub assembly")


def _refused(shift: Shift, hand: Hand, scan: str, sentence: str, picture: str) -> None:
    """A scan that must not be taken: its sentence stands in the flow, nothing modal, nothing stored."""
    shift.stage.line.dock_scanner.scan(scan)
    hand.until(lambda: sentence in hand.banner, f"the refusal {sentence!r}")
    hand.picture(picture)
    shift.reads_back("after a refusal", [(0,)], "SELECT count(*) FROM lineside.receipt")


def _wrong_packs(shift: Shift, hand: Hand) -> None:
    if shift.spoiled("approval"):
        shift.stage.tamper(
            "INSERT INTO lineside.approval (id, supplier, item, site, valid_from, valid_to, certificate, certificate_valid_to)"
            " SELECT uuidv7(), supplier, item, site, current_date - 1, current_date + 99, 'forged', current_date + 99"
            " FROM lineside.approval WHERE valid_to < current_date"
        )
    _refused(shift, hand, pack(expires="251231", lot="NF24-0001"), "31 Dec 2025", "receive-expired")
    _refused(shift, hand, pack(lot="NF26-093121A77", separator=""), "separator", "receive-separator-lost")
    _refused(shift, hand, "]d201095211015300", "(01)", "receive-unreadable")
    needle = pack(gtin=NEEDLE_GTIN, lot="KN26-77")
    _refused(shift, hand, needle, "Needle 22G", "receive-wrong-item")
    _refused(shift, hand, f"]C0{LAPSED_ORDER}", "not approved", "receive-lapsed-approval")  # the pack in hand is checked against it
    hand.tap("Ask Wang Haiyan to decide")
    asked = "SELECT for_job, status, opened_by FROM lineside.task WHERE kind = 'decide_pack'"
    hand.until(lambda: shift.stage.rows(asked) == [("quality", "open", "zhou.min")], "the question to quality on record")


def _good_pack(shift: Shift, hand: Hand) -> None:
    shift.stage.line.dock_scanner.scan(f"]C0{ORDER}")
    hand.until(lambda: "Needle 22G" in hand.banner, "the pack in hand checked against the order")
    lost = shift.spoiled("scan")
    shift.stage.line.dock_scanner.scan(pack(separator="" if lost else GS))
    hand.reads("NF26-0931", "30 Sep 2029", "4\u2009000")
    hand.until(lambda: "Scan the location" in hand.sentence, "the location asked for")
    hand.picture("receive-pack")


def _location(shift: Shift, hand: Hand) -> None:
    _refused(shift, hand, "]C0LOC:S-B-01", "quarantine", "receive-wrong-location")
    shift.stage.line.dock_scanner.scan("]C0LOC:Q-A-03")
    hand.reads("Received last")
    rows = shift.stage.rows(
        "SELECT l.code, c.code, c.id::text, r.id::text FROM lineside.receipt r"
        " JOIN lineside.lot l ON l.id = r.lot JOIN lineside.container c ON c.receipt = r.id"
    )
    if len(rows) != 1:
        raise ShiftFailed(f"one receipt was posted on the screen, the database has {len(rows)}")
    shift.found.update(lot=rows[0][0], container=rows[0][1], container_id=rows[0][2], receipt=rows[0][3])
    hand.reads(shift.found["lot"], shift.found["container"])
    hand.picture("receive-posted")
    lot = "SELECT supplier_lot, expires_on, status, balance::int, opened_by FROM lineside.lot"
    shift.reads_back("the lot", [(SUPPLIER_LOT, EXPIRES, "quarantine", 4000, "zhou.min")], lot)
    ledger = "SELECT no, quantity::int, after_balance::int, kind, by_person FROM lineside.ledger"
    shift.reads_back("the ledger", [(1, 4000, 4000, "receipt", "zhou.min")], ledger)
    raw = "SELECT raw, origin, scanner, received_by FROM lineside.receipt"
    shift.reads_back("the receipt", [(pack().encode("latin-1"), "scanned", "SC-11", "zhou.min")], raw)


def _label(shift: Shift, hand: Hand) -> None:
    printer = shift.stage.line.printer
    printer.wait_until_printed(1, timeout_s=15)
    printed = printer.printed[0]
    printed.picture().save(shift.pictures / "container-label.png")
    decoded = list(printed.scans)
    if decoded != [f"]C0{shift.found['container']}"]:
        raise ShiftFailed(f"the printed label decodes to {decoded}, the container is {shift.found['container']}")
    hand.until(lambda: shift.stage.rows("SELECT status FROM lineside.label") == [("printed",)], "the label on record as printed")


def _weigh(shift: Shift, hand: Hand) -> None:
    shift.stage.line.scale.put("412.50", settle=2)
    hand.reads("Take 412.50 g")
    hand.press(Qt.Key.Key_Return)
    weighing = "SELECT w.value::text, w.unit, a.code, w.weighed_by FROM lineside.weighing w JOIN lineside.asset a ON a.id = w.scale"
    hand.until(lambda: shift.stage.rows(weighing) != [], "the weight stored")
    shift.reads_back("the weight", [("412.50", "g", "WB-04", "zhou.min")], weighing)


def _other_expiry(shift: Shift, hand: Hand) -> None:
    shift.stage.line.dock_scanner.scan(pack(expires="290630"))
    hand.until(lambda: "two expiry dates" in hand.banner, "the refusal of another expiry")
    hand.reads("30 Jun 2029", "30 Sep 2029")
    hand.picture("receive-refused")
    shift.reads_back("after the other expiry", [(1,)], "SELECT count(*) FROM lineside.receipt")


def _call_and_lock(shift: Shift, hand: Hand) -> None:
    hand.press(Qt.Key.Key_F9)
    hand.press(Qt.Key.Key_1)
    call = "SELECT kind, facts ->> 'topic', station, opened_by FROM lineside.task WHERE kind = 'call'"
    hand.until(lambda: shift.stage.rows(call) != [], "the call on record")
    shift.reads_back("the call", [("call", "material", "REC-01", "zhou.min")], call)
    hand.press(Qt.Key.Key_F10)
    hand.until(lambda: hand.window.gate is not None, "the lock")
    if SUPPLIER_LOT in hand.words:
        raise ShiftFailed("the lock shows values")
    hand.reads("Tom Becker")  # the list of who may go on here
    hand.picture("lock")
    hand.sign_in("zhou.min", SECRET)


def _labels(shift: Shift, hand: Hand) -> None:
    """The label of the container among those of the station, and what proves which copy it is."""
    hand.tap("Labels")
    hand.reads("Labels of this station", shift.found["container"], "printed")
    hand.picture("labels")
    hand.press(Qt.Key.Key_F4)
    hand.reads("entered by", "entry")
    hand.picture("labels-evidence")
    hand.press(Qt.Key.Key_Escape)


STEPS: list[Step] = [
    ("sign in with a badge", _sign_in),
    ("open the order", _open_order),
    ("refuse the wrong packs", _wrong_packs),
    ("read the good pack", _good_pack),
    ("post it at its location", _location),
    ("print its label", _label),
    ("weigh the container", _weigh),
    ("refuse another expiry", _other_expiry),
    ("call and lock", _call_and_lock),
    ("look at the labels", _labels),
]
