"""Sartorius balances and scales speaking SBI: lines of 16 characters, or of 22 with an identifier in front.

The unit is blank while the value still moves. The balance must be set to print on request: while it prints by itself, asking for
a value stops that.

Source: Cubis MSE operating instructions, "Data interfaces" (lines p. 69-70, commands p. 72); identifiers and the blank unit: FB
manual p. 66 and Combics manual p. 98; brackets: CPA manual p. 57. Both spellings of ``Err`` and of the specials occur in them.
The heading ``SerNo.`` is on record from an Entris II and a Cubis MSE; older balances leave the factory with 1200 baud 7O1 (CP
manual p. 54).
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import InstrumentTrouble, NotANetWeight, NotSettled, OutOfRange, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, lines_of, protocol

KEY = "sartorius_sbi"

_BODY = 14
"""Characters of a line without its CR LF."""
_HEADING = 6
"""Characters of the identifier that may stand before them."""
_HEADED = re.compile(rb"[!-~][ -~]{5}")
_WEIGHTS = frozenset({b"", b"N", b"N1", b"G", b"G#"})
_OTHER_QUANTITIES = frozenset({"pcs", "%"})
# The last digit stands in brackets where it is finer than the verified resolution; it is a digit like the others.
_VALUE = re.compile(
    rb"(?P<value>[+ -] {0,8}(?:\d{1,8}(?:\.\d{1,7})? |(?:\d{1,7}\.?)?\d{0,6}\[\d\]))(?P<unit>(?=.{3}\Z)[A-Za-z/%]{0,3} {0,3})"
)
_LIMITS = MappingProxyType({b"High": True, b"H": True, b"HH": True, b"Low": False, b"L": False, b"LL": False})
_NO_VALUE = re.compile(rb"|--|OFF|C|Cal\.(?: ?(?:Ext|Int)\.)?")
_TROUBLE = re.compile(rb"(?:Err|ERR) {1,2}\d{2,3}|(?:APP|DIS|PRT)\. ?ERR?")
# A display has seven digits at most, so a line of nothing but eight or more is no weight.
_SERIAL_NUMBER = re.compile(rb"(?:Ser[Nn]o\.|Ser\.no) {1,12}(?P<headed>\w{5,13}) {0,8}| {0,12}(?P<bare>\d{8,10}) {0,12}")
_MODEL = re.compile(rb"Model {1,3}(?P<model>[!-~]{3,14}) {0,12}")
_WHO_ARE_YOU = b"\x1bx2_\r\n"


@protocol(
    key=KEY,
    label="Sartorius balance (SBI)",
    line=SerialLine(baud=9600, parity="O"),
    other_lines=lines_of(1200, 2400, 4800, 9600, 19200, bits="8O 8N 7O 7E"),
    framing=Lines(b"\r\n", longest=24),
    gives="weight",
    known=Known(
        source="Sartorius Cubis MSE operating instructions, Data interfaces; FB manual p. 66; Combics manual p. 98",
        from_memory=("9600 baud 8O1", "OFF", "a serial number without a heading", "Stat alone after zeroing"),
    ),
    says_serial_number=True,
)
class SartoriusSbi:
    """Pure: bytes in, reading or trouble out. Owns no port, no thread, no clock."""

    ask_for_value = b"\x1bP\r\n"
    are_you_there = _WHO_ARE_YOU
    # A wish has no answer of its own; the question behind it shows that the balance listens.
    wishes = MappingProxyType({"tare": b"\x1bT\r\n" + _WHO_ARE_YOU, "zero": b"\x1bV\r\n" + _WHO_ARE_YOU})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one balance; every weight that stands still carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line into a weight or a status.

        Args:
            frame: One line without CR LF, e.g. ``b"N     +   0.1234 g  "`` or ``b"+   1255.7 g  "``.

        Returns:
            The net or gross weight with the balance's own digits, stable; moving, with an empty unit, where the unit is blank;
            or what the balance says of itself.

        Raises:
            OutOfRange: ``High`` or ``H``, ``Low`` or ``L``.
            NotSettled: adjusting (``Cal.``), switched off (``OFF``) or a display without a value.
            NotANetWeight: any other identifier, e.g. ``Qnt``; a piece count or a percentage.
            InstrumentTrouble: ``Err 102`` and the like.
            UnreadableFrame: anything else, a shorter or longer line included; never a guessed number.
        """
        if (info := _info(frame)) is not None:
            return info
        heading, body = frame[:-_BODY], frame[-_BODY:]
        if len(body) == _BODY and (not heading or (len(heading) == _HEADING and _HEADED.fullmatch(heading))):
            identifier = heading.rstrip()
            if match := _VALUE.fullmatch(body):
                return _weight(identifier, match)
            if identifier in (b"", b"Stat") and (trouble := _trouble(body.strip(b" "))) is not None:
                raise trouble
        raise UnreadableFrame(protocol=KEY, frame=frame)


def _info(frame: bytes) -> Status | None:
    if match := _SERIAL_NUMBER.fullmatch(frame):
        number = (match["headed"] or match["bare"]).decode("ascii")
        return Status(about="x2_", text=number, kind="info", serial_number=number)
    if match := _MODEL.fullmatch(frame):
        return Status(about="x1_", text=match["model"].decode("ascii"), kind="info")
    return Status(about="Stat", text="") if frame.startswith(b"Stat") and not frame[4:].strip(b" ") else None


def _weight(identifier: bytes, match: re.Match[bytes]) -> Parsed:
    unit = match["unit"].rstrip().decode("ascii")
    if identifier not in _WEIGHTS or unit in _OTHER_QUANTITIES:
        raise NotANetWeight(sent=unit if identifier in _WEIGHTS else identifier.decode("ascii"))
    return Parsed(quantity=Quantity(Decimal(match["value"].translate(None, b" []").decode("ascii")), unit), stable=bool(unit))


def _trouble(said: bytes) -> DeviceError | None:
    if said in _LIMITS:
        return OutOfRange(above=_LIMITS[said])
    if _NO_VALUE.fullmatch(said):
        return NotSettled()
    return InstrumentTrouble(reported=said.decode("ascii")) if _TROUBLE.fullmatch(said) else None
