"""``python main.py decode --jsonl``: scans as JSON lines in, what they are as JSON lines out.

In: ``{"id": …, "input": "…"}``, one character per byte as the scanner sent it. Out: ``{"id": …, "result": {"status", "kind",
"elements": [[ai, raw, value]], "fields", "error"}}``. A line that cannot be read gets a result of its own; the rest goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.cli import json_lines
from app.cli.json_lines import Answer
from app.scanning.interpret import interpret
from app.scanning.refusals import refusal
from app.scanning.result import Refusal, Scanned, Status, Value


def main(argv: Sequence[str]) -> int:
    """Decode standard input to standard output.

    Args:
        argv: The arguments after ``decode``.

    Returns:
        See `app.cli.json_lines.answer_all`.
    """
    parser = argparse.ArgumentParser(prog="main.py decode", description="Say what scans are.")
    parser.add_argument("--jsonl", action="store_true", required=True, help="read and write one JSON object per line")
    parser.parse_args(argv)
    return json_lines.answer_all(_describe, _not_read)


def answer(line: bytes) -> str:
    """The answer to one line, as JSON in ASCII."""
    return json_lines.answer(line, _describe, _not_read)


def _describe(text: str, _: json_lines.Asked) -> Answer:
    return described(interpret(text))


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
