"""After the shift: the chains of the trail are recomputed from their bytes, and every row is compared with its last entry."""

from __future__ import annotations

import hashlib
import json

from ui.shift.course import Shift
from ui.shift.hand import ShiftFailed

FOLLOWED = (
    "lot",
    "ledger",
    "receipt",
    "container",
    "weighing",
    "label",
    "inspection",
    "measurement",
    "deviation",
    "signature",
    "task",
    "batch",
    "batch_step",
    "step_entry",
    "consumption",
    "unit",
)
CHAINS = {"REC-01/ui", "REC-01/device", "IQC-02/ui", "IQC-02/sign"}


def check(shift: Shift) -> None:
    """Recompute and compare.

    Raises:
        ShiftFailed: names the first chain, entry or row that is not as it was written.
    """
    if shift.spoiled("trail"):
        _cut(shift)
    _chains(shift)
    for table in FOLLOWED:
        _rows(shift, table)


def _chains(shift: Shift) -> None:
    heads = {chain: (seq, bytes(head)) for chain, seq, head in shift.stage.rows("SELECT chain, seq, hash FROM lineside.audit_chain")}
    if missing := CHAINS - set(heads):
        raise ShiftFailed(f"the trail: no chain {sorted(missing)}")
    for chain, (seq, head) in sorted(heads.items()):
        last, prev = 0, b""
        for number, payload, before, link in shift.stage.rows(
            "SELECT seq, payload, prev, hash FROM lineside.audit_log WHERE chain = %s ORDER BY seq", chain
        ):
            computed = hashlib.sha256(prev + payload.encode()).digest()
            if number != last + 1 or bytes(before) != prev or bytes(link) != computed:
                raise ShiftFailed(f"the trail: chain {chain} is broken at entry {number}")
            last, prev = number, computed
        if (last, prev) != (seq, head):
            raise ShiftFailed(f"the trail: chain {chain} ends at {last}, its head says {seq}")


def _rows(shift: Shift, table: str) -> None:
    """Each row as it is now against the last image the trail has of it."""
    images = {
        json.loads(payload)["new"]["id"]: json.loads(payload)["new"]
        for (payload,) in shift.stage.rows("SELECT payload FROM lineside.audit_log WHERE tab = %s ORDER BY tx, chain, seq", table)
    }
    now = "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'"
    rows = shift.stage.rows_after(now, f"SELECT row_to_json(t)::text FROM lineside.{table} t")
    standing = {row["id"]: row for row in (json.loads(text) for (text,) in rows)}
    if standing.keys() != images.keys():
        raise ShiftFailed(f"the trail: {table} has {len(standing)} rows, the trail knows {len(images)}")
    for key, row in standing.items():
        if row != images[key]:
            raise ShiftFailed(f"the trail: {table} {key} is not what its last entry says")


def _cut(shift: Shift) -> None:
    """What a skilled administrator would do: cut the tail of the dock's chain and repair the head. The chain alone then verifies."""
    shift.stage.tamper(
        "ALTER TABLE lineside.audit_log DISABLE TRIGGER ALL",
        "DELETE FROM lineside.audit_log WHERE chain = 'REC-01/ui'"
        " AND seq >= (SELECT max(seq) FROM lineside.audit_log WHERE chain = 'REC-01/ui' AND tab = 'receipt')",
        "UPDATE lineside.audit_chain c SET seq = l.seq, hash = l.hash FROM lineside.audit_log l"
        " WHERE c.chain = 'REC-01/ui' AND l.chain = c.chain AND l.seq = (SELECT max(seq) FROM lineside.audit_log WHERE chain = c.chain)",
        "ALTER TABLE lineside.audit_log ENABLE TRIGGER ALL",
    )
