"""What a TSPL label printer (TSC, Gprinter, Brother) says of itself: the one byte that answers ``ESC ! ?``; what tells it from others.

Pure: bytes in, status out. Owns no socket and no clock. The printer answers at any time, even in an error; whoever asks again must
first forget what is still on its way, for one byte cannot say which question it answers.

One byte has no check of its own, and the answer of a good printer is 00, which is also what a break on a serial line reads as: so
it is asked over TCP or USB. It has no count of labels either: 00 right after a job may mean that it has not begun yet.

Source: Gprinter GP-2120T programming manual, status polling command 29; TSC TSPL programming manual, ``<ESC>!?``; Brother TD-4420TN FBPL
command reference §7.1. Bit 7 is *environment temperature over range* at Gprinter and *other error* at Brother. ``ESC ! S``: TSC TTP-345
programming manual, p. 85, and FBPL §7.8; from firmware V6.29 on. Questions with ``~`` are answered only by a printer that is ready: TSC
TTP-343 programming manual, p. IV. How the name that answers ``~!T`` ends is from memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.base.phrases import Phrase
from app.devices.printer_condition import AnswerCollector, Condition, PrinterFault, UnreadablePrinterAnswer, condition_of
from app.devices.protocols.zpl import Fault as ZplFault

ASK_STATUS = b"\x1b!?"
"""Obeyed at once, wherever it stands; so it must not be sent within a label."""
ASK_WHOLE_STATUS = b"\x1b!S"
"""Four letters between STX and ETX, in an error too. No other device's answer has this form."""
ASK_MODEL = b"~!T\r\n"
"""Its model's name; prints and changes nothing."""
CANCEL_ALL = b"\x1b!."
"""Empties the printer's buffer, the label in work included. TSC firmware from V7.00 on; older firmware and Gprinter ignore it."""

NAMED = frozenset(b"\x00\x01\x02\x03\x04\x05\x08\x09\x0a\x0b\x0c\x0d\x10\x20\x40\x80")
"""The answers that the manuals' tables name one by one. Others can be; they prove nothing where nobody knows what answers."""

_PRINTING = 0x20
_WHOLE_STATUS = re.compile(rb"\x02[@-\x7f]{4}\x03\r\n")
_MODEL = re.compile(rb"(?=[ -~]*[A-Za-z])(?=[ -~]*\d)([A-Za-z][ -~]{2,39})(?:\r?\n|\r|\x00)?")
"""A letter first, a digit in it: TTP-244 Plus, TE200, GP-2120T, TD-4420TN."""


class Fault(PrinterFault):
    """What keeps a printer from printing; the value is the field's name, the order that of urgency."""

    PAPER_OUT = "paper_out"
    RIBBON_OUT = "ribbon_out"
    HEAD_OPEN = "head_open"
    COVER_OPEN = "cover_open"
    PAPER_JAM = "paper_jam"
    TEMPERATURE = "temperature"
    PAUSE = "pause"

    @property
    def words(self) -> Phrase:
        """What is wrong and what the hand must do, for chip and banner."""
        return _WORDS[self]


_WORDS = {
    Fault.PAPER_OUT: ZplFault.PAPER_OUT.words,
    Fault.RIBBON_OUT: ZplFault.RIBBON_OUT.words,
    Fault.HEAD_OPEN: ZplFault.HEAD_UP.words,
    Fault.COVER_OPEN: Phrase("The cover of the printer is open. Close it."),
    Fault.PAPER_JAM: Phrase("Labels are jammed in the printer. Open the head, take them out and close it."),
    Fault.TEMPERATURE: Phrase("The printer is too hot or too cold, or has another error. Look at its display."),
    Fault.PAUSE: ZplFault.PAUSE.words,
}
_BITS = {
    0x01: Fault.HEAD_OPEN,
    0x02: Fault.PAPER_JAM,
    0x04: Fault.PAPER_OUT,
    0x08: Fault.RIBBON_OUT,
    0x10: Fault.PAUSE,
    0x40: Fault.COVER_OPEN,
    0x80: Fault.TEMPERATURE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterStatus:
    """One answer to ``ESC ! ?``, bit by bit."""

    printing: bool
    """A label is being printed."""
    faults: frozenset[Fault]

    @property
    def ready(self) -> bool:
        """Whether the next label would come out. A printer still at work is ready; a fault is not."""
        return not self.faults

    @property
    def at_rest(self) -> bool:
        """Whether it prints nothing now and nothing keeps it. It does not say that everything it received is on paper."""
        return self.ready and not self.printing


def judge(answer: bytes | None) -> Condition:
    """What may be concluded from an answer to ``ESC ! ?``; ``None`` or nothing at all means the printer kept silent."""
    return condition_of(answer, read_status)


def read_status(answer: bytes) -> PrinterStatus:
    """Read the one byte of an answer.

    Raises:
        UnreadablePrinterAnswer: no byte, or more than one: two answers, or somebody else's; nothing is guessed.
    """
    if len(answer) != 1:
        raise UnreadablePrinterAnswer(answer=answer)
    bits = answer[0]
    return PrinterStatus(printing=bool(bits & _PRINTING), faults=frozenset(fault for bit, fault in _BITS.items() if bits & bit))


def is_whole_status(answer: bytes) -> bool:
    """Whether it is an answer to ``ESC ! S``; bit 6 is set in each of its four bytes, bit 7 in none."""
    return _WHOLE_STATUS.fullmatch(answer) is not None


def read_model(answer: bytes) -> str | None:
    """The name that answers ``~!T``; ``None``: it is none."""
    match = _MODEL.fullmatch(answer)
    return match[1].decode("ascii").strip() if match is not None else None


class StatusCollector(AnswerCollector[PrinterStatus]):
    """Takes the one byte of an answer. What comes together with another byte belongs to no question."""

    def __init__(self) -> None:
        super().__init__(bool, read_status)
