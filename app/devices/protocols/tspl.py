"""What a TSPL label printer (TSC, Gprinter) says of itself: the one byte that answers ``ESC ! ?``.

Pure: bytes in, status out. Owns no socket and no clock. The printer answers at any time, even in an error; whoever asks again must
first forget what is still on its way, for one byte cannot say which question it answers.

One byte has no check of its own, and the answer of a good printer is 00, which is also what a break on a serial line reads as: so
it is asked over TCP or USB. It has no count of labels either: 00 right after a job may mean that it has not begun yet.

Source: Gprinter GP-2120T programming manual, status polling command 29; TSC TSPL programming manual, ``<ESC>!?``.
Bit 7 is *environment temperature over range* there; that newer TSC firmware sets it for any other error is from memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.base.phrases import Phrase
from app.devices.printer_condition import AnswerCollector, Condition, PrinterFault, UnreadablePrinterAnswer, condition_of
from app.devices.protocols.zpl import Fault as ZplFault

ASK_STATUS = b"\x1b!?"
"""Obeyed at once, wherever it stands; so it must not be sent within a label."""
CANCEL_ALL = b"\x1b!."
"""Empties the printer's buffer, the label in work included. TSC firmware from V7.00 on; older firmware and Gprinter ignore it."""

_PRINTING = 0x20


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


class StatusCollector(AnswerCollector[PrinterStatus]):
    """Takes the one byte of an answer. What comes together with another byte belongs to no question."""

    def __init__(self) -> None:
        super().__init__(bool, read_status)
