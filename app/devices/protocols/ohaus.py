"""Ohaus scales in their own format: right-aligned digits, unit, ``?`` while moving, then net or gross.

Print one line, not a template with a heading. There is no question that every one of them answers in the same words and that
changes nothing, so an open port is all there is to know until one speaks.

Source: Defender 3000 manual §5 (T31, TD32), Defender 5000 manual §5.5 (legend, check weighing), Ranger RC manual §5.1.4, RS232
interface manual of Scout Pro, Traveler and Navigator p. EN-3, Navigator manual p. 30; ``ES``: Courier 5000 manual §10.2 and Explorer
service manual p. 73; ``OK!``: Adventurer service manual §1.8.3.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import AskingRefused, InstrumentTrouble, NotANetWeight, OutOfRange, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, lines_of, protocol

KEY = "ohaus"

_NARROWEST, _WIDEST = 8, 12
"""Characters of the right-aligned weight, spaces and sign included. A line that lost its beginning is narrower and is refused."""
_WEIGHTS = rb"G|N|NET|Net|B/G"
_OTHERS = rb"T|PT|Tare|TOTAL"
# Where the unit is switched off, the legend would stand in its place.
_UNIT = rb"(?!(?:" + _WEIGHTS + rb"|" + _OTHERS + rb")(?: |\Z))(?P<unit>[A-Za-z]{1,4}|%)"
_LINE = re.compile(
    rb"(?P<weight> {0,11}-? {0,10}\d{1,9}(?:\.\d{1,8})?) {1,6}"
    + _UNIT
    + rb"(?P<moving> {1,5}\?)?(?:(?:(?<=\?)| ) {0,6}(?:(?:"
    + _WEIGHTS
    + rb")|(?P<other>"
    + _OTHERS
    + rb")))?(?: {1,4}(?P<judged>Under|Accept|Over))? {0,12}"
)
_OTHER_QUANTITIES = frozenset({"PCS", "PC", "%"})
_TROUBLE = re.compile(rb"(?:Err|ERR|Error):? {0,2}(?P<code>\d{1,2}(?:\.\d{1,2})?) {0,12}")
_LIMITS = MappingProxyType({b"8.3": True, b"8.4": False})


@protocol(
    key=KEY,
    label="Ohaus scale (Defender, Ranger, Scout)",
    line=SerialLine(baud=9600),
    other_lines=lines_of(2400, 4800, 9600, 19200, bits="8N 7E 7O"),
    framing=Lines(b"\r\n", longest=48),
    gives="weight",
    known=Known(
        source="Ohaus manuals Defender 3000 §5, Defender 5000 §5.5, Ranger RC §5.1.4, RS232 interface p. EN-3, Courier 5000 §10.2",
        from_memory=("8N1", "Err 8.3", "Err 8.4", "how an overloaded scale answers P"),
    ),
)
class Ohaus:
    """Pure: bytes in, reading or trouble out. Owns no port, no thread, no clock."""

    # Every model knows P. SP waits for a stable value; IP is unknown to the oldest and locked where a scale is legal for trade.
    ask_for_value = b"P\r\n"
    are_you_there = None
    wishes = MappingProxyType({"tare": b"T\r\n", "zero": b"Z\r\n"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one scale; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line into a weight or a status.

        Args:
            frame: One line without CR LF, e.g. ``b"   0.360 kg    G"`` or, while moving, ``b"    19.8 kg   ?G"``.

        Returns:
            The net or gross weight with the scale's own digits and unit, moving where ``?`` stands, and the scale's own judgement
            in check weighing; or ``OK!``.

        Raises:
            OutOfRange: ``Err 8.3`` overload, ``Err 8.4`` underload.
            NotANetWeight: a piece count, a percentage, a tare, a total.
            AskingRefused: ``ES``: a command it does not know, or no stable value within its time.
            InstrumentTrouble: any other error.
            UnreadableFrame: anything else; never a guessed number.
        """
        if (match := _LINE.fullmatch(frame)) and _NARROWEST <= len(match["weight"]) <= _WIDEST:
            return _weight(match)
        if frame == b"OK!":
            return Status(about="OK!", text="", kind="ack")
        raise _trouble(frame)


def _weight(match: re.Match[bytes]) -> Parsed:
    unit, judged = match["unit"].decode("ascii"), match["judged"]
    if match["other"] or unit.upper() in _OTHER_QUANTITIES:
        raise NotANetWeight(sent=(match["other"] or match["unit"]).decode("ascii"))
    value = Decimal(match["weight"].translate(None, b" ").decode("ascii"))
    return Parsed(quantity=Quantity(value, unit), stable=match["moving"] is None, judged=judged.decode("ascii") if judged else None)


def _trouble(frame: bytes) -> DeviceError:
    if frame == b"ES":
        return AskingRefused(answer="ES")
    if match := _TROUBLE.fullmatch(frame):
        code = match["code"]
        return OutOfRange(above=_LIMITS[code]) if code in _LIMITS else InstrumentTrouble(reported=frame.strip().decode("ascii"))
    return UnreadableFrame(protocol=KEY, frame=frame)
