"""On the line: the released lot becomes product, step by step, until two people have released the batch."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.capture.delivery import Taken, spooled, store
from app.demo.people import SECRET
from app.demo.stock import CLIPS, release_goods
from ui.kit import PrimaryButton
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand
from ui.shift.office import sign_in_sheet
from ui.shift.planning import PLANNED
from ui.shift.record import write_record

CHECKS = 3


def _stock(shift: Shift, hand: Hand) -> None:
    """Other people at another station: the second material is received, inspected and released."""
    shift.elsewhere(partial(_prepare, shift))
    frozen = """SELECT frozen ->> 'code', (frozen ->> 'revision')::int, frozen_digest = sha256(convert_to(frozen::text, 'UTF8'))
        FROM lineside.batch"""
    shift.reads_back("the frozen record", [("MR-SIV-2225", 1, True)], frozen)


def _prepare(shift: Shift) -> None:
    with shift.people_at("REC-01") as at:
        shift.found["clip_container"] = release_goods(at, CLIPS, quantity=Decimal(500)).container_code


def _operator(shift: Shift, hand: Hand) -> None:
    hand.devices_live()
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0124")
    hand.sign_in("chen.jing", SECRET)
    hand.tap("Batches")
    hand.reads(shift.found["batch"])
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['batch']}")
    hand.reads("Begin step 1: Line clearance.")


def _enter(hand: Hand, then: str) -> None:
    """Enter on what is asked, by a hand that came back; until the next is asked."""
    _press(hand)
    hand.until(lambda: hand.sentence == then, repr(then))


def _press(hand: Hand) -> None:
    corner = hand.window.frame.action_bar.primary
    hand.until(lambda: not (isinstance(corner, PrimaryButton) and corner.is_busy), "the act before to be over")
    hand.press(Qt.Key.Key_Shift)  # a hand that came back: no bounce of the press before
    hand.press(Qt.Key.Key_Return)


def _write(hand: Hand, figure: str, then: str) -> None:
    """A figure into the field that is open, and Enter."""
    hand.type(figure)
    _enter(hand, then)


def _clear(shift: Shift, hand: Hand) -> None:
    _enter(hand, "No parts of the batch before?")
    _enter(hand, "No labels and papers of the batch before?")
    _enter(hand, "Tables and trays are clean?")
    hand.picture("step-clearance")
    _enter(hand, "Finish the step.")
    _enter(hand, "Begin step 2: Catheter-hub assemblies.")
    answers = "SELECT said, entered_by, station FROM lineside.step_entry"
    shift.reads_back("the line clearance", [("yes", "chen.jing", "PK-03")] * CHECKS, answers)


def _wrong_component(shift: Shift, hand: Hand) -> None:
    _enter(hand, "Scan a container of CH-2225.")
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['clip_container']}")
    hand.until(lambda: "is not CH-2225" in hand.banner, "the refusal of the wrong component")
    hand.picture("step-wrong-component")
    shift.reads_back("after the wrong component", [(0,)], "SELECT count(*) FROM lineside.consumption")


def _hubs(shift: Shift, hand: Hand) -> None:
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['container']}")
    hand.reads(f"Take {PLANNED} pcs")
    hand.picture("step-component")
    _enter(hand, "Finish the step.")
    if shift.spoiled("component"):
        shift.stage.tamper(
            "ALTER TABLE lineside.consumption DISABLE TRIGGER ALL",
            "UPDATE lineside.consumption SET lot = (SELECT id FROM lineside.lot WHERE supplier_lot = 'BK-771')",
            "ALTER TABLE lineside.consumption ENABLE TRIGGER ALL",
        )
    taken = "SELECT l.code, c.quantity::int, c.origin, c.consumed_by FROM lineside.consumption c JOIN lineside.lot l ON l.id = c.lot"
    shift.reads_back("the hubs in the batch", [(shift.found["lot"], PLANNED, "scanned", "chen.jing")], taken)
    balance = "SELECT l.balance::int FROM lineside.lot l WHERE l.code = %s"
    shift.reads_back("the balance of the lot", [(4000 - PLANNED,)], balance, shift.found["lot"])
    _enter(hand, "Begin step 3: Safety clips.")


def _clips(shift: Shift, hand: Hand) -> None:
    """Each unit gets its own clip, and the record says which lot it came from."""
    scanner, batch = shift.stage.line.lab_scanner, shift.found["batch"]
    units = [f"{batch}-{no:05}" for no in range(1, PLANNED + 1)]
    _enter(hand, "Make the units first: every piece gets a serial.")
    _enter(hand, f"Scan the unit in your hand; the next one is {units[0]}.")
    for unit, then in zip(units, [f"Scan the unit in your hand; the next one is {units[1]}.", "Finish the step."], strict=True):
        scanner.scan(f"]C0{unit}")
        hand.reads(f"Unit {unit}: scan a container of SC-2200.")
        hand.breathe()
        scanner.scan(f"]C0{shift.found['clip_container']}")
        hand.reads(then)
    bound = """SELECT c.unit_serial, l.supplier_lot FROM lineside.consumption c JOIN lineside.lot l ON l.id = c.lot
        WHERE c.unit_serial IS NOT NULL ORDER BY 1"""
    shift.reads_back("the clips in the units", [(unit, "BK-771") for unit in units], bound)
    _enter(hand, "Begin step 4: Assemble needle and hub.")


def _assemble(shift: Shift, hand: Hand) -> None:
    _enter(hand, "Do as the instruction says, then finish the step.")
    hand.picture("step-instruction")
    _enter(hand, "Begin step 5: Pouch sealer is ready.")
    _enter(hand, "Scan the pouch sealer.")
    shift.stage.line.lab_scanner.scan("]C0AST:SL-03")
    hand.reads("When was it cleaned?")
    _write(hand, "00:01", "Finish the step.")
    sealer = "SELECT said, origin, convert_from(raw, 'LATIN1') FROM lineside.step_entry WHERE field = 'asset'"
    shift.reads_back("the sealer", [("SL-03", "scanned", "]C0AST:SL-03")], sealer)
    _enter(hand, "Begin step 6: Open time of the assemblies.")
    _enter(hand, "Finish the step.")
    _enter(hand, "Begin step 7: Pouch sealing.")


def _seal(shift: Shift, hand: Hand) -> None:
    _enter(hand, "Read and enter: Dwell.")
    shift.elsewhere(partial(_sealer_says, shift, "136.9", "137.6"))
    hand.picture("step-sealing")
    _write(hand, "1.21", "Read and enter: Jaw pressure.")
    _write(hand, "412", "Finish the step.")
    _enter(hand, "Begin step 8: Seal width in process.")
    if shift.spoiled("value"):
        shift.stage.tamper(
            "ALTER TABLE lineside.step_entry DISABLE TRIGGER ALL",
            "UPDATE lineside.step_entry SET value = 1.25 WHERE field = 'dwell'",
            "ALTER TABLE lineside.step_entry ENABLE TRIGGER ALL",
        )
    said = "SELECT field, value::text FROM lineside.step_entry WHERE field IN ('temperature.low', 'temperature.high') ORDER BY field"
    shift.reads_back("what the sealer said", [("temperature.high", "137.6"), ("temperature.low", "136.9")], said)
    typed = "SELECT field, value::text, unit, entered_by FROM lineside.step_entry WHERE field IN ('dwell', 'pressure') ORDER BY field"
    shift.reads_back("what was typed", [("dwell", "1.21", "s", "chen.jing"), ("pressure", "412", "kPa", "chen.jing")], typed)


def _sealer_says(shift: Shift, *temperatures: str) -> None:
    """The sealer's own station hands over what it said."""
    now = datetime.now(UTC)
    told = [
        Taken(channel="temperature_actual", at=now + timedelta(milliseconds=n), value=Decimal(one), quality="good", cycle=None, raw=(n,))
        for n, one in enumerate(temperatures)
    ]
    with closing(shift.stage.link("REC-01")) as link:
        store(link, new_id(), spooled("SL-03", told))


def _measure(shift: Shift, hand: Hand) -> None:
    if shift.spoiled("skipped"):
        shift.stage.tamper(
            "ALTER TABLE lineside.batch_step DISABLE TRIGGER ALL",
            "UPDATE lineside.batch_step SET status = 'done' WHERE key = 'seal_width'",
            "ALTER TABLE lineside.batch_step ENABLE TRIGGER ALL",
        )
    _enter(hand, "Measure Seal width, sample 1 with the caliper.")
    for width, then in (("10.02", "Measure Seal width, sample 2 with the caliper."), ("10.04", "Finish the step.")):
        shift.stage.line.caliper.show(width)
        shift.stage.line.caliper.press()
        hand.reads(f"Take {width} mm")
        _enter(hand, then)
    _enter(hand, "Begin step 9: Label every unit.")


def _label(shift: Shift, hand: Hand) -> None:
    """What the printer drew is decoded and scanned on its unit: a wrong label goes nowhere."""
    printer, batch = shift.stage.line.printer, shift.found["batch"]
    units = [f"{batch}-{no:05}" for no in range(1, PLANNED + 1)]
    _enter(hand, f"Print the label of unit {units[0]}.")
    for unit, then in zip(units, [f"Print the label of unit {units[1]}.", "Finish the step."], strict=True):
        before = len(printer.printed)
        _press(hand)
        hand.reads(f"Put the label on unit {unit}, then scan it there.")
        (says,) = printer.printed[before].scans
        if unit == units[0]:
            printer.printed[before].picture().save(shift.pictures / "unit-label.png")
            hand.picture("step-label")
        if shift.spoiled("label"):
            says = says.replace("21" + unit, "21" + unit[:-1] + "9")
        shift.stage.line.lab_scanner.scan(says)
        hand.reads(then)
    states = "SELECT u.serial, u.status, l.status FROM lineside.unit u JOIN lineside.label l ON l.subject_id = u.id ORDER BY 1"
    shift.reads_back("the labels of the units", [(unit, "labelled", "applied") for unit in units], states)
    _enter(hand, "Begin step 10: Count what was made.")


def _count(shift: Shift, hand: Hand) -> None:
    _enter(hand, "Count, then enter: Good.")
    _write(hand, str(PLANNED), "Count, then enter: Scrapped.")
    _write(hand, "0", "Count, then enter: Samples.")
    _write(hand, "0", "Finish the step.")
    _enter(hand, "Read the list, then sign that it was done so.")


def _two_sign(shift: Shift, hand: Hand) -> None:
    """The operator signs what was done, a second person verifies at the same station."""
    for badge, then in (("T-0124", "A second person reads the list and signs."), ("T-0117", "Every step is done: complete the batch.")):
        _press(hand)
        sign_in_sheet(shift, hand, badge)
        hand.reads(then)
    if shift.spoiled("verifier"):
        shift.stage.tamper(
            "ALTER TABLE lineside.signature DISABLE TRIGGER ALL",
            "DELETE FROM lineside.signature WHERE meaning = 'verified'",
            "ALTER TABLE lineside.signature ENABLE TRIGGER ALL",
        )
    signed = "SELECT signer, meaning, station FROM lineside.signature WHERE subject_kind = 'batch_step' ORDER BY at"
    shift.reads_back("who signed", [("chen.jing", "performed", "PK-03"), ("li.ming", "verified", "PK-03")], signed)
    _enter(hand, f"{shift.found['batch']} is complete: quality reviews and releases it.")


def _releases(shift: Shift, hand: Hand) -> None:
    """Production's part by quality, the market by regulatory: two people, two rights."""
    for badge, login, status in (("T-0240", "wang.haiyan", "released for production"), ("T-0252", "he.qing", "released to market")):
        shift.stage.line.lab_scanner.scan(f"]C0BDG:{badge}")
        hand.until(lambda: hand.window.gate is not None, f"the lock for {login}")
        hand.sign_in(login, SECRET)
        hand.tap("Batches")
        hand.reads(shift.found["batch"])
        hand.breathe()
        shift.stage.line.lab_scanner.scan(f"]C0{shift.found['batch']}")
        hand.reads("Gates for release", f"Release {PLANNED}")
        hand.picture(f"release-{login.replace('.', '-')}")
        _press(hand)
        sign_in_sheet(shift, hand, badge)
        hand.until(lambda wanted=status: shift.stage.rows("SELECT status FROM lineside.batch") == [(wanted,)], f"the batch {status}")
    who = "SELECT released_by, market_by FROM lineside.batch"
    shift.reads_back("who released", [("wang.haiyan", "he.qing")], who)
    hand.picture("batch-released")


def _trace(shift: Shift, hand: Hand) -> None:
    """From a unit to what it was made of; both hub and clip lot are told, and the hands. Regulatory affairs sees suppliers masked."""
    hand.tap("Trace")
    hand.reads(shift.found["lot"])
    shift.stage.line.lab_scanner.scan(f"]C0{shift.found['batch']}-00002")
    hand.reads(shift.found["lot"], "B•••", "SL-03")
    hand.picture("trace")


STEPS: list[Step] = [
    ("a second material is released", _stock),
    ("the operator opens the batch", _operator),
    ("clear the line", _clear),
    ("refuse the wrong component", _wrong_component),
    ("take the hubs", _hubs),
    ("one clip for each unit", _clips),
    ("assemble", _assemble),
    ("seal", _seal),
    ("measure the seal", _measure),
    ("label every unit", _label),
    ("count what was made", _count),
    ("perform and verify by signature", _two_sign),
    ("two people release the batch", _releases),
    ("write the batch's record", write_record),
    ("trace a unit", _trace),
]
