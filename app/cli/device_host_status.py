"""``python main.py device host-status --jsonl``: what a reply of a ZPL printer says; see `app.devices.protocols.zpl`.

In: ``{"id", "input"}``, one character per byte. Out: ``{"id", "result": {"parse": "ok" | "fail", "fields", "faults", "ready"}}``; the names
of fields and faults are those of Zebra's table. A reply that cannot be read is never ready.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields

from app.cli import json_lines
from app.cli.json_lines import Answer, Asked
from app.devices.printer_condition import UnreadablePrinterAnswer
from app.devices.protocols.zpl import Fault, PrinterIdentity, PrinterStatus, read_identity, read_status


def main(argv: Sequence[str]) -> int:
    """Read standard input to standard output."""
    parser = argparse.ArgumentParser(prog="main.py device host-status", description="Say what replies of label printers mean.")
    parser.add_argument("--jsonl", action="store_true", required=True, help="read and write one JSON object per line")
    parser.parse_args(argv)
    return json_lines.answer_all(_describe, _failed)


def _describe(text: str, _: Asked) -> Answer:
    try:
        answer = text.encode("latin-1")
    except UnicodeEncodeError:
        return _failed()
    try:
        return _status(read_status(answer))
    except UnreadablePrinterAnswer:
        pass
    try:
        return _identity(read_identity(answer))
    except UnreadablePrinterAnswer:
        return _failed()


def _status(status: PrinterStatus) -> Answer:
    told = {one.name: getattr(status, one.name) for one in fields(status) if one.name != "faults"}
    told |= {fault.value: fault in status.faults for fault in Fault}
    return {"parse": "ok", "fields": told, "faults": [fault.value for fault in Fault if fault in status.faults], "ready": status.ready}


def _identity(identity: PrinterIdentity) -> Answer:
    told = {one.name: getattr(identity, one.name) for one in fields(identity)}
    return {"parse": "ok", "fields": told, "faults": [], "ready": None}


def _failed() -> Answer:
    return {"parse": "fail", "fields": {}, "faults": [], "ready": False}
