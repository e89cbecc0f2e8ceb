"""How entries of the trail read: tables by the records they hold, columns as the database names them."""

from __future__ import annotations

import re

from app.base.phrases import Phrase
from app.tracing.trail import TrailEntry
from ui.kit import Words

OPS = {"INSERT": Phrase("new"), "UPDATE": Phrase("changed"), "DELETE": Phrase("deleted")}
TABLES = {
    "approval": Phrase("supplier approval"),
    "asset": Phrase("asset"),
    "attachment": Phrase("file"),
    "batch": Phrase("batch"),
    "batch_step": Phrase("batch step"),
    "calibration": Phrase("calibration"),
    "channel": Phrase("channel"),
    "characteristic": Phrase("characteristic"),
    "consumption": Phrase("material taken"),
    "consumption_undo": Phrase("material taken back"),
    "container": Phrase("container"),
    "deviation": Phrase("deviation"),
    "device_connection": Phrase("connection of a device"),
    "deviation_photo": Phrase("picture of a deviation"),
    "device_protocol": Phrase("own protocol"),
    "document": Phrase("document"),
    "exception_acceptance": Phrase("accepted exception"),
    "finding": Phrase("finding of the self-check"),
    "inspection": Phrase("inspection"),
    "inspection_plan": Phrase("inspection plan"),
    "item": Phrase("item"),
    "kit": Phrase("kit"),
    "label": Phrase("label"),
    "label_route": Phrase("where labels come out"),
    "late_entry": Phrase("draft made while the database was away"),
    "late_settlement": Phrase("settled draft"),
    "typed_value": Phrase("value typed in place of a device"),
    "ledger": Phrase("movement of stock"),
    "location": Phrase("location"),
    "lot": Phrase("lot"),
    "mask_rule": Phrase("rule of a mask"),
    "master_record": Phrase("master record"),
    "measurement": Phrase("measurement"),
    "order_line": Phrase("order line"),
    "person": Phrase("person"),
    "practice": Phrase("mark of a practice plant"),
    "purchase_order": Phrase("purchase order"),
    "receipt": Phrase("receipt"),
    "receipt_undo": Phrase("receipt undone"),
    "restore_drill": Phrase("restore drill"),
    "sample_batch": Phrase("machine values"),
    "scope": Phrase("job of a person"),
    "job_right": Phrase("right of a job"),
    "right_conflict": Phrase("rights kept apart"),
    "setting": Phrase("setting"),
    "sign_in_failure": Phrase("failed sign-in"),
    "signature": Phrase("signature"),
    "site": Phrase("site"),
    "station": Phrase("station"),
    "step_entry": Phrase("step entry"),
    "supplier": Phrase("supplier"),
    "task": Phrase("task"),
    "unit": Phrase("unit"),
    "weighing": Phrase("weighing"),
    "witness_renewal": Phrase("witness begun anew"),
}
_SHOWN = 3
_NAME_OF_A_ROW = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def table_words(table: str) -> Words:
    """What a table holds; one that nobody gave words to by its name."""
    return TABLES.get(table, table)


def op_words(op: str) -> Words:
    """What happened to the row."""
    return OPS.get(op, op)


def change_words(one: TrailEntry) -> Words:
    """The first few columns that changed; of a new row what it holds. Names of other rows only F4 shows: they say nothing to a reader."""
    new = one.op == "INSERT"
    said = [change for change in one.changes if not any(value is not None and _NAME_OF_A_ROW.fullmatch(value) for value in change[1:])]
    pairs = [f"{column}: {now}" if new else f"{column}: {before or '–'} → {now or '–'}" for column, before, now in said]
    return ", ".join(pairs[:_SHOWN]) + (" …" if len(pairs) > _SHOWN else "")
