"""``python main.py decode --jsonl``: scans as JSON lines in, what they are as JSON lines out.

In: ``{"id": …, "input": "…"}``, one character per byte as the scanner sent it. Out: ``{"id": …, "result": {"status", "kind",
"elements": [[ai, raw, value]], "fields", "error"}}``. A line that cannot be read gets a result of its own; the rest goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import BinaryIO

from app.scanning.interpret import interpret
from app.scanning.refusals import refusal
from app.scanning.result import Refusal, Scanned, Status, Value

LONGEST_LINE = 1_000_000
"""Bytes. A longer line is answered as unreadable and skipped, so that memory stays flat."""

Answer = dict[str, object]


def main(argv: Sequence[str]) -> int:
    """Decode standard input to standard output.

    Args:
        argv: The arguments after ``decode``.

    Returns:
        0 when the input was read to its end, also when some lines were not readable; 1 when nobody reads the output any more.
    """
    parser = argparse.ArgumentParser(prog="main.py decode", description="Say what scans are.")
    parser.add_argument("--jsonl", action="store_true", required=True, help="read and write one JSON object per line")
    parser.parse_args(argv)
    try:
        for line in _lines(sys.stdin.buffer):
            sys.stdout.write(answer(line) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return 1
    return 0


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines without their ends; of an over-long line only its beginning."""
    while line := stream.readline(LONGEST_LINE):
        begun = line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)  # the rest of an over-long line belongs to nobody
        if begun.strip():
            yield begun


def answer(line: bytes) -> str:
    """The answer to one line, as JSON in ASCII."""
    try:
        asked = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a figure beyond all measure, or nested without end
        return _written(None, _not_read())
    if not isinstance(asked, dict):
        return _written(None, _not_read())
    text = asked.get("input")
    return _written(asked.get("id"), described(interpret(text)) if isinstance(text, str) else _not_read())


def described(scanned: Scanned) -> Answer:
    """A scan as plain JSON values: dates as ISO text, decimals as text with their own digits."""
    return {
        "status": scanned.status.value,
        "kind": scanned.kind,
        "elements": [[element.ai, element.raw, _plain(element.value)] for element in scanned.elements],
        "fields": {name: _plain(value) for name, value in scanned.fields.items()},
        "missing": [[missing.ai, list(missing.needs)] for missing in scanned.missing],
        "error": _error(scanned.error),
    }


def _not_read() -> Answer:
    return {
        "status": Status.INVALID.value,
        "kind": "unknown",
        "elements": [],
        "fields": {},
        "missing": [],
        "error": _error(refusal("line_not_readable")),
    }


def _error(error: Refusal | None) -> Mapping[str, str] | None:
    if error is None:
        return None
    return {"code": error.code, "text": str(error.text), "next_step": str(error.next_step)}


def _plain(value: Value) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _written(identity: object, result: Answer) -> str:
    return json.dumps({"id": identity, "result": result})


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
