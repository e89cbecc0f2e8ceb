"""What a ZPL II label printer says of itself: host status ``~HS`` and host identification ``~HI``.

Pure: bytes in, status out. Owns no socket and no clock. Sending labels and asking again belongs to the session above.

Current firmware does **not answer** ``~HS`` while media or ribbon is out or the head is open; older firmware answers with a
flag. So silence is a state of its own (`Condition.UNKNOWN`), and nothing but a complete, readable, faultless answer is *ready*.

Source: Zebra ZPL II programming guide, ``~HS`` Host Status Return and ``~HI`` Host Identification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.base.phrases import Phrase
from app.devices.printer_condition import AnswerCollector, Condition, PrinterFault, UnreadablePrinterAnswer, condition_of

ASK_STATUS = b"~HS\r\n"
ASK_IDENTITY = b"~HI\r\n"
CANCEL_ALL = b"~JA\r\n"
"""Empties the printer's buffer, the label in work included."""

_FRAME = re.compile(rb"\x02([^\x02\x03]*)\x03(?:\r?\n)?")
_FRAMES_IN_A_STATUS = 3
_LONGEST_ANSWER = 512
"""Bytes; a full status has 82. More without a third ETX is noise."""


class Fault(PrinterFault):
    """What keeps a printer from printing; the value is the field's name in Zebra's table."""

    PAPER_OUT = "paper_out"
    RIBBON_OUT = "ribbon_out"
    HEAD_UP = "head_up"
    PAUSE = "pause"
    BUFFER_FULL = "buffer_full"
    DIAGNOSTIC = "diagnostic"
    CORRUPT_RAM = "corrupt_ram"
    UNDER_TEMP = "under_temp"
    OVER_TEMP = "over_temp"

    @property
    def words(self) -> Phrase:
        """What is wrong and what the hand must do, for chip and banner."""
        return _WORDS[self]


_WORDS = {
    Fault.PAPER_OUT: Phrase("The printer is out of labels. Load a roll and close the head."),
    Fault.RIBBON_OUT: Phrase("The printer is out of ribbon. Load a ribbon and close the head."),
    Fault.HEAD_UP: Phrase("The print head is open. Close it."),
    Fault.PAUSE: Phrase("The printer is paused. Press its pause key."),
    Fault.BUFFER_FULL: Phrase("The printer's memory is full. Wait until it has printed."),
    Fault.DIAGNOSTIC: Phrase("The printer is in its diagnostic mode. Switch it off and on."),
    Fault.CORRUPT_RAM: Phrase("The printer lost its settings. Call Maintenance."),
    Fault.UNDER_TEMP: Phrase("The print head is too cold. Wait until it is warm."),
    Fault.OVER_TEMP: Phrase("The print head is too hot. Let it cool down."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterStatus:
    """One complete answer to ``~HS``, field by field in Zebra's order."""

    communication: str
    label_length: int
    """In dots, as the printer measured or was told."""
    formats_in_buffer: int
    partial_format: bool
    function: str
    thermal_transfer: bool
    print_mode: int | str
    """0 rewind, 1 peel, 2 tear off, 3 cutter, 4 applicator …; newer models send letters as well."""
    print_width_mode: int | str
    label_waiting: bool
    """A printed label hangs at the peel bar and was not taken."""
    labels_remaining: int
    """Labels of the running job not printed yet; 0 is the printer's own word that it is through."""
    format_while_printing: int
    graphics_in_memory: int
    password: str
    static_ram: bool
    faults: frozenset[Fault]

    @property
    def ready(self) -> bool:
        """Whether the next label would come out. A buffer still at work is ready; a fault is not."""
        return not self.faults

    @property
    def through(self) -> bool:
        """Whether everything sent so far left the printer, by the printer's own count."""
        return self.ready and self.labels_remaining == 0 and self.formats_in_buffer == 0 and not self.partial_format


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterIdentity:
    """The answer to ``~HI``."""

    model: str
    firmware: str
    dots_per_mm: int
    """6, 8 (203 dpi), 12 (300 dpi) or 24 (600 dpi)."""
    memory: str


def judge(answer: bytes | None) -> Condition:
    """What may be concluded from an answer to ``~HS``; ``None`` or nothing at all means the printer kept silent."""
    return condition_of(answer, read_status)


def read_status(answer: bytes) -> PrinterStatus:
    """Read the three STX…ETX frames of one ``~HS`` answer.

    Raises:
        UnreadablePrinterAnswer: anything but three frames of 12, 11 and 2 fields with flags of 0 or 1; nothing is guessed.
    """
    frames = _FRAME.findall(answer)
    if len(frames) != _FRAMES_IN_A_STATUS or _FRAME.sub(b"", answer).strip():
        raise UnreadablePrinterAnswer(answer=answer)
    first, second, third = (_fields(frame, answer) for frame in frames)
    if (len(first), len(second), len(third)) != (12, 11, 2):
        raise UnreadablePrinterAnswer(answer=answer)
    try:
        return PrinterStatus(
            communication=first[0],
            label_length=_count(first[3]),
            formats_in_buffer=_count(first[4]),
            partial_format=_flag(first[7]),
            function=second[0],
            thermal_transfer=_flag(second[4]),
            print_mode=_mode(second[5]),
            print_width_mode=_mode(second[6]),
            label_waiting=_flag(second[7]),
            labels_remaining=_count(second[8]),
            format_while_printing=_count(second[9]),
            graphics_in_memory=_count(second[10]),
            password=third[0],
            static_ram=_flag(third[1]),
            faults=_faults(first, second),
        )
    except ValueError as trouble:
        raise UnreadablePrinterAnswer(answer=answer) from trouble


def read_identity(answer: bytes) -> PrinterIdentity:
    """Read the one frame of a ``~HI`` answer, e.g. ``STX ZD421-203dpi,V84.20.18Z,8,8176KB ETX``.

    Raises:
        UnreadablePrinterAnswer: not one frame of at least four fields with a number of dots.
    """
    frames = _FRAME.findall(answer)
    fields = _fields(frames[0], answer) if len(frames) == 1 else []
    if len(fields) < 4 or not fields[2].isdigit():
        raise UnreadablePrinterAnswer(answer=answer)
    return PrinterIdentity(model=fields[0], firmware=fields[1], dots_per_mm=int(fields[2]), memory=fields[3])


class StatusCollector(AnswerCollector[PrinterStatus]):
    """The three frames may come seconds apart, so it waits for the third ETX, not for a line end."""

    def __init__(self) -> None:
        super().__init__(lambda heard: heard.count(b"\x03") >= _FRAMES_IN_A_STATUS or len(heard) > _LONGEST_ANSWER, read_status)


def _faults(first: list[str], second: list[str]) -> frozenset[Fault]:
    flags = {
        Fault.PAPER_OUT: first[1],
        Fault.PAUSE: first[2],
        Fault.BUFFER_FULL: first[5],
        Fault.DIAGNOSTIC: first[6],
        Fault.CORRUPT_RAM: first[9],
        Fault.UNDER_TEMP: first[10],
        Fault.OVER_TEMP: first[11],
        Fault.HEAD_UP: second[2],
        Fault.RIBBON_OUT: second[3],
    }
    return frozenset(fault for fault, sent in flags.items() if _flag(sent))


def _fields(frame: bytes, answer: bytes) -> list[str]:
    try:
        return frame.decode("ascii").split(",")
    except UnicodeDecodeError as trouble:
        raise UnreadablePrinterAnswer(answer=answer) from trouble


def _flag(sent: str) -> bool:
    if sent not in ("0", "1"):
        raise ValueError(f"{sent!r} is not a flag")
    return sent == "1"


def _count(sent: str) -> int:
    if not (sent.isascii() and sent.isdigit()):
        raise ValueError(f"{sent!r} is not a count")
    return int(sent)


def _mode(sent: str) -> int | str:
    if len(sent) != 1 or not (sent.isascii() and sent.isalnum()):
        raise ValueError(f"{sent!r} is not a mode")
    return int(sent) if sent.isdigit() else sent
