"""Which questions go out together, and to whom at one setting of the line."""

from __future__ import annotations

from collections.abc import Sequence

from app.devices.protocol import SerialLine
from app.devices.recognition.evidence import Kind

END = b"\r\n"


def joined(asked: Sequence[Kind]) -> bytes:
    """All their questions, each once, after an end of line: what a device took for the beginning of a command is over then."""
    questions = b"".join(dict.fromkeys(kind.question for kind in asked if kind.question and not kind.alone))
    return END + questions if questions else b""


def of_machines(asked: Sequence[Kind]) -> list[bytes]:
    """Their questions that must go out alone."""
    return list(dict.fromkeys(kind.question for kind in asked if kind.question and kind.alone))


def same(one: SerialLine, other: SerialLine) -> bool:
    """Stop bits and flow control make no difference to who understands whom."""
    return (one.baud, one.bytesize, one.parity) == (other.baud, other.bytesize, other.parity)


def set_so(possible: Sequence[Kind], line: SerialLine) -> list[Kind]:
    """The kinds whose line may be set so."""
    return [kind for kind in possible if any(same(one, line) for one in kind.lines)]
