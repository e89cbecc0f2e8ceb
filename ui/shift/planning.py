"""The planner reads the effective master record, starts a batch by it and looks at its review: nothing is done yet."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.batches.commands import StartBatch
from app.demo.people import SECRET
from app.demo.stock import HUBS, release_goods
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand

PLANNED = 2


def _planner_takes_over(shift: Shift, hand: Hand) -> None:
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0270")
    hand.until(lambda: hand.window.gate is not None, "the lock for the planner")
    hand.sign_in("gao.yun", SECRET)


def _master_record(shift: Shift, hand: Hand) -> None:
    hand.tap("Batches")
    hand.tap("Records")
    hand.reads("MR-SIV-2225", "Batches start from revision 1.", "7 Pouch sealing")
    hand.picture("masters")
    hand.press(Qt.Key.Key_Escape)


def _start_batch(shift: Shift, hand: Hand) -> None:
    hand.reads("No batch was started here yet.")
    hand.press(Qt.Key.Key_F8)
    hand.reads("MR-SIV-2225, revision 1")
    hand.type(str(PLANNED))
    hand.reads(f"Start {PLANNED} pcs")
    hand.picture("batch-to-start")
    hand.press(Qt.Key.Key_Return)
    started = "SELECT planned::int, status, started_by FROM lineside.batch"
    hand.until(lambda: shift.stage.rows(started) == [(PLANNED, "open", "gao.yun")], "the batch")
    hand.reads("step 1 may begin: Line clearance")
    hand.picture("batches")
    hand.press(Qt.Key.Key_F6)
    hand.reads("Nothing is laid out yet")
    hand.picture("kit")
    hand.press(Qt.Key.Key_Escape)


def _review(shift: Shift, hand: Hand) -> None:
    ((batch, code),) = shift.stage.rows("SELECT id, code FROM lineside.batch")
    shift.found["batch"] = code
    hand.window.open("batches.release", {"batch": str(batch)})
    hand.reads("Gates for release", "Finish its steps first.", f"Release • batch {code} • Safety IV catheter 22G × 25 mm")
    hand.picture("batch-review")


def prepare(shift: Shift, hand: Hand) -> None:
    """The same by commands, at another station: a released lot of hubs, and a batch by the effective record."""
    shift.elsewhere(partial(_prepare, shift))


def _prepare(shift: Shift) -> None:
    with shift.people_at("REC-01") as at:
        hubs = release_goods(at, HUBS, quantity=Decimal(4000))
        ((master,),) = shift.stage.rows("SELECT id FROM lineside.document WHERE kind = 'master_record'")
        code = at("gao.yun").give(StartBatch(command_id=new_id(), id=new_id(), master=master, planned=Decimal(PLANNED)))
        shift.found |= {"lot": hubs.lot_code, "container": hubs.container_code, "batch": code}


STEPS: list[Step] = [
    ("the planner takes over", _planner_takes_over),
    ("read the master record", _master_record),
    ("start a batch", _start_batch),
    ("look at its review", _review),
]
