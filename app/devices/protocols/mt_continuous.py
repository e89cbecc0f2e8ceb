"""Mettler Toledo terminals in standard continuous output: three status bytes, six digits of weight, six of tare, many times a second.

``STX SWA SWB SWC weight tare CR``. The point, the sign and the unit stand in the status bytes; the six digits are those of the
display, fixed zeros behind the last division included.

A check byte after CR (two's complement of the sum) belongs to the frame before it and would stand at the head of the next one: such
a frame is refused. The terminal's menu must have the checksum off.

Source: METTLER TOLEDO Wildcat technical manual, appendix 2 (tables 6-8 to 6-11) and appendix 3 (commands; CR and LF are ignored);
KERN FTC user manual §5.2 (commands end with CR LF); frames of an IND231 as a public driver tests them. Lower side of the range: LIDEN
LUW2001 manual, appendix 1; unit ``t``: a published description of Toledo indicators. Other units are in no source of ours: refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import InstrumentTrouble, NotANetWeight, OutOfRange, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, protocol

KEY = "mt_continuous"

# Bit 5 of each status byte is always set; the increment size, bits 3 and 4 of SWA, is never 0.
_FRAME = re.compile(rb"\x02?(?P<a>[\x28-\x3f])(?P<b>[\x20-\x3f\x60-\x7f])(?P<c>[\x20-\x3f\x60-\x7f])(?P<weight>[ -~]{6})(?P<tare>[ -~]{6})")
_SIX = re.compile(rb" *\d+")
_POINT = 0b111
_NEGATIVE, _OUT_OF_RANGE, _MOTION, _KILOGRAMS, _NOT_ZEROED = 0x02, 0x04, 0x08, 0x10, 0x40
_UNIT, _EXPANDED = 0b111, 0x10
_GRAMS, _TONNES = 1, 2


@protocol(
    key=KEY,
    label="Mettler Toledo terminal (continuous output)",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r", longest=40),
    gives="weight",
    known=Known(
        source="METTLER TOLEDO Wildcat technical manual, appendix 2 and 3; KERN FTC user manual §5.2",
        from_memory=("9600 8N1", "SWC bit 6 may be set"),
    ),
)
class MtContinuous:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = None  # it never stops speaking
    are_you_there = b"\r\n"  # the terminal ignores it; what must come within the answer's time is its own stream
    wishes = MappingProxyType({"tare": b"T\r\n", "zero": b"Z\r\n"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one terminal; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed:
        r"""Turn one frame into a weight.

        Args:
            frame: One frame without CR, e.g. ``b"\x0240    046   000"``; STX may be missing where somebody else took it off.

        Returns:
            The weight, net or gross as the terminal shows it, with the digits of its display, standing still or moving.

        Raises:
            OutOfRange: overload, or below zero, whatever the digits say.
            InstrumentTrouble: not zeroed since power-up.
            NotANetWeight: the display is expanded to a tenth of its division.
            UnreadableFrame: anything else, a frame with check byte included; never a guessed number.
        """
        match = _FRAME.fullmatch(frame)
        if match is None:
            raise UnreadableFrame(protocol=KEY, frame=frame)
        a, b, c = (match[name][0] for name in ("a", "b", "c"))
        if (trouble := _trouble(b, c)) is not None:
            raise trouble
        value, unit = _value(match, a & _POINT), _unit(b, c)
        if value is None or unit is None:
            raise UnreadableFrame(protocol=KEY, frame=frame)
        return Parsed(quantity=Quantity(value.copy_negate() if b & _NEGATIVE else value, unit), stable=not b & _MOTION)


def _trouble(b: int, c: int) -> DeviceError | None:
    """What the status bytes say against any weight."""
    if b & _NOT_ZEROED:
        return InstrumentTrouble(reported="power-up not zeroed")
    if b & _OUT_OF_RANGE:
        return OutOfRange(above=not b & _NEGATIVE)
    return NotANetWeight(sent="EXPAND") if c & _EXPANDED else None


def _value(match: re.Match[bytes], point: int) -> Decimal | None:
    """The digits with their point: 2 is none, 3 to 7 are one to five decimals; 1 and 0 say that the last one or two are fixed zeros."""
    if not (_SIX.fullmatch(match["weight"]) and _SIX.fullmatch(match["tare"])):
        return None
    digits = int(match["weight"])
    if digits % 10 ** max(0, 2 - point):
        return None
    return Decimal(digits).scaleb(-max(0, point - 2))


def _unit(b: int, c: int) -> str | None:
    match c & _UNIT:
        case 0:
            return "kg" if b & _KILOGRAMS else "lb"
        case code:
            return {_GRAMS: "g", _TONNES: "t"}.get(code)
