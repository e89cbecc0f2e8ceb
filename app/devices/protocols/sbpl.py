"""What a SATO label printer (SBPL) says of itself: the answer to ENQ in its protocols STATUS3 and STATUS4, and ACK or NAK.

Pure: bytes in, status out. Owns no socket and no clock. Over LAN the printer must be set to answer ENQ, not in cycles: several
answers at once are refused. ENQ must not be sent within a label; there it is not answered or spoils the label.

Source: SATO S84-ex programming reference §2.2.2 and 2.2.3 (11, 15, 27 and 32 bytes), CL4NX programming reference, status 4 (36
bytes), WS412 programming reference §3.3.2; letters: E-series programming reference p. 7-9, DR300 operator manual ch. 10.
They disagree: WS412 counts 1B bytes where the others count 1C, both are taken; some print NAK as 16, which is SYN, and it is
refused. A letter that none of them names is no status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.base.phrases import Phrase
from app.devices.printer_condition import AnswerCollector, Condition, PrinterFault, UnreadablePrinterAnswer, condition_of
from app.devices.protocols.zpl import Fault as ZplFault

ASK_STATUS = b"\x05"
CANCEL_ALL = b"\x18"
"""Empties the printer's buffer, the label in work included; at least 500 ms must pass before the next byte."""

ACKNOWLEDGED, REFUSED = b"\x06", b"\x15"
_FIELDS = rb"\x02(?P<job>\d\d|  )(?P<letter>[\dA-Za-z])(?P<remaining>\d{6})"
# STATUS3, its size in front on port 9100; STATUS4 with the job's name, over LAN with size and echoed ENQ in front, or two sizes.
_STATUS_3 = re.compile(rb"(?:\x00\x00\x00\x0b)?" + _FIELDS + rb"\x03")
_STATUS_4 = re.compile(rb"(?:(?:\x00\x00\x00\x20)?\x00\x00\x00[\x1b\x1c]\x05)?" + _FIELDS + rb"(?P<name>[ -~]{16})\x03")
_LONGEST_ANSWER = 36
"""Bytes. More without an ETX is noise."""


class Fault(PrinterFault):
    """What keeps a printer from printing; the value is the field's name, the order that of urgency."""

    PAPER_END = "paper_end"
    RIBBON_END = "ribbon_end"
    HEAD_OPEN = "head_open"
    MEDIA = "media"
    SENSOR = "sensor"
    HEAD = "head"
    CUTTER = "cutter"
    CARD = "card"
    BUFFER_FULL = "buffer_full"
    OTHER = "other"
    OFFLINE = "offline"
    PAUSE = "pause"

    @property
    def words(self) -> Phrase:
        """What is wrong and what the hand must do, for chip and banner."""
        return _WORDS[self]


_WORDS = {
    Fault.PAPER_END: ZplFault.PAPER_OUT.words,
    Fault.RIBBON_END: ZplFault.RIBBON_OUT.words,
    Fault.HEAD_OPEN: ZplFault.HEAD_UP.words,
    Fault.MEDIA: Phrase("The printer does not find the beginning of a label. Check that the right roll is loaded straight."),
    Fault.SENSOR: Phrase("The printer's label sensor reports an error. Clean it and load the roll again."),
    Fault.HEAD: Phrase("The print head is damaged. Call Maintenance."),
    Fault.CUTTER: Phrase("The printer's cutter is stuck. Switch the printer off and call Maintenance."),
    Fault.CARD: Phrase("The printer cannot use its memory card. Call Maintenance."),
    Fault.BUFFER_FULL: ZplFault.BUFFER_FULL.words,
    Fault.OTHER: Phrase("The printer reports an error. Look at its display."),
    Fault.OFFLINE: Phrase("The printer is off line. Press its LINE key."),
    Fault.PAUSE: ZplFault.PAUSE.words,
}


class Doing(StrEnum):
    """What the printer is at."""

    OFFLINE = "offline"
    WAITING = "waiting"
    """On line, for data."""
    PRINTING = "printing"
    DISPENSING = "dispensing"
    """For a hand that takes the label."""
    ANALYSING = "analysing"
    """It reads a label; how many remain is not counted yet."""
    ERROR = "error"


# Five letters in a row: no error, ribbon near its end, buffer nearly full, both, stopped by command or key.
_NEAR_END, _NEAR_FULL, _STOPPED = (1, 3), (2, 3), 4
_ROWS = {
    Doing.OFFLINE: "01234",
    Doing.WAITING: "ABCDE",
    Doing.PRINTING: "GHIJK",
    Doing.DISPENSING: "MNOPQ",
    Doing.ANALYSING: "STUVW",
}
_ERRORS = {
    "a": Fault.BUFFER_FULL,
    "b": Fault.HEAD_OPEN,
    "c": Fault.PAPER_END,
    "d": Fault.RIBBON_END,
    "e": Fault.MEDIA,
    "f": Fault.SENSOR,
    "g": Fault.HEAD,
    "i": Fault.CARD,
    "j": Fault.CUTTER,
    "k": Fault.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterStatus:
    """One complete answer to ENQ."""

    job: str
    """Number of the label in work, ``00`` to ``99``; empty when none is, or it has none."""
    name: str | None
    """Its name, filled up by the printer; ``None`` in STATUS3."""
    doing: Doing
    labels_remaining: int
    """Labels of the running job not printed yet."""
    near_end: bool
    """Ribbon, on newer models labels as well, will end soon."""
    near_full: bool
    """The buffer will be full soon."""
    faults: frozenset[Fault]

    @property
    def ready(self) -> bool:
        """Whether the next label would come out. A printer still at work is ready; off line, paused or in an error it is not."""
        return not self.faults

    @property
    def through(self) -> bool:
        """Whether everything sent so far left the printer, by its own word: it waits for data and nothing remains."""
        return self.ready and self.doing is Doing.WAITING and self.labels_remaining == 0


def judge(answer: bytes | None) -> Condition:
    """What may be concluded from an answer to ENQ; ``None`` or nothing at all means the printer kept silent."""
    return condition_of(answer, read_status)


def read_status(answer: bytes) -> PrinterStatus:
    """Read one answer to ENQ, e.g. ``STX 07 G 000012 ETX``.

    Raises:
        UnreadablePrinterAnswer: anything but one whole answer with a known letter; nothing is guessed.
    """
    match = _STATUS_3.fullmatch(answer) or _STATUS_4.fullmatch(answer)
    if match is None:
        raise UnreadablePrinterAnswer(answer=answer)
    letter = match["letter"].decode("ascii")
    doing = _doing(letter, answer)
    place = _ROWS[doing].index(letter) if doing in _ROWS else 0
    return PrinterStatus(
        job=match["job"].decode("ascii").strip(),
        name=match["name"].decode("ascii") if match.re is _STATUS_4 else None,
        doing=doing,
        labels_remaining=int(match["remaining"]),
        near_end=place in _NEAR_END,
        near_full=place in _NEAR_FULL,
        faults=_faults(letter, doing, stopped=place == _STOPPED),
    )


def read_acknowledgement(answer: bytes) -> bool:
    """Whether a printer on a serial line, or set to STATUS3, took a label or ``CANCEL_ALL`` while it had no error.

    Raises:
        UnreadablePrinterAnswer: neither ACK nor NAK, or more than one of them.
    """
    if answer not in (ACKNOWLEDGED, REFUSED):
        raise UnreadablePrinterAnswer(answer=answer)
    return answer == ACKNOWLEDGED


class StatusCollector(AnswerCollector[PrinterStatus]):
    """Waits for the ETX of one answer."""

    def __init__(self) -> None:
        super().__init__(lambda heard: b"\x03" in heard or len(heard) > _LONGEST_ANSWER, read_status)


def _doing(letter: str, answer: bytes) -> Doing:
    if letter in _ERRORS:
        return Doing.ERROR
    for doing, row in _ROWS.items():
        if letter in row:
            return doing
    raise UnreadablePrinterAnswer(answer=answer)


def _faults(letter: str, doing: Doing, *, stopped: bool) -> frozenset[Fault]:
    if doing is Doing.ERROR:
        return frozenset({_ERRORS[letter]})
    said = {Fault.OFFLINE: doing is Doing.OFFLINE, Fault.PAUSE: stopped}
    return frozenset(fault for fault, holds in said.items() if holds)
