"""ATEQ leak and flow testers (D520, F580, 6th series) with their printed result frame on RS 232 or USB.

A tester speaks by itself when its test ends: a line with date and time if it is set to, then one line of at most 40 columns with
programme, test pressure, result and leak. The leak is the value; the pressure stays in the raw frame. An alarm is no result.

Source: F580 user's manual UM-18400E-U p. 120, D520 user's manual UM-22100H-U §2.9.2, 6th series user guide sheet #696u.
They disagree: F580 writes an alarm without brackets, ``AL: …``, the others ``(AL): …``; a good part is ``OK``, or ``PB`` with
French words; a bad one ``TD`` or ``DT``. All are taken, each in its own word.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.measurement import Quantity
from app.devices.errors import InstrumentTrouble, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, protocol

KEY = "ateq"

# At least three characters of figures (F580 columns 13-15, D520 columns 12-16): one that was lost on the line is noticed.
_FIGURES = rb"[+-]?(?=[\d.]{3,7} )\d{1,5}(?:\.\d{1,4})?"
_UNIT = rb"[A-Za-z][A-Za-z\d/]{1,5}"
_PRESSURE = rb"(?:[+-]?\d{1,5}(?:\.\d{1,4})? {1,2}" + _UNIT + rb" ?: ?)?"
_BEGIN = rb"<\d\d>: {0,8}" + _PRESSURE
_RESULT = re.compile(
    _BEGIN + rb"\((?P<code>OK|PB|TD|DT|RD|DR|F\+|F-)\): {1,8}(?P<value>" + _FIGURES + rb") {1,2}(?P<unit>" + _UNIT + rb") {0,16}"
)
_ALARM = re.compile(_BEGIN + rb"(?:\(AL\)|AL): {0,8}(?P<alarm>[!-~](?:[ -~]{0,30}[!-~])?) {0,16}")
_HEAD = re.compile(rb"<\d\d>: {0,8}(?P<text>(?:\d\d/\d\d/\d{4} {1,8}\d\d:\d\d:\d\d)?) {0,16}")


@protocol(
    key=KEY,
    label="ATEQ leak tester (printed result)",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r\n", b"\r", b"\n", longest=64),
    gives="measurement",
    known=Known(
        source="F580 manual UM-18400E-U p. 120; D520 manual UM-22100H-U §2.9.2; 6th series sheet #696u",
        from_memory=("9600 8N1", "DR", "a line with the programme alone"),
    ),
)
class Ateq:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = None
    are_you_there = None
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one tester; every leak carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line into a leak.

        Args:
            frame: One line without its terminator, e.g. ``b"<01>: 487.8 mbar:(OK): 029 Pa"``.

        Returns:
            The leak or flow with the tester's own decimals and unit. ``judged`` is its code as sent: ``OK`` or ``PB`` good part,
            ``TD`` or ``DT`` test part bad, ``RD`` or ``DR`` reference part bad, ``F+`` or ``F-`` flow too high or too low.
            ``stable`` is ``None``, it does not say. Or the line with date and time that goes before.

        Raises:
            InstrumentTrouble: an alarm, ``(AL): PRESSURE LOW``; whatever stands beside it is no result.
            UnreadableFrame: anything else; never a guessed number.
        """
        if match := _RESULT.fullmatch(frame):
            quantity = Quantity(Decimal(match["value"].decode("ascii")), match["unit"].decode("ascii"))
            return Parsed(quantity=quantity, stable=None, judged=match["code"].decode("ascii"))
        if match := _ALARM.fullmatch(frame):
            raise InstrumentTrouble(reported=match["alarm"].decode("ascii"))
        if match := _HEAD.fullmatch(frame):
            return Status(about="programme", text=match["text"].decode("ascii"), kind="info")
        raise UnreadableFrame(protocol=KEY, frame=frame)
