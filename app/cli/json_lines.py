"""JSON lines in, JSON lines out: ``{"id", "input", …}`` becomes ``{"id", "result"}``; a line nobody can read gets a result of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

LONGEST_LINE = 1_000_000
"""Bytes. A longer line is answered as unreadable and skipped, so that memory stays flat."""

Answer = dict[str, object]
Asked = Mapping[str, object]
Describe = Callable[[str, Asked], Answer]
"""From the text of ``input`` and the whole object."""


def answer_all(describe: Describe, not_read: Callable[[], Answer]) -> int:
    """Answer standard input on standard output.

    Returns:
        0 when the input was read to its end, also when some lines were not readable; 1 when nobody reads the output any more.
    """
    try:
        for line in _lines(sys.stdin.buffer):
            sys.stdout.write(answer(line, describe, not_read) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return 1
    return 0


def answer(line: bytes, describe: Describe, not_read: Callable[[], Answer]) -> str:
    """The answer to one line, as JSON in ASCII."""
    try:
        asked = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a figure beyond all measure, or nested without end
        return _written(None, not_read())
    if not isinstance(asked, dict):
        return _written(None, not_read())
    text = asked.get("input")
    return _written(asked.get("id"), describe(text, asked) if isinstance(text, str) else not_read())


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines without their ends; of an over-long line only its beginning."""
    while line := stream.readline(LONGEST_LINE):
        begun = line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)  # the rest of an over-long line belongs to nobody
        if begun.strip():
            yield begun


def _written(identity: object, result: Answer) -> str:
    return json.dumps({"id": identity, "result": result})


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
